// What the server says: its objects as events, and the messages of each room in the order of their numbers, each once,
// however they come and whatever is missing. As tui/model/server_events.py, tui/connection/sequence.py and router.py.
//
// The server numbers a room's messages 1, 2, 3, … A `Sequence` passes on what follows the last one, drops what it had, and
// holds back what comes after a hole until the history has filled it.

import { isChannel, roomKey, userKey } from "./text.mjs";

const MAX_LABEL_CHARS = 1_000;
const MAX_SHOWN_CHARS = 100_000;
const MAX_CHANGES_SHOWN = 50;
export const HISTORY_PAGE = 1_000; // messages per request: the server sends no more
const MAX_MISSED = 10_000; // messages fetched to fill a gap; of a longer one only the newest
const MAX_HELD = 20_000; // messages held back behind a gap; a server that has not filled it by then never will
const MAX_HELD_CHARS = 32_000_000; // their characters, in all rooms together

/** Reasons of an error that go by themselves, so that the same request may succeed later. */
export const PASSING = new Set(["storage", "over-budget", "busy", "not-logged-in"]);

// ---- events: their types are checked here, once

export const text = (value) => (typeof value === "string" ? value : "");
export const number = (value) => (Number.isSafeInteger(value) && value >= 0 ? value : null);
const label = (value) => text(value).slice(0, MAX_LABEL_CHARS);
export const flag = (value) => value === true;
const textOrNull = (value) => (typeof value === "string" ? value : null);
export const texts = (value) => (Array.isArray(value) ? value : []).filter((each) => typeof each === "string");
export const records = (value) => (Array.isArray(value) ? value : []).filter((each) => each !== null && typeof each === "object" && !Array.isArray(each));
export const record = (value) => records([value])[0] ?? null;

export function messageOf(facts, history = false) {
  const { to, sender, content, role, id, seq, at, rev, action, notice, redacted, edited, broadcast } = facts;
  return {
    response: "message", to: label(to), sender: label(sender), content: text(content).slice(0, MAX_SHOWN_CHARS), role: text(role),
    id: text(id), seq: number(seq), at: number(at), rev: number(rev), action: flag(action), notice: flag(notice), redacted: flag(redacted),
    edited: number(edited) !== null, broadcast: flag(broadcast), history, room: "",
  };
}

/** The messages of a list under `content`, as history, inbox and search give them. */
export const messagesOf = (facts) => records(facts.content).map((each) => messageOf(each, true));

const changeOf = (facts) => ({ mode: text(facts.mode), value: text(facts.value), on: flag(facts.on), whom: label(facts.whom), until: number(facts.until) });

// What each event has besides `sender`, `to`, `content` and `at`: how it is read, by key.
const TOLD = {
  left: {}, quit: {}, renamed: {}, appeared: {}, vanished: {}, wallops: {}, typing: {}, info: {}, stopping: {}, ping: {},
  joined: { current: flag, login: flag, seq: number, rev: number, read: number },
  kicked: { by: label, name: label },
  invited: { by: label, name: label },
  redacted: { seq: number, rev: number, sent_at: number },
  edited: { seq: number, rev: number, sent_at: number },
  pinned: { name: label, seq: (value) => number(value) ?? 0 },
  unpinned: { seq: (value) => number(value) ?? 0 },
  topic: { set_at: number },
  presence: { away: textOrNull },
  read: { seq: number },
  names: { operators: texts, voiced: texts, users: number },
};

/** An object of the server as an event; null for what this client does not know. */
export function decode(facts) {
  const response = text(facts.response);
  if (response === "message") return messageOf(facts);
  if (["ok", "error", "welcome"].includes(response)) return answerOf(facts);
  const told = { response, sender: label(facts.sender), to: label(facts.to), content: text(facts.content), at: number(facts.at) };
  if (Object.hasOwn(TOLD, response)) {
    for (const [key, read] of Object.entries(TOLD[response])) told[key] = read(facts[key]);
    if (response === "names") told.names = Array.isArray(facts.content) ? texts(facts.content) : null;
    return told;
  }
  if (response === "moded") return { ...told, by: label(facts.by), changes: records(facts.changes).slice(0, MAX_CHANGES_SHOWN).map(changeOf) };
  if (response === "history") return { ...told, messages: messagesOf(facts), seq: number(facts.seq) };
  return null;
}

/** The answer to the request whose id is `reply_to` ("": to none), or, if it `failed`, why. `facts`: whatever else is in it. */
export function answerOf(facts) {
  const { response, reply_to, code, content, closing } = facts;
  return { response, failed: response === "error", reply_to: text(reply_to), code: text(code), content: text(content), closing: flag(closing), facts };
}

