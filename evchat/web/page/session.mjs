// The conversation with the server, without any I/O: logging in, staying in, sending every line, missing no message.
//
// What the server sends goes in by `receive`, frames come out in `out`, and what the view should know comes back as news:
// objects with the keys of docs/protocol/json.md, each message once and with its `room`; and those of the session itself,
// whose `response` no server can send: "state", "login", "sent", "directs", "reset", "gap".
// As tui/connection/session.py, with which it shares its tests (tests/web/transcripts).

import { answerOf, decode, flag, messageOf, number, record, records, Router, text, texts } from "./arrivals.mjs";
import { Channels, joinRequests, Outage, Sender, Standing } from "./kept.mjs";
import { Login } from "./login.mjs";
import { Gaps, Heartbeat, MAX_REQUEST_BYTES, Requests } from "./requests.mjs";
import { userKey } from "./text.mjs";

const MAX_REFRESHED = 50; // direct conversations refreshed after a reconnection
const WRONG_SERVER = "That is not an evchat server.";

/**
 * One user's conversation with one server, over all its connections. Times are milliseconds since the epoch. The caller
 * sends the frames in `out` and removes them. `broken` says why the present connection is of no use any more.
 */
export class Session {
  #login;
  #outbox;
  #requests;
  #news = [];
  #sender;
  #router;
  #gaps;
  #channels;
  #standing = new Standing();
  #joining = new Map(); // the requests under way that go to several channels at once
  #asked = new Map(); // the user's requests under way
  #heart = new Heartbeat();
  #welcomed = false;
  #keepsRooms = false;
  #lastWords = null; // the answer with which the server closes the connection
  #outage = new Outage();

  constructor({ user, password = null, channels = ["#main"], outbox, serverPassword = null }) {
    this.broken = "";
    this.state = "offline";
    this.#login = new Login(user, password, serverPassword);
    this.#outbox = outbox;
    this.#requests = new Requests(() => outbox.newId());
    this.#sender = new Sender(outbox, (request) => this.#requests.send(request), (event) => this.#news.push(event));
    this.#router = new Router(user, this.#news, (id, seq, at) => this.#sender.seen(id, seq, at));
    this.#gaps = new Gaps(this.#requests, this.#router);
    this.#channels = new Channels(channels);
  }

  get user() {
    return this.#login.user;
  }

  get password() {
    return this.#login.password;
  }

  get out() {
    return this.#requests.out;
  }

