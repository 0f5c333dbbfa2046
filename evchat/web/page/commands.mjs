// What a typed line means, by the one table of commands, and what their answers say. As evchat/protocol/lines.py reads it.

import { messagesOf, number, record, records, text, texts } from "./arrivals.mjs";
import { isChannel } from "./text.mjs";

// Made by scripts/docs.py: words (and `=request` if it is not the first of them), what is typed after them, what it does, and
// the parameters as `key:kind` with `!` if they must be typed, `*` if they are secret, `@` if the current room is meant where
// they are missing, `-` if a line can't give them, `=word` behind that word; 1 if nothing else shows that it was carried out.
const TABLE = `
<!-- commands -->
  ping|[anything]|Checks the connection: the server sends the text back.|content:text
  register|password|Registers your name with a password, so that nobody else can use it.|password:text!*
  password|old new|Changes the password of your account.|old:word!* password:text!*
  unregister|password|Gives up your account for good; nobody can use the name again.|password:text!*
  resetpassword|name new|Sets a new password for somebody's account.|content:user! password:text!*
  adduser|name password|Registers a name for somebody else.|content:user! password:text!*|1
  certificate|[list, add or remove] [certificate or fingerprint]|Lists the certificates by which you can log in, adds or removes one.|action:word content:text
  nick|name|Changes your name.|content:user!
  msg pm send w query|name text|Sends a direct message to a user, or a message to a channel.|to:place! content:text!
  notice|#channel or name text|Sends a message that programs do not answer.|to:place! content:text!
  me|text|Describes what you do: /me waves.|content:text!
  broadcast|[user name,name] text|Sends a message to everyone online, or to the users named.|to:users=user content:text!
  join j|#channel [key]|Joins a channel, or creates it; what you type goes there.|content:channels! keys:words*
  rejoin||Joins the channels you were in, as your account remembers them; most clients need not ask.|
  part leave close|[#channel] [reason]|Leaves a channel.|content:channels@ reason:text
  channels ch||Lists the channels with their topics and numbers of members.|
  names list|[#channel]|Lists who is in a channel.|content:channel@
  topic|[text]|Shows or sets the topic of the channel; /topic - removes it.|content:text to:channel@-
  kick|[#channel] name [reason]|Kicks a user from the channel.|to:channel@ content:user! reason:text
  invite|name [#channel]|Invites a user to the channel, even if it is invite-only.|content:user! to:channel@
  mode|[#channel] [changes]|Shows a channel's modes or changes them: /mode +mk-v key bob. /mode b shows its bans.|to:channel@ content:text
  op|[#channel] name|Makes a member an operator of the channel.|to:channel@ content:user!
  deop|[#channel] name|Removes a member's channel operator status.|to:channel@ content:user!
  voice|[#channel] name|Lets a member speak in a moderated channel.|to:channel@ content:user!
  devoice|[#channel] name|Removes a member's voice.|to:channel@ content:user!
  ban|[#channel] name or mask|Bans a user, whatever name they take, or everyone who matches a mask.|to:channel@ content:word!
  unban|[#channel] name or mask|Removes a ban from the channel.|to:channel@ content:word!|1
  mute|[#channel] name [minutes]|Mutes a user for some minutes, or until /unmute.|to:channel@ content:user! minutes:number
  unmute|[#channel] name|Lets a muted user speak in the channel again.|to:channel@ content:user!|1
  bans|[#channel]|Lists the bans and mutes of the channel.|to:channel@
  who||Lists everyone online.|
  whoelse||Lists everyone else who is online.|
  wholast|minutes|Lists everyone seen in the last minutes, and when.|content:number!
  whois|name|Shows details about a user.|content:user!
  block|name|Blocks a user's direct messages and broadcasts. The user is not told.|content:user!
  unblock|name|Unblocks a user.|content:user!
  blocked||Lists the users you have blocked.|
  whowas|name [number]|Shows who had a name before, latest first.|content:user! limit:number
  people=find|mask|Finds users online: members of a channel, or by name, username, host or real name.|content:text!
  count||Shows how many users, channels and operators there are.|
  away|[text]|Marks you as away, with a reason; without one, as back.|content:text
  history|[#channel or name] [number]|Shows earlier messages of a channel, or of a conversation with a user.|to:place@ limit:number
  directs||Lists your direct conversations, latest first.|
  search|words|Searches the messages you may read.|content:text!
  pin|[#channel] [number]|Pins the channel's last message, or the one with a number.|to:channel@ seq:number
  unpin|[#channel] number|Removes a pin.|to:channel@ seq:number!
  pins|[#channel]|Lists the pinned messages of the channel.|to:channel@
  watch|name,name|Tells you when these users come online or leave.|content:users!
  unwatch|name,name|Stops watching these users.|content:users!
  watched||Lists the users you watch, and which of them are online.|
  umode=usermode|[+i]|Shows or sets your modes: i invisible, w wallops, B bot, T no CTCP, R no guests.|content:word
  realname|text|Sets your real name; /realname - removes it.|content:text!|1
  oper|name password|Makes you a server operator.|content:word! password:text!*
  kill|name [reason]|Disconnects a user from the server.|content:user! reason:text
  wallops|text|Sends a message to server operators and to users with mode w.|content:text!
  audit|[number]|Lists the latest actions of server operators.|limit:number
  banish|whom [minutes] [reason]|Bans a name, account, address, range of addresses or mask from the server.|content:word! minutes:number reason:text
  pardon|whom|Removes a ban from the server.|content:word!|1
  banished||Lists the bans from the server.|
  status||Shows how the server is: who is there, what is stored, since when it runs.|
  accounts|[after]|Lists the accounts, in alphabetical order.|after:user
  invitecode|[uses] [days]|Makes a code with which people can register.|uses:number days:number|1
  invitecodes||Lists the invitation codes that can still be used.|
  revokecode|code|Revokes an invitation code.|code:word!|1
  keep|days [#channel]|Sets for how many days the messages of a channel are kept.|days:number! to:channel@|1
  export||Fetches what is stored about you, for programs.|
  erase|password|Gives up your account and deletes all that is stored about you, for good.|password:text!*
  eraseuser|name|Deletes all that is stored about somebody, for good.|content:user!|1
<!-- /commands -->
`;

