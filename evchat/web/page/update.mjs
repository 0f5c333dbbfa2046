// How the model changes: pure functions of what the session tells and of what the user does. As tui/update.
//
// `apply(model, event, now)` returns what has changed, as model.mjs says. Beside the session's news there are events of the
// page itself: "typed" (a line of one's own waits), "answered" (a request of the user's), "here" (whether the user looks at
// the page), and those under "what the user does".

import { messagesOf, records, text, texts } from "./arrivals.mjs";
import { counted, listed, sentence } from "./commands.mjs";
import { announce, cameOrWent, enter, forget, goneFrom, insert, isMe, isUnread, lineOf, loaded, memberOf, mentions, newLine, recount, removeMember, roomOf, show, sortRooms, tell } from "./model.mjs";
import { isChannel, roomKey, userKey } from "./text.mjs";

const TYPING_HOLDS = 6_000;
const LATEST = 10; // direct conversations that are listed at the start, besides those with something new

const CHANNEL_MODES = { operator: ["made $ an operator", "took the operator's role from $"], voice: ["gave $ a voice", "took the voice from $"] };

/** Takes an event. Returns what has changed. */
export function apply(model, event, now) {
  const changes = new Set();
  if (Object.hasOwn(HANDLERS, event.response)) HANDLERS[event.response]({ model, changes, now }, event);
  return changes;
}

function readUpTo(context, room, seq) {
  if (seq <= room.read) return;
  const before = room.read;
  room.read = seq;
  recount(context, room, seq - before);
}

function said(context, message) {
  const { model, changes, now } = context;
  const room = enter(context, message.room || (isChannel(message.to) || message.to === "*" ? message.to : isMe(model, message.to) ? message.sender : message.to));
  if (message.seq !== null && room.bySeq.has(message.seq)) return;
  const line = lineOf(model, message);
  insert(room, line, message.history);
  room.coming = null;
  room.typing.delete(message.sender);
  room.head = Math.max(room.head, message.seq ?? 0);
  if (line.at > room.lastAt) {
    room.lastAt = line.at;
    if (room.kind === "direct") sortRooms(model);
  }
  changes.add(`lines ${room.key}`).add(`typing ${room.key}`);
  if (line.mine) {
    if (!room.unread) room.read = Math.max(room.read, message.seq ?? 0);
  } else if (isUnread(room, line)) {
    room.unread += 1;
    if (line.mention || room.kind === "direct") room.mentions += 1;
    // The mark of what is new stands where the user stopped looking.
    if (room.newFrom === null && !(model.here && model.current === room.key)) room.newFrom = room.read;
  }
  changes.add("rooms");
  room.speakers.set(userKey(line.sender), line.at);
}

// ---- one's own lines

function typed(context, { line }) {
  const { model, changes } = context;
  const room = enter(context, line.room);
  const state = line.state === "failed" ? "refused" : "waiting";
  const own = newLine({ kind: line.action ? "action" : "message", id: line.id, at: line.at, sender: model.me.name, text: line.text, mine: true, state, refusal: line.reason });
  room.lines.push(own);
  model.waiting.set(line.id, [room, own]);
  room.newFrom = null;
  countWaiting(context);
  changes.add(`lines ${room.key}`);
}

function countWaiting({ model, changes }) {
  model.link.waiting = [...model.waiting.values()].filter(([, line]) => line.state === "waiting").length;
  changes.add("link");
}

function dropped(context, { id }) {
  const found = context.model.waiting.get(id);
  if (!found) return;
  const [room, line] = found;
  context.model.waiting.delete(id);
  room.lines.splice(room.lines.indexOf(line), 1);
  countWaiting(context);
  context.changes.add(`lines ${room.key}`);
}

function sent(context, event) {
  const found = context.model.waiting.get(event.id);
  if (!found) return;
  const [room, line] = found;
  if (event.state === "failed") {
    Object.assign(line, { state: "refused", refusal: event.reason || "The server refused it." });
    if (room.key !== context.model.current) tell(context, `Not sent to ${room.title}: ${line.refusal}`, "error");
  } else if (event.state === "queued") line.note = event.reason;
  else {
    dropped(context, event);
    if (event.seq !== null && room.bySeq.has(event.seq)) return;
    const note = event.away !== null ? `${room.title} is away${event.away ? `: ${event.away}` : "."}` : event.kept ? `${room.title} is not online and will find it in the inbox.` : "";
    Object.assign(line, { state: "sent", seq: event.seq, at: event.at ?? context.now, note });
    insert(room, line);
    room.head = Math.max(room.head, event.seq ?? 0);
    room.lastAt = Math.max(room.lastAt, line.at);
    if (!room.unread) room.read = Math.max(room.read, event.seq ?? 0);
    if (room.kind === "direct") sortRooms(context.model);
    context.changes.add("rooms");
  }
  countWaiting(context);
  context.changes.add(`lines ${room.key}`);
}