  /** The user's channels, in the order in which they were first wanted. */
  get channels() {
    return [...this.#channels.wanted].filter(([key]) => this.#channels.entered.has(key)).map(([, name]) => name);
  }

  /** What the next page is to `recall`: where one wants to be. */
  get kept() {
    return this.#channels.facts();
  }

  /** With what the next page of this tab goes on at once. It is as good as a password, and good once. */
  get token() {
    return this.#login.token;
  }

  /** What the page before has kept; to be called before the first connection. It `returns` if that one was logged in. */
  recall(facts) {
    this.#channels.recall(facts);
    if (facts.returns === true) this.#login.recall(text(facts.resume));
  }

  // ---- the connection

  connecting() {
    this.#tellState("connecting");
  }

  connected(now) {
    this.#requests.connected = true;
    this.#heart.begin(now);
    this.#login.connected();
    this.#tellState("connecting");
    this.#requests.ask("hello", { request: "hello", content: { version: 1, client: "evchat-page" } });
    this.#logIn();
  }

  /** The connection is gone, or could not be made; it is tried again at `retryAt`. */
  lost(now, reason = "", retryAt = null) {
    const words = this.#lastWords;
    const why = words?.content || this.broken || reason;
    this.#welcomed = false;
    this.#lastWords = null;
    this.broken = "";
    this.#requests.lost();
    this.#channels.entered.clear();
    this.#joining.clear();
    this.#sender.stop();
    this.#router.lost();
    this.#gaps.lost();
    this.#heart.stop();
    this.#login.due = null;
    for (const id of this.#asked.keys()) this.#fail(id, "offline", "The connection was lost before the answer arrived.");
    this.#asked.clear();
    if (this.state === "online") this.#outage.begin(now);
    if (this.state !== "refused") this.#enterState({ state: "offline", reason: why, retry_at: retryAt, code: words?.code ?? "" });
  }

  // ---- what the user wants

  /** Sends a line to a channel, a user, or `*`, now or when possible; returns its id. It is kept first. */
  say(room, content, now, action = false, id = "") {
    return this.#sender.say(room, content, now, action, id);
  }

  /** Lines that were taken in have been kept, or another tab's were adopted: they may be sent. */
  pump(now) {
    this.#sender.pump(now);
  }

  /** Sends a line once more that has failed; returns the id that it has now. */
  again(id, now, newId = "") {
    return this.#sender.again(id, now, newId);
  }

  /** Forgets a line that is not to be sent any more. */
  drop(id) {
    this.#sender.drop(id);
  }

  /** The lines that are queued or have failed, oldest first. */
  pending() {
    return [...this.#outbox.lines.values()];
  }

  /** Sends a request, with the keys of docs/protocol/json.md; returns the id that its answer bears as `reply_to`. */
  ask(request, now, id = "") {
    const number = id || this.#outbox.newId();
    if (this.state !== "online") this.#fail(number, "offline", "You are not connected. Try again later.");
    else if (this.#requests.send({ ...request, id: number })) this.#asked.set(number, request);
    else this.#fail(number, "too-long", "That is too long for the server.");
    return number;
  }

  /** Ends the session, so that it is not held for our return; also while a login has no answer yet. */
  sayGoodbye() {
    if (this.#requests.connected) this.#requests.ask("quit", { request: "quit" });
  }

  /** Whether the name is still to be registered by an invitation. */
  get enrols() {
    return this.#login.invite !== "";
  }

  /** Registers a name by an invitation, and logs in. */
  enrol(user, password, invite) {
    this.#become(user, password, invite);
  }

  /** Logs in under another name, or with another password. */
  login(user, password) {
    this.#become(user, password, "");
  }

  #become(user, password, invite) {
    if (this.state === "online") {
      this.#requests.ask("logout", { request: "logout" });
      this.#channels.entered.clear();
      this.#sender.stop();
    }
    if (!this.#isMe(user)) this.#standing.begin();
    this.#login.change(user, password, invite);
    this.#router.rename(user);
    this.#tellState(this.#requests.connected ? "connecting" : "offline");
    if (this.#requests.connected) this.#logIn();
  }

  /** Gives the server's password, and logs in if it is right. */
  giveServerPassword(password) {
    this.#login.changeServerPassword(password);
    this.#tellState(this.#requests.connected ? "connecting" : "offline");
    if (this.#requests.connected) this.#logIn();
  }

  // ---- time

  /** When `poll` should be called at the latest, if nothing else happens. */
  get deadline() {
    const due = [this.#heart.timeout, this.#heart.due, this.#login.due, this.#gaps.due, this.#sender.due];
    const at = due.filter((each) => each !== null);
    return at.length ? Math.min(...at) : null;
  }

  /** Does what is due, and returns the news since the last time. */
  poll(now) {
    const isDue = (at) => at !== null && now >= at;
    if (isDue(this.#login.due)) this.#logIn();
    if (isDue(this.#gaps.due)) this.#gaps.retry();
    if (isDue(this.#sender.due)) this.#sender.pump(now);
    if (isDue(this.#heart.due)) this.#ping(now);
    this.broken = this.#heart.died(now) || this.broken;
    const news = this.#news.splice(0);
    this.#outage.saw(news, this.user);
    return this.#requests.waitFor("join", "history") ? news : [...news, ...this.#outage.over(this.#sender.due !== null)];
  }

  // ---- what the server says

  /** Takes whole lines from the server, in any number; returns the news. */
  receive(data, now) {
    this.#heart.heard(now);
    for (const line of data.split("\n")) {
      if (!line.trim()) continue;
      let facts = null;
      try {
        facts = record(JSON.parse(line));
      } catch {
        // not JSON
      }
      if (!facts) {
        this.#garbage();
        continue;
      }
      const event = decode(facts);
      if (event?.response === "message") this.#gaps.fill(this.#router.message(event));
      else if (event) this.#hear(event, now);
    }
    return this.poll(now);
  }

  // Something is not the protocol. From a server that has answered before, it is passed over.
  #garbage() {
    if (this.#welcomed) return;
    this.broken = WRONG_SERVER;
    this.#enterState({ state: "refused", reason: WRONG_SERVER, code: "wrong-server" });
  }

  #hear(event, now) {
    if (event.facts) this.#answer(event, now);
    else if (event.response === "ping") this.#requests.send({ request: "pong" });
    else if (["redacted", "edited"].includes(event.response)) this.#router.altered({ ...event, history: false });
    else if (event.response === "history") this.#gaps.fill(this.#router.recent(event));
    else if (this.#note(event)) this.#news.push(event);
  }

  // Tracks the user's channels and name. Returns whether the view should get the event.
  #note(event) {
    const { response, sender, to } = event;
    if (response === "kicked" && to && this.#isMe(event.name)) this.#channels.leave(to);
    if (!this.#isMe(sender)) return true;
    if (response === "renamed" && event.content) this.#call(event.content);
    else if (response === "left" && to) this.#channels.leave(to);
    else if (response === "presence") this.#standing.away = event.away ?? "";
    else if (response === "joined" && to) return this.#cameInto(event);
    return true;
  }

  #isMe(name) {
    return userKey(name) === userKey(this.user);
  }

  #cameInto(event) {
    if (this.#channels.isUnwanted(event)) {
      this.#requests.ask("part", { request: "part", content: event.to });
      return false;
    }
    if (!this.#channels.enter(event.to)) return false;
    this.#gaps.check(this.#router.entered(event));
    return true;
  }

  #call(name) {
    this.#login.user = name;
    this.#router.rename(name);
  }

  // ---- answers

  #answer(answer, now) {
    const id = answer.reply_to;
    if (this.#sender.isFlying(id)) {
      const room = this.#sender.answered(answer, now);
      const seq = number(answer.facts.seq);
      const at = number(answer.facts.at);
      if (room !== null && seq !== null && at !== null) this.#said(room, seq, at, flag(answer.facts.duplicate));
    } else if (this.#requests.own.has(id)) {
      const [what, sequence] = this.#requests.own.get(id);
      this.#requests.own.delete(id);
      this.#ownAnswer(what, sequence, answer, now);
    } else if (this.#asked.has(id)) {
      const request = this.#asked.get(id);
      this.#asked.delete(id);
      if (!answer.failed) this.#askedFor(request, answer.facts);
      this.#news.push(answer);
    } else if (!id && answer.closing) this.#lastWords = answer;
    else if (!id) this.#news.push(answer);
  }

  // A line of ours has its place in its room.
  #said(room, seq, at, duplicate) {
    const sequence = this.#router.sequence(room);
    const time = duplicate && room === "*" ? 0 : at; // this answer does not tell when it was first said
    if (sequence.take(seq, time, null, this.#news, !duplicate)) this.#gaps.fill(sequence);
  }

  // The user has got what was asked for.
  #askedFor(request, facts) {
    const name = request.request;
    this.#standing.asked(request, facts);
    if (name === "part") for (const channel of texts(facts.channels)) this.#channels.leave(channel);
    else if (["register", "password"].includes(name) && typeof request.password === "string") this.#login.registered(request.password);
    else if (name === "unregister") this.#login.registered(null);
    else if (name === "notice" && number(facts.seq) !== null) {
      const { seq, at, to } = facts;
      this.#gaps.fill(this.#router.message(messageOf({ sender: this.user, to, content: request.content, notice: true, seq, at })));
    } else if (["redact", "edit"].includes(name) && text(facts.to)) this.#router.sequence(facts.to).changed(number(facts.rev));
    else if (name === "nick" && text(facts.name)) this.#call(facts.name);
  }

  #ownAnswer(what, sequence, answer, now) {
    if (what === "hello") this.#greeted(answer, now);
    else if (what === "pass" || what === "register") {
      const refused = what === "pass" ? this.#login.passed(answer, now) : this.#login.enrolled(answer, now);
      if (refused) this.#enterState(refused);
      else this.#logIn();
    } else if (what === "login") {
      if (answer.failed) this.#enterState(this.#login.refused(answer, now));
      else this.#loggedIn(answer.facts, now);
    } else if (what === "ping") {
      this.#heart.answered(now);
      this.#outage.answered();
      // All that a login leads into has come by now. Who was in elsewhere is led where that one is.
      if (this.state !== "online") return;
      for (const to of this.#channels.leftElsewhere()) this.#news.push({ response: "left", sender: this.user, to, content: "", at: null });
      this.#join(this.#channels.missingMain);
    } else if (what === "directs") this.#refresh(answer);
    else if (what === "nick" && answer.failed) this.#news.push(answer);
    else if (what === "join") {
      const several = this.#joining.get(answer.reply_to) ?? [];
      this.#joining.delete(answer.reply_to);
      if (answer.failed && several.length > 1) {
        // One that is closed now does not close the others.
        for (const channel of several) this.#requests.ask("join", { request: "join", content: [channel] });
      } else if (answer.failed) this.#news.push(answer);
    } else if (sequence) this.#gaps.answered(what, sequence, answer, now);
  }

  #greeted(answer, now) {
    this.#heart.answered(now);
    if (answer.failed) {
      this.#enterState({ state: "refused", reason: answer.content, code: answer.code });
      return;
    }
    this.#welcomed = true;
    const content = record(answer.facts.content);
    if (answer.response === "welcome") {
      this.#requests.maxBytes = number(record(content?.limits)?.object_bytes) || MAX_REQUEST_BYTES;
      this.#keepsRooms = texts(content?.features).includes("rooms");
    }
    this.#news.push(answer);
  }

  // ---- logging in

  #logIn() {
    const request = this.#login.request();
    this.#requests.ask(request.request, request);
  }

  #loggedIn(facts, now) {
    const called = this.user;
    if (text(facts.name)) this.#call(facts.name);
    this.#login.succeeded(facts);
    this.#channels.begin(flag(facts.resumed), this.#keepsRooms && flag(facts.registered));
    this.#news.push({ response: "login", name: this.user, motd: text(facts.motd), registered: flag(facts.registered) });
    this.#tellState("online");
    const waiting = this.pending().filter((line) => line.state === "queued");
    this.#outage.end(waiting.map((line) => line.id), now);
    // Goes where one was, sends what waits, and asks for what was missed.
    this.#join(this.#channels.atLogin(waiting.map((line) => line.room)));
    this.#sender.start(now);
    this.#ping(now);
    this.#requests.ask("directs", { request: "directs" });
    for (const [what, request] of this.#standing.requests()) this.#requests.ask(what, request);
    // One has logged in to the account, under its name.
    if (!this.#isMe(called)) this.#requests.ask("nick", { request: "nick", content: called });
  }

  #join(channels) {
    for (const request of joinRequests(channels, (name) => this.#router.sequence(name))) {
      const id = this.#requests.ask("join", request);
      if (Array.isArray(request.content)) this.#joining.set(id, request.content);
    }
  }

  #ping(now) {
    this.#heart.asked(now);
    this.#requests.ask("ping", { request: "ping" });
  }

  #refresh(answer) {
    const rows = records(answer.facts.content).map(({ name, seq, read, rev, unread }) => ({
      name: text(name), seq: number(seq), read: number(read), rev: number(rev), unread: number(unread) ?? 0, fetched: false,
    }));
    const stale = answer.failed ? [] : this.#router.changed(rows, MAX_REFRESHED);
    // A server that can't list them is asked for those that are known.
    const behind = answer.failed ? this.#router.directs(MAX_REFRESHED) : this.#router.behind(rows, MAX_REFRESHED);
    for (const sequence of behind) this.#gaps.fill(sequence);
    for (const sequence of stale) this.#gaps.check(sequence);
    this.#news.push({ response: "directs", content: rows });
  }

  // ---- telling

  #tellState(state, reason = "", retryAt = null) {
    this.#enterState({ state, reason, retry_at: retryAt });
  }

  #enterState(facts) {
    const told = { response: "state", reason: "", retry_at: null, code: "", needs: "", name: "", suggestion: "", ...facts };
    this.state = told.state;
    this.#gaps.online = told.state === "online";
    this.#news.push(told);
  }

  #fail(id, code, content) {
    this.#news.push(answerOf({ response: "error", reply_to: id, code, content }));
  }
}
