// The state that the view draws, and the pure functions that change it. There is no DOM and no I/O here.
//
// `createModel()` makes the state, `apply(model, event, now)` takes what the session tells (session.mjs) and what the
// user does, and returns what has changed as a set of words, so that the view redraws only that:
//
//   "link" "me" "server" "question" "notices" "list" "search"   the property of the model with that name
//   "rooms"                the list of rooms: which there are, their order, unread counts, mentions
//   "current"              another room is open
//   "lines KEY"            lines of a room, its gaps, or its mark of what is new; KEY is the room's key
//   "members KEY"  "topic KEY"  "typing KEY"  "draft KEY"       that part of a room
//
// Several sets may be joined into one before anything is drawn: at most 20 times a second is enough.
// All texts are as others wrote them. The view shows them as text, and only after `harmless` of text.mjs.

/**
 * @typedef {object} Model
 * @property {{name: string, registered: boolean, away: string, operator: boolean}} me  `name` is "" before a name was given;
 *     `away` is one's away message, "" if one is here; `operator`: of the server.
 * @property {{name: string, address: string, motd: string}} server
 * @property {Link} link
 * @property {Question | null} question  what has to be answered before one can talk
 * @property {Map<string, Room>} rooms  by key (`roomKey(name)`), in the order in which they are listed: channels, then
 *     direct conversations, the latest first, then `*`, the broadcasts to everyone
 * @property {string} current  the key of the open room; "" before there is one
 * @property {Notice[]} notices  what is to be told apart from any room, newest last, at most 20
 * @property {List | null} list  what a command lists: the channels, who is online, a whois, the pins, the help
 * @property {Search | null} search
 * @property {boolean} here  whether the user looks at the page
 * @property {object} drafts  what was being typed when the page was left, by the key of the room
 * @property {Map<string, [Room, Line]>} waiting  one's own lines that wait or were refused, by id
 * @property {string} wanted  the key of the room that is to be opened as soon as one is in it, or ""
 * @property {boolean} met  whether the direct conversations are known
 */

/**
 * @typedef {object} Link
 * @property {"offline" | "connecting" | "online" | "asked"} state  "asked": connected, but `question` is to be answered
 * @property {number} since  when it became so (ms since the epoch)
 * @property {number | null} retryAt  when the next attempt is made, if it is offline (ms)
 * @property {string} words  why, as a sentence; may be ""
 * @property {number} waiting  how many lines of one's own are not sent yet, in all rooms
 * @property {string} problem  why lines can't be kept on this device at the moment (private window, full disk); or ""
 */

/**
 * @typedef {object} Question
 * @property {"name" | "password" | "server-password"} kind
 * @property {string} text  the question as a sentence; if the last answer was refused, why
 * @property {string} name  the name it is about, for "password"
 * @property {string} suggestion  a name that is free, or ""
 * @property {boolean} wrong  whether the last answer was refused
 * @property {boolean} [fresh]  whether the name is to be registered by an invitation: the password is a new one
 * @property {string} [command]  the command that needs this password; "" as the answer takes it back
 */

/**
 * @typedef {object} Room
 * @property {string} key
 * @property {string} name  `#ops`, `bob`, or `*`
 * @property {"channel" | "direct" | "everyone"} kind
 * @property {string} title  what to call it: its name, or "Everyone"
 * @property {string} topic
 * @property {boolean} present  whether one is in the channel at the moment (true for others)
 * @property {Map<string, Member>} members  of a channel, by key (`userKey(nick)`), unsorted
 * @property {number} users  how many are in it; more than `members` has if the server does not list them all
 * @property {Map<number, Line>} bySeq  its lines by their numbers
 * @property {Line[]} lines  in order: those with a number by `seq`, one's own that wait at the end
 * @property {number} read  the number up to which one has read, on whatever device
 * @property {number} head  the number of the last message there is
 * @property {number} rev  the number of the last change to its messages
 * @property {number} unread  messages after `read` that others wrote
 * @property {number} mentions  those of them that name oneself (in a direct conversation: all)
 * @property {number | null} newFrom  where the line "new" is drawn: above the first line with a `seq` greater than
 *     this. It stays where it is while the room is open.
 * @property {boolean} atStart  nothing older can be fetched
 * @property {boolean} loading  older messages are being fetched
 * @property {Map<string, number>} typing  who is typing, by name, until when (ms)
 * @property {string} draft  what was typed there and not sent
 * @property {string | null} away  why the other side of a direct conversation is away; null: it is not, or unknown
 * @property {number} lastAt  when something was said there last (ms)
 * @property {Map<string, number>} speakers  when each user spoke there last, by key
 * @property {boolean} entered  whether one has been in the channel since the page was loaded
 * @property {object | null} coming  the line that tells who joined and left, as long as it is the last one
 */

