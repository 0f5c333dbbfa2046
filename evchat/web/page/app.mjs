// Joins the parts: the session and its connection, what this device keeps, the model, and what the view may ask for.

import { texts } from "./arrivals.mjs";
import { parse } from "./commands.mjs";
import { Outbox } from "./kept.mjs";
import { Link } from "./link.mjs";
import { createModel } from "./model.mjs";
import { Session } from "./session.mjs";
import { Journal, keep, openDatabase, recall, Tabs } from "./storage.mjs";
import { invitation, invited, isChannel, roomKey, userKey } from "./text.mjs";
import { apply } from "./update.mjs";

const PAGE = 100; // older messages that are asked for at once
const FOUND = 200;
const MAX_MESSAGE_BYTES = 60_000;
const MAX_PARTS = 20; // messages of which one text is made at most; beyond that it is a file
const TYPING_EVERY = 3_000;
const TYPING_PEOPLE = 20; // in a larger channel nobody is told who is typing
const READ_EVERY = 300; // what was read is told after so many ms, for all that was read meanwhile
const ADOPT_EVERY = 30_000;

/** A text as one or more messages, none longer than the server takes. */
export function parts(text, maxLines) {
  const size = (written) => new TextEncoder().encode(written).length;
  const found = [];
  let piece = [];
  let bytes = 0;
  const end = () => piece.length && found.push(piece.splice(0).join("\n"));
  for (let line of text.trimEnd().split(/\r\n|\n|\r/)) {
    while (size(line) > MAX_MESSAGE_BYTES) {
      end();
      const head = [...line].slice(0, MAX_MESSAGE_BYTES / 4).join("");
      found.push(head);
      line = line.slice(head.length);
    }
    const more = size(line) + 1;
    if (piece.length >= maxLines || (piece.length && bytes + more > MAX_MESSAGE_BYTES)) end();
    bytes = (piece.length ? bytes : 0) + more;
    piece.push(line);
  }
  end();
  return found.filter((each) => each.trim());
}

// The policy of the page (CSP) lets one thing name a script: this, and it names but one.
function worker() {
  const policy = globalThis.trustedTypes?.createPolicy("worker", { createScriptURL: () => "sw.mjs" });
  return policy ? policy.createScriptURL("") : "sw.mjs";
}

