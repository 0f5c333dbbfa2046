// The messages of the open room: a window of rows on all that is loaded, which moves as one scrolls.

import { button, el, fill, icon, keyed, say, set } from "./dom.mjs";
import { clean, harmless, pieces } from "./text.mjs";

const MOST_LINES = 240; // of a room that have a row
const MOST_ROWS = 390; // with the days and other lines between them
const STEP = 30; // lines that the window moves at once: few, so that no frame takes long
const SEEN_AFTER = 1_000; // milliseconds that a message is in view before it counts as read
const SAME_TALK = 5 * 60_000; // milliseconds within which a sender is not named again

const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
const dates = new Intl.DateTimeFormat([], { weekday: "long", day: "numeric", month: "long" });
const longDates = new Intl.DateTimeFormat([], { day: "numeric", month: "long", year: "numeric" });
const precise = new Intl.DateTimeFormat([], { dateStyle: "full", timeStyle: "medium" });

/** A time of day; with the date if it was on another day, for lists. */
export function timeOf(at, dated = false) {
  return dated && new Date(at).toDateString() !== new Date().toDateString()
    ? `${longDates.format(at)}, ${clock.format(at)}`
    : clock.format(at);
}

const days = new Map(); // what they are called today, by the number of the day
let today = "";

function dayOf(at) {
  const now = new Date();
  if (today !== now.toDateString()) {
    today = now.toDateString();
    days.clear();
  }
  const date = new Date(at);
  const key = date.setHours(0, 0, 0, 0);
  if (!days.has(key)) {
    const ago = Math.round((now.setHours(0, 0, 0, 0) - key) / 86_400_000);
    days.set(key, ago === 0 ? "Today" : ago === 1 ? "Yesterday" : (ago < 300 ? dates : longDates).format(date));
  }
  return days.get(key);
}

/** The class that gives a name its colour, the same in every session. */
export function hue(name) {
  let hash = 0x811c9dc5;
  for (const character of name.toLowerCase()) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193);
  return `h${((hash ^ (hash >>> 15)) >>> 0) % 12}`;
}

/** A text as nodes and strings: links lead out, all else is text. A link that looks like another says where it leads. */
export function written(text) {
  return pieces(clean(text)).flatMap((piece) => {
    if (typeof piece === "string") return [piece];
    const link = el("a", { href: piece.href, target: "_blank", rel: "noopener noreferrer" }, piece.text);
    return piece.host ? [link, el("span.leads", {}, ` → ${piece.host}`)] : [link];
  });
}

/**
 * @param {object} ui what the parts of the page share: see page.mjs
 */
