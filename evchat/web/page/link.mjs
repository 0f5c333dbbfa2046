// The connection: a WebSocket for a session, made again whenever it is lost, after a growing delay.

const FIRST = 1_000;
const MOST = 60_000;
const MAX_UNSENT = 8 << 20; // bytes; a connection on which more waits to be sent is of no use

/** A moment's number from 0 to 1, for delays that must not be the same for everybody. */
const chance = () => crypto.getRandomValues(new Uint32Array(1))[0] / 0xffff_ffff;

/**
 * `session()` gives the session that is connected; `changed()` is called when it has news or frames. `wanted()` says
 * whether there shall be a connection: there is none before there is a name, and none while a question is open.
 */
export class Link {
  #session;
  #changed;
  #wanted;
  #socket = null;
  #base = FIRST;
  #retry = 0; // the timer of the next attempt
  #words = "";

  constructor(session, changed, wanted) {
    this.#session = session;
    this.#changed = changed;
    this.#wanted = wanted;
    addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.now());
  }

  /** Connects at once, if there is no connection. */
  now() {
    if (this.#socket || !this.#wanted()) return;
    clearTimeout(this.#retry);
    this.#connect();
  }

  /** One is online: the next delay is a short one. */
  stands() {
    this.#base = FIRST;
  }

  /** Ends the connection. */
  close() {
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(); // what is to be sent yet is sent before
  }

  /** Sends what the session has put out; gives up a connection that it calls broken. */
  flush() {
    const session = this.#session();
    const open = this.#socket?.readyState === WebSocket.OPEN;
    for (const frame of session.out.splice(0)) if (open) this.#socket.send(frame);
    if (this.#socket && (session.broken || this.#socket.bufferedAmount > MAX_UNSENT)) this.#lost(this.#socket);
  }

  #connect() {
    const url = new URL("socket", document.baseURI);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, "evchat.json");
    this.#socket = socket;
    let opened = false;
    this.#session().connecting(Date.now());
    this.#changed();
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      opened = true;
      this.#words = "";
      this.#session().connected(Date.now());
      this.#changed();
    };
    socket.onmessage = ({ data }) => {
      if (this.#socket !== socket) return;
      this.#changed(this.#session().receive(data, Date.now()));
    };
    socket.onclose = () => {
      if (this.#socket === socket) this.#lost(socket);
      if (!opened) this.#explain();
    };
  }

  #lost(socket) {
    this.#socket = null;
    socket.close();
    const now = Date.now();
    let at = null;
    if (this.#wanted()) {
      const delay = Math.min(Math.max(this.#base * (0.75 + chance() / 2), FIRST), MOST);
      this.#base = Math.min(this.#base * 2, MOST);
      at = now + delay;
      this.#retry = setTimeout(() => this.now(), delay);
    }
    this.#session().lost(now, this.#words, at);
    this.#changed();
  }

  // Why a WebSocket could not be opened no script is told. If the server objects to the name in the address, it says so here.
  async #explain() {
    try {
      const answer = await fetch("socket");
      this.#words = answer.status === 421 ? (await answer.text()).trim() : "";
    } catch {
      this.#words = ""; // it is offline, as is told already
    }
    if (this.#words && !this.#socket && this.#session()) {
      this.#session().lost(Date.now(), this.#words, null);
      this.#changed();
    }
  }
}