function changed(context, event) {
  const { model } = context;
  const name = isChannel(event.to) || event.to === "*" ? event.to : isMe(model, event.to) ? event.sender : event.to;
  const room = roomOf(model, name);
  if (room) room.rev = Math.max(room.rev, event.rev ?? 0);
  const line = room && (event.to === "*" ? room.lines.find((each) => each.seq !== null && each.at === event.sent_at) : room.bySeq.get(event.seq));
  if (!line || line.redacted) return;
  if (event.response === "edited") Object.assign(line, { text: event.content, edited: true, mention: !line.mine && mentions(model, event.content) });
  else Object.assign(line, { redacted: true, text: "", mention: false });
  recount(context, room);
}

// ---- who may do what

const because = (reason) => (reason ? ` (${reason.replace(/\.$/, "")})` : "");

function moded(context, event) {
  const room = roomOf(context.model, event.to);
  if (!room) return;
  const by = event.by || event.sender;
  const modes = [];
  const told = new Set();
  for (const { mode, on, value, whom, until } of event.changes) {
    if (mode === "ban") {
      const mutes = value.startsWith("m:");
      const word = mutes ? "muted" : "banned";
      const name = whom || value.replace(/^m:/, "").replace(/!\*@\*$/, "");
      const minutes = until === null ? 0 : Math.ceil((until - (event.at ?? 0)) / 60_000);
      const lasts = minutes > 0 ? ` for ${minutes} minute${minutes === 1 ? "" : "s"}` : "";
      told.add(by === "server" ? `${name} is no longer ${word}.` : `${by} ${on ? "" : "un"}${word} ${name}${lasts}.`);
    } else if (Object.hasOwn(CHANNEL_MODES, mode)) {
      const member = room.members.get(userKey(value));
      if (member) member[mode === "operator" ? "op" : "voice"] = on;
      told.add(`${by} ${CHANNEL_MODES[mode][on ? 0 : 1].replace("$", () => (isMe(context.model, value) ? "you" : value))}`);
    } else modes.push(`${on ? "" : "no longer "}${mode} ${value}`.trim());
  }
  if (modes.length || !told.size) told.add(`${by} changed the modes: ${modes.join(", ") || event.content}`);
  announce(context, room, [...told].join("\n"));
  context.changes.add(`members ${room.key}`);
}

function renamed(context, { sender: old, content: name }) {
  const { model, changes } = context;
  const mine = isMe(model, old);
  if (mine) {
    model.me.name = name;
    changes.add("me");
  }
  for (const room of model.rooms.values()) {
    const member = room.members.get(userKey(old));
    if (!member) continue;
    room.members.delete(userKey(old));
    room.members.set(userKey(name), { ...member, nick: name });
    announce(context, room, mine ? `You are now called ${name}.` : `${old} is now called ${name}.`);
    changes.add(`members ${room.key}`);
  }
}

