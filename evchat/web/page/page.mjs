// The page: what is drawn when, what the keys do, and what the parts of the view share.

import { start } from "./app.mjs";
import { createComposer } from "./composer.mjs";
import { el, set } from "./dom.mjs";
import { createMessages } from "./messages.mjs";
import { createOverlays } from "./overlays.mjs";
import { createBar, createMembers, createRooms } from "./sidebar.mjs";
import { clean, harmless, invited, userKey } from "./text.mjs";

const BETWEEN_PAINTS = 50; // milliseconds: at most 20 times a second
const UNSEEN_AFTER = 500; // milliseconds without a frame after which it is painted without one

const { model, actions, subscribe } = start();
const root = document.documentElement;

// ---- settings of this browser

const DEFAULTS = { theme: "auto", size: "normal", events: true, notify: false, rooms: true, people: true };

function recalled(key) {
  try {
    return JSON.parse(localStorage.getItem(`evchat-view-${key}`));
  } catch {
    return null; // no storage here, or something else is in it
  }
}

function keep(key, value) {
  try {
    localStorage.setItem(`evchat-view-${key}`, JSON.stringify(value));
  } catch {
    // it holds until the page is closed
  }
}

const settings = { ...DEFAULTS, ...recalled("settings") };

function setting(key, value) {
  settings[key] = value;
  keep("settings", settings);
  dress();
  schedule("rows", "rooms", "current");
}

const contrast = matchMedia("(prefers-contrast: more)");
contrast.addEventListener("change", dress);

function dress() {
  set(root, "data-theme", settings.theme !== "auto" ? settings.theme : contrast.matches ? "contrast" : null);
  set(root, "data-size", settings.size === "normal" ? null : settings.size);
  set(root, "data-people", settings.people ? null : "hidden");
  set(root, "data-rooms", settings.rooms ? null : "hidden");
}
dress();

// ---- what the parts share

const ui = {
  model, actions, settings, setting, schedule,
  invited: invited(location.hash),
  touch: () => matchMedia("(pointer: coarse)").matches,
  focusInput: () => { if (!document.querySelector("dialog[open]") && !ui.touch()) composer.focus(); },
  operates(room) {
    return model.me.operator || Boolean(room.members.get(userKey(model.me.name))?.op);
  },
  /** Something to tell that only this user sees. */
  tell(text, bad = false) {
    const toast = el("div", { class: bad ? "toast bad" : "toast", role: "status" }, text);
    document.querySelector(".toast")?.remove();
    document.body.append(toast);
    setTimeout(() => toast.remove(), bad ? 8_000 : 3_000);
  },
  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      ui.tell("Copied.");
    } catch {
      overlays.show("Copy this", text); // browsers let pages write to the clipboard over https:// only
    }
  },
  invite() {
    const room = model.rooms.get(model.current);
    if (room?.kind === "channel") ui.copy(`${location.origin}/#join=${encodeURIComponent(room.name.slice(1))}`);
  },
  go(room) {
    left = "";
    ui.drawer("");
    actions.open(room);
    ui.focusInput();
  },
  /** Puts something into the input, for the user to go on with. */
  type(text) {
    composer.put(text);
    composer.focus();
  },
  mention: (nick) => composer.insert(composer.input.value ? `${nick} ` : `${nick}: `),
  drawer(which) {
    set(root, "data-drawer", which || null);
    if (which) document.querySelector(`#${which} [tabindex="0"], #${which} button`)?.focus();
  },
  togglePeople() {
    if (matchMedia("(max-width: 1023px)").matches) ui.drawer(root.dataset.drawer === "members" ? "" : "members");
    else setting("people", !settings.people);
  },
  command,
  confirm: (...all) => overlays.confirm(...all),
  person: (nick) => overlays.person(nick),
  help: (word) => overlays.help(word),
  search: (words) => overlays.search(words),
  joinRoom: () => overlays.joinRoom(),
  openSettings: () => overlays.settings(),
  openTopic: () => overlays.topic(),
};