/** Starts the page. Returns the model, the actions, and `subscribe(listener)`, which has the listener called with each set of changes. */
export function start() {
  const model = createModel(location.host);
  const listeners = new Set();
  const id = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const asked = new Map(); // the user's requests under way, by id: what for
  const toTell = new Map(); // what was read and is not told yet, by room
  const filling = new Set();
  let session = null;
  let outbox = null;
  let journal = null;
  let database = null;
  let code = invitation(location.hash); // by which one registers
  let wanted = ""; // the password with which one does
  let secrets = null; // the command whose password is asked for
  let maxLines = 200;
  let typing = { room: "", at: 0 };
  let timer = 0;
  let draftTimer = 0;
  let readTimer = 0;

  // ---- what changes

  function put(...events) {
    const changes = new Set();
    for (const event of events) for (const change of apply(model, event, Date.now())) changes.add(change);
    if (changes.size) for (const listener of listeners) listener(changes);
  }

  const tell = (content, kind = "info") => put({ response: "notice", content, kind });
  const roomOf = (name) => model.rooms.get(roomKey(name));

  // Takes the session's news, sends its frames, and sees to it that it is called again in time.
  function turn(news = []) {
    const events = [];
    for (const event of [...news, ...session.poll(Date.now())]) {
      const purpose = event.facts && asked.get(event.reply_to);
      if (purpose) {
        asked.delete(event.reply_to);
        events.push({ response: "answered", asked: purpose, failed: event.failed, content: event.content, facts: event.facts });
      } else events.push(event);
    }
    const before = new Map();
    if (events.some(({ response }) => ["directs", "joined"].includes(response))) {
      for (const room of model.rooms.values()) before.set(room.key, room.read);
    }
    put(...events);
    for (const event of events) after(event, before);
    link.flush();
    clearTimeout(timer);
    const { deadline } = session;
    if (deadline !== null) timer = setTimeout(turn, Math.max(deadline - Date.now(), 0));
  }

  function after(event, before) {
    if (event.response === "answered") event.asked.settle?.();
    else if (event.response === "welcome") maxLines = event.facts.content?.limits?.max_lines || maxLines;
    else if (event.response === "login") {
      remember();
      if (code && wanted && !event.registered) ask({ request: "register", password: wanted }, { what: "command", name: "register", room: "" });
      endInvitation();
    } else if (event.response === "state" && ["not-registered", "registration-closed"].includes(event.code)) endInvitation();
    else if (event.response === "state" && event.state === "online") {
      link.stands();
      ask({ request: "who" }, { what: "people" });
    } else if (["left", "kicked", "renamed", "joined"].includes(event.response)) {
      if (journal && userKey(model.me.name) !== journal.user) renameLines();
      if (userKey(event.sender) === userKey(model.me.name) || event.response === "kicked") remember();
    }
    // What was read while there was no connection, the server is told now.
    const rows = event.response === "directs" ? event.content : event.response === "joined" && event.read !== null ? [{ name: event.to, read: event.read }] : [];
    for (const { name, read } of rows) {
      const known = before.get(roomKey(name));
      if (known > (read ?? 0)) tellRead(roomKey(name), known);
    }
  }

  const link = new Link(() => session, turn, () => session !== null && !model.question);

  // ---- who one is

  /** Begins to talk under a name: with a session and an outbox of its own. */
  function begin(name, kept = {}) {
    journal = database && new Journal(database, id, userKey(name));
    outbox = new Outbox(id, journal);
    outbox.changed = () => {
      session.pump(Date.now());
      put({ response: "problem", words: outbox.problem });
      turn();
    };
    const wanted = invited(location.hash);
    const channels = texts(kept.channels);
    const main = channels.length ? channels.filter((channel) => roomKey(channel) === "#main") : ["#main"];
    session = new Session({ user: name, channels: wanted ? [...main, wanted] : main, outbox });
    session.recall(kept);
    model.me.name = name;
    put(...channels.map((channel) => ({ response: "known", name: channel })), { response: "want", name: wanted });
    adopt();
    link.now();
  }

  async function adopt() {
    if (!journal) return;
    const mine = journal;
    const gone = await tabs.gone(await mine.others());
    const lines = gone.size ? await mine.adopt(gone) : [];
    if (!lines.length || mine !== journal) return;
    put(...lines.map((line) => ({ response: "typed", line })));
    outbox.adopt(lines);
  }

  function renameLines() {
    journal.user = userKey(model.me.name);
    for (const line of outbox.lines.values()) journal.put(line);
  }

  // Never a password; and the token of a session only for this tab, which goes on with it when it is loaded anew.
  function remember() {
    keep("localStorage", "evchat", { name: session.user, ...session.kept });
    keep("sessionStorage", "evchat", { resume: session.token, tab: id });
  }

  const tabs = new Tabs(id, () => ({ user: userKey(session ? session.user : ""), registered: model.me.registered }), adopt);

  function askName(text, wrong = false) {
    const fresh = code !== "";
    put({ response: "question", question: { kind: "name", text: fresh && !wrong ? "You are invited: choose a name, and then a password for it." : text, wrong, fresh } });
  }

  function endInvitation() {
    if (!code) return;
    code = wanted = "";
    const channel = invited(location.hash);
    history.replaceState(null, "", channel ? `#join=${encodeURIComponent(channel.slice(1))}` : location.pathname + location.search);
  }

  async function restore() {
    try {
      database = await openDatabase();
      database.onversionchange = () => database.close();
    } catch (error) {
      put({ response: "problem", words: error?.message || String(error) });
    }
    const { name, ...kept } = recall("localStorage", "evchat");
    const { resume, tab } = recall("sessionStorage", "evchat");
    model.drafts = recall("localStorage", "evchat-drafts");
    if (typeof name !== "string" || !name || code) {
      askName("Choose a name.");
      return;
    }
    // The copy of a tab has the token, too, but it is not the one whose session that is.
    const goesOn = resume && (await tabs.isGone(tab));
    const others = goesOn ? [] : await tabs.ask();
    if (others.some((other) => other.user === userKey(name) && !other.registered)) {
      askName(`You are ${name} in another tab. Go on there, or choose another name for this one.`, true);
    } else begin(name, { ...kept, returns: true, resume: goesOn ? resume : "" });
  }

  // ---- requests

  function ask(request, purpose) {
    const number = outbox.newId();
    asked.set(number, { request, ...purpose });
    session.ask(request, Date.now(), number);
  }

  function request(facts, purpose) {
    if (!session) return;
    ask(facts, purpose);
    turn();
  }

  const order = (facts) => request(facts, { what: "command", name: facts.request, room: model.current });

  function tellRead(key, seq) {
    toTell.set(key, seq);
    clearTimeout(readTimer);
    readTimer = setTimeout(() => {
      if (model.link.state !== "online") return;
      for (const [room, number] of toTell) if (model.rooms.has(room)) ask({ request: "read", to: model.rooms.get(room).name, seq: number }, { what: "quiet" });
      toTell.clear();
      turn();
    }, READ_EVERY);
  }

  // ---- what is said

  async function speak(name, text, action = false) {
    const said = parts(text, maxLines);
    if (said.length > MAX_PARTS) {
      tell(`That is too long: ${said.length} messages (limit ${MAX_PARTS}).`, "error");
      throw new RangeError("too long");
    }
    const lines = said.map((part) => outbox.lines.get(session.say(name, part, Date.now(), action)));
    put(...lines.map((line) => ({ response: "typed", line })));
    typing = { room: "", at: 0 };
    turn();
    await Promise.all(lines.map((line) => line.saved));
  }

  function carryOut({ command, request: facts }) {
    const here = model.rooms.get(model.current)?.name ?? "";
    const local = {
      query: () => actions.open(facts.content),
      close: () => actions.part(model.current),
      back: () => order({ request: "away" }),
      reconnect: () => actions.retry(),
      quit: () => actions.logOut(),
      login: () => (facts.content ? logIn(facts.content, facts.password ?? null) : askName("Choose a name.")),
      msg: () => speak(facts.to, facts.content),
      me: () => here && speak(here, facts.content, true),
      edit() {
        const line = model.rooms.get(model.current)?.lines.findLast((each) => each.mine && !each.redacted);
        return line?.seq ? order({ request: "edit", to: here, seq: line.seq, content: facts.content }) : tell(line ? "Your last message here is not sent yet." : "You have sent nothing here that can be edited.", "error");
      },
    };
    if (command === "broadcast" && !facts.to) return speak("*", facts.content);
    if (Object.hasOwn(local, command)) return local[command]();
    if (["help", "find", "urls", "theme"].includes(command)) return tell(`/${command} is the view's.`, "error");
    return order(command === "join" ? { ...facts, current: true } : facts);
  }

  function logIn(name, password) {
    const known = session !== null;
    if (!known) begin(name);
    if (known || code) {
      model.me.name = name;
      if (code) session.enrol(name, password, code);
      else session.login(name, password);
      if (journal) renameLines();
      adopt();
      turn();
    }
    link.now();
  }

  // What the view may ask for. Rooms are given by key or name, lines and notices by key.
  const actions = {
    // The text as typed, which may be a command; settled once it is kept on this device.
    async say(room, text) {
      if (!session) return;
      const name = roomOf(room)?.name ?? room;
      if (text.startsWith("/") && !text.startsWith("//")) await actions.command(text);
      else if (text.trim()) await speak(name, text.replace(/^\/\//, "/"));
      put({ response: "draft", room: roomKey(room), text: "" });
      saveDrafts();
    },
    // Its outcome is a notice or the `list`.
    command(text) {
      const meant = parse(text.trim(), model.rooms.get(model.current)?.name ?? "");
      if (meant.mistake) return tell(meant.mistake, "error");
      if (!meant.secrets) return carryOut(meant);
      secrets = { ...meant, given: [] };
      return askSecret();
    },
    // Shows a room, joining the channel or beginning the conversation if need be.
    open(room) {
      const known = roomOf(room);
      if (isChannel(known?.name ?? room) && !known?.present) {
        if (known) put({ response: "open", name: known.name });
        actions.join(known?.name ?? room);
        return;
      }
      put({ response: "open", name: known?.name ?? room });
      const opened = model.rooms.get(model.current);
      if (opened.kind !== "channel" && !opened.bySeq.size) actions.older(opened.key);
    },
    join(channel, password) {
      put({ response: "want", name: channel });
      order({ request: "join", content: [channel], ...(password && { keys: [password] }), current: true });
    },
    part(room, reason) {
      const known = roomOf(room);
      if (known?.kind === "channel" && known.present) order({ request: "part", content: [known.name], ...(reason && { reason }) });
      else if (known) put({ response: "close", name: known.name });
    },
    direct: (name) => actions.open(name),
    // To the `question`; "" to a password: another name is wanted.
    answer(answer) {
      const { question } = model;
      if (!question) return;
      question.answered = true;
      if (secrets) {
        giveSecret(answer);
        return;
      }
      if (code && (question.fresh || session?.enrols) && question.kind !== "server-password" && answer.trim()) {
        if (question.kind === "name") {
          const name = answer.trim();
          put({ response: "question", question: { kind: "password", name, text: `Choose a password: with it, ${name} is yours on all your devices.`, fresh: true } });
        } else {
          wanted = answer;
          put({ response: "question", question: null });
          logIn(question.name, answer);
        }
        return;
      }
      if (question.kind === "server-password") session.giveServerPassword(answer);
      else if (question.kind === "password" && answer) session.login(question.name, answer);
      else if (question.kind === "password") {
        askName("Choose a name.");
        return;
      } else if (answer.trim()) {
        put({ response: "question", question: null });
        logIn(answer.trim(), null);
        return;
      } else return;
      turn();
      link.now();
    },
    older(room) {
      const known = roomOf(room);
      if (!known || known.loading || known.atStart || model.link.state !== "online") return;
      const before = known.lines.find((line) => line.seq !== null)?.seq ?? null;
      put({ response: "loading", room: known.key });
      const facts = { request: "history", to: known.name, limit: PAGE, ...(before !== null && { before }) };
      request(facts, { what: "older", room: known.key, before });
    },
    fill(room, after, before) {
      const known = roomOf(room);
      const gap = `${known?.key} ${after}`;
      if (!known || filling.has(gap) || model.link.state !== "online") return;
      filling.add(gap);
      const purpose = { what: "fill", room: known.key, after, before, settle: () => filling.delete(gap) };
      request({ request: "history", to: known.name, after, limit: PAGE }, purpose);
    },
    // Has the messages around one loaded; settled with whether it is there.
    jump(room, seq) {
      const known = roomOf(room);
      if (!known || known.bySeq.has(seq)) return Promise.resolve(Boolean(known));
      return new Promise((resolve) => {
        const settle = () => resolve(known.bySeq.has(seq));
        request({ request: "history", to: known.name, around: seq, limit: PAGE }, { what: "around", room: known.key, settle });
      });
    },
    markRead(room, seq) {
      const known = roomOf(room);
      if (!known || known.read === seq) return;
      put({ response: "mark", room: known.key, seq });
      tellRead(known.key, seq);
    },
    redact: (room, seq) => order({ request: "redact", to: roomOf(room).name, seq }),
    search(words, room = "") {
      put({ response: "searching", words, room });
      if (words) request({ request: "search", content: words, limit: FOUND, ...(room && { to: roomOf(room).name }) }, { what: "search", words });
    },
    resend(room, key) {
      const line = roomOf(room)?.lines.find((each) => each.key === key);
      if (!line || line.state !== "refused") return;
      put({ response: "dropped", id: line.id });
      const number = session.again(line.id, Date.now());
      put({ response: "typed", line: outbox.lines.get(number) });
      turn();
    },
    discard(room, key) {
      const line = roomOf(room)?.lines.find((each) => each.key === key);
      if (!line || line.state !== "refused") return;
      session.drop(line.id);
      put({ response: "dropped", id: line.id });
    },
    // What is in the input of the room: the others are told that one types, and it is kept.
    typing(room, text) {
      const known = roomOf(room);
      if (!known) return;
      put({ response: "draft", room: known.key, text });
      clearTimeout(draftTimer);
      draftTimer = setTimeout(saveDrafts, READ_EVERY);
      const tells = model.link.state === "online" && known.kind !== "everyone" && known.users <= TYPING_PEOPLE && !text.startsWith("/");
      const now = Date.now();
      const active = text.trim() !== "";
      if (!tells || (active ? typing.room === known.key && now - typing.at < TYPING_EVERY : typing.room !== known.key)) return;
      typing = active ? { room: known.key, at: now } : { room: "", at: 0 };
      request({ request: "typing", to: known.name, content: active ? "active" : "done" }, { what: "quiet" });
    },
    dismiss: (key) => put({ response: "dismiss", key }),
    closeList: () => put({ response: "unlist" }),
    retry: () => link.now(),
    logOut() {
      session?.sayGoodbye();
      if (session) link.flush();
      keep("localStorage", "evchat", null);
      keep("sessionStorage", "evchat", null);
      session = journal = null;
      put({ response: "forgotten" });
      askName("Choose a name.");
      link.close();
    },
  };

  // ---- passwords that a command needs

  function askSecret() {
    const { command, given, secrets: wanted } = secrets;
    const what = { old: "Your present password", password: command === "register" ? "A password for your name" : "The password" };
    put({ response: "question", question: { kind: "password", command, name: session.user, text: `${what[wanted[given.length].key] ?? "The password"} (/${command}).` } });
  }

  function giveSecret(answer) {
    const { given, secrets: wanted, request: facts } = secrets;
    given.push(answer);
    if (answer && given.length < wanted.length) {
      askSecret();
      return;
    }
    const meant = { command: secrets.command, request: { ...facts, ...Object.fromEntries(wanted.map(({ key }, at) => [key, given[at]])) } };
    secrets = null;
    put({ response: "question", question: null });
    if (answer) carryOut(meant);
  }

  // ---- the page as a whole

  function saveDrafts() {
    const drafts = [...model.rooms.values()].filter((room) => room.draft).map((room) => [room.key, room.draft]);
    keep("localStorage", "evchat-drafts", drafts.length ? Object.fromEntries(drafts) : null);
  }

  const look = () => put({ response: "here", here: document.visibilityState === "visible" && document.hasFocus() });
  addEventListener("focus", look);
  addEventListener("blur", look);
  document.addEventListener("visibilitychange", () => {
    look();
    if (session && document.visibilityState === "visible") turn();
  });
  addEventListener("pagehide", () => {
    saveDrafts();
    tabs.leave();
  });
  addEventListener("hashchange", () => {
    const channel = invited(location.hash);
    if (session && channel) actions.open(channel);
    if (!session && invitation(location.hash)) {
      code = invitation(location.hash);
      askName("");
    }
  });
  setInterval(adopt, ADOPT_EVERY);
  if (navigator.serviceWorker) navigator.serviceWorker.register(worker()).catch(() => {});
  restore();

  return {
    model,
    actions,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
