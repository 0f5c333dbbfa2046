// A small page to chat on in #main. Whatever others have written becomes text, never an element.
//
// A line that was typed is kept until the server has acknowledged it, and is sent again after every reconnection: the
// server recognises its id, so nobody gets it twice. Messages are numbered without gaps, so what was missed is known.

const log = document.getElementById("log");
const input = document.getElementById("input");
const label = document.getElementById("label");
const state = document.getElementById("state");
const title = document.getElementById("title");

const ROOM = "#main";
const MOST_ROWS = 400;
const LONGEST_WAIT = 30_000;
const HELLO = { request: "hello", id: "hello", content: { client: "evchat-page", version: 1 } };

let socket = null;
let wait = 1_000; // milliseconds before the next try to connect
let name = "";
let password = "";
let resume = ""; // with what a session goes on whose connection has broken
let stage = "name"; // what the next line is: a "name", a "password" or a "message"; "login": none before the answer
let loggedIn = false;
let wasIn = false; // whether we have ever been logged in under this name: then it may still be ours that is taken
let last = 0; // the number of the last message that is shown
let catchingUp = false; // whether we have asked for what was missed
let held = []; // what was said meanwhile
let requests = 0;
const prefix = Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join("");
const outbox = new Map(); // lines that are not acknowledged, by id
const own = new Map(); // rows of our own lines, by id

// ---- what is shown

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
  return line;
}

function tell(text) {
  row("told", Date.now(), "", text);
}

function askFor(what, text) {
  stage = what;
  label.textContent = text;
  input.type = what === "password" ? "password" : "text";
  input.focus();
}

function show(event) {
  const mine = event.sender === name && own.get(event.id);
  if (mine) {
    kept(event.id);
    return;
  }
  const text = event.redacted ? "(taken back)" : event.content;
  if (event.action) row("message", event.at, "", `* ${event.sender} ${text}`);
  else if (event.to === ROOM) row("message", event.at, event.sender, text);
  else row("message", event.at, `${event.sender} → ${event.to === "*" ? "everyone" : "you"}`, text);
}

// ---- what is sent

function ask(request) {
  requests += 1;
  socket.send(JSON.stringify({ id: `p${requests}`, ...request }));
}

function logIn() {
  const proof = resume ? { resume } : password ? { password } : {};
  resume = ""; // it holds once
  ask({ request: "login", content: name, id: "login", ...proof });
}

function say(text) {
  const id = `${prefix}-${own.size + 1}`;
  const line = row("message waiting", Date.now(), name, text);
  own.set(id, line);
  outbox.set(id, { request: "msg", content: text, to: ROOM, id });
  if (loggedIn) ask(outbox.get(id));
}

function kept(id) {
  outbox.delete(id);
  own.get(id)?.classList.remove("waiting");
}

// ---- what is heard

function arrive(event) {
  if (event.to !== ROOM || !event.seq) show(event);
  else if (event.seq <= last) return;
  else if (catchingUp) held.push(event);
  else if (last && event.seq > last + 1) {
    held.push(event);
    catchUp();
  } else {
    last = event.seq;
    show(event);
  }
}

function catchUp() {
  catchingUp = true;
  ask({ request: "history", to: ROOM, after: last, id: "history" });
}

function caughtUp(event) {
  for (const message of event.content) {
    if (message.seq > last) {
      last = message.seq;
      show(message);
    }
  }
  if (event.more && event.content.length) {
    catchUp();
    return;
  }
  // What is still missing is not for us: it was said by somebody whom we block.
  for (const message of held.sort((one, other) => one.seq - other.seq)) {
    if (message.seq > last) {
      last = message.seq;
      show(message);
    }
  }
  held = [];
  catchingUp = false;
}

function loggedInAs(event) {
  loggedIn = wasIn = true;
  name = event.name;
  resume = event.resume ?? "";
  wait = 1_000;
  state.textContent = "Connected";
  askFor("message", name);
  for (const request of outbox.values()) ask(request);
}

