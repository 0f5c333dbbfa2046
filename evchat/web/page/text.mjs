// What others wrote, made harmless; the keys of names; links. The rules are those of evchat/protocol/text.py and names.py:
// the tests compare the results character by character.

const MAX_MARKS = 4; // combining marks kept per base
const STREAM_SAFE_MARKS = 30; // marks per base that are passed to the normalisation
const MAX_JOINED = 4; // emoji joined into one at most
const MOST_KEYED = 256; // characters of a name of which its key is made

const ZWNJ = "\u200c";
const ZWJ = "\u200d";
const EMOJI_STYLE = "\ufe0f";

const PLAIN = /^[\x20-\x7e]*$/;
const BREAK = /\r\n|[\n\r\v\f\x85\u2028\u2029]/;
// What clients of IRC write for bold, italics, colours and the like.
const FORMATTING = /\x03(?:[0-9]{1,2}(?:,[0-9]{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?|[\x02\x0f\x11\x16\x1d-\x1f]/g;
// Invisible, or drawn over the character before: joiner, fillers, inherent vowels, variation selectors, skin tones.
const IGNORABLE = /^[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\u{1f3fb}-\u{1f3ff}\u{e0100}-\u{e01ef}]$/u;
const CHANGED = /[\p{C}\p{Z}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\u{1f3fb}-\u{1f3ff}\u{e0100}-\u{e01ef}]/gu;
const PICTOGRAPH = /^[\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u21aa\u2300-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\u{1f000}-\u{1f1e5}\u{1f200}-\u{1f3fa}\u{1f400}-\u{1faff}]$/u;
const ARABIC_LETTER = /^(?=\p{Lo})[\u0620-\u06ff\u0750-\u077f\u08a0-\u08c9]$/u;
// The signs that take the vowel of an Indic letter: combining class 9.
const VIRAMA = /^[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84\u1039\u103a\u1714\u1715\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f\ua806\ua82c\ua8c4\ua953\ua9c0\uaaf6\uabed\u{10a3f}\u{11046}\u{11070}\u{1107f}\u{110b9}\u{11133}\u{11134}\u{111c0}\u{11235}\u{112ea}\u{1134d}\u{11442}\u{114c2}\u{115bf}\u{1163f}\u{116b6}\u{1172b}\u{11839}\u{1193d}\u{1193e}\u{119e0}\u{11a34}\u{11a47}\u{11a99}\u{11c3f}\u{11d44}\u{11d45}\u{11d97}]$/u;
const MARK = /^[\p{M}\u1160-\u11ff\ud7b0-\ud7fb]$/u;

function replaced(char) {
  const code = char.codePointAt(0);
  if (IGNORABLE.test(char)) return "";
  if (char === "\t" || /^\p{Zs}$/u.test(char)) return " ";
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  if (code === 0x2028 || code === 0x2029) return "\u2424";
  return /^\p{Cf}$/u.test(char) ? "" : "\ufffd";
}

function limitMarks(text, most) {
  const kept = [];
  let marks = 0;
  let bare = true;
  for (const char of text) {
    if (char !== ZWNJ && char !== ZWJ) {
      if (char < "\u0300" || !MARK.test(char)) {
        marks = 0;
        bare = char === " ";
      } else {
        if (bare) kept.push("\u25cc");
        bare = false;
        marks += 1;
        if (marks > most) continue;
      }
    }
    kept.push(char);
  }
  return kept.join("");
}

const settled = (text) => limitMarks(limitMarks(text, STREAM_SAFE_MARKS).normalize("NFC"), MAX_MARKS);

/**
 * A name, a topic or the like as one line that shows what it is: nothing invisible, nothing that changes the reading
 * direction, no control characters, at most four marks on a letter. Applied to its own result, it changes nothing.
 */
export function harmless(text) {
  return PLAIN.test(text) ? text : settled(text.replace(FORMATTING, "").replace(CHANGED, replaced));
}

// Without the joiners and variation selectors that mean nothing where they stand.
function useful(text) {
  const kept = [];
  const chars = [...text];
  let joined = 0;
  for (const [at, char] of chars.entries()) {
    const before = kept.at(-1) ?? "";
    const after = chars[at + 1] ?? "";
    if (char === ZWJ) {
      if (PICTOGRAPH.test(after) && (PICTOGRAPH.test(before) || before === EMOJI_STYLE)) {
        joined += 1;
        if (joined >= MAX_JOINED) continue;
      } else if (!VIRAMA.test(before)) continue;
    } else if (char === ZWNJ) {
      if (!ARABIC_LETTER.test(before) && !VIRAMA.test(before)) continue;
    } else if (char === EMOJI_STYLE) {
      if (!PICTOGRAPH.test(before) && !(after === "\u20e3" && /^[0-9#*]$/.test(before))) continue;
    } else if (before !== ZWJ) joined = 0;
    kept.push(char);
  }
  return kept.join("");
}

const onceLegible = (text) =>
  settled(useful(text.replace(FORMATTING, "").replace(CHANGED, (char) => ([ZWNJ, ZWJ, EMOJI_STYLE].includes(char) ? char : replaced(char)))));

/** What somebody says, as `harmless` makes it, but with the joiners that Persian, Indic scripts and emoji need. */
export function legible(text) {
  if (!/[\u200c\u200d\ufe0f]/.test(text)) return harmless(text);
  const made = onceLegible(text);
  return onceLegible(made) === made ? made : harmless(text);
}

/** The lines of a text, each legible; at least one. A line break at the end adds no empty line. */
export function lines(text) {
  const parts = text.split(BREAK);
  if (parts.length > 1 && !parts.at(-1)) parts.pop();
  return parts.map(legible);
}

/** A message or a sentence of the server: legible, its line breaks kept. */
export function clean(text) {
  return PLAIN.test(text) ? text : lines(text).join("\n");
}

// ---- names

const LOOKALIKES = new Map(
  [..."аеорсухіјѕһԁԛԝӏвкмнтгүѵօսհցյզոıɑɡɩǀロニカエハトータヘ"].map((char, at) => [char, [..."aeopcyxijshdqwlbkmhtryvouhgjqniagil口二力工八卜一夕へ"][at]]),
);

// Letter by letter, because a sigma depends on its neighbours otherwise. Cherokee and the dotless i fold to themselves.
function folded(char) {
  if (char === "ı" || /^[\u13a0-\u13f5]$/.test(char)) return char;
  if (/^[\uab70-\uabbf\u13f8-\u13fd]$/.test(char)) return char.toUpperCase();
  return char.toLowerCase().toUpperCase().toLowerCase();
}

const caseless = (text) => Array.from(text, folded).join("").replaceAll("ς", "σ");

/** The key of a user's name: two names with the same key are one, however they are written. */
export function userKey(name) {
  if (PLAIN.test(name)) return name.toLowerCase();
  const text = caseless(Array.from(name).slice(0, MOST_KEYED).join("").normalize("NFKC")).normalize("NFD");
  return Array.from(text, (char) => LOOKALIKES.get(char) ?? char).join("").replace(/([ij])\u0307/g, "$1").normalize("NFC");
}

/** The key of a room's name: of a channel, a user, or `*`. */
export function roomKey(name) {
  if (PLAIN.test(name)) return name.toLowerCase();
  if (!isChannel(name)) return userKey(name);
  return caseless(Array.from(name).slice(0, MOST_KEYED).join("").normalize("NFC")).normalize("NFC");
}

/** Whether a name means a channel, and not a user. */
export const isChannel = (name) => name.startsWith("#");

/** Whether a channel can have this name. */
export function isLegalChannel(name) {
  const size = new TextEncoder().encode(name).length;
  const composed = name.normalize("NFC");
  return isChannel(name) && size > 1 && size <= 64 && !/[ ,\u2800\u{1d159}]/u.test(name) && harmless(composed) === composed;
}

/** The channel that an invite link names in its fragment, `#join=NAME` with or without the sign; "" if none. */
export function invited(fragment) {
  const found = /(?:^#?|&)join=([^&]*)/.exec(fragment);
  try {
    const name = found ? decodeURIComponent(found[1]) : "";
    const channel = name && !isChannel(name) ? `#${name}` : name;
    return isLegalChannel(channel) ? channel : "";
  } catch {
    return ""; // not percent-encoded
  }
}

/** The code of an invitation to register, of the address's `fragment`: `#invite=7KQ2-M4XZ-0H8P-VW3T`; "" if there is none. */
export const invitation = (fragment) => /(?:^#?|&)invite=([\w-]{1,64})(?:&|$)/.exec(fragment)?.[1] ?? "";

// ---- links

const START = /https?:\/\/|www\./gi;
const REST = /[^\s<>"“”«»‹›`{}|\\^␀-␡\ufffd]+/y;
const TRAILING = ".,;:!?'*…”’»，。、；：！？";
const PAIRS = { ")": "(", "]": "[", "）": "（", "】": "【", "」": "「" };

function count(text, char) {
  return text.split(char).length - 1;
}

// A bracket at the end belongs to a link if it was opened inside. The counts go down with the brackets, so that a row
// of ten thousand is still one pass.
function trimmed(link) {
  const counts = {};
  for (const [close, open] of Object.entries(PAIRS)) {
    counts[close] = count(link, close);
    counts[open] = count(link, open);
  }
  let end = link.length;
  for (; end > 0; end -= 1) {
    const last = link[end - 1];
    if (last in counts && (!(last in PAIRS) || counts[last] > counts[PAIRS[last]])) counts[last] -= 1;
    else if (!TRAILING.includes(last)) break;
  }
  return link.slice(0, end);
}

/**
 * A legible text in pieces: plain ones are strings, links `{text, href, host}`. Only http and https are links. `host` is
 * where a link really leads, if its look hides that (letters of other alphabets, a name before an @); else "".
 */
export function pieces(text) {
  const found = [];
  let from = 0;
  START.lastIndex = 0;
  for (let start; (start = START.exec(text)); ) {
    if (start.index > 0 && /[A-Za-z0-9]/.test(text[start.index - 1])) continue;
    REST.lastIndex = START.lastIndex;
    const rest = REST.exec(text);
    if (!rest) continue;
    START.lastIndex = REST.lastIndex;
    const link = trimmed(start[0] + rest[0]);
    const bare = /^www/i.test(link);
    let url;
    try {
      url = new URL(bare ? `https://${link}` : link);
    } catch {
      continue;
    }
    const [, shown] = /^[^/]*\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^/?#:]*)/.exec(bare ? `//${link}` : link);
    if (!shown || (bare && shown.length <= 4)) continue;
    const hides = url.username || url.password || url.hostname !== shown.toLowerCase();
    if (start.index > from) found.push(text.slice(from, start.index));
    found.push({ text: link, href: url.href, host: hides ? url.hostname : "" });
    from = start.index + link.length;
  }
  if (from < text.length) found.push(text.slice(from));
  return found;
}
