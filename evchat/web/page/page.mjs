// A small page that logs in and speaks. Whatever others have written becomes text, never an element.

const log = document.getElementById("log");
const input = document.getElementById("input");
const label = document.getElementById("label");
const state = document.getElementById("state");
const title = document.getElementById("title");

const MOST_ROWS = 400;
const LONGEST_WAIT = 30_000;

let socket = null;
let name = "";
let loggedIn = false;
let room = "#main";
let wait = 1_000;
let requests = 0;
const unsent = [];

function row(kind, at, sender, text) {
  const line = document.createElement("p");
  line.className = kind;
  line.dir = "auto";
  const time = document.createElement("time");
  time.textContent = new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  line.append(time);
  if (sender) {
    const who = document.createElement("b");
    who.textContent = sender;
    line.append(who);
  }
  line.append(text);
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.append(line);
  while (log.children.length > MOST_ROWS) log.firstChild.remove();
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function tell(text) {
  row("told", Date.now(), "", text);
}

function ask(request) {
  requests += 1;
  socket.send(JSON.stringify({ id: `p${requests}`, ...request }));
}

function logIn() {
  if (name && socket?.readyState === WebSocket.OPEN) ask({ request: "login", content: name, id: "login" });
}

const heard = {
  welcome(event) {
    title.textContent = event.name ?? "evchat";
    logIn();
  },
  ok(event) {
    if (event.reply_to !== "login") return;
    loggedIn = true;
    name = event.name;
    label.textContent = name;
    state.textContent = "Connected";
    while (unsent.length) ask(unsent.shift());
  },
  error(event) {
    tell(event.content);
    if (event.reply_to === "login") {
      name = "";
      label.textContent = "Your name";
    }
  },
  message(event) {
    row("message", event.at, event.to === room ? event.sender : `${event.sender} → ${event.to}`, event.content);
  },
  joined(event) {
    tell(`${event.sender} joined ${event.to}.`);
  },
  left(event) {
    tell(`${event.sender} left ${event.to}.`);
  },
  quit(event) {
    tell(`${event.sender} left.`);
  },
  history(event) {
    for (const message of event.content) heard[message.response]?.(message);
  },
  ping(event) {
    socket.send(JSON.stringify({ request: "pong", content: event.content }));
  },
};

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/`, "evchat.json");
  socket.onopen = () => {
    wait = 1_000;
    state.textContent = name ? "Logging in …" : "Choose a name";
    ask({ request: "hello", content: { client: "evchat-page", version: 1 } });
  };
  socket.onmessage = (frame) => {
    for (const line of frame.data.split("\n")) {
      if (!line) continue;
      const event = JSON.parse(line);
      heard[event.response]?.(event);
    }
  };
  socket.onclose = () => {
    loggedIn = false;
    state.textContent = "Offline, trying again …";
    setTimeout(connect, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
}

document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value;
  if (!text.trim()) return;
  input.value = "";
  if (!name) {
    name = text.trim();
    logIn();
    return;
  }
  const request = { request: "msg", content: text, to: room };
  row("message", Date.now(), name, text);
  if (loggedIn) ask(request);
  else unsent.push(request);
});

connect();