// ---- rooms

/**
 * What was passed on of `room`, and what is held back. `last` is the number of the last message passed on, null before any;
 * `at` its time, 0 if that is not known. A message with the same number and another time shows that the server counts
 * anew, as one that keeps nothing does when it is started again. `read` is up to where the user had read when they joined.
 * `filling`: a request for what is missing is under way. `rev` is the number of the room's last change up to which all are
 * known; `isCurrent` says that this is true of this connection, too: the next change that is heard follows on it.
 * `checking`: a request for what has changed is under way. `out` takes the news.
 */
export class Sequence {
  constructor(room) {
    this.room = room;
    this.last = null;
    this.at = 0;
    this.read = 0;
    this.filling = this.checking = this.isCurrent = false;
    this.rev = 0;
    this.held = new Map(); // by number: [time, message]; the message is null if it is shown already
  }

  /** What to ask history `after`: it then starts with the last message known, whose time can be compared. */
  get after() {
    return Math.max((this.last ?? 0) - 1, 0);
  }

  /** A message has come: it goes to `out` when its turn has come. Returns whether something before it is missing. */
  take(seq, at, message, out, live = true) {
    if (this.last === null || seq === this.last + 1) {
      this.last = seq;
      this.at = at;
      if (message) out.push(message);
      if (this.held.size) this.#follow(out);
      return this.held.size > 0;
    }
    if (seq > this.last) {
      if (!this.held.has(seq)) this.held.set(seq, [at, message]);
      if (this.held.size > MAX_HELD) this.#passOn(seq, out);
      return true;
    }
    if (live && this.at > 0 && this.at < at) {
      // Not above the last number and yet later: the server counts anew.
      this.#restart(out);
      return this.take(seq, at, message, out);
    }
    return false;
  }

  get heldChars() {
    return [...this.held.values()].reduce((sum, [, message]) => sum + (message?.content.length ?? 0), 0);
  }

  /** Passes on all that is held back, with its gaps. */
  giveUp(out) {
    this.#passOn(Math.max(0, ...this.held.keys()), out);
  }

  /** Nothing is known yet, and what is above `read` shall be fetched, but not more than a page of it. */
  begin(read, head) {
    this.last = Math.max(read, head - HISTORY_PAGE, 0);
    this.at = 0;
  }

  /** The user has joined the room, whose last message has the number `head`, and has read up to `read`. */
  head(head, out, read = 0) {
    this.read = read;
    if (this.last !== null && head < this.last) this.#restart(out);
    else if (this.last === null && !head) this.last = 0;
  }

  /** The newest messages of a room that the user has joined: [number, time, message], oldest first. See `fill`. */
  recent(found, head, out) {
    if (this.last === null) {
      if (!found.length || !(this.read > 0 && this.read < found[0][0] - 1)) return this.fill(found, head, false, out);
      this.begin(this.read, head);
      this.#hold(found);
      return true;
    }
    if (this.#isAnother(found, head)) this.#restart(out);
    if (head === this.last || (found.length && found[0][0] <= this.last + 1)) return this.fill(found, head, false, out);
    this.#hold(found);
    return true;
  }

  /** The history has answered from `after` on; `more`: the answer was cut. Returns whether something is still missing. */
  fill(found, head, more, out) {
    if (this.#isAnother(found, head)) {
      this.#restart(out);
      return true;
    }
    const before = this.last;
    this.#hold(found);
    // What the answer leaves out within its reach is not for us: a hole that stays.
    const reached = more && found.length ? found.at(-1)[0] : Math.max(head, 0, ...this.held.keys());
    this.#passOn(reached, out);
    this.#follow(out);
    return more && this.last !== before;
  }

  /** Gives up the oldest of too many missing messages, and says so. */
  skip(head, out) {
    if (this.last === null || head - this.last <= MAX_MISSED) return;
    const seq = head - HISTORY_PAGE;
    out.push({ response: "gap", room: this.room, after: this.last, before: seq + 1 });
    this.last = seq;
    this.at = 0;
    for (const number of [...this.held.keys()]) if (number <= seq) this.held.delete(number);
  }

  /** The message held back under that number was deleted: its text is never shown. */
  redact(seq) {
    const message = this.held.get(seq)?.[1];
    if (message) Object.assign(message, { content: "", redacted: true, edited: false });
  }

  /** The message held back under that number was edited: it is shown with its new text only. */
  edit(seq, content) {
    const message = this.held.get(seq)?.[1];
    if (message && !message.redacted) Object.assign(message, { content, edited: true });
  }

  /** The server says the number of the room's last change, if it counts them. Returns whether some were missed. */
  standsAt(rev) {
    if (rev === null) return false;
    // With nothing known nothing can have changed; and a server that counts anew has forgotten what was changed.
    if (this.last === null || rev <= this.rev) this.#isAt(rev);
    return !this.isCurrent;
  }

  #isAt(rev) {
    this.rev = rev;
    this.isCurrent = true;
  }