// The page's own. They stand in place of the server's with the same words.
const OWN = `
  query|name|Opens a conversation with a user.|content:user!
  close wc||Leaves the channel or closes the conversation.|
  back||You are no longer away.|
  edit|text|Gives the last message that you sent here another text.|content:text!
  find grep|[words]|Searches messages.|content:text
  urls||Lists the links of the room.|
  theme|name|Changes the colours: auto, light, dark or contrast.|content:word
  login|[name] [password]|Logs in under another name.|content:user password:text*
  quit logout exit||Logs out.|
  reconnect||Connects to the server again at once.|
  help h ?|[word]|Shows how to begin; with a word: keys, signs, commands, or what matches it.|content:word
`;

/** All commands: `{name, also, usage, help, request, params, confirm}`. */
export const COMMANDS = (OWN + TABLE).match(/^  .+/gm).map((row) => {
  const [words, behind, help, params, confirm = ""] = row.slice(2).split("|");
  const [typed, request] = words.split("=");
  const [name, ...also] = typed.split(" ");
  const read = (param) => {
    const [, key, kind, marks, marker] = /^(\w+):(\w+)([!*@-]*)(?:=(\w+))?$/.exec(param);
    return { key, kind, must: marks.includes("!"), secret: marks.includes("*"), here: marks.includes("@"), silent: marks.includes("-"), marker };
  };
  const usage = `/${name} ${behind}`.trim();
  return { name, also, usage, help, request: request ?? name, params: params.split(" ").filter(Boolean).map(read), confirm: confirm === "1" };
});

const BY_WORD = new Map([...COMMANDS].reverse().flatMap((command) => [command.name, ...command.also].map((word) => [word, command])));