function loginRefused(event) {
  if (event.code === "resume-unknown") {
    logIn();
    return;
  }
  if (event.code === "name-taken" && wasIn) {
    state.textContent = "Your name is held by your last connection, trying again …";
    setTimeout(() => socket.close(), 0);
    return;
  }
  tell(event.content);
  password = "";
  if (event.code === "password-needed" || event.code === "wrong-password") askFor("password", `Password of ${name} (empty: another name)`);
  else askFor("name", "Your name");
  state.textContent = "Not logged in";
}

const answers = {
  hello(event) {
    title.textContent = event.content?.server ?? "evchat";
    logIn();
  },
  login(event) {
    if (event.response === "ok") loggedInAs(event);
    else loginRefused(event);
  },
  history: caughtUp,
};

const heard = {
  error(event) {
    const refused = outbox.delete(event.reply_to) && own.get(event.reply_to);
    if (refused) refused.classList.replace("waiting", "failed");
    tell(refused ? `Not sent: ${event.content}` : event.content);
  },
  ok(event) {
    if (!outbox.has(event.reply_to)) return;
    kept(event.reply_to);
    if (event.seq === last + 1) last = event.seq;
    else if (event.seq > last && !catchingUp) catchUp();
  },
  message: arrive,
  history(event) {
    for (const message of event.content) arrive(message);
  },
  joined(event) {
    if (event.to !== ROOM) return;
    if (event.sender !== name) tell(`${event.sender} joined.`);
    else if (last && event.seq > last && !catchingUp) catchUp();
  },
  left(event) {
    if (event.to === ROOM) tell(`${event.sender} left.`);
  },
  quit(event) {
    tell(`${event.sender} left.`);
  },
  kicked(event) {
    if (event.to === ROOM) tell(`${event.by} put ${event.name} out.`);
  },
  renamed(event) {
    if (event.old === name) label.textContent = name = event.new;
    tell(`${event.old} is now called ${event.new}.`);
  },
  topic(event) {
    if (event.to === ROOM && event.content) tell(`Topic: ${event.content}`);
  },
  info(event) {
    tell(event.content);
  },
  stopping(event) {
    tell(event.content);
  },
  ping(event) {
    socket.send(JSON.stringify({ request: "pong", content: event.content }));
  },
};

// ---- the connection: there is none before there is a name

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/socket`, "evchat.json");
  let opened = false;
  state.textContent = "Connecting …";
  socket.onopen = () => {
    opened = true;
    socket.send(JSON.stringify(HELLO));
  };
  socket.onmessage = (frame) => {
    for (const line of frame.data.split("\n")) {
      if (!line) continue;
      const event = JSON.parse(line);
      const answer = Object.hasOwn(answers, event.reply_to ?? "") ? answers[event.reply_to] : heard[event.response];
      answer?.(event);
    }
  };
  socket.onclose = () => {
    socket = null;
    loggedIn = catchingUp = false;
    held = [];
    if (stage === "name" || stage === "password") {
      state.textContent = "Not connected";
      return;
    }
    state.textContent = "Offline, trying again …";
    if (!opened) explain();
    setTimeout(connect, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
}

// Why a WebSocket could not be opened no script is told. If the server objects to the name in the address, it says so here.
async function explain() {
  try {
    const answer = await fetch("socket");
    if (answer.status === 421) state.textContent = await answer.text();
  } catch {
    // it is offline, as we say already
  }
}

document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value;
  if (!text.trim()) {
    if (stage === "password") askFor("name", "Your name");
    return;
  }
  if (stage === "login") return; // not before the answer
  input.value = "";
  if (stage === "message") {
    if (text.startsWith("/") && !text.startsWith("//")) tell("This page can only speak: there are no commands on it.");
    else say(text.replace(/^\/\//, "/"));
    return;
  }
  if (stage === "password") password = text;
  else name = text.trim();
  stage = "login";
  if (socket?.readyState === WebSocket.OPEN) logIn();
  else if (!socket) connect();
});