const rooms = createRooms(ui);
const bar = createBar(ui);
const members = createMembers(ui);
const messages = (ui.messages = createMessages(ui));
const composer = createComposer(ui);
const overlays = createOverlays(ui);

document.getElementById("shade").addEventListener("click", () => ui.drawer(""));

// ---- commands that concern the view alone

const VIEW_COMMANDS = {
  help: (rest) => overlays.help(rest), h: (rest) => overlays.help(rest), "?": (rest) => overlays.help(rest),
  find: (rest) => overlays.search(rest), grep: (rest) => overlays.search(rest),
  urls: () => overlays.links(),
  theme(rest) {
    const wanted = rest.trim() || "auto";
    if (["auto", "light", "dark", "contrast"].includes(wanted)) setting("theme", wanted);
    else ui.tell("Themes: auto, light, dark, contrast", true);
  },
  set: () => overlays.settings(),
  close: () => actions.part(model.current), wc: () => actions.part(model.current),
};

/** Carries a command out, if it concerns nothing but the view; whether it does. */
function command(text) {
  const [, word, rest] = /^\/([a-z?]+)(?:\s+([^]*))?$/i.exec(text.trim()) ?? [];
  const act = word && Object.hasOwn(VIEW_COMMANDS, word.toLowerCase()) && VIEW_COMMANDS[word.toLowerCase()];
  if (!act) return false;
  act(rest ?? "");
  return true;
}

// ---- keys: those of the terminal client, as far as browsers leave them to pages

const listed = () => [...model.rooms.values()];
let lastRooms = ["", ""];

function stepRoom(by) {
  const all = listed();
  const at = all.findIndex((room) => room.key === model.current);
  if (all.length) ui.go(all[(at + by + all.length) % all.length].key);
}

function nextActive() {
  const [next] = listed().filter((room) => room.unread && room.key !== model.current)
    .sort((one, other) => (other.mentions > 0) - (one.mentions > 0) || other.lastAt - one.lastAt);
  if (next) ui.go(next.key);
  else ui.tell("Nothing is new.");
}

function markRead(room) {
  if (room && room.head > room.read) actions.markRead(room.key, room.head);
}

function escape() {
  if (root.dataset.drawer) ui.drawer("");
  else messages.toNewest(false);
  ui.focusInput();
}

/** `keys` as shown; `palette`: whether the action is offered in the palette as well. */
const KEYS = [
  ["F1 Alt-h", "Help", () => overlays.help(), true],
  ["F2 Ctrl-k Alt-j", "Finds a room, person or command by a few letters", () => overlays.palette()],
  ["Alt-a", "Goes to the next room with something new", nextActive, true],
  ["Alt-g", "Lists everything new", () => overlays.catchUp(), true],
  ["Alt-n Ctrl-PageDown", "Next room", () => stepRoom(1)],
  ["Alt-p Ctrl-PageUp", "Previous room", () => stepRoom(-1)],
  ["Alt-z", "The room you were in before", () => lastRooms[1] && ui.go(lastRooms[1])],
  ["Alt-1 Alt-2 Alt-3 Alt-4 Alt-5 Alt-6 Alt-7 Alt-8 Alt-9", "Room 1 … 9", null],
  ["Alt-r", "Marks the room as read", () => markRead(model.rooms.get(model.current)), true],
  ["Alt-R", "Marks every room as read", () => listed().forEach(markRead), true],
  ["Alt-w", "Leaves the room", () => actions.part(model.current), true],
  ["PageUp", "Half a page up", () => messages.scrollBy(-0.5)],
  ["PageDown", "Half a page down", () => messages.scrollBy(0.5)],
  ["Ctrl-Home Alt-Home", "To the oldest message that is loaded", () => messages.toOldest()],
  ["Ctrl-End Alt-End", "To the newest message", () => messages.toNewest(true)],
  ["Alt-u", "To the first unread message", () => messages.toFirstUnread(), true],
  ["Ctrl-s", "Searches the messages", () => overlays.search(), true],
  ["Alt-ArrowUp", "Selects messages: to answer, copy, open, delete", () => messages.step(-1)],
  ["Alt-ArrowDown", "The next message; after the last: back to typing", () => messages.step(1)],
  ["Alt-o", "Lists the links", () => overlays.links(), true],
  ["F7", "Shows or hides the list of rooms", () => setting("rooms", !settings.rooms)],
  ["F8", "Shows or hides the list of people", () => ui.togglePeople()],
  ["Escape", "Closes what is open, then goes to the newest message", escape],
].map(([keys, what, act, palette = false]) => ({ keys: keys.split(" "), what, act, palette }));
ui.keys = KEYS.map((key) => ({
  ...key,
  keys: key.act ? key.keys.map((each) => each.replace("Arrow", "").replace("Escape", "Esc").replace("Page", "Pg").replace("PgDown", "PgDn")) : ["Alt-1 … Alt-9"],
}));