const ANSWERS = {
  older(context, { room: key, before }, facts, failed) {
    const room = context.model.rooms.get(key);
    if (!room) return;
    room.loading = false;
    context.changes.add(`lines ${key}`);
    if (failed) return;
    const messages = messagesOf(facts);
    if (messages.length) loaded(context, room, messages, messages[0].seq, (before ?? messages.at(-1).seq + 1) - 1);
    room.atStart = facts.more === false;
  },
  fill(context, { room: key, after, before }, facts, failed) {
    const room = context.model.rooms.get(key);
    if (!room || failed) return;
    const messages = messagesOf(facts).filter((each) => each.seq < before);
    const reached = facts.more === true && messages.length ? messages.at(-1).seq : before - 1;
    loaded(context, room, messages, after + 1, reached);
  },
  around(context, { room: key }, facts, failed) {
    const room = context.model.rooms.get(key);
    const messages = failed ? [] : messagesOf(facts);
    if (room && messages.length) loaded(context, room, messages, messages[0].seq, messages.at(-1).seq);
  },
  people({ model, changes }, asked, facts, failed) {
    if (failed) return;
    const away = new Map(records(facts.content).map((each) => [userKey(text(each.name)), typeof each.away === "string" ? each.away : null]));
    for (const room of model.rooms.values()) {
      for (const [key, member] of room.members) member.away = away.get(key) ?? null;
      if (room.kind === "direct") room.away = away.get(room.key) ?? null;
      changes.add(`members ${room.key}`);
    }
  },
  search({ model, changes }, { words }, facts, failed) {
    if (model.search?.words !== words) return;
    const found = failed ? [] : messagesOf(facts);
    model.search = {
      ...model.search, searching: false,
      found: found.map((each) => ({ room: roomKey(isChannel(each.to) || each.to === "*" || !isMe(model, each.to) ? each.to : each.sender), line: lineOf(model, each) }))
        .sort((one, other) => other.line.at - one.line.at),
    };
    changes.add("search");
  },
  command(context, { name, request }, facts) {
    const { model, changes } = context;
    if (name === "join" && texts(facts.channels).length) {
      show(context, enter(context, texts(facts.channels)[0]));
      return;
    }
    if (name === "part") {
      for (const channel of texts(facts.channels)) left(context, { sender: model.me.name, to: channel });
      for (const channel of texts(facts.channels)) if (roomOf(model, channel)) forget(context, roomOf(model, channel));
      return;
    }
    if (["redact", "edit"].includes(name) && request.seq !== undefined) {
      changed(context, { ...request, response: `${name}ed` });
      return;
    }
    if (name === "away") model.me.away = request.content ?? "";
    if (["register", "unregister"].includes(name)) model.me.registered = name === "register";
    if (name === "oper") model.me.operator = true;
    changes.add("me");
    const list = listed(name, facts);
    if (list) {
      model.list = list;
      changes.add("list");
    } else tell(context, sentence(name, facts));
  },
};

function answered(context, { asked, failed, content, facts }) {
  if (failed && ["command", "search"].includes(asked.what)) tell(context, content, "error");
  if (failed && asked.what === "command") return;
  ANSWERS[asked.what]?.(context, asked, facts, failed);
}

// ---- everything by its name

function left(context, event) {
  const room = roomOf(context.model, event.to);
  if (!room) return;
  if (isMe(context.model, event.sender)) room.present || room.lines.length ? goneFrom(context, room) : forget(context, room);
  else if (removeMember(context, room, event.sender)) cameOrWent(context, room, event.sender, false, event.at ?? context.now);
}

const inform = (context, event) => tell(context, event.content);

