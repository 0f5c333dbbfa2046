// How one logs in, over successive connections. As tui/connection/login.py.

import { number, PASSING, text } from "./arrivals.mjs";

const RETRY_FIRST = 2_000; // before a login that the server could not accept yet is sent again; it doubles
const RETRY_MAX = 60_000;
const LOGIN_RETRY = 5_000;
const NAME_HELD_FOR = 180_000; // until a server has noticed that our previous connection is dead
const LEFT_OVER = 10_000; // the same if that was the connection of a page that has just been closed

// What the user has to give after a refusal, by error code.
const NEEDS = {
  "server-password": "server-password", "name-taken": "name", "bad-name": "name", "not-registered": "name",
  "accounts-only": "name", "password-needed": "password", "wrong-password": "password", "bad-password": "password",
  "registration-closed": "name",
};

/** The login of `user` over successive connections. `due` is the time of the next try. */
export class Login {
  #admitted = false;
  #wasIn = false;
  #unanswered = false; // a login has no answer yet
  #answerLost = false; // a connection was lost before the answer came: the login may have worked
  #canResume = false;
  #leftOver = 0; // for how long a page that is gone may have left our name taken
  #account; // the name that the password belongs to; its owner may be called something else
  #heldSince = null;
  #wait = RETRY_FIRST;
  token = ""; // what our session goes on with on another connection
  invite = ""; // the code by which the name is registered before the login
  #taken = ""; // why it was not registered
  due = null;

  constructor(user, password, serverPassword) {
    Object.assign(this, { user, password, serverPassword });
    this.#account = password === null ? "" : user;
  }

  /** The name that the next login asks for. */
  get name() {
    return this.token ? this.user : this.#account || this.user;
  }

  /** The user's name, or the account, has this password from now on; null: it is given up. */
  registered(password) {
    this.#account = password === null ? "" : this.#account || this.user;
    this.password = password;
  }

  /** The page before was logged in under this name, and may have gone with this token. */
  recall(token) {
    this.token = token;
    this.#leftOver = LEFT_OVER;
  }

  connected() {
    this.#admitted = false;
    this.#answerLost ||= this.#unanswered;
  }

  change(user, password, invite = "") {
    Object.assign(this, { user, password, invite, token: "", due: null });
    this.#taken = "";
    this.#leftOver = 0;
    this.#account = password === null ? "" : user;
    this.#wasIn = this.#unanswered = this.#answerLost = false;
    this.#heldSince = null;
  }

  changeServerPassword(serverPassword) {
    this.#admitted = false;
    Object.assign(this, { serverPassword, due: null });
  }

  /** The next request: the server's password, if there is one to give, then the login. */
  request() {
    this.due = null;
    if (this.serverPassword !== null && !this.#admitted) return { request: "pass", password: this.serverPassword };
    if (this.invite) return { request: "register", password: this.password, account: this.user, invite: this.invite };
    const request = { request: "login", content: this.name };
    this.#unanswered = true;
    if (this.token) return { ...request, resume: this.token };
    return this.password === null ? request : { ...request, password: this.password };
  }

  /** The server has answered to its password. Returns null if the login follows, else the state one is in. */
  passed(answer, now) {
    if (!answer.failed || answer.code === "bad-request") {
      this.#admitted = true; // or it has none
      return null;
    }
    if (answer.code !== "wrong-password") return this.refused(answer, now);
    return { state: "refused", reason: answer.content, code: answer.code, needs: "server-password", name: this.user };
  }

  /** The server has answered to a registration by invitation. Returns null if the login follows, else the state one is in. */
  enrolled(answer, now) {
    const { failed, code, content } = answer;
    // This user may have that name already: the answer to an earlier try was lost, or the link is opened again.
    if (failed && ["already-registered", "invite-unknown"].includes(code)) this.#taken = content;
    // Where no code is needed one registers after the login.
    else if (failed && code === "not-logged-in") this.change(this.user, null);
    else if (failed) return this.refused(answer, now);
    this.invite = "";
    return null;
  }

  succeeded(facts) {
    this.#wasIn = true;
    this.#heldSince = null;
    this.#wait = RETRY_FIRST;
    this.token = text(facts.resume);
    this.#canResume = number(facts.resume_for) > 0;
    this.#leftOver = 0;
    this.#unanswered = this.#answerLost = false;
  }

  /** The server refused the login: for good, or until the next try. Returns the state one is in. */
  refused(answer, now) {
    const { code, content } = answer;
    this.#unanswered = false;
    if (code === "resume-unknown") {
      this.token = "";
      this.due = now;
      return { state: "connecting" };
    }
    const left = code === "name-taken" && (number(answer.facts.free_in) || this.#stillHeld(now));
    if (left) {
      this.due = now + Math.max(Math.min(LOGIN_RETRY, left), RETRY_FIRST);
      return { state: "connecting", reason: `The name ${this.name} is still held for a lost connection, ${Math.ceil(left / 1000)} s at most.`, code };
    }
    if (!PASSING.has(code)) {
      const reason = (["wrong-password", "not-registered"].includes(code) && this.#taken) || content;
      return { state: "refused", reason, code, needs: Object.hasOwn(NEEDS, code) ? NEEDS[code] : "", name: this.name, suggestion: text(answer.facts.suggestion) };
    }
    this.due = now + this.#wait;
    this.#wait = Math.min(this.#wait * 2, RETRY_MAX);
    return { state: "connecting", reason: content, code };
  }

  // For how many milliseconds our name may yet be taken by a session of our own that we can't resume, and of which the
  // server does not say so.
  #stillHeld(now) {
    const unsure = this.#answerLost || (this.#wasIn && !this.#canResume);
    this.#heldSince ??= now;
    return Math.max(0, this.#heldSince + (unsure ? NAME_HELD_FOR : this.#leftOver) - now);
  }
}