const MAC = /Mac|iP(?:hone|ad)/.test(navigator.platform);
const byKey = new Map(KEYS.filter((key) => key.act).flatMap(({ keys, act }) => keys.map((key) => [key, act])));

/** The key as the table has it. Letters with Alt are told by their place, because Alt types others on some keyboards. */
function named(event) {
  // On a Mac, Option types characters that people need: Control-Option is Alt there.
  const alt = MAC ? event.altKey && event.ctrlKey : event.altKey && !event.ctrlKey && !event.getModifierState("AltGraph");
  const ctrl = event.ctrlKey && !event.altKey;
  if (event.metaKey || (event.altKey && !alt) || (event.ctrlKey && !alt && !ctrl)) return "";
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  let key = event.key;
  if (alt && letter && /^[^a-z]$|^Dead$/i.test(event.key)) key = event.shiftKey ? letter : letter.toLowerCase();
  else if (alt && digit) key = digit;
  return `${alt ? "Alt-" : ctrl ? "Ctrl-" : ""}${key}`;
}

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || model.question) return;
  const name = named(event);
  const number = /^Alt-([1-9])$/.exec(name)?.[1];
  const act = number ? () => listed()[number - 1] && ui.go(listed()[number - 1].key) : byKey.get(name);
  const dialog = document.querySelector("dialog[open]");
  if (dialog && (name === "F1" || !/^(?:F\d|Alt-|Ctrl-)/.test(name))) return;
  if (act) {
    event.preventDefault();
    if (dialog) dialog.close();
    act();
  } else if (name.length === 1 && !dialog && !event.target.closest("input, textarea, select") && name !== " ") composer.focus(); // typing goes to the input
});

// ---- painting

const pending = new Set();
let painted = -BETWEEN_PAINTS;
let pause = BETWEEN_PAINTS; // longer where painting takes long, so that most of the time is left for the rest
let due = false;

function schedule(...changes) {
  for (const change of changes) pending.add(change);
  if (due || !pending.size) return;
  due = true;
  const wait = painted + pause - performance.now();
  if (document.hidden) unseen = setTimeout(paint, Math.max(wait, 250)); // where no frames are drawn
  else if (wait > 0) setTimeout(frame, wait);
  else frame();
}

// A tab that comes behind another one gets no frame any more: then it is painted without.
let unseen = 0;

function frame() {
  requestAnimationFrame(paint);
  unseen = setTimeout(paint, UNSEEN_AFTER);
}

// The room that was open when the page was left is opened again, unless one has gone elsewhere meanwhile.
let left = ui.invited ? "" : recalled("room");

