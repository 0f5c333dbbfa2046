// The rooms of a model and what stands in them: lines in their order, gaps, what is unread. Each function takes a context
// `{model, changes, now}`, and adds to `changes` what has changed.

import { text } from "./arrivals.mjs";
import { isChannel, roomKey, userKey } from "./text.mjs";

const MAX_LINES = 25_000; // of a room; older ones can be fetched again
const MAX_NOTICES = 20;
const SMALL = 20; // people in a room up to which everybody's coming and going is told
const LATELY = 3_600_000; // beyond it, only of those who spoke within an hour
const NAMES_SHOWN = 8;

let keys = 0;
const nextKey = () => `k${(keys += 1)}`;

// ---- rooms

export const isMe = (model, name) => userKey(name) === userKey(model.me.name);
export const roomOf = (model, name) => model.rooms.get(roomKey(name));

export function enter({ model, changes }, name) {
  const key = roomKey(name);
  let room = model.rooms.get(key);
  if (!room) {
    const kind = isChannel(name) ? "channel" : name === "*" ? "everyone" : "direct";
    room = {
      key, name, kind, title: kind === "everyone" ? "Everyone" : name, topic: "", present: kind !== "channel", members: new Map(), users: 0,
      lines: [], bySeq: new Map(), coming: null, read: 0, head: 0, rev: 0, unread: 0, mentions: 0, newFrom: null, atStart: false, loading: false,
      typing: new Map(), draft: Object.hasOwn(model.drafts, key) ? text(model.drafts[key]) : "", away: null, lastAt: 0, speakers: new Map(), entered: false,
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
    key: nextKey(), kind: "message", seq: null, id: "", at: 0, sender: "", text: "", mine: false, mention: false, state: "sent", refusal: "",
    redacted: false, edited: false, role: "", note: "", missing: null, ...facts,
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