/** Emoji by their short names. */
export const EMOJI = Object.fromEntries(`
<!-- emoji -->
  grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 sweat_smile 😅 rofl 🤣 joy 😂 slight_smile 🙂 upside_down 🙃
  wink 😉 blush 😊 innocent 😇 heart_eyes 😍 star_struck 🤩 kissing_heart 😘 yum 😋 tongue 😛 zany 🤪 money_mouth 🤑
  hug 🤗 hand_over_mouth 🤭 shush 🤫 thinking 🤔 zipper_mouth 🤐 raised_eyebrow 🤨 neutral 😐 expressionless 😑 no_mouth 😶 smirk 😏
  unamused 😒 eye_roll 🙄 grimacing 😬 lying 🤥 relieved 😌 pensive 😔 sleepy 😪 drooling 🤤 sleeping 😴 mask 😷
  sick 🤒 nauseated 🤢 sneezing 🤧 hot 🥵 cold 🥶 dizzy_face 😵 mind_blown 🤯 cowboy 🤠 party 🥳 sunglasses 😎
  nerd 🤓 confused 😕 worried 😟 slight_frown 🙁 open_mouth 😮 astonished 😲 flushed 😳 pleading 🥺 fearful 😨 cold_sweat 😰
  cry 😢 sob 😭 scream 😱 disappointed 😞 sweat 😓 weary 😩 tired 😫 yawning 🥱 triumph 😤 rage 😡
  angry 😠 cursing 🤬 devil 😈 skull 💀 poop 💩 clown 🤡 ghost 👻 alien 👽 robot 🤖 cat 🐱
  dog 🐶 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊 wave 👋 raised_hand ✋ ok_hand 👌 crossed_fingers 🤞 metal 🤘 call_me 🤙
  point_left 👈 point_right 👉 point_up 👆 point_down 👇 thumbsup 👍 +1 👍 thumbsdown 👎 -1 👎 fist ✊ punch 👊
  clap 👏 raised_hands 🙌 open_hands 👐 handshake 🤝 pray 🙏 muscle 💪 eyes 👀 brain 🧠 facepalm 🤦 shrug 🤷
  bow 🙇 runner 🏃 dancer 💃 broken_heart 💔 two_hearts 💕 sparkling_heart 💖 purple_heart 💜 blue_heart 💙 green_heart 💚 yellow_heart 💛
  orange_heart 🧡 black_heart 🖤 white_heart 🤍 100 💯 boom 💥 sweat_drops 💦 dash 💨 zzz 💤 speech_balloon 💬 thought_balloon 💭
  fire 🔥 sparkles ✨ star ⭐ glowing_star 🌟 rainbow 🌈 sun 🌞 moon 🌙 snowman ⛄ umbrella ☔ zap ⚡
  ocean 🌊 earth 🌍 rose 🌹 four_leaf_clover 🍀 tree 🌳 cactus 🌵 mushroom 🍄 bug 🐛 bee 🐝 turtle 🐢
  snake 🐍 whale 🐳 penguin 🐧 unicorn 🦄 crab 🦀 owl 🦉 fox 🦊 bear 🐻 panda 🐼 coffee ☕
  tea 🍵 beer 🍺 beers 🍻 wine 🍷 champagne 🍾 cake 🍰 birthday 🎂 pizza 🍕 burger 🍔 fries 🍟
  popcorn 🍿 cookie 🍪 apple 🍎 banana 🍌 tada 🎉 confetti 🎊 balloon 🎈 gift 🎁 trophy 🏆 medal 🏅
  soccer ⚽ basketball 🏀 dart 🎯 game 🎮 dice 🎲 art 🎨 music 🎵 guitar 🎸 movie 🎬 rocket 🚀
  airplane 🛫 car 🚗 bike 🚲 train 🚆 ship 🚢 house 🏠 hourglass ⌛ watch ⌚ alarm ⏰ phone 📱
  computer 💻 camera 📷 bulb 💡 book 📖 books 📚 memo 📝 pencil 📝 mail 📧 package 📦 lock 🔒
  unlock 🔓 key 🔑 hammer 🔨 wrench 🔧 link 🔗 magnet 🧲 bomb 💣 pill 💊 money 💰 chart 📈
  calendar 📅 pushpin 📌 paperclip 📎 mag 🔍 bell 🔔 no_bell 🔕 construction 🚧 rotating_light 🚨 stop 🛑 check ✅
  x ❌ question ❓ exclamation ❗ no_entry ⛔ repeat 🔁 plus ➕ minus ➖ green_circle 🟢 red_circle 🔴 yellow_circle 🟡
  ok 🆗 new 🆕 sos 🆘 checkered_flag 🏁
<!-- /emoji -->
`.match(/\S+ [^\s\w<-]\S*/g).map((pair) => pair.split(" ")));

const MOST_DIGITS = 15; // of a number: fewer than the largest one that is kept exactly has

const wordOf = (rest) => /^(\S+)\s*([^]*)$/.exec(rest).slice(1);
const split = (words) => words.split(/[,\s]+/).filter(Boolean);

