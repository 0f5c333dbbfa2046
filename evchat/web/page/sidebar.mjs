// The list of rooms on the left, and the list of people on the right.

import { button, el, fill, icon, keyed, say, set } from "./dom.mjs";
import { hue } from "./messages.mjs";
import { harmless, userKey } from "./text.mjs";

/** A listener for the keys on a list of buttons: the arrow keys move from one to the next, and the one tab stop with them. */
export function roving(event) {
  const all = [...event.currentTarget.querySelectorAll("button")];
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (at < 0 || event.altKey || event.ctrlKey || !all[to]) return;
  event.preventDefault();
  if (all.some((each) => each.tabIndex < 0)) {
    all[at].tabIndex = -1;
    all[to].tabIndex = 0;
  }
  all[to].focus();
}

/** Lets exactly one of a list be reached with Tab: the wanted one, else the first. */
function oneStop(all, wanted) {
  const stop = all.includes(document.activeElement) ? document.activeElement : (wanted ?? all[0]);
  for (const each of all) each.tabIndex = each === stop ? 0 : -1;
}

const STATES = { online: "Connected", connecting: "Connecting …", offline: "Offline", asked: "Not logged in" };

/** @param {object} ui see page.mjs */
export function createRooms(ui) {
  const { model, actions } = ui;
  const server = el("strong");
  const list = el("div.list", { keydown: roving });
  const name = el("b.name", { dir: "auto" });
  const state = el("span.state", { role: "status", id: "state" });
  document.getElementById("rooms").append(
    el("div.head", {}, server, button("close", "Close the list of rooms", () => ui.drawer(""), { class: "icon narrow" })),
    list,
    el("button.wide", { type: "button", click: () => ui.joinRoom() }, icon("plus"), "Join or create a channel"),
    el("div.me", {},
      el("div", {}, name, state),
      button("sliders", "Settings", () => ui.openSettings()),
      button("help", "Help (F1)", () => ui.help())),
  );

  function made({ heading, room, number }) {
    if (heading) return el("h2", {}, heading);
    const count = room.mentions || room.unread;
    const current = room.key === model.current;
    return el("button.room", {
      type: "button", dir: "auto", "aria-current": current ? "true" : null, title: number < 10 ? `Alt-${number}` : null,
      "data-key": room.key,
      class: `room${room.unread ? " unread" : ""}${room.mentions ? " mentions" : ""}${room.present ? "" : " gone"}`,
      click: () => { ui.go(room.key); },
    }, el("span.sign", {}, room.kind === "channel" ? "#" : room.kind === "direct" ? "@" : "∗"),
    el("span.title", {}, harmless(room.kind === "channel" ? room.title.replace(/^#/, "") : room.title)),
    room.draft && !current && el("span.draft", { title: "You began to write here" }, "✎"),
    count > 0 && el("span.count", {}, count > 999 ? "999+" : String(count), el("span.sr", {}, room.mentions ? " for you" : " unread")));
  }

  function paint() {
    say(server, harmless(model.server.name || model.server.address || "evchat"));
    say(name, harmless(model.me.name));
    name.className = `name ${hue(model.me.name)}`;
    const { link, me } = model;
    say(state, link.state === "online" ? (me.away ? "Away" : "Connected") : STATES[link.state]);
    set(state, "data-state", me.away && link.state === "online" ? "away" : link.state);
    const items = [];
    let number = 0;
    let kind = "";
    for (const room of model.rooms.values()) {
      number += 1;
      if (room.kind !== kind && room.kind !== "everyone") {
        kind = room.kind;
        const heading = kind === "channel" ? "Channels" : "Direct messages";
        items.push({ heading });
      }
      items.push({ room, number });
    }
    keyed(list, items, ({ heading, room }) => heading ?? `room ${room.key}`,
      ({ heading, room, number }) =>
        heading ?? `${number}${room.title}${room.unread}${room.mentions}${room.key === model.current}${room.present}${Boolean(room.draft)}`,
      made);
    oneStop([...list.querySelectorAll("button.room")], list.querySelector("[aria-current]"));
  }

  return { paint };
}

/** The people of a channel in the order in which they are listed: operators, those with a voice, others. */
export function people(room) {
  const rank = (member) => (member.op ? 0 : member.voice ? 1 : 2);
  return [...room.members.values()].sort((one, other) => rank(one) - rank(other) || one.nick.localeCompare(other.nick));
}

/** @param {object} ui see page.mjs */
export function createMembers(ui) {
  const { model } = ui;
  const MOST = 300;
  const place = document.getElementById("members");
  const heading = el("h2");
  const list = el("div.list", { keydown: roving });
  const more = el("p.more");
  place.append(el("div.head", {}, heading, button("close", "Close the list of people", () => ui.drawer(""), { class: "icon narrow" })), list, more);

  function made(member) {
    const role = member.op ? "@" : member.voice ? "+" : "";
    return el("button.member", {
      type: "button", dir: "auto", class: `member${member.away === null ? "" : " away"}`,
      title: member.away === null ? null : `Away${member.away ? `: ${harmless(member.away)}` : ""}`, click: () => ui.person(member.nick),
    }, el("span.sign", { "aria-hidden": "true" }, role), el(`span.${hue(member.nick)}`, {}, harmless(member.nick)),
    el("span.sr", {}, `${member.op ? ", operator" : member.voice ? ", voice" : ""}${member.away === null ? "" : ", away"}`));
  }

  function paint() {
    const room = model.rooms.get(model.current);
    place.hidden = room?.kind !== "channel";
    if (place.hidden) return;
    const all = people(room);
    const total = Math.max(room.users, all.length);
    say(heading, total === 1 ? "1 person" : `${total} people`);
    keyed(list, all.slice(0, MOST), (member) => userKey(member.nick), (member) => `${member.nick}${member.op}${member.voice}${member.away}`, made);
    const hidden = total - Math.min(all.length, MOST);
    say(more, hidden > 0 ? `and ${hidden} more: /names` : "");
    oneStop([...list.querySelectorAll("button.member")]);
  }

  return { paint };
}

/** The head of the open room: what it is called, what it is about, and what can be opened. */
export function createBar(ui) {
  const { model } = ui;
  const bar = document.getElementById("bar");
  const menu = button("menu", "Rooms", () => ui.drawer("rooms"), { class: "icon narrow" });
  const badge = el("span.badge", { "aria-hidden": "true" });
  menu.append(badge);
  const title = el("h1", { id: "title", dir: "auto" });
  const topic = el("button.topic", { type: "button", dir: "auto", click: () => ui.openTopic() });
  const count = el("span");
  const members = el("button.icon.people", { type: "button", click: () => ui.togglePeople() }, icon("people"), count);
  const share = button("link", "Invite: copy a link to this channel", () => ui.invite());
  fill(bar, menu, el("div.name", {}, title, topic), share, button("search", "Search the messages (Ctrl-S)", () => ui.search()), members);

  function paint() {
    const room = model.rooms.get(model.current);
    let unread = 0;
    let mentions = 0;
    for (const each of model.rooms.values()) {
      if (each.key !== model.current) unread += each.unread;
      mentions += each.mentions;
    }
    say(badge, mentions ? String(mentions) : "");
    set(badge, "data-on", mentions > 0 || unread > 0);
    set(menu, "aria-label", mentions ? `Rooms, ${mentions} messages for you` : "Rooms");
    say(title, room ? harmless(room.title) : "evchat");
    const about = room?.topic ? harmless(room.topic) : room?.away ? `away: ${harmless(room.away)}` : "";
    say(topic, about || (room?.kind === "channel" && room.present ? "No topic" : ""));
    set(topic, "data-empty", !about);
    set(topic, "title", about);
    topic.hidden = !topic.textContent;
    const channel = room?.kind === "channel";
    members.hidden = share.hidden = !channel;
    if (!channel) return;
    const total = Math.max(room.users, room.members.size);
    say(count, String(total));
    set(members, "aria-label", `${total} people. Show or hide them (F8)`);
    set(members, "title", "People (F8)");
  }

  return { paint };
}