const HANDLERS = {
  message: said,
  sent,
  redacted: changed,
  edited: changed,
  moded,
  renamed,
  left,
  typed,
  dropped,
  answered,
  info: inform,
  stopping: inform,
  error: (context, event) => tell(context, event.content, "error"),

  state(context, event) {
    const { model, changes, now } = context;
    const asks = event.state === "refused" && event.needs;
    const state = asks ? "asked" : event.state === "refused" ? "offline" : event.state;
    Object.assign(model.link, { state, since: model.link.state === state ? model.link.since : now, retryAt: event.retry_at, words: event.reason });
    const stays = model.question && ["offline", "connecting"].includes(state) && !event.needs && model.question.answered !== true;
    if (asks) {
      const kind = event.needs;
      const wrong = event.code !== "password-needed" && event.code !== "server-password";
      model.question = { kind, text: event.reason, name: event.name, suggestion: event.suggestion, wrong, answered: false };
      changes.add("question");
    } else if (!stays && model.question) {
      model.question = null;
      changes.add("question");
    }
    changes.add("link");
  },
  question({ model, changes }, { question }) {
    model.question = question && { name: "", suggestion: "", wrong: false, answered: false, ...question };
    if (question && !question.command) model.link.state = "asked";
    changes.add("question").add("link");
  },
  login(context, event) {
    const { model, changes } = context;
    if (event.motd && event.motd !== model.server.motd) tell(context, event.motd);
    if (event.motd) model.server.motd = event.motd;
    Object.assign(model.me, { name: event.name, registered: event.registered });
    model.question = null;
    changes.add("me").add("question").add("rooms");
  },
  back(context, { lasted, sent: arrived, missed }) {
    const seconds = Math.max(Math.round(lasted / 1_000), 1);
    const took = seconds < 120 ? counted(seconds, "second") : seconds < 7_200 ? counted(Math.round(seconds / 60), "minute") : counted(Math.round(seconds / 3_600), "hour");
    const parts = [arrived && `${counted(arrived, "line")} of yours sent`, missed && `${counted(missed, "message")} fetched that you missed`].filter(Boolean);
    if (parts.length) tell(context, `Connected again after ${took}: ${parts.join(", ")}.`);
  },
  welcome(context, event) {
    const { model, changes } = context;
    const content = event.facts.content ?? {};
    const motd = text(content.motd);
    if (motd !== model.server.motd) tell(context, motd);
    Object.assign(model.server, { name: text(content.server), motd: motd || model.server.motd });
    changes.add("server");
  },
  joined(context, event) {
    const { model, changes, now } = context;
    if (!isMe(model, event.sender)) {
      const room = roomOf(model, event.to);
      if (!room?.present) return;
      if (!room.members.has(userKey(event.sender))) room.users += 1;
      room.members.set(userKey(event.sender), memberOf(event.sender));
      cameOrWent(context, room, event.sender, true, event.at ?? now);
      changes.add(`members ${room.key}`);
      return;
    }
    const room = enter(context, event.to);
    room.present = true;
    room.head = Math.max(room.head, event.seq ?? 0);
    room.rev = Math.max(room.rev, event.rev ?? 0);
    if (event.read !== null && event.seq !== null) {
      // A newcomer has read nothing, and needs no mark before everything that was said until now.
      if (!room.entered) room.read = event.read || event.seq;
      else readUpTo(context, room, event.read);
      room.entered = true;
    }
    if (!event.seq) room.atStart = true;
    changes.add("rooms").add(`lines ${room.key}`);
    const isWanted = room.key === model.wanted;
    if (isWanted) model.wanted = "";
    if (isWanted || !model.current) show(context, room);
  },
  kicked(context, event) {
    const room = roomOf(context.model, event.to);
    if (!room) return;
    const mine = isMe(context.model, event.name);
    if (mine) goneFrom(context, room);
    else removeMember(context, room, event.name);
    announce(context, room, `${event.by} kicked ${mine ? "you" : event.name}${because(event.content)}.`);
  },
  invited(context, event) {
    const { model } = context;
    if (isMe(model, event.name)) tell(context, `${event.by} invites you to ${event.to}. Join with /join ${event.to}.`);
    else announce(context, roomOf(model, event.to), `${event.by} invited ${event.name} to ${event.to}.`);
  },
  quit(context, event) {
    for (const room of context.model.rooms.values()) {
      if (removeMember(context, room, event.sender)) cameOrWent(context, room, event.sender, false, event.at ?? context.now);
    }
  },
  topic(context, event) {
    const room = roomOf(context.model, event.to);
    if (!room || room.topic === event.content) return;
    const known = room.topic;
    room.topic = event.content;
    context.changes.add(`topic ${room.key}`);
    if (event.set_at === event.at || known) announce(context, room, event.content ? `${event.sender} set the topic: ${event.content}` : `${event.sender} removed the topic.`);
  },
  names({ model, changes }, event) {
    const room = roomOf(model, event.to);
    if (!room || !event.names) return;
    const operators = new Set(event.operators.map(userKey));
    const voiced = new Set(event.voiced.map(userKey));
    const known = room.members;
    room.members = new Map(event.names.map((nick) => {
      const key = userKey(nick);
      return [key, memberOf(nick, { op: operators.has(key), voice: voiced.has(key), away: known.get(key)?.away ?? null })];
    }));
    room.users = event.users ?? event.names.length;
    changes.add(`members ${room.key}`);
  },
  presence({ model, changes }, event) {
    const key = userKey(event.sender);
    if (isMe(model, event.sender)) {
      model.me.away = event.away ?? "";
      changes.add("me");
    }
    for (const room of model.rooms.values()) {
      const member = room.members.get(key);
      if (member) member.away = event.away;
      if (room.key === key) room.away = event.away;
      if (member || room.key === key) changes.add(`members ${room.key}`);
    }
  },
  read(context, event) {
    const room = roomOf(context.model, event.to);
    if (room && event.seq !== null) readUpTo(context, room, event.seq);
  },
  typing({ model, changes, now }, event) {
    const room = roomOf(model, isChannel(event.to) ? event.to : event.sender);
    if (!room || isMe(model, event.sender)) return;
    if (event.content === "active") room.typing.set(event.sender, now + TYPING_HOLDS);
    else room.typing.delete(event.sender);
    changes.add(`typing ${room.key}`);
  },
  directs(context, event) {
    const { model } = context;
    const starting = !model.met;
    model.met = true;
    for (const [place, row] of event.content.entries()) {
      if (!row.name || row.name === "*" || isChannel(row.name)) continue;
      const known = roomOf(model, row.name);
      if (known) {
        readUpTo(context, known, row.read ?? 0);
        known.head = Math.max(known.head, row.seq ?? 0);
      } else if (row.unread || (starting && place < LATEST)) {
        const room = enter(context, row.name);
        Object.assign(room, { read: row.read ?? 0, head: row.seq ?? 0, lastAt: -place });
        if (!row.fetched) room.unread = room.mentions = row.unread;
        if (row.unread) room.newFrom = room.read;
      }
    }
    sortRooms(model);
    context.changes.add("rooms");
  },
  gap(context, event) {
    const room = roomOf(context.model, event.room);
    if (!room) return;
    insert(room, newLine({ kind: "gap", missing: { after: event.after, before: event.before } }));
    context.changes.add(`lines ${room.key}`);
  },
  reset(context, event) {
    const room = roomOf(context.model, event.room);
    if (!room) return;
    for (const line of room.lines) line.seq = null;
    room.lines = room.lines.filter((line) => !line.missing);
    room.bySeq.clear();
    Object.assign(room, { read: 0, head: 0, unread: 0, mentions: 0, newFrom: null, atStart: true });
    announce(context, room, "The server was restarted and has lost all earlier messages.");
    context.changes.add("rooms");
  },
  pinned: (context, event) => announce(context, roomOf(context.model, event.to), `${event.sender} pinned message ${event.seq}: <${event.name}> ${event.content}`),
  unpinned: (context, event) => announce(context, roomOf(context.model, event.to), `${event.sender} unpinned message ${event.seq}.`),
  wallops: (context, event) => tell(context, `(operators) ${event.sender}: ${event.content}`),
  appeared: (context, event) => tell(context, `${event.sender} is online.`),
  vanished: (context, event) => tell(context, `${event.sender} is no longer online.`),

  // ---- what the user does

  open: (context, { name }) => show(context, enter(context, name)),
  want: ({ model }, { name }) => Object.assign(model, { wanted: roomKey(name) }),
  // A channel one was in when the page was left. It is there before the server is.
  known(context, { name }) {
    const room = enter(context, name);
    if (!context.model.current) show(context, room);
  },
  close: (context, { name }) => roomOf(context.model, name) && forget(context, roomOf(context.model, name)),
  here: ({ model }, { here }) => Object.assign(model, { here }),
  mark(context, { room: key, seq }) {
    const room = context.model.rooms.get(key);
    if (!room) return;
    if (seq >= room.read) readUpTo(context, room, seq);
    else {
      room.read = room.newFrom = seq;
      recount(context, room);
    }
  },
  draft({ model, changes }, { room: key, text: written }) {
    const room = model.rooms.get(key);
    if (!room || room.draft === written) return;
    if (Boolean(room.draft) !== Boolean(written)) changes.add(`draft ${key}`).add("rooms");
    room.draft = written;
  },
  loading({ model, changes }, { room: key }) {
    model.rooms.get(key).loading = true;
    changes.add(`lines ${key}`);
  },
  searching({ model, changes }, { words, room }) {
    model.search = words ? { words, room, searching: true, found: [] } : null;
    changes.add("search");
  },
  notice: (context, event) => tell(context, event.content, event.kind),
  dismiss({ model, changes }, { key }) {
    model.notices = model.notices.filter((notice) => notice.key !== key);
    changes.add("notices");
  },
  unlist({ model, changes }) {
    model.list = null;
    changes.add("list");
  },
  problem({ model, changes }, { words }) {
    if (model.link.problem !== words) changes.add("link");
    model.link.problem = words;
  },
  forgotten({ model, changes }) {
    Object.assign(model.me, { name: "", registered: false, away: "", operator: false });
    model.rooms.clear();
    model.waiting.clear();
    Object.assign(model, { current: "", met: false, list: null, search: null });
    for (const kind of ["me", "rooms", "current", "list", "search"]) changes.add(kind);
  },
};