  /** A change was heard of as it happened. */
  changed(rev) {
    if (this.isCurrent && rev !== null) this.rev = Math.max(this.rev, rev);
  }

  /** What was changed up to `last` is known; to `rev`, the last change, unless there is `more`. Returns whether some is missing. */
  caughtUp(last, rev, more) {
    const before = this.rev;
    this.rev = Math.max(this.rev, last);
    if (more && this.rev > before) return true;
    this.#isAt(Math.max(this.rev, rev));
    return false;
  }

  /** The connection is gone: what is held back will be fetched again, but what was passed on stays known. */
  lost() {
    this.filling = this.checking = this.isCurrent = false;
    for (const [seq, [, message]] of [...this.held]) if (message) this.held.delete(seq);
  }

  #isAnother(found, head) {
    if (this.last === null) return false;
    return head < this.last || found.some(([seq, at]) => seq === this.last && at !== this.at && this.at);
  }

  #hold(found) {
    for (const [seq, at, message] of found) {
      if ((this.last === null || seq > this.last) && !this.held.has(seq)) this.held.set(seq, [at, message]);
    }
  }

  #next(seq, out) {
    const [at, message] = this.held.get(seq);
    this.held.delete(seq);
    this.last = seq;
    this.at = at;
    if (message) out.push(message);
  }

  #follow(out) {
    while (this.last !== null && this.held.has(this.last + 1)) this.#next(this.last + 1, out);
  }

  #passOn(reached, out) {
    const ready = [...this.held.keys()].filter((seq) => seq <= reached).sort((one, other) => one - other);
    for (const seq of ready) this.#next(seq, out);
    if (reached > (this.last ?? 0)) {
      this.last = reached;
      this.at = 0;
    }
  }

  #restart(out) {
    out.push({ response: "reset", room: this.room });
    this.last = this.at = this.rev = 0;
    this.isCurrent = false;
    this.held = new Map();
  }
}

/**
 * Sorts what has come for `user` into the sequences of its rooms. `own(id, seq, at)` is asked whether a message of the
 * user's is a line of ours that is shown already.
 */
export class Router {
  #own;
  #sequences = new Map();
  #userKey;
  #heldChars = 0;

  constructor(user, out, own) {
    this.out = out;
    this.#own = own;
    this.rename(user);
  }

  rename(user) {
    this.#userKey = userKey(user);
  }

  /** The sequence of a room: a channel, a user, or `*`. */
  sequence(name) {
    const key = roomKey(name);
    let found = this.#sequences.get(key);
    if (!found) {
      this.#sequences.set(key, (found = new Sequence(name)));
    }
    return found;
  }