function remember() {
  if (left && model.rooms.get(left)?.present) {
    const room = left;
    left = "";
    if (model.current !== room) actions.open(room);
  } else if (model.current && !left && lastRooms[0] !== model.current) {
    lastRooms = [model.current, lastRooms[0]];
    keep("room", model.current);
  }
}

let paints = 0;

// A tab that goes out of sight gets no more frames, also not the one that was asked for.
document.addEventListener("visibilitychange", () => document.hidden && setTimeout(paint));

function paint() {
  if (!due) return;
  due = false;
  clearTimeout(unseen);
  painted = performance.now();
  const changes = new Set(pending);
  pending.clear();
  const has = (...words) => words.some((word) => changes.has(word));
  const here = has("current") || [...changes].some((change) => change.endsWith(` ${model.current}`));
  if (has("rooms", "current")) remember();
  if (has("rooms", "current", "me", "link", "server")) {
    rooms.paint();
    count();
  }
  if (has("rooms", "current") || here) bar.paint();
  if (has("current", `members ${model.current}`)) members.paint();
  if (has("current", "rows", "link", "me", `lines ${model.current}`)) messages.paint();
  if (has("current", "link", "me", "typing", `typing ${model.current}`)) composer.paint();
  if (has("question", "server", "link")) overlays.paintQuestion();
  if (has("list")) overlays.paintList();
  if (has("search")) overlays.paintSearch();
  if (has("notices")) overlays.paintNotices();
  pause = Math.max(BETWEEN_PAINTS, 3 * (performance.now() - painted));
  paints += 1;
  root.dataset.paints = paints; // tests and measurements read it
}

// ---- what is for one, where the page is not seen

const favicon = document.getElementById("favicon");
let badge = "";
let toldOf = null;

function count() {
  let mentions = 0;
  let unread = 0;
  for (const room of model.rooms.values()) {
    mentions += room.mentions;
    unread += room.unread;
  }
  const room = model.rooms.get(model.current);
  const where = harmless(room ? `${room.title} · ${model.server.name || model.server.address}` : model.server.name || "evchat");
  const title = `${mentions ? `(${mentions}) ` : unread ? "• " : ""}${where}`;
  if (document.title !== title) document.title = title;
  const wanted = mentions ? "!" : unread ? "." : "";
  if (wanted !== badge) {
    badge = wanted;
    const dot = wanted ? `<circle cx='12.5' cy='3.5' r='3.5' fill='${wanted === "!" ? "%23d9480f" : "%23888"}'/>` : "";
    favicon.href = wanted
      ? `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><path fill='%230f6b5c' d='M2 2h12v9H7l-4 3v-3H2z'/>${dot}</svg>`
      : "icon.svg";
  }
  if (toldOf !== null && mentions > toldOf && !(document.visibilityState === "visible" && document.hasFocus())) notify();
  toldOf = mentions;
}

function notify() {
  if (!settings.notify || !("Notification" in window) || Notification.permission !== "granted") return;
  const [room] = listed().filter((each) => each.mentions).sort((one, other) => other.lastAt - one.lastAt);
  const line = room?.lines.findLast((each) => each.mention && each.seq > room.read);
  if (!line) return;
  const title = room.kind === "channel" ? `${harmless(line.sender)} in ${harmless(room.title)}` : harmless(line.sender);
  const told = new Notification(title, { body: clean(line.text).slice(0, 200), tag: room.key });
  told.onclick = () => {
    focus();
    ui.go(room.key);
    told.close();
  };
}

// Where the phone's keyboard lies over the page in place of making it smaller, as on iOS, the page makes itself smaller.
const viewport = window.visualViewport;
viewport?.addEventListener("resize", () => {
  const covered = innerHeight - viewport.height > 60 && viewport.scale === 1;
  root.style.setProperty("--height", covered ? `${viewport.height}px` : "100dvh");
  if (covered) scrollTo(0, 0);
});

subscribe((changes) => schedule(...changes));
schedule("rooms", "current", "me", "link", "server", "question", "list", "notices");
