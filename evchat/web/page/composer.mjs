// Where one writes: the text, its completion and history, and who else is typing.

import { el, fill, icon, say, set } from "./dom.mjs";
import { hue } from "./messages.mjs";
import { people } from "./sidebar.mjs";
import { harmless, userKey } from "./text.mjs";
import { COMMANDS, EMOJI } from "./commands.mjs";

const MOST_TYPED = 200; // lines of the input history
const MOST_SHOWN = 8; // matches of a completion

/** @param {object} ui see page.mjs */
export function createComposer(ui) {
  const { model, actions } = ui;
  const status = el("div.status");
  const matches = el("div.matches", { role: "listbox", id: "matches", "aria-label": "Completions", hidden: true });
  const usage = el("div.usage", { hidden: true });
  const who = el("span.who", { "aria-hidden": "true", dir: "auto" });
  const input = el("textarea", {
    id: "input", rows: "1", "aria-label": "Message", autocomplete: "off", enterkeyhint: "send", dir: "auto",
    "aria-autocomplete": "list", "aria-controls": "matches", maxlength: "50000",
  });
  const send = el("button.send", { type: "button", "aria-label": "Send", title: "Send (Enter)", click: () => submit() }, icon("send"));
  document.getElementById("foot").append(status, el("div.compose", {}, who, el("div.box", {}, input, send), matches, usage));

  let shown = ""; // the key of the room whose draft is in the input
  const typed = []; // what was sent before, oldest first
  let recalled = null; // where in it we are
  let kept = ""; // what was in the input before
  let completion = null; // {start, end, words, at}
  let typingTimer = 0;

  const room = () => model.rooms.get(model.current);

  function size() {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 0.4 * innerHeight)}px`;
  }

  function put(text, cursor = text.length) {
    input.value = text;
    input.setSelectionRange(cursor, cursor);
    changed();
  }

  function changed() {
    size();
    closeMatches();
    send.disabled = !input.value.trim();
    usageOf();
    if (shown) actions.typing(shown, input.value);
  }

  async function submit() {
    const text = input.value;
    if (!text.trim() || !shown) return;
    if (typed.at(-1) !== text && !/^\/(?:login|register|pass|oper|password|resetpassword)\b/i.test(text)) typed.push(text);
    if (typed.length > MOST_TYPED) typed.shift();
    recalled = null;
    const target = shown;
    put("");
    if (!ui.command(text)) {
      try {
        await actions.say(target, text);
      } catch (error) {
        ui.tell(`Not kept: ${error.message}`, true);
        if (model.current === target && !input.value) put(text);
        return;
      }
      ui.messages.toNewest(true);
    }
  }

  // ---- completion

  function candidates(word, atStart, before) {
    const low = word.toLowerCase();
    if (atStart && word.startsWith("/")) {
      return COMMANDS.filter(({ name }) => name.startsWith(low.slice(1))).map(({ name, help }) => ({ text: `/${name}`, note: help }));
    }
    if (/^:[a-z0-9_+-]{2,}$/.test(low)) {
      return Object.entries(EMOJI).filter(([name]) => name.includes(low.slice(1)))
        .sort(([one], [other]) => other.startsWith(low.slice(1)) - one.startsWith(low.slice(1)))
        .map(([name, emoji]) => ({ text: emoji, note: `:${name}:` }));
    }
    if (word.startsWith("#")) {
      const rooms = [...model.rooms.values()];
      return rooms.filter((each) => each.kind === "channel" && each.name.toLowerCase().startsWith(low))
        .map((each) => ({ text: each.name, note: each.topic }));
    }
    const at = word.startsWith("@") ? "@" : "";
    const start = userKey(word.slice(at.length));
    if (!start && !at) return [];
    const open = room();
    const spoke = open?.speakers ?? new Map();
    const names = new Map();
    if (open) for (const member of people(open)) names.set(userKey(member.nick), member.nick);
    for (const each of model.rooms.values()) if (each.kind === "direct") names.set(each.key, each.name);
    names.delete(userKey(model.me.name));
    const ending = before === "" && !at ? ": " : " ";
    return [...names].filter(([key]) => key.startsWith(start))
      .sort(([one], [other]) => (spoke.get(other) ?? 0) - (spoke.get(one) ?? 0))
      .map(([, nick]) => ({ text: at + nick, note: "", ending }));
  }

  function wordAt() {
    const end = input.selectionStart;
    const start = end - /\S*$/.exec(input.value.slice(0, end))[0].length;
    return { start, end, word: input.value.slice(start, end), before: input.value.slice(0, start).trim() };
  }

  function complete(by) {
    if (!completion) {
      const { start, end, word, before } = wordAt();
      const found = word ? candidates(word, start === 0, before) : [];
      if (!found.length) return false;
      completion = { start, end, found, at: by > 0 ? -1 : 0 };
    }
    choose((completion.at + by + completion.found.length) % completion.found.length);
    return true;
  }

  function choose(at) {
    completion.at = at;
    const { start, end, found } = completion;
    const text = found[at].text + (found[at].ending ?? " ");
    const value = input.value;
    input.value = value.slice(0, start) + text + value.slice(end).replace(/^ /, "");
    completion.end = start + text.length;
    input.setSelectionRange(completion.end, completion.end);
    size();
    showMatches();
    usageOf();
    actions.typing(shown, input.value);
  }

  function showMatches() {
    const { found, at } = completion;
    matches.hidden = found.length < 2 && at >= 0;
    const from = Math.max(0, Math.min(at - MOST_SHOWN + 2, found.length - MOST_SHOWN));
    fill(matches, ...found.slice(from, from + MOST_SHOWN).map((each, offset) => el("div", {
      role: "option", id: `match${offset}`, "aria-selected": from + offset === at ? "true" : "false",
      pointerdown: (event) => { event.preventDefault(); choose(from + offset); closeMatches(); },
    }, el("b", {}, harmless(each.text)), " ", el("span", {}, harmless(each.note ?? "")))));
    set(input, "aria-activedescendant", at >= 0 ? `match${at - from}` : null);
  }

  function closeMatches() {
    completion = null;
    matches.hidden = true;
    set(input, "aria-activedescendant", null);
  }

  /** While a command is being typed, its usage stands above the line; what begins with / : or @ is offered at once. */
  function usageOf() {
    const command = /^\/([a-z]+)\s/i.exec(input.value);
    const known = command && COMMANDS.find(({ name, also }) => name === command[1].toLowerCase() || also?.includes(command[1].toLowerCase()));
    usage.hidden = !known;
    if (known) fill(usage, el("b", {}, known.usage), " ", el("span", {}, known.help));
    if (completion) return;
    const { start, end, word, before } = wordAt();
    if (/^(?:\/[a-z]*|:[a-z0-9_+-]{2,}|@\S+)$/i.test(word) && (word[0] !== "/" || start === 0)) {
      const found = candidates(word, start === 0, before);
      if (found.length) {
        completion = { start, end, found, at: -1 };
        showMatches();
      }
    }
  }

  // ---- keys

  function recall(by) {
    if (recalled === null) {
      if (by > 0) return false;
      kept = input.value;
      recalled = typed.length;
    }
    // Older input that starts the same, as in the terminal client.
    let at = recalled + by;
    while (at >= 0 && at < typed.length && !typed[at].startsWith(kept)) at += by;
    if (at < 0) return true;
    const back = at >= typed.length;
    const text = back ? kept : typed[at];
    put(text);
    recalled = back ? null : at;
    return true;
  }

  const onFirstLine = () => !input.value.slice(0, input.selectionStart).includes("\n");
  const onLastLine = () => !input.value.slice(input.selectionEnd).includes("\n");

  input.addEventListener("input", () => {
    recalled = null;
    changed();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    const took = (() => {
      if (event.key === "Enter" && plain && !event.shiftKey) {
        if (ui.touch() && !completion) return false; // a finger sends with the button; Enter breaks the line
        submit();
        return true;
      }
      if (event.key === "Enter" && event.altKey) {
        input.setRangeText("\n", input.selectionStart, input.selectionEnd, "end");
        changed();
        return true;
      }
      if (event.key === "Tab" && plain) return complete(event.shiftKey ? -1 : 1);
      if (!plain || event.shiftKey) return false;
      if (completion && !matches.hidden && completion.at >= 0 && ["ArrowUp", "ArrowDown"].includes(event.key)) {
        return complete(event.key === "ArrowUp" ? -1 : 1);
      }
      if (event.key === "ArrowUp" && onFirstLine()) return recall(-1);
      if (event.key === "ArrowDown" && onLastLine()) return recall(1);
      if (event.key === "Escape") {
        if (!completion || matches.hidden) return false;
        closeMatches();
        return true;
      }
      return false;
    })();
    if (took) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  input.addEventListener("blur", closeMatches);
  addEventListener("resize", size);

  // ---- painting

  function typists(open) {
    const now = Date.now();
    const names = [...(open?.typing ?? [])].filter(([, until]) => until > now).map(([name]) => harmless(name));
    clearTimeout(typingTimer);
    if (names.length) typingTimer = setTimeout(() => ui.schedule("typing"), 1_000);
    if (!names.length) return "";
    return names.length > 3 ? "Several people are typing …" : `${names.join(", ")} ${names.length > 1 ? "are" : "is"} typing …`;
  }

  function statusOf(open) {
    const { link } = model;
    const waiting = link.waiting ? `${link.waiting === 1 ? "One line waits" : `${link.waiting} lines wait`} here and will be sent. ` : "";
    if (link.state === "offline" && model.me.name) {
      const seconds = link.retryAt ? Math.max(0, Math.round((link.retryAt - Date.now()) / 1000)) : null;
      if (seconds) setTimeout(() => ui.schedule("link"), 1_000);
      return { kind: "bad", text: `Offline. ${waiting}${link.words ? `${harmless(link.words)} ` : ""}${seconds ? `Trying again in ${seconds} s.` : ""}`, retry: true };
    }
    if (link.state === "connecting" && model.me.name) return { kind: "dim", text: `Connecting … ${waiting}` };
    if (link.problem) return { kind: "bad", text: harmless(link.problem) };
    if (model.me.away) return { kind: "dim", text: `You are away: ${harmless(model.me.away)}. /back ends it.` };
    return { kind: "dim", text: typists(open) };
  }

  function paint() {
    const open = room();
    if ((open?.key ?? "") !== shown) {
      shown = open?.key ?? "";
      recalled = null;
      input.value = open?.draft ?? "";
      size();
      closeMatches();
      usage.hidden = true;
      send.disabled = !input.value.trim();
    }
    const opens = input.disabled && open;
    input.disabled = !open;
    if (opens) ui.focusInput();
    say(who, harmless(model.me.name));
    who.className = `who ${hue(model.me.name)}`;
    const target = open ? harmless(open.kind === "everyone" ? "everyone" : open.title) : "";
    set(input, "placeholder", open ? `Message ${target}` : "");
    set(input, "aria-label", open ? `Message ${target}` : "Message");
    const told = statusOf(open);
    if (told.retry) fill(status, el("span", {}, told.text), el("button", { type: "button", click: () => actions.retry() }, "Try now"));
    else if (status.firstElementChild) fill(status);
    if (!told.retry) say(status, told.text);
    set(status, "data-kind", told.kind);
  }

  return {
    paint, put, input,
    focus: () => input.focus(),
    insert(text) {
      input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
      changed();
      input.focus();
    },
  };
}