  lost() {
    for (const sequence of this.#sequences.values()) sequence.lost();
  }

  /** The latest direct conversations of which something is known. */
  directs(most) {
    const found = [...this.#sequences.values()].filter((each) => !isChannel(each.room) && each.last !== null);
    return found.sort((one, other) => other.at - one.at).slice(0, most);
  }

  /** Of the direct conversations that the server lists, those of which something is to be fetched. */
  behind(rows, most) {
    const found = [];
    for (const row of rows) {
      if (!row.name || row.seq === null || found.length >= most) continue;
      const sequence = this.sequence(row.name);
      if (sequence.last === null && row.unread && row.read !== null) sequence.begin(row.read, row.seq);
      if (sequence.last !== null && sequence.last !== row.seq) {
        row.fetched = row.unread > 0;
        found.push(sequence);
      }
    }
    return found;
  }

  /** Of the direct conversations that the server lists, and the broadcasts, those that may have changed. */
  changed(rows, most) {
    const stale = rows.filter((row) => row.name).map((row) => [this.sequence(row.name), row.rev]).filter(([one, rev]) => one.standsAt(rev)).map(([one]) => one);
    // Nothing tells of the last change of the broadcasts.
    const everyone = this.#sequences.get("*");
    return (everyone && everyone.last !== null ? [everyone, ...stale] : stale).slice(0, most);
  }

  /** Takes a message that is new. Returns its sequence if something before it is missing there. */
  message(message) {
    if (message.seq === null && message.role && message.to) {
      // Only those with a role hear it, so it has no number, and nobody can have missed it.
      message.room = this.sequence(message.to).room;
      this.out.push(message);
      return null;
    }
    const read = this.#read(message);
    if (!read) return null;
    const [sequence, item] = read;
    if (!sequence.take(...item, this.out)) return null;
    this.#countHeld(message.content.length);
    return sequence;
  }

  /** A message was deleted or edited: even one that is held back, or is still to come, is not shown with its old text. */
  altered(event) {
    if (event.to && event.sender && event.seq !== null) {
      const sequence = this.#of(event.to, event.sender);
      sequence.changed(event.rev);
      if (event.response === "edited") sequence.edit(event.seq, event.content);
      else sequence.redact(event.seq);
      this.out.push(event);
    }
  }

  /** One has come into a channel. Returns its sequence if something in it may have changed since one left. */
  entered(event) {
    if (event.seq === null) return null;
    const sequence = this.sequence(event.to);
    const missed = sequence.standsAt(event.rev);
    sequence.head(event.seq, this.out, event.read ?? 0);
    return missed ? sequence : null;
  }

  /** Takes the newest messages of a channel. Returns its sequence if some before them are missing. */
  recent(history) {
    if (!history.to) return null;
    const sequence = this.sequence(history.to);
    const [found, head] = this.#listed(history.messages, history.seq);
    if (!sequence.recent(found, head, this.out)) return null;
    sequence.skip(head, this.out);
    this.#countHeld(history.messages.reduce((sum, message) => sum + message.content.length, 0));
    return sequence;
  }

  /** Takes the answer to a request for what was missing. Returns the sequence if something still is. */
  filled(sequence, answer) {
    const { facts } = answer;
    sequence.filling = false;
    if (answer.failed) {
      // Whatever the reason: what has come is better shown with a hole than never.
      sequence.fill([], sequence.last ?? 0, false, this.out);
      return null;
    }
    const [found, head] = this.#listed(messagesOf(facts), number(facts.seq));
    if (!sequence.fill(found, head, flag(facts.more), this.out)) return null;
    sequence.skip(head, this.out);
    return sequence;
  }

  /** Takes the answer to a request for what has changed. Returns the sequence if there is more. */
  caughtUp(sequence, answer) {
    sequence.checking = false;
    if (answer.failed) return null;
    const changed = messagesOf(answer.facts);
    for (const { redacted, edited, content, seq, sender, to, at } of changed) {
      if (seq === null || !(redacted || edited)) continue;
      if (redacted) sequence.redact(seq);
      else sequence.edit(seq, content);
      const told = { sender, to, at: null, seq, rev: null, sent_at: at, history: true };
      this.out.push({ response: redacted ? "redacted" : "edited", content: redacted ? "" : content, ...told });
    }
    const last = Math.max(0, ...changed.map((message) => message.rev ?? 0));
    return sequence.caughtUp(last, number(answer.facts.rev) ?? 0, flag(answer.facts.more)) ? sequence : null;
  }

  #countHeld(chars) {
    this.#heldChars += chars;
    if (this.#heldChars <= MAX_HELD_CHARS) return;
    // Much of what was counted has been passed on since.
    const sequences = [...this.#sequences.values()];
    this.#heldChars = sequences.reduce((sum, sequence) => sum + sequence.heldChars, 0);
    if (this.#heldChars <= MAX_HELD_CHARS / 2) return;
    for (const sequence of sequences) sequence.giveUp(this.out);
    this.#heldChars = 0;
  }

  #listed(listed, head) {
    const found = listed.map((message) => this.#read(message)?.[1]).filter(Boolean);
    return [found, head ?? (found.length ? found.at(-1)[0] : 0)];
  }

  // For a direct message, the sequence of the other side.
  #of(to, sender) {
    if (isChannel(to) || to === "*") return this.sequence(to);
    return this.sequence(userKey(to) === this.#userKey ? sender : to);
  }

  // A message's sequence, and its number, time, and what to show of it; null if it is not a message.
  #read(message) {
    const { to, sender, seq, at } = message;
    if (!to || !sender || seq === null || at === null) return null;
    const sequence = this.#of(to, sender);
    message.room = sequence.room;
    const known = message.id && userKey(sender) === this.#userKey && this.#own(message.id, seq, at);
    return [sequence, [seq, at, known ? null : message]];
  }
}
