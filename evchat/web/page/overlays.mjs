// What opens over the page: the question at the beginning, lists to choose from, search, people, settings, help.

import { button, el, fill, icon, keyed, say, set } from "./dom.mjs";
import { hue, timeOf, written } from "./messages.mjs";
import { roving } from "./sidebar.mjs";
import { clean, harmless, isLegalChannel, roomKey, userKey } from "./text.mjs";
import { COMMANDS } from "./commands.mjs";

const MOST_ITEMS = 60; // of a list that are shown at once

/** The dialog that is open, or a new one in its place. Esc, a click beside it, or its cross closes it. */
function opened(ui, title, attributes, ...children) {
  document.querySelector("dialog[open]")?.close();
  const dialog = el("dialog", {
    "aria-label": title, ...attributes,
    close: () => {
      dialog.remove();
      if (document.querySelector("dialog[open]")) return;
      document.activeElement?.blur(); // Chromium may have given the input the focus back, but no cursor
      ui.focusInput();
    },
    click: (event) => event.target === dialog && dialog.close(),
  }, el("div.head", {}, el("h2", {}, title), button("close", "Close (Esc)", () => dialog.close())), ...children);
  document.body.append(dialog);
  dialog.showModal();
  dialog.tabIndex = -1;
  (dialog.querySelector("[autofocus], .entries button, .page") ?? dialog).focus();
  return dialog;
}

/** How well a text fits to what is typed: its letters must stand in it in this order; the lower, the better; null if not. */
function fits(text, typed) {
  const low = text.toLowerCase();
  const at = low.indexOf(typed);
  if (at >= 0) return at === 0 ? 0 : /[^a-z0-9]/.test(low[at - 1]) ? 1 : 2;
  let from = 0;
  for (const letter of typed) {
    from = low.indexOf(letter, from) + 1;
    if (!from) return null;
  }
  return 3;
}