// The value at the start of `rest` for a parameter (undefined if there is none), and what is left of it.
function take({ kind, marker, must }, rest, later) {
  if (!rest) return [undefined, ""];
  if (kind === "text") return [rest, ""];
  let start = rest;
  if (marker) {
    const [word, left] = wordOf(rest);
    if (![marker, `${marker}s`].includes(word.toLowerCase()) || !left) return [undefined, rest];
    start = left;
  }
  let [word, left] = wordOf(start);
  if (["users", "channels", "words"].includes(kind)) {
    for (let next; word.endsWith(",") && left; word += next) [next, left] = wordOf(left);
    if (kind === "channels" && !isChannel(word) && !must) return [undefined, rest];
    return split(word).length ? [split(word), left] : [undefined, left];
  }
  const isNumber = /^\d+$/.test(word);
  if (kind === "number") return isNumber && word.length <= MOST_DIGITS ? [Number(word), left] : [undefined, rest];
  if (kind === "channel" && !isChannel(word)) return [undefined, rest];
  if (kind === "place" && !left && isNumber && later.some((param) => param.kind === "number")) return [undefined, rest];
  return [word, left];
}

/**
 * What a line means that begins with one slash: `{request, command}` (with the keys of docs/protocol/json.md), `{mistake}` (a
 * sentence), or `{command, request, secrets}` if nothing but secrets is missing: the parameters to ask for. `room` is the
 * current one.
 */
export function parse(line, room) {
  const [, typed, given] = /^\/(\S*)\s*([^]*)$/.exec(line);
  const word = typed.toLowerCase();
  let rest = given.trimEnd();
  if (word === "list") {
    if (!rest) return { command: "who", request: { request: "who" } };
    if (!isChannel(rest)) rest = `#${rest}`;
  }
  const command = BY_WORD.get(word);
  if (!command) return { mistake: `There is no command /${typed}. /help commands lists them.` };
  const request = { request: command.request };
  const secrets = [];
  const typable = command.params.filter((param) => !param.silent);
  for (const [at, param] of typable.entries()) {
    const [taken, left] = take(param, rest, typable.slice(at + 1));
    if (taken !== undefined) request[param.key] = taken;
    else if (param.must && param.secret) secrets.push(param);
    else if (param.must || (rest && param.kind === "number" && /^\d/.test(rest))) return { mistake: `Usage: ${command.usage}` };
    rest = left;
  }
  if (rest) return { mistake: `Too many words for /${word}. Usage: ${command.usage}` };
  for (const { key, kind, here } of command.params) {
    if (here && request[key] === undefined && room) request[key] = kind === "channels" ? [room] : room;
  }
  return secrets.length ? { command: command.name, request, secrets } : { command: command.name, request };
}

// ---- answers

const when = (at) => (number(at) ? new Date(at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }) : "");
/** `1 user`, `2 users`. */
export const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const joined = (...parts) => parts.filter(Boolean).join(" · ");
const row = (title, note = "", open = "") => ({ text: title, note, open });

const awayOf = (person) => (typeof person.away === "string" ? `away${person.away ? `: ${person.away}` : ""}` : "");
const idleOf = (person) => (number(person.idle) >= 60_000 ? `idle ${Math.floor(person.idle / 60_000)} min` : "");

function personRow(person) {
  const seen = person.online === false ? `last seen ${when(person.seen)}` : "";
  return row(text(person.name), joined(awayOf(person), idleOf(person), seen, texts(person.channels).join(", "), text(person.realname)), text(person.name));
}

const people = (title) => (facts) => [`${counted(records(facts.content).length, "user")} ${title}`, records(facts.content).map(personRow)];
const bans = (facts) => [
  `The ${text(facts.mode) || "ban"} list of ${text(facts.to)}`,
  records(facts.content).map((each) => row(text(each.whom) || text(each.mask), joined(text(each.mask), `by ${text(each.by)}`, when(each.at), each.until && `until ${when(each.until)}`))),
];
const saidRow = (message) => row(`${message.sender}: ${message.content}`, joined(message.to, when(message.at)), isChannel(message.to) ? message.to : "");

