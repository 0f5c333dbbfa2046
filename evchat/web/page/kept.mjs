// What outlasts a connection: where one wants to be, and the lines that are not acknowledged yet.
// As tui/connection/channels.py, standing.py, watched.py, outbox.py and sender.py.

import { flag, number, PASSING, text, texts } from "./arrivals.mjs";
import { isChannel, isLegalChannel, roomKey, userKey } from "./text.mjs";

const RETRY_FIRST = 2_000; // before a line that the server could not accept yet is sent again; it doubles
const RETRY_MAX = 60_000;
const SEND_WINDOW = 16; // lines under way at once
const RECEIPT_AGE = 23 * 3_600_000; // how long a repeated id is surely known to the server
const MAX_CHANNELS = 1_000;
const MAX_JOINS_AT_ONCE = 8;
const MAX_WATCHED = 100;
const MAIN = "#main";

// ---- the channels one wants to be in, and those the connection is in

export class Channels {
  #left = new Set();
  #led = false;
  #kept = false;

  constructor(wanted) {
    this.wanted = new Map(wanted.map((name) => [roomKey(name), name]));
    this.entered = new Set();
    this.known = new Set(); // where the server, too, knows one was
  }

  recall(facts) {
    this.#kept = flag(facts.rooms);
    for (const name of texts(facts.channels)) {
      if (!isLegalChannel(name) || this.wanted.size >= MAX_CHANNELS) continue;
      const key = roomKey(name);
      if (!this.wanted.has(key)) this.wanted.set(key, name);
      if (this.#kept) this.known.add(key);
    }
  }

  /** The channels one wants to be in, and whether the server keeps them, too. */
  facts() {
    return { channels: [...this.wanted.values()], rooms: this.#kept };
  }

  begin(resumed, led) {
    this.#led = resumed || led;
    this.#kept = led;
    if (!this.#led) this.known.clear();
  }

  leftElsewhere() {
    const gone = [...this.wanted].filter(([key]) => this.known.has(key) && !this.entered.has(key)).map(([, name]) => name);
    for (const name of gone) this.leave(name);
    return gone;
  }

  /** Whether the login has put the user into a channel they had left: every login joins the main one. */
  isUnwanted(event) {
    return event.login && !this.#led && this.#left.has(roomKey(event.to));
  }

  enter(channel) {
    const key = roomKey(channel);
    if (!this.wanted.has(key) && this.wanted.size >= MAX_CHANNELS) return false;
    this.#left.delete(key);
    this.entered.add(key);
    this.known.add(key);
    if (!this.wanted.has(key)) this.wanted.set(key, channel);
    return true;
  }

  leave(channel) {
    const key = roomKey(channel);
    this.wanted.delete(key);
    this.entered.delete(key);
    this.known.delete(key);
    if (this.#left.size < MAX_CHANNELS) this.#left.add(key);
  }

  atLogin(waiting) {
    const named = new Map(waiting.filter(isChannel).map((name) => [roomKey(name), name]));
    const all = new Map([...named, ...this.wanted]);
    return [...all].filter(([key]) => key !== MAIN && !this.known.has(key)).map(([, name]) => name);
  }

  get missingMain() {
    const main = this.#kept ? undefined : this.wanted.get(MAIN);
    return main !== undefined && !this.entered.has(MAIN) ? [main] : [];
  }
}

/** What asks to come into channels: a request each if little was missed there, and one if they are many. */
export function joinRequests(channels, sequenceOf) {
  const sequences = channels.filter(isLegalChannel).map(sequenceOf);
  let known = sequences.filter((one) => one.last);
  if (known.length > MAX_JOINS_AT_ONCE) known = [];
  const requests = known.map((one) => ({ request: "join", content: one.room, after: one.after }));
  const fresh = sequences.filter((one) => !known.includes(one)).map((one) => one.room);
  return fresh.length ? [...requests, { request: "join", content: fresh }] : requests;
}

// ---- what a server forgets with the connection: away status, modes, real name, whom one watches

export class Standing {
  #watched = new Map();

  constructor() {
    this.begin();
  }

  /** One is somebody else now; who watches whom stays as it is. */
  begin() {
    this.away = this.realname = "";
    this.modes = new Set();
  }

  asked(request, facts) {
    const content = text(request.content);
    if (request.request === "away") this.away = content;
    else if (request.request === "realname") this.realname = content.trim() === "-" ? "" : content;
    else if (request.request === "usermode" && content) {
      for (const [, sign, letters] of text(facts.content).matchAll(/([+-])([A-Za-z]+)/g)) {
        for (const letter of letters) sign === "+" ? this.modes.add(letter) : this.modes.delete(letter);
      }
      this.modes.delete("o"); // it takes a password
    } else if (request.request === "watched" && request.clear === true) this.#watched.clear();
    else if (["watch", "unwatch"].includes(request.request)) {
      for (const user of texts(request.content)) {
        this.#watched.delete(userKey(user));
        if (request.request === "watch" && this.#watched.size < MAX_WATCHED) this.#watched.set(userKey(user), user);
      }
    }
  }

  /** What says it to the server again, each with what it is for. */
  requests() {
    const said = [];
    if (this.realname) said.push(["standing", { request: "realname", content: this.realname }]);
    if (this.modes.size) said.push(["standing", { request: "usermode", content: `+${[...this.modes].sort().join("")}` }]);
    if (this.away) said.push(["standing", { request: "away", content: this.away }]);
    if (this.#watched.size) said.push(["watch", { request: "watch", content: [...this.#watched.values()] }]);
    return said;
  }
}

/** Counts what an outage has held up: from when the connection is lost until one is back and has caught up. */
export class Outage {
  #since = null;
  #ended = null;
  #answered = false;
  #waiting = new Set();
  #sent = 0;
  #missed = 0;

  /** The connection is lost. What was not told of the outage before is part of this one. */
  begin(now) {
    this.#since ??= now;
    this.#ended = null;
    this.#answered = false;
  }

  /** One is logged in again; lines with these ids are waiting to be sent. */
  end(waiting, now) {
    if (this.#since === null) return;
    this.#ended = now;
    this.#waiting = new Set(waiting);
  }

  /** The server has told all that a login leads into by itself. */
  answered() {
    this.#answered = this.#ended !== null;
  }

  /** Counts the user's lines that have arrived, and what others have said meanwhile. */
  saw(events, user) {
    if (this.#ended === null) return;
    for (const { response, id, state, history, sender } of events) {
      if (response === "sent" && this.#waiting.has(id)) {
        if (state !== "queued") this.#waiting.delete(id);
        this.#sent += state === "sent";
      } else if (response === "message" && history) this.#missed += userKey(sender) !== userKey(user);
    }
  }

  /** The news of its end, once, when everything is fetched and sent, or is held up further. */
  over(heldUp) {
    if (!this.#answered || this.#since === null || this.#ended === null || (this.#waiting.size && !heldUp)) return [];
    const back = { response: "back", lasted: Math.max(this.#ended - this.#since, 0), sent: this.#sent, missed: this.#missed };
    this.#since = this.#ended = null;
    this.#sent = this.#missed = 0;
    this.#answered = false;
    return [back];
  }
}

/**
 * The lines that wait, oldest first, by id: `{id, room, text, at, action, state: "queued" | "failed", reason, tried, kept}`;
 * `tried` is when it was first sent, `kept` whether it is on this device, `saved` settled once it is. `journal` keeps them
 * there (storage.mjs):
 * `put(line, instead)` is settled when it is kept, `remove(id)`. `changed()` is called when a line may be sent.
 */
export class Outbox {
  #count = 0;
  lines = new Map();
  problem = ""; // why lines can't be kept at the moment
  changed = () => {};

  constructor(prefix, journal = null) {
    this.prefix = prefix; // what the ids of this page begin with, and those of no other
    this.journal = journal;
  }

  newId() {
    this.#count += 1;
    return `${this.prefix}-${this.#count}`;
  }

  add(room, content, at, action = false, id = "", instead = "") {
    const line = { id: id || this.newId(), room, text: content, at, action, state: "queued", reason: "", tried: null, kept: !this.journal };
    this.lines.set(line.id, line);
    line.saved = this.#write(line, instead);
    return line;
  }

  /** What has become of a line: it was `tried`, or it has failed. */
  change(line, facts) {
    Object.assign(line, facts);
    this.#write(line);
  }

  /** A failed line is to be sent once more, with a new id and in the last place. */
  again(id, newId = "") {
    const old = this.lines.get(id);
    this.lines.delete(id);
    return this.add(old.room, old.text, old.at, old.action, newId, id);
  }

  /** The line was acknowledged, or is not wanted any more. */
  done(id) {
    this.lines.delete(id);
    this.journal?.remove(id);
  }

  /** Takes over lines that a page which is gone has left. */
  adopt(lines) {
    for (const line of lines) if (!this.lines.has(line.id)) this.lines.set(line.id, { ...line, kept: true });
    this.lines = new Map([...this.lines].sort(([, one], [, other]) => one.at - other.at));
    this.changed();
  }

  // A line that can't be kept is sent all the same, as long as this page lives.
  async #write(line, instead = "") {
    if (!this.journal) return;
    try {
      await this.journal.put(line, instead);
      this.problem = "";
    } catch (error) {
      this.problem = error?.message || String(error);
    }
    if (!line.kept) {
      line.kept = true;
      this.changed();
    }
  }
}

/** Sends what is in the outbox, in order, until each line is acknowledged or refused; `tell` is given what has become of it. */
export class Sender {
  #outbox;
  #send;
  #tell;
  #flying = new Set();
  #online = false;
  #wait = RETRY_FIRST;
  due = null; // when to `pump`, because lines wait that the server could not take

  /** `send` puts a request out, and returns false if it is too large. */
  constructor(outbox, send, tell) {
    this.#outbox = outbox;
    this.#send = send;
    this.#tell = tell;
  }

  start(now) {
    this.#online = true;
    this.#wait = RETRY_FIRST;
    this.pump(now);
  }

  stop() {
    this.#online = false;
    this.#flying.clear();
    this.due = null;
  }

  say(room, content, now, action, id) {
    return this.#taken(this.#outbox.add(room, content, now, action, id), now);
  }

  again(id, now, newId) {
    return this.#taken(this.#outbox.again(id, newId), now);
  }

  #taken(line, now) {
    this.pump(now);
    return line.id;
  }

  drop(id) {
    if (this.#outbox.lines.has(id)) this.#outbox.done(id);
  }

  /** Sends lines that wait, as many as may be under way; none before those that are not kept yet. */
  pump(now) {
    if (this.due !== null && now >= this.due) this.due = null;
    if (!this.#online || this.due !== null) return;
    for (const line of [...this.#outbox.lines.values()]) {
      if (this.#flying.size >= SEND_WINDOW || !line.kept) return;
      if (line.state === "queued" && !this.#flying.has(line.id)) this.#putOut(line, now);
    }
  }

  #putOut(line, now) {
    if (line.tried === null) this.#outbox.change(line, { tried: now });
    else if (now - line.tried > RECEIPT_AGE) {
      this.#fail(line, "It may have been sent a day ago. Resend it only if it was not.");
      return;
    }
    const where = line.room === "*" ? { request: "broadcast" } : { request: line.action ? "me" : "msg", to: line.room };
    if (this.#send({ ...where, content: line.text, id: line.id })) this.#flying.add(line.id);
    else this.#fail(line, "It is too long for the server.");
  }

  /** Whether the line of that id was sent on this connection, and is not answered yet. */
  isFlying(id) {
    return this.#flying.has(id);
  }

  /** The server has answered. Returns the room of a line that is sent now, null if none is. */
  answered(answer, now) {
    const { facts } = answer;
    const line = this.#outbox.lines.get(answer.reply_to); // none if it was seen in the history before
    let room = null;
    this.#flying.delete(answer.reply_to);
    if (line && !answer.failed) {
      room = line.room;
      this.#wait = RETRY_FIRST;
      this.#outbox.done(line.id);
      const away = typeof facts.away === "string" ? facts.away : null;
      this.#report(line, "sent", "", { seq: number(facts.seq), at: number(facts.at), kept: flag(facts.kept), away });
    } else if (line && PASSING.has(answer.code)) {
      this.due = now + this.#wait;
      this.#wait = Math.min(this.#wait * 2, RETRY_MAX);
      this.#report(line, "queued", answer.content);
    } else if (line) this.#fail(line, answer.content);
    this.pump(now);
    return room;
  }

  /** A message with this id is in the user's own history: that counts as an answer if we were waiting for one. */
  seen(id, seq, at) {
    const line = this.#outbox.lines.get(id);
    if (!line) return false;
    this.#outbox.done(id);
    this.#report(line, "sent", "", { seq, at });
    return true;
  }

  #fail(line, reason) {
    this.#outbox.change(line, { state: "failed", reason });
    this.#report(line, "failed", reason);
  }

  #report(line, state, reason, facts = {}) {
    this.#tell({ response: "sent", id: line.id, room: line.room, state, reason, seq: null, at: null, kept: false, away: null, ...facts });
  }
}
