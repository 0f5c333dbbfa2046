// The state that the view draws: rooms and what stands in them, lines in their order, gaps, what is unread. There is no DOM and
// no I/O here. Functions that change it take a context `{model, changes, now}`, and add to `changes` what has changed.
//
// `apply(model, event, now)` (update.mjs) takes what the session tells and what the user does, and returns what has changed
// as a set of words, so that the view redraws only that; several sets may be joined into one before anything is drawn:
//
//   "link" "me" "server" "question" "notices" "list" "search"   the property of the model with that name
//   "rooms"                the list of rooms: which there are, their order, unread counts, mentions
//   "current"              another room is open
//   "lines KEY"            lines of a room, its gaps, or its mark of what is new; KEY is the room's key
//   "members KEY"  "topic KEY"  "typing KEY"  "draft KEY"       that part of a room
//
// All texts are as others wrote them. The view shows them as text, and only after `harmless` of text.mjs. Times are
// milliseconds since the epoch.

import { text } from "./arrivals.mjs";
import { isChannel, roomKey, userKey } from "./text.mjs";

const MAX_LINES = 25_000; // of a room; older ones can be fetched again
const MAX_NOTICES = 20;
const SMALL = 20; // people in a room up to which everybody's coming and going is told
const LATELY = 3_600_000; // beyond it, only of those who spoke within an hour
const NAMES_SHOWN = 8;

let keys = 0;
const nextKey = () => `k${(keys += 1)}`;

/** An empty model; `address` is where the server is, as shown to the user. */
export function createModel(address = "") {
  return {
    me: { name: "", registered: false, away: "", operator: false }, // `operator`: of the server; `away`: why, "" if here
    server: { name: "", address, motd: "" },
    link: {
      state: "offline", // "connecting", "online"; "asked": connected, but the `question` is to be answered
      since: 0, // when it became so
      retryAt: null, // when the next attempt is made
      words: "", // why
      waiting: 0, // lines of one's own that are not sent yet, in all rooms
      problem: "", // why lines can't be kept on this device at the moment (private window, full disk)
    },
    // What has to be answered before one can talk: `{kind, text, name, suggestion, wrong, fresh, command}`. `kind` is "name",
    // "password" or "server-password"; `text` the question or, if the last answer was `wrong`, why; `name` that of a password;
    // `suggestion` a name that is free; `fresh`: an invitation registers the name, with a new password; `command`: the one
    // that needs the password, "" as the answer takes it back.
    question: null,
    rooms: new Map(), // by key (`roomKey(name)`), as listed: channels, direct conversations, the latest first, broadcasts
    current: "", // the key of the open room
    notices: [], // what is to be told apart from any room, newest last: `{key, text, kind: "info" | "error", at}`
    list: null, // what a command lists: `{title, rows: [{text, note, open}]}`; `open`: a room that a click opens, or ""
    search: null, // `{words, room, searching, found: [{room, line}]}`: the key of the room searched in, "" for all; newest first
    here: true, // whether the user looks at the page
    drafts: {}, // what was being typed when the page was left, by the key of the room
    waiting: new Map(), // [room, line] of one's own that waits or was refused, by id
    wanted: "", // the key of the room that is to be opened as soon as one is in it
    met: false, // whether the direct conversations are known
  };
}

// ---- rooms

export const isMe = (model, name) => userKey(name) === userKey(model.me.name);
export const roomOf = (model, name) => model.rooms.get(roomKey(name));