const LISTS = {
  who: people("online"),
  whoelse: people("online besides you"),
  wholast: people("seen lately"),
  find: people("found"),
  look: people("found"),
  channels: (facts) => [
    counted(records(facts.content).length, "channel"),
    records(facts.content).map((each) => row(text(each.name), joined(counted(number(each.users) ?? 0, "user"), text(each.topic)), text(each.name))),
  ],
  directs: (facts) => [
    "Your conversations",
    records(facts.content).map((each) => row(text(each.name), joined(each.unread && `${each.unread} unread`, when(each.last)), text(each.name))),
  ],
  mode: bans,
  bans,
  banished: (facts) => [
    "Banned from the server",
    records(facts.content).map((each) => row(text(each.whom), joined(`by ${text(each.by)}`, when(each.at), each.until && `until ${when(each.until)}`, text(each.reason)))),
  ],
  audit: (facts) => ["The audit log", records(facts.content).map((each) => row(joined(text(each.by), text(each.act), text(each.target)), joined(when(each.at), text(each.detail))))],
  whowas: (facts) => ["Earlier users of that name", records(facts.content).map((each) => row(text(each.name), joined(`until ${when(each.until)}`, text(each.account), text(each.realname))))],
  pins: (facts) => [`Pinned in ${text(facts.to)}`, messagesOf(facts).map(saidRow)],
  search: (facts) => [`${counted(messagesOf(facts).length, "message")} found`, messagesOf(facts).map(saidRow)],
  blocked: (facts) => ["Users you have blocked", texts(facts.content).map((name) => row(name))],
  names: (facts) => [
    `Users in ${text(facts.to)}`,
    texts(facts.content).map((name) => row(name, texts(facts.operators).includes(name) ? "operator" : texts(facts.voiced).includes(name) ? "voice" : "", name)),
  ],
  history: (facts) => [`${text(facts.to)}, earlier`, messagesOf(facts).map(saidRow)],
};

// What is said of a list without entries.
const EMPTY = {
  who: "Nobody else is online.", whoelse: "Nobody else is online.", wholast: "Nobody else is online.", find: "No users match.", channels: "There are no channels.",
  directs: "You have no direct conversations.", mode: "That list is empty.", bans: "Nobody is banned or muted here.", banished: "Nobody is banned from the server.",
  audit: "The audit log is empty.", whowas: "No record of that name.", pins: "Nothing is pinned here.", search: "Nothing found.",
  blocked: "You have not blocked anyone.", names: "Nobody is there.", history: "There are no messages.",
};

/** The answer to a command as `{title, rows}`, if it is a list of something; else null. */
export function listed(name, facts) {
  const person = name === "whois" && record(facts.content);
  if (person && text(person.name)) {
    const details = {
      Status: person.online === false ? `not online, last seen ${when(person.seen)}` : joined("online", awayOf(person), idleOf(person)),
      "Online since": person.online && when(person.since),
      Channels: texts(person.channels).join(", "),
      "Real name": text(person.realname),
      Account: text(person.account),
      Role: joined(person.operator && "operator of the server", person.bot && "program"),
      Address: text(person.address) || text(person.host),
    };
    const rows = Object.entries(details).filter(([, value]) => value).map(([title, value]) => row(title, value));
    return { title: `${person.name} (${person.registered ? "a registered name" : "a guest"})`, rows };
  }
  if (!Object.hasOwn(LISTS, name) || !Array.isArray(facts.content)) return null;
  const [title, rows] = LISTS[name](facts);
  if (number(facts.omitted)) rows.push(row(`And ${facts.omitted} more.`));
  return rows.length ? { title, rows } : null;
}

/** What any other answer says, for a person; "" if nothing needs to be said. */
export function sentence(name, facts) {
  const content = record(facts.content);
  if (name === "mode" && "created" in facts) return text(facts.content) ? `The modes of ${text(facts.to)} are: ${facts.content}` : `${text(facts.to)} has no modes.`;
  if (["watch", "watched"].includes(name) && content) {
    const here = records(content.online).map((each) => text(each.name));
    const gone = texts(content.offline);
    return [here.length && `Online: ${here.join(", ")}.`, gone.length && `Not online: ${gone.join(", ")}.`].filter(Boolean).join("\n") || "You are not watching anyone.";
  }
  if (name === "count" && content) {
    return `${counted(number(content.users) ?? 0, "user")}, ${counted(number(content.channels) ?? 0, "channel")}. Most users online at once: ${number(content.most) ?? 0}.`;
  }
  if (name === "usermode") return /^[+-]/.test(text(facts.content)) ? `Your modes have changed: ${facts.content}.` : `Your modes: ${text(facts.content) || "none"}.`;
  if (name === "topic" && "set_at" in facts) return text(facts.content) ? `The topic of ${text(facts.to)} is: ${facts.content}` : `${text(facts.to)} has no topic.`;
  if (name === "broadcast" && content) {
    const missed = texts(content.missed);
    return `Your broadcast reached ${counted(number(content.delivered) ?? 0, "user")}.${missed.length ? ` Not reached: ${missed.join(", ")}.` : ""}`;
  }
  if (Array.isArray(facts.content) && Object.hasOwn(EMPTY, name)) return EMPTY[name];
  const said = Array.isArray(facts.text) ? texts(facts.text).join("\n") : text(facts.content);
  return said || (COMMANDS.some((command) => command.request === name && command.confirm) ? "Done." : "");
}
