// Elements, made only by createElement and textContent: whatever others have written becomes text.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element.
 * @param {string} tag its name, with classes behind it: "p.told.dim"
 * @param {object} attributes a function is a listener (`click`), true an attribute without a value; null and false are none
 * @param {...(Node|string|null|false)} children strings become text
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(key, value);
    else set(node, key, value);
  }
  node.append(...children.filter((child) => child || child === 0));
  return node;
}

/** Sets an attribute, or removes it (null, undefined, false), and touches nothing that is so already. */
export function set(node, key, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(key)) node.removeAttribute(key);
  } else {
    const text = value === true ? "" : String(value);
    if (node.getAttribute(key) !== text) node.setAttribute(key, text);
  }
}

/** Sets the text of an element that has nothing else in it, if it is another one. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Puts these children into an element, in place of those that it has; those that stay are not touched. */
export function fill(node, ...children) {
  const wanted = children.filter(Boolean);
  if (wanted.length !== node.childNodes.length || wanted.some((child, at) => child !== node.childNodes[at])) {
    node.replaceChildren(...wanted);
  }
}

/**
 * Keeps the children of `parent` as a list asks for them: one an item, in the order of the items. A child is made once for
 * a key and is kept as long as its item has the same `sign`; then it is made anew.
 * @template T
 * @param {Element} parent
 * @param {T[]} items
 * @param {(item: T) => string} key
 * @param {(item: T) => string} sign all that the look of the child depends on
 * @param {(item: T) => Element} make
 */
export function keyed(parent, items, key, sign, make) {
  const known = (parent.known ??= new Map());
  const next = new Map();
  for (const item of items) next.set(key(item), null);
  // What is gone goes first: a row removed in front would otherwise move all those behind it.
  for (const [name, { node }] of known) if (!next.has(name)) node.remove();
  let place = parent.firstChild;
  for (const item of items) {
    const name = key(item);
    const look = sign(item);
    const old = known.get(name);
    let node = old?.node;
    if (!old || old.look !== look) {
      node = make(item);
      node.key = name;
      if (old) {
        const focused = old.node.contains(document.activeElement);
        if (place === old.node) place = node;
        old.node.replaceWith(node);
        if (focused) node.focus({ preventScroll: true });
      }
    }
    next.set(name, { node, look });
    if (place === node) place = node.nextSibling;
    else parent.insertBefore(node, place);
  }
  parent.known = next;
}

const ICONS = {
  menu: "M3 6h18M3 12h18M3 18h18",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
  people: "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 20c0-3.5 3-5.5 6.5-5.5s6.5 2 6.5 5.5M16 5.2a3.5 3.5 0 0 1 0 6.6M18 14.9c2.2.7 3.5 2.5 3.5 5.1",
  send: "M4 12h15M13 6l6 6-6 6",
  down: "M12 4v15M6 13l6 6 6-6",
  up: "M12 20V5M6 11l6-6 6 6",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  help: "M9 9a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 2.2M12 17.5v.5",
  sliders: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
  reply: "M9 7l-5 5 5 5M4 12h10a6 6 0 0 1 6 6",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  unread: "M4 6h16v12H4zM4 7l8 6 8-6",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  again: "M5 12a7 7 0 1 1 2 5M5 20v-4h4",
};

/** One of our icons, which says nothing to a screen reader: what it is on has a label. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon. */
export function button(name, label, click, attributes = {}) {
  return el("button.icon", { type: "button", "aria-label": label, title: label, click, ...attributes }, icon(name));
}