export function enter({ model, changes }, name) {
  const key = roomKey(name);
  let room = model.rooms.get(key);
  if (!room) {
    const kind = isChannel(name) ? "channel" : name === "*" ? "everyone" : "direct";
    room = {
      key, name, kind, title: kind === "everyone" ? "Everyone" : name, topic: "",
      present: kind !== "channel", // whether one is in the channel at the moment
      entered: false, // whether one has been in it since the page was loaded
      members: new Map(), // of a channel: `memberOf`, by key
      users: 0, // more than `members` has, if the server does not list them all
      lines: [], // those with a number by it, one's own that wait at the end
      bySeq: new Map(), // lines by their numbers
      coming: null, // the line that tells who joined and left, as long as it is the last one
      read: 0, // the number up to which one has read, on whatever device
      head: 0, // the number of the last message there is
      rev: 0, // the number of the last change to its messages
      unread: 0, // messages after `read` that others wrote
      mentions: 0, // those of them that name oneself; in a direct conversation, all
      newFrom: null, // above the first line with a greater number is the mark of what is new; it stays while the room is open
      atStart: false, // nothing older can be fetched
      loading: false, // older messages are being fetched
      typing: new Map(), // until when, by name
      draft: Object.hasOwn(model.drafts, key) ? text(model.drafts[key]) : "",
      away: null, // why the other side of a direct conversation is away; null: it is not, or unknown
      lastAt: 0, // when something was said there last
      speakers: new Map(), // when each user spoke there last, by key
    };
    model.rooms.set(key, room);
    sortRooms(model);
    changes.add("rooms");
  }
  return room;
}

const PLACES = { channel: 0, direct: 1, everyone: 2 };

export function sortRooms(model) {
  const order = (one, other) =>
    PLACES[one.kind] - PLACES[other.kind] || (one.kind === "direct" ? other.lastAt - one.lastAt : 0) || (one.key < other.key ? -1 : 1);
  model.rooms = new Map([...model.rooms.values()].sort(order).map((room) => [room.key, room]));
}

export function forget({ model, changes }, room) {
  model.rooms.delete(room.key);
  changes.add("rooms");
  if (model.current === room.key) show({ model, changes }, model.rooms.values().next().value ?? null);
}

export function show({ model, changes }, room) {
  const before = model.rooms.get(model.current);
  if (before === room) return;
  if (before) before.newFrom = null;
  model.current = room?.key ?? "";
  if (room) room.newFrom = room.unread ? room.read : null;
  changes.add("current").add("rooms");
}

// ---- lines

export function newLine(facts) {
  return {
    key: nextKey(), // its own, for as long as it is shown: for keyed rows
    kind: "message", // "action", "notice"; "event": somebody joined, …, as a sentence in `text`; "gap": see `missing`
    seq: null, // null for events, and lines of one's own that wait
    id: "", at: 0, sender: "", text: "", mine: false, mention: false, // `id`: the sender's
    state: "sent", // "waiting"; "refused", for the reason in `refusal`
    refusal: "", redacted: false, edited: false,
    role: "", // "o" or "v" if only those with that role hear it
    note: "", // what is to be added to one's own: that somebody is away, or will find it later
    missing: null, // of a gap: `{after, before}`, the numbers on both sides
    ...facts,
  };
}

const placeOf = (line) => line.seq ?? (line.missing ? line.missing.after + 0.5 : null);

// Puts a line where it belongs: behind all with a lower number and what was told since then, before one's own that wait.
// An `old` one, said while there was no connection, comes before what was told after it.
export function insert(room, line, old = false) {
  const { lines } = room;
  const place = placeOf(line) ?? Infinity;
  let at = lines.length;
  while (at > 0 && (placeOf(lines[at - 1]) ?? place) >= place && (place < Infinity || lines[at - 1].state !== "sent")) at -= 1;
  const isTold = (each) => each && placeOf(each) === null && each.state === "sent" && !(old && each.at > line.at);
  if (place < Infinity) while (isTold(lines[at])) at += 1;
  lines.splice(at, 0, line);
  if (line.seq !== null) {
    room.bySeq.set(line.seq, line);
    if (line.seq === 1) room.atStart = true;
  }
  if (lines.length > MAX_LINES) {
    for (const gone of lines.splice(0, MAX_LINES / 5)) room.bySeq.delete(gone.seq);
    room.atStart = false;
  }
}

/** Tells something in a room, which nobody said. */
export function announce({ changes, now }, room, told, at = now) {
  if (!room) return;
  room.coming = null;
  insert(room, newLine({ kind: "event", at, text: told }));
  changes.add(`lines ${room.key}`);
}

export function tell({ model, changes, now }, told, kind = "info") {
  if (!told) return;
  model.notices = [...model.notices, { key: nextKey(), text: told, kind, at: now }].slice(-MAX_NOTICES);
  changes.add("notices");
}

const mentionOf = new Map();