/** @param {object} ui see page.mjs */
export function createOverlays(ui) {
  const { model, actions } = ui;

  /**
   * A list to choose from with a few letters.
   * @param {string} title
   * @param {(typed: string) => {text: string, note?: string, sign?: string, hue?: string, take?: () => void}[]} items
   */
  function pick(title, items, { placeholder = "", filter = true, empty = "Nothing found", input = null } = {}) {
    let found = [];
    let at = 0;
    const list = el("div.list", { role: "listbox", id: "choices", "aria-label": title });
    const field = el("input", {
      type: "text", placeholder, "aria-label": placeholder || title, role: "combobox", "aria-expanded": "true", "aria-controls": "choices",
      autocomplete: "off", autocapitalize: "off", spellcheck: "false", autofocus: true, enterkeyhint: "go",
    });
    const dialog = opened(ui, title, { class: "pick" }, field, list);
    function draw() {
      const typed = field.value.trim().toLowerCase();
      found = items(field.value);
      if (filter && typed) {
        found = found.map((item) => ({ item, rank: fits(item.text, typed) ?? (item.note && fits(item.note, typed) < 3 ? fits(item.note, typed) + 4 : null) }))
          .filter(({ rank }) => rank !== null && !Number.isNaN(rank)).sort((one, other) => one.rank - other.rank).map(({ item }) => item);
      }
      found = found.slice(0, MOST_ITEMS);
      at = Math.max(0, Math.min(at, found.length - 1));
      fill(list, ...(found.length ? found.map((item, number) => el("div", {
        role: "option", id: `choice${number}`, "aria-selected": number === at ? "true" : "false",
        class: item.heading ? "option heading" : "option", dir: "auto", click: () => take(number),
      }, el("span.sign", {}, item.sign ?? ""), el(`b.${item.hue ?? "plain"}`, {}, harmless(item.text)), " ",
      el("span.note", {}, harmless(item.note ?? ""))))
        : [el("p.empty", {}, empty)]));
      set(field, "aria-activedescendant", found.length ? `choice${at}` : null);
      list.children[at]?.scrollIntoView({ block: "nearest" });
    }
    function take(number) {
      const item = found[number];
      if (!item?.take) return;
      dialog.close();
      item.take();
    }
    function move(by) {
      at = (at + by + found.length) % Math.max(1, found.length);
      draw();
    }
    field.addEventListener("input", () => { at = 0; input?.(field.value); draw(); });
    dialog.addEventListener("keydown", (event) => {
      const act = {
        ArrowDown: () => move(1), ArrowUp: () => move(-1), PageDown: () => move(8), PageUp: () => move(-8), Enter: () => take(at),
      }[event.key] ?? (event.ctrlKey && { n: () => move(1), p: () => move(-1), g: () => dialog.close() }[event.key]);
      if (!act || (event.key === "Enter" && event.target.localName === "button")) return;
      event.preventDefault();
      act();
    });
    draw();
    return { dialog, field, draw };
  }

  // ---- to find one's way

  const roomItem = (room) => ({
    text: room.kind === "channel" ? room.name.slice(1) : room.title, sign: room.kind === "channel" ? "#" : "@",
    note: room.unread ? `${room.unread} new${room.mentions ? `, ${room.mentions} for you` : ""}` : room.topic,
    take: () => ui.go(room.key),
  });

  function palette() {
    pick("Go to", () => {
      const rooms = [...model.rooms.values()].filter((room) => room.key !== model.current)
        .sort((one, other) => other.mentions - one.mentions || other.unread - one.unread || other.lastAt - one.lastAt);
      const names = new Map();
      for (const room of model.rooms.values()) for (const member of room.members.values()) names.set(userKey(member.nick), member.nick);
      names.delete(userKey(model.me.name));
      return [
        ...rooms.map(roomItem),
        ...[...names].filter(([key]) => !model.rooms.has(key)).map(([, nick]) => ({ text: nick, sign: "@", hue: hue(nick), note: "person", take: () => ui.person(nick) })),
        ...ui.keys.filter((key) => key.palette).map((key) => ({ text: key.what, sign: "›", note: key.keys[0], take: key.act })),
        ...COMMANDS.map(({ name, help }) => ({ text: `/${name}`, sign: "", note: help, take: () => ui.type(`/${name} `) })),
      ];
    }, { placeholder: "A room, a person, a command" });
  }

  function catchUp() {
    pick("What is new", () => [...model.rooms.values()].filter((room) => room.unread)
      .sort((one, other) => other.mentions - one.mentions || other.lastAt - one.lastAt)
      .map((room) => {
        const last = room.lines.findLast((line) => line.seq && line.text && (line.mention || !room.mentions));
        return { ...roomItem(room), note: `${room.unread} new${last ? ` · ${harmless(last.sender)}: ${clean(last.text).slice(0, 80)}` : ""}` };
      }), { placeholder: "A room", empty: "Nothing is new." });
  }

  function links() {
    pick("Links", () => ui.messages.links().map(({ href, sender, at }) => ({
      text: href, note: `${sender}, ${timeOf(at, true)}`, take: () => window.open(href, "_blank", "noopener,noreferrer"),
    })), { placeholder: "A part of a link", empty: "There are no links here." });
  }

  let listWanted = null; // who has asked for the list of channels, in place of a list that is shown

  function joinRoom() {
    let listed = [];
    const about = pick("Join or create a channel", (typed) => {
      const name = typed.trim().replace(/^#?/, "#");
      const low = typed.trim().replace(/^#/, "").toLowerCase();
      const fitting = listed.filter((item) => fits(item.text, low) !== null);
      const exact = fitting.some((item) => roomKey(`#${item.text}`) === roomKey(name));
      return [
        ...fitting,
        ...(low && !exact && isLegalChannel(name) ? [{ text: name.slice(1), sign: "#", note: "join it, or create it", take: () => ui.go(name) }] : []),
      ];
    }, { placeholder: "Name of the channel", filter: false, empty: "Type a name: letters and digits, without spaces." });
    listWanted = (rows) => {
      listed = rows.filter((row) => row.open.startsWith("#")).map((row) => ({ text: row.open.slice(1), sign: "#", note: row.note, take: () => ui.go(row.open) }));
      if (about.dialog.open) about.draw();
    };
    actions.command("/channels");
  }

  // ---- search

  let searchDialog = null;

  function search(words = "") {
    let everywhere = false;
    const here = model.rooms.get(model.current);
    const field = el("input", {
      type: "text", role: "searchbox", value: words, placeholder: "Words", "aria-label": "Search the messages", autofocus: true, autocomplete: "off", enterkeyhint: "search",
    });
    const scope = el("button.scope", {
      type: "button", "aria-pressed": "false",
      click: () => { everywhere = !everywhere; set(scope, "aria-pressed", everywhere); find(); },
    }, "In all rooms");
    const list = el("div.list.found", { "aria-live": "polite" });
    const form = el("form", { submit: (event) => { event.preventDefault(); find(); } }, field, scope, el("button.primary", {}, "Search"));
    searchDialog = opened(ui, here ? `Search in ${harmless(here.title)}` : "Search", { class: "search" }, form, list);
    searchDialog.list = list;
    searchDialog.addEventListener("close", () => { searchDialog = null; actions.search(""); });
    searchDialog.addEventListener("keydown", (event) => {
      const all = [...list.querySelectorAll("button")];
      const at = all.indexOf(document.activeElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      (all[to] ?? field).focus();
    });
    function find() {
      if (field.value.trim()) actions.search(field.value.trim(), everywhere ? "" : model.current);
    }
    find();
  }

  function paintSearch() {
    const { search: state } = model;
    if (!searchDialog) return;
    const { list } = searchDialog;
    if (!state) fill(list);
    else if (state.searching && !state.found.length) fill(list, el("p.empty", {}, "Searching …"));
    else if (!state.found.length) fill(list, el("p.empty", {}, `Nothing found for “${state.words}”.`));
    else {
      fill(list, ...state.found.slice(0, 200).map(({ room, line }) => el("button", {
        type: "button", click: () => { searchDialog.close(); ui.messages.show(room, line.seq); },
      }, el("small", {}, `${harmless(model.rooms.get(room)?.title ?? room)} · ${timeOf(line.at, true)}`),
      el(`b.${hue(line.sender)}`, {}, harmless(line.sender)), " ", clean(line.text))));
    }
  }

  // ---- people, channels, questions

  function menu(title, entries, ...about) {
    return opened(ui, title, { class: "menu" }, ...about, el("div.entries", { keydown: roving }, ...entries.filter(Boolean).map(([label, act, kind]) =>
      el("button", { type: "button", class: kind ?? null, click: () => { document.querySelector("dialog[open]")?.close(); act(); } }, label))));
  }

  function person(nick) {
    const room = model.rooms.get(model.current);
    const member = room?.members.get(userKey(nick));
    const mine = userKey(nick) === userKey(model.me.name);
    const role = member?.op ? "Operator of this channel" : member?.voice ? "May speak when it is moderated" : "";
    const act = (command) => () => actions.command(command);
    const operate = !mine && room?.kind === "channel" && ui.operates(room);
    menu(harmless(nick), [
      !mine && ["Write to them alone", () => ui.go(nick)],
      !mine && room?.kind === "channel" && ["Mention them", () => ui.mention(nick)],
      ["Who is it?", act(`/whois ${nick}`)],
      mine && ["Change my name", () => ui.type("/nick ")],
      mine && (model.me.away ? ["I am back", act("/back")] : ["I am away …", () => ui.type("/away ")]),
      mine && !model.me.registered && ["Keep this name: register it", () => ui.type("/register ")],
      operate && [member?.op ? "Take the operator's role" : "Make operator", act(`/${member?.op ? "deop" : "op"} ${nick}`)],
      operate && [member?.voice ? "Take the voice" : "Give a voice", act(`/${member?.voice ? "devoice" : "voice"} ${nick}`)],
      !mine && ["Block: see nothing of them", () => confirm(`Block ${harmless(nick)}?`, "You will see nothing that they write. /unblock ends it.", "Block", act(`/block ${nick}`)), "bad"],
      operate && ["Kick out of the channel", () => ui.type(`/kick ${nick} `), "bad"],
      operate && ["Ban from the channel", () => ui.type(`/ban ${nick} `), "bad"],
    ], role && el("p", {}, role), member?.away && el("p", {}, `Away: ${harmless(member.away)}`));
  }

  function topic() {
    const room = model.rooms.get(model.current);
    if (room?.kind !== "channel") return;
    menu(harmless(room.title), [
      ["Change the topic", () => ui.type(`/topic ${clean(room.topic).replaceAll("\n", " ")}`)],
      ["Copy a link that invites", () => ui.invite()],
      ["Pinned messages", () => actions.command("/pins")],
      ["Mark as read", () => actions.markRead(room.key, room.head)],
      ["Leave the channel", () => actions.part(room.key), "bad"],
    ], el("p.topic", { dir: "auto" }, ...(room.topic ? written(room.topic) : ["It has no topic yet."])));
  }

  function confirm(title, text, label, act) {
    const dialog = opened(ui, title, { class: "menu" }, el("p.quoted", { dir: "auto" }, clean(text).slice(0, 300)),
      el("div.buttons", {}, el("button", { type: "button", click: () => dialog.close() }, "Cancel"),
        el("button.primary", { type: "button", autofocus: true, click: () => { dialog.close(); act(); } }, label)));
  }

  function show(title, text) {
    const field = el("input", { type: "text", readonly: true, value: text, "aria-label": title, autofocus: true, focus: () => field.select() });
    opened(ui, title, { class: "menu" }, field);
  }

  // ---- settings, help

  function settings() {
    const choice = (label, key, values) => el("fieldset", {}, el("legend", {}, label), ...values.map(([value, text]) =>
      el("label", {}, el("input", {
        type: "radio", name: key, value, checked: ui.settings[key] === value, change: () => ui.setting(key, value),
      }), " ", text)));
    const toggle = (key, text, change) => el("label.toggle", {}, el("input", {
      type: "checkbox", checked: ui.settings[key], change: (event) => (change ?? ((on) => ui.setting(key, on)))(event.target.checked, event.target),
    }), " ", text);
    const canNotify = isSecureContext && "Notification" in window;
    opened(ui, "Settings", { class: "menu settings" },
      choice("Colours", "theme", [["auto", "As the system"], ["light", "Light"], ["dark", "Dark"], ["contrast", "High contrast"]]),
      choice("Text", "size", [["small", "Small"], ["normal", "Normal"], ["large", "Large"]]),
      toggle("events", "Show who joins and leaves"),
      canNotify
        ? toggle("notify", "Notify me when somebody mentions me or writes to me alone", async (on, box) => {
          box.checked = on && (await Notification.requestPermission()) === "granted";
          ui.setting("notify", box.checked);
        })
        : el("p", {}, "Browsers allow notifications over https:// only. Here, the title and the icon of the tab count what is for you."),
      el("div.buttons", {},
        !model.me.registered && el("button", { type: "button", click: () => { document.querySelector("dialog[open]").close(); ui.type("/register "); } }, "Keep my name: register it"),
        el("button.bad", { type: "button", click: () => { document.querySelector("dialog[open]").close(); actions.logOut(); } }, "Log out")));
  }

  const BEGIN = [
    ["Enter", "sends the line; Shift-Enter or Alt-Enter starts a new line in it"],
    ["Tab", "completes names, /commands, #channels and :emoji:; press it again for the next one"],
    ["Up", "recalls what you typed before"],
    ["/", "begins a command: /join #room, /msg name text, /me waves, /away lunch, /help word"],
  ];

  function help(word = "") {
    const wanted = word.trim().toLowerCase().replace(/^\//, "");
    const keys = ui.keys.filter((key) => key.keys.length);
    const rows = (list) => el("dl", {}, ...list.flatMap(([term, text]) => [el("dt", {}, term), el("dd", {}, text)]));
    const signs = [["3", "beside a room: new messages, in colour if they mention you or are for you alone"], ["…", "not sent yet: it is kept in this browser and goes out by itself"],
      ["✗", "the server refused it: send it again, or discard it"], ["*", "what somebody does (/me)"], ["·", "somebody joined or left, or something changed"],
      ["@ +", "in the list of people: an operator of the channel; somebody with a voice"]];
    const commands = COMMANDS.filter(({ name, also = [], help: text }) => !wanted || wanted === "commands" || name.includes(wanted) || also.includes(wanted) || text.toLowerCase().includes(wanted))
      .map(({ usage, help: text }) => [usage, text]);
    const sections = {
      keys: [el("h3", {}, "Keys"), rows(keys.map((key) => [key.keys.join(", "), key.what])), el("h3", {}, "A message is selected"),
        rows([["Up, Down", "the message before, after"], ["r, Enter", "answer it"], ["d", "delete it for everybody"], ["y", "copy its text"], ["o", "open its link"],
          ["u", "mark it and all after it as unread"], ["p", "pin it in the channel"], ["m", "mention its sender"], ["Esc", "back to typing"]])],
      signs: [el("h3", {}, "Signs"), rows(signs)],
      commands: [el("h3", {}, wanted && wanted !== "commands" ? `Commands with “${word}”` : "Commands"), commands.length ? rows(commands) : el("p", {}, "There is none.")],
    };
    const body = sections[wanted] ?? (wanted ? sections.commands : [
      el("p", {}, "Write, and press Enter. Everyone in the room sees it, whatever they use: this page, a terminal, IRC, netcat."),
      rows(BEGIN), ...sections.keys, ...sections.signs, ...sections.commands]);
    opened(ui, "Help", { class: "help" }, el("div.page", { tabindex: "0" }, ...body));
  }

  // ---- what the model tells

  let listDialog = null;

  function paintList() {
    if (!model.list) {
      listDialog?.close();
      return;
    }
    const { title, rows } = model.list;
    if (listWanted) {
      listWanted(rows);
      listWanted = null;
      actions.closeList();
      return;
    }
    const shownRows = rows.map((row) => ({ text: row.text, note: row.note, take: row.open ? () => ui.go(row.open) : undefined }));
    const about = pick(harmless(title), () => shownRows, { placeholder: "Filter", empty: "There is nothing." });
    listDialog = about.dialog;
    listDialog.addEventListener("close", () => {
      listDialog = null;
      if (!document.querySelector("dialog.pick[open]")) actions.closeList();
    });
  }

  const notices = document.getElementById("notices");
  set(notices, "role", "status");

  function paintNotices() {
    keyed(notices, model.notices.slice(-4), (notice) => notice.key, (notice) => notice.text, (notice) => el("div", { class: `notice ${notice.kind}` },
      el("p", { dir: "auto" }, ...written(notice.text)), button("close", "Dismiss", () => actions.dismiss(notice.key))));
  }

  // ---- a question: for a name at the beginning, or for a password, also that of a command

  const hello = el("h2");
  const where = el("p.where");
  const text = el("p.text", { id: "question", role: "status" });
  const label = el("label", { for: "answer" });
  const user = el("input", { type: "text", autocomplete: "username", hidden: true }); // for what keeps passwords
  const answer = el("input", { id: "answer", autocapitalize: "off", spellcheck: "false", maxlength: "400", "aria-describedby": "question", enterkeyhint: "go" });
  const go = el("button.primary");
  const free = el("button", { type: "button", click: () => send(model.question.suggestion) });
  const other = el("button", { type: "button", click: () => send("") });
  const motd = el("p.motd", { dir: "auto" });
  const form = el("form", { submit: (event) => { event.preventDefault(); if (answer.value.trim()) send(answer.value); } },
    hello, where, text, label, user, answer, el("div.buttons", {}, go, free, other), motd);
  const gate = el("section.gate", { hidden: true, "aria-label": "Log in" }, form);
  gate.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !other.hidden) send("");
  });
  document.body.append(gate);
  let asked = "";

  function send(value) {
    const { question } = model;
    answer.value = "";
    actions.answer(question?.kind === "name" ? value.trim() : value);
  }

  function paintQuestion() {
    const { question, server, link } = model;
    gate.hidden = !question;
    for (const id of ["rooms", "talk", "members"]) document.getElementById(id).inert = Boolean(question);
    if (!question) {
      if (asked) ui.focusInput();
      asked = "";
      return;
    }
    const forName = question.kind === "name";
    const ofCommand = Boolean(question.command);
    const room = harmless(ui.invited || "#main");
    say(hello, ofCommand ? "A password" : ui.invited ? `Join ${room} on ${harmless(server.name || server.address)}` : `Talk on ${harmless(server.name || server.address)}`);
    say(where, link.state === "offline" && link.words ? clean(link.words) : question.fresh ? "" : forName ? `Choose a name, and you are in ${room} with everyone who is there. You need no account.` : "");
    where.hidden = !where.textContent;
    say(text, forName && !question.wrong && !question.fresh ? "" : clean(question.text));
    text.hidden = !text.textContent;
    set(text, "class", question.wrong ? "text bad" : "text");
    say(label, forName ? "Your name" : question.kind === "server-password" ? "Password of this server" : ofCommand ? "Password" : `Password of ${harmless(question.name)}`);
    user.value = question.name || model.me.name;
    set(answer, "type", forName ? "text" : "password");
    set(answer, "autocomplete", forName ? "nickname" : question.kind !== "password" ? "off" : ofCommand || question.fresh ? "new-password" : "current-password");
    say(go, forName ? "Start talking" : "Continue");
    free.hidden = !question.suggestion;
    say(free, `Be ${harmless(question.suggestion ?? "")}`);
    other.hidden = question.kind !== "password";
    say(other, ofCommand ? "Never mind" : "Use another name");
    fill(motd, ...(ofCommand ? [] : written(server.motd)));
    const sign = `${question.kind} ${question.name} ${question.text}`;
    if (asked !== sign) {
      asked = sign;
      answer.focus();
    }
  }

  return { palette, catchUp, links, joinRoom, search, paintSearch, person, topic, confirm, show, settings, help, paintList, paintNotices, paintQuestion };
}