export function createMessages(ui) {
  const { model, actions } = ui;
  const scroller = document.getElementById("log");
  const rows = el("div.rows");
  const down = el("button.down", { type: "button", click: () => toNewest(true) }, icon("down"), el("span"));
  const above = el("button.above", { type: "button", click: () => toFirstUnread() }, icon("up"), el("span"));
  scroller.append(rows);
  scroller.after(el("div.over", {}, above, down));

  let shown = ""; // the key of the room that is drawn
  let first = 0; // where the window begins among its lines
  let end = 0; // and ends
  let whole = true; // the window reaches to the newest message there was when it was drawn
  let stuck = true; // the newest message is in view and stays there
  let few = MOST_LINES; // lines that have a row while the newest one is in view: enough for this window, quick in a flood
  let drift = 0; // -1 if older lines need rows, because one scrolls towards them; 1 if newer ones do
  let lastTop = 0; // where the scroll bar was
  let goal = null; // where to go once it is loaded: "new", "end", or a number
  let selected = ""; // the key of the selected row
  let told = 0; // the number of the last message that a screen reader was told
  let seenTimer = 0;
  const places = new Map(); // where one was in other rooms

  const room = () => model.rooms.get(model.current);

  // ---- what the rows are

  function items(lines, newFrom) {
    const found = [];
    let before = first > 0 ? lines[first - 1] : null;
    let talk = before; // the last message, for grouping
    let lastDay = before && before.kind !== "gap" ? dayOf(before.at) : "";
    let isNew = newFrom === null || (before?.seq ?? 0) > newFrom;
    for (let at = first; at < end; at += 1) {
      const line = lines[at];
      if (line.kind === "event" && !ui.settings.events) continue;
      const day = line.kind === "gap" ? "" : dayOf(line.at);
      if (day && day !== lastDay) {
        found.push({ kind: "day", key: `day ${line.key}`, text: day });
        talk = null;
        lastDay = day;
      }
      if (!isNew && line.seq > newFrom && !line.mine) {
        isNew = true;
        found.push({ kind: "new", key: "new" });
        talk = null;
      }
      if (line.kind === "event") {
        found.push({ kind: "event", key: line.key, line });
        talk = null;
      } else {
        const again =
          talk && talk.kind === line.kind && line.kind !== "action" && talk.sender === line.sender && talk.role === line.role &&
          line.at - talk.at < SAME_TALK;
        found.push({ kind: line.kind, key: line.key, line, again });
        talk = line.kind === "gap" ? null : line;
      }
      before = line;
    }
    return found.length > MOST_ROWS ? (stuck ? found.slice(-MOST_ROWS) : found.slice(0, MOST_ROWS)) : found;
  }

  function sign(item) {
    const line = item.line;
    if (!line) return item.text ?? "";
    return `${item.again}${line.state}${line.redacted}${line.edited}${line.mention}${line.at}${line.seq}${line.refusal}${line.note}${line.text}`;
  }

  const makers = {
    day: (item) => el("div.row.day", { role: "separator", "aria-label": item.text }, el("span", {}, item.text)),
    new: () => el("div.row.new", { role: "separator", "aria-label": "New messages" }, el("span", {}, "new")),
    event: ({ line }) => el("div.row.event", {}, el("span.who", { "aria-hidden": "true" }, "·"),
      el("div.body", { dir: "auto" }, el("p", {}, clean(line.text))), el("time", {}, timeOf(line.at))),
    gap({ line: { missing } }) {
      const label = `${missing.before - missing.after - 1} messages are not loaded. Show them`;
      return el("div.row.gap", {}, el("button", {
        type: "button", click: () => actions.fill(shown, missing.after, missing.before),
      }, label));
    },
  };

  function message(item) {
    const { line, again } = item;
    const sender = harmless(line.sender);
    const name = () =>
      el(`button.who.${hue(line.sender)}`, { type: "button", tabindex: "-1", dir: "auto", click: () => ui.person(line.sender) }, sender);
    const action = line.kind === "action";
    const who = again ? el("span.who", {}, el("span.sr", {}, sender)) : action ? el("span.who", { "aria-hidden": "true" }, "*") : name();
    const text = el("p");
    if (action) text.append(name(), " ");
    if (line.redacted) text.append(el("i", {}, "(deleted)"));
    else {
      if (line.role) text.append(el("span.tag", {}, line.role === "o" ? "to operators" : "to voiced users"), " ");
      if (line.kind === "notice") text.append(el("span.tag", {}, "notice"), " ");
      text.append(...written(line.text));
      if (line.edited) text.append(el("small", {}, " (edited)"));
    }
    const body = el("div.body", { dir: "auto" },
      text,
      line.note && el("small.note", {}, harmless(line.note)),
      line.state === "refused" && el("div.refusal", {},
        el("span", {}, `✗ Not sent: ${harmless(line.refusal)}`),
        el("button", { type: "button", click: () => actions.resend(shown, line.key) }, "Send again"),
        el("button", { type: "button", click: () => actions.discard(shown, line.key) }, "Discard")));
    const classes = ["row", line.kind, !again && "first", line.mention && "mention", line.mine && "mine", line.state, line.redacted && "redacted"];
    return el("div", { class: classes.filter(Boolean).join(" "), role: "article", tabindex: "-1" }, who, body,
      line.state === "waiting"
        ? el("time", { title: "Not sent yet" }, "…")
        : el("time", { datetime: new Date(line.at).toISOString() }, timeOf(line.at)));
  }

  const make = (item) => (makers[item.kind] ?? message)(item);

  // ---- where one is

  const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 24;

  /** The rows in view from the top, a few: their keys, and where they are. */
  function inView() {
    const all = rows.children;
    let low = 0;
    let high = all.length;
    const top = scroller.scrollTop;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[middle].offsetTop + all[middle].offsetHeight > top) high = middle;
      else low = middle + 1;
    }
    return [...all].slice(low, low + 8).map((node) => ({ key: node.key, offset: node.offsetTop - top }));
  }

  function indexOf(lines, key) {
    for (let at = first; at < Math.min(lines.length, first + MOST_LINES); at += 1) if (lines[at].key === key) return at;
    const index = lines.findIndex((line) => line.key === key);
    return index < 0 ? null : index;
  }

  /** Moves the window, if an edge of it is near in the direction in which one scrolls. */
  function place(lines, marks) {
    const most = Math.max(0, lines.length - MOST_LINES);
    if (stuck || first > lines.length) first = Math.max(0, lines.length - few);
    else {
      const index = marks.map((mark) => indexOf(lines, mark.key)).find((each) => each !== null) ?? lines.length - 1;
      first = index < first || index >= first + MOST_LINES ? index - MOST_LINES / 2 : first + drift * STEP;
      first = Math.max(0, Math.min(first, most));
    }
    drift = 0;
    end = Math.min(lines.length, first + MOST_LINES);
  }

  function goTo(lines, index) {
    stuck = false;
    first = Math.max(0, Math.min(index - MOST_LINES / 2, lines.length - MOST_LINES));
    end = Math.min(lines.length, first + MOST_LINES);
  }

  // ---- painting

  function paint() {
    const open = room();
    if (!open) {
      shown = "";
      keyed(rows, [], String, String, make);
      down.hidden = above.hidden = true;
      return;
    }
    if (shown !== open.key) enter(open);
    const { lines } = open;
    if (goal === "end") {
      stuck = true;
      goal = null;
    }
    const marks = stuck ? [] : inView();
    let index = null;
    if (goal !== null) {
      index = goal === "new" ? lines.findIndex((line) => line.seq > open.newFrom && !line.mine) : lines.findIndex((line) => line.seq === goal);
      if (index >= 0 && goal === "new" && !(open.newFrom !== null)) index = -1;
      if (index >= 0) goTo(lines, index);
    }
    if (index === null || index < 0) place(lines, marks);
    const wanted = items(lines, open.newFrom);
    keyed(rows, wanted, (item) => item.key, sign, make);
    for (const item of wanted) rows.known.get(item.key).node.line = item.line;
    whole = end === lines.length;
    topRow(open);
    if (index !== null && index >= 0) {
      const target = rows.known.get(goal === "new" ? "new" : lines[index].key) ?? rows.known.get(lines[index].key);
      if (target) {
        scroller.scrollTop = target.node.offsetTop - scroller.clientHeight * (goal === "new" ? 0.2 : 0.4);
        if (goal !== "new") flash(target.node);
      }
      stuck = atEnd() && whole && (goal === "new" || open.atStart);
      goal = null;
    } else if (stuck) {
      scroller.scrollTop = scroller.scrollHeight;
    } else {
      const mark = marks.find(({ key }) => rows.known.has(key));
      if (mark) scroller.scrollTop = rows.known.get(mark.key).node.offsetTop - mark.offset;
    }
    lastTop = scroller.scrollTop;
    announce(open);
    edges(open);
  }

  const top = el("div.top");
  rows.before(top);

  function topRow(open) {
    if (first > 0) fill(top);
    else if (!open.atStart) say(top, open.loading ? "Loading older messages …" : "");
    else if (top.dataset.room !== open.key || !top.firstElementChild) {
      top.dataset.room = open.key;
      fill(top, el("h2", {}, harmless(open.title)), el("p", {}, {
        channel: "This is where the channel begins. What is said here is kept, and everyone who joins can read it.",
        direct: `Only you and ${harmless(open.name)} can read what is written here.`,
        everyone: "What was said to everyone who is online.",
      }[open.kind]), open.kind === "channel" && el("button", { type: "button", click: () => ui.invite() }, "Copy a link that invites others"));
    }
  }

  /** Another room is open: we go back to where we were in it, or to what is new. */
  function enter(open) {
    if (shown) places.set(shown, { stuck, marks: stuck ? [] : inView(), first });
    const old = places.get(open.key);
    shown = open.key;
    selected = "";
    told = open.head;
    rows.known = new Map();
    rows.replaceChildren();
    fill(top);
    stuck = true;
    goal = null;
    clearTimeout(seenTimer);
    seenTimer = 0;
    if (open.unread > 0) goal = "new";
    else if (old && !old.stuck) {
      const index = old.marks.map((mark) => indexOf(open.lines, mark.key)).find((each) => each !== null);
      if (index !== undefined && open.lines[index].seq) goal = open.lines[index].seq;
    }
  }

  /** What is beyond the edges: older messages to fetch, gaps to fill, buttons that lead to what is new. */
  function edges(open) {
    const { lines } = open;
    const near = scroller.scrollTop < 1.5 * scroller.clientHeight;
    if (near && first === 0 && !open.atStart && !open.loading && lines.length && model.link.state === "online") actions.older(open.key);
    const view = scroller.getBoundingClientRect();
    for (const gap of rows.getElementsByClassName("gap")) {
      const box = gap.getBoundingClientRect();
      if (box.bottom > view.top && box.top < view.bottom && model.link.state === "online") gap.firstChild.click();
    }
    const below = stuck ? 0 : open.unread;
    down.hidden = stuck;
    say(down.lastChild, below ? `${below} new below` : "Newest");
    const oldest = lines.find((line) => line.seq);
    const hidden = open.unread > 0 && !open.atStart && oldest && oldest.seq > open.read + 1;
    above.hidden = !hidden;
    if (hidden) say(above.lastChild, `${open.unread} new: go to the first`);
    if (!seenTimer && unseen(open)) seenTimer = setTimeout(saw, SEEN_AFTER, open.key, lastSeen());
  }

  /** The number of the last message in view. */
  function lastSeen() {
    const bottom = scroller.scrollTop + scroller.clientHeight + 4;
    const all = rows.children;
    for (let at = all.length - 1; at >= 0; at -= 1) {
      if (all[at].offsetTop + all[at].offsetHeight > bottom) continue;
      const seq = numberOf(all[at]);
      if (seq) return seq;
    }
    return 0;
  }

  const lineOf = (node) => node?.line;
  const numberOf = (node) => lineOf(node)?.seq ?? 0;

  /** Whether something is in view that does not count as read yet. What is unread above must be loaded: else it was not seen. */
  function unseen(open) {
    if (document.visibilityState !== "visible" || open.head <= open.read) return false;
    const oldest = open.lines.find((line) => line.seq);
    return oldest && (open.atStart || oldest.seq <= open.read + 1) && lastSeen() > open.read;
  }

  function saw(key, seq) {
    seenTimer = 0;
    const open = room();
    if (document.visibilityState !== "visible" || open?.key !== key) return;
    if (seq > open.read) actions.markRead(key, seq);
    if (unseen(open) && lastSeen() > seq) seenTimer = setTimeout(saw, SEEN_AFTER, key, lastSeen());
  }

  /** Tells a screen reader what was said in the open room: sender and text, and no times; of many only how many. */
  function announce(open) {
    const fresh = [];
    for (let at = open.lines.length - 1; at >= 0; at -= 1) {
      const line = open.lines[at];
      if (line.seq === null) continue;
      if (line.seq <= told) break;
      if (!line.mine && line.kind !== "event") fresh.unshift(line);
    }
    told = Math.max(told, open.head);
    if (!fresh.length) return;
    const live = document.getElementById("live");
    const texts = fresh.length > 3 ? [`${fresh.length} new messages`] : fresh.map((line) => `${harmless(line.sender)}: ${clean(line.text)}`);
    live.append(...texts.map((text) => el("p", {}, text)));
    while (live.children.length > 6) live.firstChild.remove();
  }

  function flash(node) {
    node.classList.add("flash");
    node.addEventListener("animationend", () => node.classList.remove("flash"), { once: true });
  }

  // ---- going about

  function toNewest(seen) {
    const open = room();
    if (!open) return;
    goal = "end"; // and not `stuck`: the wheel may still be turning
    unselect();
    if (seen && open.head > open.read) actions.markRead(open.key, open.head);
    ui.schedule("rows");
  }

  function toOldest() {
    const open = room();
    if (!open) return;
    stuck = false;
    first = 0;
    scroller.scrollTop = 0;
    goal = open.lines.find((line) => line.seq)?.seq ?? null;
    ui.schedule("rows");
  }

  async function show(key, seq) {
    if (model.current !== key) actions.open(key);
    if (model.rooms.get(key)?.lines.some((line) => line.seq === seq) || (await actions.jump(key, seq))) {
      if (shown !== key) paint();
      goal = seq;
      ui.schedule("rows");
    } else ui.tell("That message is not there any more.");
  }

  function toFirstUnread() {
    const open = room();
    if (!open) return;
    const from = open.newFrom ?? open.read;
    if (from >= open.head) ui.tell("There is nothing new here.");
    else if (open.lines.some((line) => line.seq && line.seq <= from + 1)) {
      goal = open.newFrom === null ? from + 1 : "new";
      ui.schedule("rows");
    } else show(open.key, from + 1);
  }

  const scrollBy = (pages) => scroller.scrollBy({ top: pages * scroller.clientHeight });

  scroller.addEventListener("scroll", () => {
    const open = room();
    if (!open) return;
    const { scrollTop: at, clientHeight: height, scrollHeight: all } = scroller;
    stuck = atEnd() && whole;
    if (at < lastTop && goal === "new") goal = null; // one reads something else by now
    if (at < lastTop && at < height && first > 0) drift = -1;
    else if (at > lastTop && all - at < 2 * height && end < open.lines.length) drift = 1;
    lastTop = at;
    if (drift) ui.schedule("rows");
    edges(open);
  }, { passive: true });
  new ResizeObserver(() => {
    few = Math.min(MOST_LINES, 40 + Math.ceil(scroller.clientHeight / 20));
    if (stuck) scroller.scrollTop = scroller.scrollHeight;
  }).observe(scroller);
  document.addEventListener("visibilitychange", () => room() && edges(room()));

  // ---- a message is selected: by keyboard, under the mouse, or with a finger

  const tools = el("div.tools", { role: "toolbar", "aria-label": "Message" });

  const TOOLS = [
    ["reply", "Reply (r)", "reply", (line) => line.seq && !line.redacted],
    ["copy", "Copy its text (y)", "copy", (line) => !line.redacted],
    ["unread", "Mark as unread from here (u)", "unread", (line) => line.seq],
    ["pin", "Pin it (p)", "pin", (line) => line.seq && room().kind === "channel" && ui.operates(room())],
    ["trash", "Delete it for everybody (d)", "drop", (line) => line.seq && !line.redacted && (line.mine || ui.operates(room()))],
  ];

  function showTools(node) {
    const line = lineOf(node);
    if (!line || line.state !== "sent" || line.kind === "event" || line.kind === "gap") tools.remove();
    else if (tools.parentNode !== node) {
      fill(tools, ...TOOLS.filter(([, , , fits]) => fits(line)).map(([name, label, act]) =>
        button(name, label, () => acts[act](line), { tabindex: "-1" })));
      node.append(tools);
    }
  }

  const rowOf = (target) => target.closest?.(".row");
  rows.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const row = rowOf(event.target);
    showTools(row);
    if (event.target.dateTime) event.target.title = precise.format(new Date(event.target.dateTime));
  });
  rows.addEventListener("pointerleave", () => !selected && tools.remove());
  rows.addEventListener("click", (event) => {
    if (event.pointerType !== "mouse" && !event.target.closest("a, button") && getSelection().isCollapsed) showTools(rowOf(event.target));
  });

  function select(node) {
    if (!node) return;
    rows.querySelector(".selected")?.classList.remove("selected");
    const line = lineOf(node);
    selected = node.key;
    node.classList.add("selected");
    if (line) set(node, "aria-label", `${harmless(line.sender)}, ${timeOf(line.at, true)}: ${clean(line.text) || "deleted"}`);
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
    showTools(node);
  }

  function unselect() {
    if (!selected) return;
    selected = "";
    rows.querySelector(".selected")?.classList.remove("selected");
    tools.remove();
  }

  /** Selects the message before or after the selected one; at first the newest in view. */
  function step(by) {
    const all = [...rows.querySelectorAll("[role=article]")];
    const at = all.findIndex((node) => node.key === selected);
    const bottom = scroller.scrollTop + scroller.clientHeight;
    if (at < 0) select(all.findLast((node) => node.offsetTop + 8 < bottom) ?? all.at(-1));
    else if (all[at + by]) select(all[at + by]);
    else if (by > 0) leave();
  }

  function leave() {
    unselect();
    ui.focusInput();
  }

  const acts = {
    reply(line) {
      leave();
      if (line.state === "refused") actions.resend(shown, line.key);
      else ui.mention(line.sender);
    },
    drop(line) {
      if (line.state === "refused") {
        actions.discard(shown, line.key);
        leave();
      } else if (line.mine || ui.operates(room())) {
        ui.confirm("Delete this message for everybody?", line.text, "Delete", () => actions.redact(shown, line.seq));
      }
    },
    copy: (line) => ui.copy(line.text),
    unread(line) {
      actions.markRead(shown, line.seq - 1);
      clearTimeout(seenTimer);
      seenTimer = setTimeout(() => (seenTimer = 0), 60_000); // else it would be read again at once
      ui.tell("Unread from here on.");
    },
    pin: (line) => actions.command(`/pin ${line.seq}`),
    open(line) {
      const link = pieces(clean(line.text)).find((piece) => piece.href);
      if (link) window.open(link.href, "_blank", "noopener,noreferrer");
    },
  };

  const SELECT_KEYS = {
    k: () => step(-1), ArrowUp: () => step(-1), j: () => step(1), ArrowDown: () => step(1), Escape: leave, q: leave,
    "/": () => ui.search(), "?": () => ui.help("keys"),
    r: "reply", Enter: "reply", d: "drop", Delete: "drop", y: "copy", c: "copy", u: "unread", p: "pin", o: "open", m: "reply",
  };

  scroller.addEventListener("keydown", (event) => {
    if (event.target.closest("button, a") || event.ctrlKey || event.metaKey || (event.altKey && !event.key.startsWith("Arrow"))) return;
    const act = SELECT_KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    if (typeof act === "function") act();
    else {
      const line = lineOf(rows.known.get(selected)?.node);
      if (line) acts[act](line);
    }
  });
  scroller.addEventListener("focusout", (event) => !scroller.contains(event.relatedTarget) && unselect());

  /** The links that are loaded, newest first. */
  function links() {
    return (room()?.lines ?? []).slice(-MOST_LINES).reverse().flatMap((line) =>
      pieces(clean(line.text)).filter((piece) => piece.href).map((piece) => ({ href: piece.href, sender: line.sender, at: line.at })));
  }

  return { paint, toNewest, toOldest, toFirstUnread, show, step, scrollBy, links, unselect };
}
