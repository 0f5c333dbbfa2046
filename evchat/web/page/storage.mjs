// What this device keeps for a user: the lines that are not acknowledged yet, in IndexedDB, and which tabs are alive.
//
// Each tab has the lines that were typed in it. What a tab leaves that was closed or has crashed, another one adopts. That
// two might do so at once, or that a tab is only asleep, does no harm: a line keeps its id, by which the server knows it.

const ANSWER_WITHIN = 1_000; // a tab that does not answer for so long (ms) is gone
const ANSWER_SOON = 200; // a tab that is awake answers within this time
const LOCK = "evchat-tab ";

const request = (asked) =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

const finished = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("The transaction was aborted."));
  });

/** Opens the database. Rejects where the browser has none, as in some private windows. */
export async function openDatabase() {
  const opening = indexedDB.open("evchat", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("lines", { keyPath: "id" });
  return request(opening);
}

/** The lines of one tab: what an `Outbox` writes to. */
export class Journal {
  #database;
  #tab;

  /** `user` is the key of the name under which the lines are said; it may change. */
  constructor(database, tab, user) {
    this.#database = database;
    this.#tab = tab;
    this.user = user;
  }

  /** Keeps a line, in place of another one if that is given; settled when it is on the disk. */
  async put({ id, room, text, at, action, state, reason, tried }, instead = "") {
    // A new line must not be lost; what becomes of it needs no haste, for at worst it is sent again.
    const durability = tried === null && state === "queued" ? "strict" : "relaxed";
    const transaction = this.#database.transaction("lines", "readwrite", { durability });
    const lines = transaction.objectStore("lines");
    lines.put({ id, room, text, at, action, state, reason, tried, tab: this.#tab, user: this.user });
    if (instead) lines.delete(instead);
    await finished(transaction);
  }

  remove(id) {
    this.#database.transaction("lines", "readwrite").objectStore("lines").delete(id);
  }

  /** The tabs that have left or still have lines of this user, besides this one. */
  async others() {
    const all = await request(this.#database.transaction("lines").objectStore("lines").getAll());
    return new Set(all.filter((line) => line.user === this.user && line.tab !== this.#tab).map((line) => line.tab));
  }

  /** Takes over the lines of this user that tabs have left which are gone; returns them. */
  async adopt(gone) {
    const transaction = this.#database.transaction("lines", "readwrite", { durability: "strict" });
    const lines = transaction.objectStore("lines");
    const found = (await request(lines.getAll())).filter((line) => line.user === this.user && gone.has(line.tab));
    for (const line of found) lines.put({ ...line, tab: this.#tab });
    await finished(transaction);
    return found;
  }
}

/**
 * The tabs of this browser that are alive, this one (`id`) among them. `told()` is what it tells the others when they ask:
 * its user and whether that is registered; `left()` is called when one is closed.
 */
export class Tabs {
  #channel;
  #left;
  #waiting = new Set();
  #watched = new Set();

  constructor(id, told, left) {
    this.id = id;
    this.#left = left;
    // A lock is held as long as the tab lives, however it ends. Browsers have locks over https and on localhost only.
    navigator.locks?.request(LOCK + id, () => new Promise(() => {}));
    this.#channel = new BroadcastChannel("evchat");
    this.#channel.onmessage = ({ data }) => {
      if (data.ask) this.#channel.postMessage({ alive: id, to: data.ask, ...told() });
      else if (data.to === id) for (const heard of this.#waiting) heard(data);
      else if (data.left) left();
    };
  }

  /** What the others tell that answer within `wait` milliseconds. */
  async ask(wait = ANSWER_SOON) {
    const found = [];
    const heard = (data) => found.push(data);
    this.#waiting.add(heard);
    this.#channel.postMessage({ ask: this.id });
    await new Promise((resolve) => setTimeout(resolve, wait));
    this.#waiting.delete(heard);
    return found;
  }

  /** Whether one tab is gone, or goes soon. */
  async isGone(tab) {
    if (!navigator.locks) return (await this.ask(ANSWER_SOON)).every(({ alive }) => alive !== tab);
    try {
      return await navigator.locks.request(LOCK + tab, { signal: AbortSignal.timeout(ANSWER_WITHIN) }, () => true);
    } catch {
      return false;
    }
  }

  /** Those of some tabs that are gone. */
  async gone(tabs) {
    if (!tabs.size) return tabs;
    const alive = new Set();
    if (navigator.locks) {
      for (const { name } of (await navigator.locks.query()).held) alive.add(name.slice(LOCK.length));
      for (const tab of tabs) if (alive.has(tab)) this.#watch(tab);
    } else for (const tab of await this.ask(ANSWER_WITHIN)) alive.add(tab.alive);
    return new Set([...tabs].filter((tab) => !alive.has(tab)));
  }

  // Its lock is free the moment it is gone.
  async #watch(tab) {
    if (this.#watched.has(tab)) return;
    this.#watched.add(tab);
    await navigator.locks.request(LOCK + tab, () => {});
    this.#watched.delete(tab);
    this.#left();
  }

  /** This one is closed. */
  leave() {
    this.#channel.postMessage({ left: this.id });
  }
}

/** A value kept under `key` in localStorage or sessionStorage, `{}` if there is none; they may be forbidden altogether. */
export function recall(storage, key) {
  try {
    const kept = JSON.parse(globalThis[storage].getItem(key));
    return kept !== null && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

/** Keeps a value, or removes it if it is null. */
export function keep(storage, key, value) {
  try {
    if (value === null) globalThis[storage].removeItem(key);
    else globalThis[storage].setItem(key, JSON.stringify(value));
  } catch {
    // it is not kept then
  }
}