export function mentions(model, content) {
  const { name } = model.me;
  if (!name) return false;
  if (!mentionOf.has(name)) {
    mentionOf.clear();
    const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    mentionOf.set(name, new RegExp(`(?:^|[^\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, "iu"));
  }
  return mentionOf.get(name).test(content);
}

export function lineOf(model, message) {
  const mine = isMe(model, message.sender);
  const kind = message.action ? "action" : message.notice ? "notice" : "message";
  return newLine({
    kind, seq: message.seq, id: message.id, at: message.at ?? 0, sender: message.sender, text: message.redacted ? "" : message.content, mine,
    mention: !mine && mentions(model, message.content), redacted: message.redacted, edited: message.edited, role: message.role,
  });
}

export const isUnread = (room, line) => line.seq !== null && line.seq > room.read && !line.mine && !line.redacted && line.kind !== "event";

// Counts anew what is unread, after it was read up to somewhere; of what is not loaded, `read` messages less.
export function recount({ changes }, room, read = 0) {
  if (!room.bySeq.size) room.unread = Math.max(room.unread - read, 0);
  else {
    const fresh = [];
    for (let at = room.lines.length - 1; at >= 0; at -= 1) {
      const line = room.lines[at];
      if (line.seq !== null && line.seq <= room.read) break;
      if (isUnread(room, line)) fresh.push(line);
    }
    room.unread = fresh.length;
    room.mentions = room.kind === "direct" ? fresh.length : fresh.filter((line) => line.mention).length;
  }
  room.mentions = Math.min(room.mentions, room.unread);
  changes.add("rooms").add(`lines ${room.key}`);
}

// ---- who is there

export const memberOf = (nick, known) => ({ nick, op: false, voice: false, away: null, ...known });

export function cameOrWent(context, room, nick, came, at) {
  const { changes } = context;
  const spoke = room.speakers.get(userKey(nick)) ?? -LATELY;
  if (room.members.size > SMALL && at - spoke >= LATELY) return;
  const last = room.lines.at(-1);
  const goesOn = room.coming && last === room.coming.line;
  if (!goesOn) {
    const line = newLine({ kind: "event", at });
    insert(room, line);
    room.coming = { line, people: new Map() };
  }
  const { line, people } = room.coming;
  people.delete(nick); // who goes and comes back in one line is told as what it is now
  people.set(nick, came);
  line.at = at;
  line.text = [[true, "joined"], [false, "left"]].map(([kind, words]) => {
    const names = [...people].filter(([, each]) => each === kind).map(([name]) => name);
    const more = names.length - NAMES_SHOWN;
    return names.length ? `${names.slice(0, NAMES_SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""} ${words}` : "";
  }).filter(Boolean).join(" · ");
  changes.add(`lines ${room.key}`);
}

export function goneFrom({ changes }, room) {
  room.present = false;
  room.members.clear();
  room.typing.clear();
  room.users = 0;
  changes.add("rooms").add(`members ${room.key}`);
}

export function removeMember({ changes }, room, nick) {
  const key = userKey(nick);
  room.typing.delete(nick);
  if (!room.members.delete(key)) return false;
  room.users = Math.max(room.users - 1, 0);
  changes.add(`members ${room.key}`).add(`typing ${room.key}`);
  return true;
}

// ---- history: pages of it between what is loaded

// The messages whose numbers are from `first` to `last` have come; what is left out among them is not for us.
export function loaded(context, room, messages, first, last) {
  const oldest = room.lines.find((line) => line.seq !== null)?.seq ?? Infinity;
  for (const line of room.lines.filter((each) => each.missing)) {
    const { after, before } = line.missing;
    if (last <= after || first >= before) continue;
    room.lines.splice(room.lines.indexOf(line), 1);
    if (first - 1 > after) insert(room, newLine({ kind: "gap", missing: { after, before: first } }));
    if (last + 1 < before) insert(room, newLine({ kind: "gap", missing: { after: last, before } }));
  }
  if (last + 1 < oldest && oldest < Infinity) {
    insert(room, newLine({ kind: "gap", missing: { after: last, before: oldest } }));
    room.atStart = false;
  }
  for (const message of messages) if (message.seq !== null && !room.bySeq.has(message.seq)) insert(room, lineOf(context.model, message), true);
  context.changes.add(`lines ${room.key}`);
}