/** @typedef {{nick: string, op: boolean, voice: boolean, away: string | null}} Member  `away`: why, null if here */

/**
 * @typedef {object} Line
 * @property {string} key  its own, for as long as it is shown, and no other line's: for keyed rows
 * @property {"message" | "action" | "notice" | "event" | "gap"} kind  "event": somebody joined, the topic changed, …, as
 *     a sentence in `text`; "gap": messages are missing here, see `missing`
 * @property {number | null} seq  its number; null for events, and lines of one's own that wait
 * @property {string} id  the sender's id
 * @property {number} at  when (ms since the epoch)
 * @property {string} sender
 * @property {string} text  "" if redacted
 * @property {boolean} mine
 * @property {boolean} mention  it names oneself
 * @property {"sent" | "waiting" | "refused"} state
 * @property {string} refusal  why the server refused it: offer `resend` and `discard`
 * @property {boolean} redacted
 * @property {boolean} edited  its sender has changed it since
 * @property {string} role  "o" or "v" if only those with that role hear it, or ""
 * @property {string} note  what is to be added to one's own: "bob is away: lunch", "kept for bob"; or ""
 * @property {{after: number, before: number} | null} missing  of a gap: the numbers on both sides
 */

/** @typedef {{key: string, text: string, kind: "info" | "error", at: number}} Notice */

/** @typedef {{title: string, rows: {text: string, note: string, open: string}[]}} List  `open`: a room that a click opens, or "" */

/**
 * @typedef {object} Search
 * @property {string} words
 * @property {string} room  the key of the room searched in, "" for all
 * @property {boolean} searching
 * @property {{room: string, line: Line}[]} found  newest first
 */

/**
 * What the view may ask for; app.mjs makes them: `const {model, actions, subscribe} = start()`. `subscribe(listener)` has
 * the listener called with each set of changes. Rooms are given by key or name.
 *
 * @typedef {object} Actions
 * @property {(room: string, text: string) => Promise<void>} say  the text as typed; several
 *     lines are one message; a command if it begins with one slash. Settled once it is kept on this device.
 * @property {(room: string) => void} open  shows a room, joining the channel or beginning the conversation if need be
 * @property {(channel: string, password?: string) => void} join
 * @property {(room: string, reason?: string) => void} part  leaves a channel, or closes a conversation
 * @property {(name: string) => void} direct  opens the conversation with a user
 * @property {(answer: string) => void} answer  to the `question`; "" to a password: another name is wanted
 * @property {(text: string) => void} command  `/whois bob`, in the current room; its outcome is a notice or the `list`
 * @property {(room: string) => void} older  fetches a page of older messages, unless that is under way or `atStart`
 * @property {(room: string, after: number, before: number) => void} fill  fetches what is missing in a gap
 * @property {(room: string, seq: number) => Promise<boolean>} jump  has the messages around one loaded; whether it is there
 * @property {(room: string, seq: number) => void} markRead  one has seen everything up to this message
 * @property {(room: string, seq: number) => void} redact
 * @property {(words: string, room?: string) => void} search  "" ends the search
 * @property {(room: string, key: string) => void} resend  sends a line again that was refused
 * @property {(room: string, key: string) => void} discard  forgets a line that was refused
 * @property {(room: string, text: string) => void} typing  something is in the input of the room: tells the others, and
 *     keeps it as the room's draft
 * @property {(notice: string) => void} dismiss  a notice, by key
 * @property {() => void} closeList
 * @property {() => void} retry  tries to connect now
 * @property {() => void} logOut  ends the session; the next login is asked for a name
 */

/**
 * An empty model.
 * @param {string} address  where the server is, as shown to the user
 * @returns {Model}
 */
export function createModel(address = "") {
  return {
    me: { name: "", registered: false, away: "", operator: false },
    server: { name: "", address, motd: "" },
    link: { state: "offline", since: 0, retryAt: null, words: "", waiting: 0, problem: "" },
    question: null,
    rooms: new Map(),
    current: "",
    notices: [],
    list: null,
    search: null,
    here: true,
    drafts: {},
    waiting: new Map(),
    wanted: "",
    met: false,
  };
}
