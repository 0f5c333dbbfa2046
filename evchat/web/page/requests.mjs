// Requests on their way to the server, those for what was missed, and whether it still answers. As
// tui/connection/requests.py, gaps.py and heartbeat.py.

import { HISTORY_PAGE, PASSING } from "./arrivals.mjs";

export const MAX_REQUEST_BYTES = 65_536; // one request, if the server does not say
const RETRY_FIRST = 2_000; // before the server is asked again for what it could not read
const PING_EVERY = 60_000;
const PING_TIMEOUT = 30_000; // without a byte after a ping, the connection counts as dead
const AWAKE_TIMEOUT = 5_000; // the same after this device has slept
const ANSWER_TIMEOUT = 600_000; // the same if bytes do come, but no pong

/** `out` are frames to be sent: the caller sends and removes them; without a connection they are dropped. */
export class Requests {
  #newId;

  constructor(newId) {
    this.#newId = newId;
    this.out = [];
    this.connected = false;
    this.maxBytes = MAX_REQUEST_BYTES;
    this.own = new Map(); // requests of the session itself that are under way, by id: what for, and of which sequence
  }

  /** Puts a request out; returns false, and does nothing, if it is too large. */
  send(request) {
    const frame = JSON.stringify(request);
    if (frame.length * 3 >= this.maxBytes && new TextEncoder().encode(frame).length + 1 > this.maxBytes) return false;
    if (this.connected) this.out.push(frame);
    return true;
  }

  ask(what, request, sequence = null) {
    const id = this.#newId();
    this.own.set(id, [what, sequence]);
    this.send({ ...request, id });
    return id;
  }

  /** Whether a request of the session itself has no answer yet that is for one of these. */
  waitFor(...kinds) {
    return [...this.own.values()].some(([what]) => kinds.includes(what));
  }

  lost() {
    this.connected = false;
    this.out.length = 0;
    this.own.clear();
  }
}

/** When to ping, and when to give the server up: `due` is the next ping, `latency` how long the last one took. */
export class Heartbeat {
  #heardAt = 0;
  #askedAt = null;
  #patience = PING_TIMEOUT;
  due = null;
  latency = null;

  begin(now) {
    this.#heardAt = this.#askedAt = now;
    this.#patience = PING_TIMEOUT;
  }

  stop() {
    this.due = this.#askedAt = this.latency = null;
  }

  heard(now) {
    this.#heardAt = now;
  }

  asked(now) {
    const slept = this.due !== null && now - this.due > PING_TIMEOUT;
    this.#patience = slept ? AWAKE_TIMEOUT : PING_TIMEOUT;
    this.due = null;
    this.#askedAt = now;
  }

  answered(now) {
    if (this.#askedAt !== null) this.latency = Math.max(now - this.#askedAt, 0);
    this.#askedAt = null;
    this.due = now + PING_EVERY;
  }

  get timeout() {
    if (this.#askedAt === null) return null;
    return Math.min(Math.max(this.#askedAt, this.#heardAt) + this.#patience, this.#askedAt + ANSWER_TIMEOUT);
  }

  died(now) {
    if (this.timeout === null || now < this.timeout) return "";
    this.#askedAt = null;
    return `The server has not answered for ${Math.floor(this.#patience / 1000)} s.`;
  }
}

/**
 * Asks for what is missing in rooms, and what has changed there, while `online`: once, and again at `due` if the server
 * could not read it.
 */
export class Gaps {
  #requests;
  #router;
  #unfilled = [];
  #unchecked = [];

  constructor(requests, router) {
    this.#requests = requests;
    this.#router = router;
    this.online = false;
    this.due = null;
  }

  fill(sequence) {
    if (!sequence || sequence.filling || !this.online) return;
    sequence.filling = true;
    const request = { request: "history", to: sequence.room, after: sequence.after, limit: HISTORY_PAGE };
    this.#requests.ask("history", request, sequence);
  }

  check(sequence) {
    if (!sequence || sequence.checking || !this.online) return;
    sequence.checking = true;
    const request = { request: "history", to: sequence.room, changed_after: sequence.rev, limit: HISTORY_PAGE };
    this.#requests.ask("changes", request, sequence);
  }

  /** Takes the answer to a request for the "history" or the "changes" of a room, and asks for more if need be. */
  answered(what, sequence, answer, now) {
    if (PASSING.has(answer.code)) {
      (what === "history" ? this.#unfilled : this.#unchecked).push(sequence);
      this.due = now + RETRY_FIRST;
    } else if (what === "history") this.fill(this.#router.filled(sequence, answer));
    else this.check(this.#router.caughtUp(sequence, answer));
  }

  retry() {
    this.due = null;
    for (const sequence of this.#unfilled.splice(0)) {
      sequence.filling = false;
      this.fill(sequence);
    }
    for (const sequence of this.#unchecked.splice(0)) {
      sequence.checking = false;
      this.check(sequence);
    }
  }

  lost() {
    this.#unfilled = [];
    this.#unchecked = [];
    this.due = null;
  }
}
