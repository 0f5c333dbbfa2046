// The model: lines in their order and each once, whatever comes when; what is unread; gaps; one's own lines; the outbox.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../evchat/web/page/kept.mjs";
import { createModel } from "../../evchat/web/page/model.mjs";
import { Session } from "../../evchat/web/page/session.mjs";
import { apply } from "../../evchat/web/page/update.mjs";

const START = 1_800_000_000_000;

function message(seq, facts = {}) {
  return {
    response: "message", to: "#main", room: "#main", sender: "bob", content: `said ${seq}`, seq, at: START + seq, id: "", role: "", action: false,
    notice: false, redacted: false, broadcast: false, history: false, rev: null, ...facts,
  };
}

function started() {
  const model = createModel("chat.example");
  const put = (event) => apply(model, event, START);
  put({ response: "login", name: "pia", registered: false });
  put({ response: "joined", sender: "pia", to: "#main", content: "", at: START, seq: 0, read: 0, rev: 0, current: true, login: true });
  return { model, put, room: model.rooms.get("#main") };
}

// Numbers without a seed that differs from run to run: what fails, fails again.
function chance(seed) {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

const numbers = (room) => room.lines.filter((line) => line.seq !== null).map((line) => line.seq);

// The numbers that are missing between the first and the last line, by the gaps that are drawn.
function missing(room) {
  return room.lines.filter((line) => line.missing).flatMap(({ missing: { after, before } }) =>
    Array.from({ length: before - after - 1 }, (_, at) => after + 1 + at));
}

test("lines stand by their numbers, each once, and those that wait at the end", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const next = chance(seed);
    const { put, room } = started();
    for (let step = 0; step < 60; step += 1) {
      const seq = 1 + next(40);
      if (next(5) === 0) put({ response: "typed", line: { id: `mine-${step}`, room: "#main", text: "mine", at: START, action: false, state: "queued", reason: "" } });
      else if (next(6) === 0) put({ response: "joined", sender: `guest${next(9)}`, to: "#main", at: START + next(40), seq: null, read: null });
      else put(message(seq, { history: next(2) === 0 }));
    }
    const found = numbers(room);
    assert.deepEqual(found, [...new Set(found)].sort((one, other) => one - other));
    const waiting = room.lines.map((line) => line.state === "waiting");
    assert.equal(waiting.indexOf(true) === -1 ? 0 : waiting.slice(waiting.indexOf(true)).filter((each) => !each).length, 0);
    assert.equal(new Set(room.lines.map((line) => line.key)).size, room.lines.length);
    assert.deepEqual([...room.bySeq.keys()].sort((one, other) => one - other), found);
  }
});

test("pages of history leave no hole that is not drawn as one", () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const next = chance(seed);
    const { put, room } = started();
    const blocked = new Set([7, 23, 24]); // numbers of messages that are not for us
    const kept = Array.from({ length: 60 }, (_, at) => at + 1).filter((seq) => !blocked.has(seq));
    for (const seq of kept.slice(-5)) put(message(seq));
    for (let step = 0; step < 12; step += 1) {
      const gap = room.lines.find((line) => line.missing);
      let asked, page, more;
      if (next(3) === 0) {
        const around = 1 + next(60);
        page = kept.filter((seq) => Math.abs(seq - around) <= 3);
        asked = { what: "around", room: "#main" };
      } else if (gap && next(2) === 0) {
        const { after, before } = gap.missing;
        const above = kept.filter((seq) => seq > after);
        page = above.slice(0, 6);
        more = above.length > 6;
        asked = { what: "fill", room: "#main", after, before };
      } else {
        const before = numbers(room)[0];
        const below = kept.filter((seq) => seq < before);
        page = below.slice(-6);
        more = below.length > 6;
        asked = { what: "older", room: "#main", before };
      }
      put({ response: "answered", asked, failed: false, content: "", facts: { content: page.map((seq) => message(seq)), more } });
      const found = numbers(room);
      assert.deepEqual(found, [...found].sort((one, other) => one - other));
      const there = new Set([...found, ...missing(room)]);
      for (let seq = found[0]; seq <= 60; seq += 1) assert.ok(there.has(seq) || blocked.has(seq), `${seq} is neither there nor drawn as missing`);
      for (const seq of missing(room)) assert.ok(!found.includes(seq), `${seq} is there and drawn as missing`);
    }
  }
});

test("what others say is unread until it was read here or on another device", () => {
  const { model, put, room } = started();
  put({ response: "here", here: false });
  for (const seq of [1, 2, 3]) put(message(seq, { content: seq === 2 ? "hello Pia!" : "piano" }));
  assert.deepEqual([room.unread, room.mentions, room.newFrom], [3, 1, 0]);
  put({ response: "mark", room: "#main", seq: 1 });
  assert.deepEqual([room.unread, room.mentions, room.read], [2, 1, 1]);
  put({ response: "read", sender: "server", to: "#main", seq: 3 });
  assert.deepEqual([room.unread, room.mentions, room.read], [0, 0, 3]);
  put(message(4, { sender: "PIA" }));
  assert.deepEqual([room.unread, room.read], [0, 4]);
  put(message(5, { to: "pia", room: "bob", seq: 1 }));
  const direct = model.rooms.get("bob");
  assert.deepEqual([direct.unread, direct.mentions, direct.kind], [1, 1, "direct"]);
  put({ response: "redacted", sender: "bob", to: "pia", seq: 1, rev: 1, sent_at: START, history: false });
  assert.deepEqual([direct.unread, direct.lines[0].text, direct.lines[0].redacted], [0, "", true]);
});

test("a message that is edited has its new text and says so, until it is deleted", () => {
  const { put, room } = started();
  put({ response: "here", here: false });
  for (const seq of [1, 2]) put(message(seq));
  const told = { response: "edited", sender: "bob", to: "#main", seq: 1, rev: 1, sent_at: START, history: false };
  put({ ...told, content: "tea, Pia?" });
  const [line] = room.lines;
  assert.deepEqual([line.text, line.edited, line.mention, room.rev, room.unread, room.mentions], ["tea, Pia?", true, true, 1, 2, 1]);
  put(message(3, { sender: "pia" }));
  const asked = { what: "command", name: "edit", room: "#main", request: { request: "edit", to: "#main", seq: 3, content: "yes" } };
  put({ response: "answered", asked, failed: false, content: "", facts: { to: "#main", seq: 3, rev: 2 } });
  assert.deepEqual([room.bySeq.get(3).text, room.bySeq.get(3).edited], ["yes", true]);
  put({ ...told, response: "redacted", content: "", rev: 3 });
  put({ ...told, content: "too late", rev: 4 });
  assert.deepEqual([line.text, line.redacted, line.mention], ["", true, false]);
});

test("one's own line waits, is sent in its place, or is refused with its reason", () => {
  const { model, put, room } = started();
  const line = (id) => ({ id, room: "#main", text: id, at: START, action: false, state: "queued", reason: "" });
  put({ response: "typed", line: line("one") });
  put({ response: "typed", line: line("two") });
  assert.equal(model.link.waiting, 2);
  put(message(1));
  put(message(3));
  const { key } = room.lines.find((each) => each.id === "one");
  put({ response: "sent", id: "one", room: "#main", state: "sent", reason: "", seq: 2, at: START + 2, kept: false, away: null });
  put({ response: "sent", id: "two", room: "#main", state: "failed", reason: "You are banned.", seq: null, at: null, kept: false, away: null });
  assert.deepEqual(room.lines.map((each) => each.text), ["said 1", "one", "said 3", "two"]);
  assert.equal(room.lines[1].key, key, "a line is the same one before and after");
  assert.deepEqual([room.lines[3].state, room.lines[3].refusal, model.link.waiting], ["refused", "You are banned.", 0]);
  put({ response: "dropped", id: "two" });
  assert.equal(room.lines.length, 3);
});

test("names that objects have anyway are names like others", () => {
  const { model, put } = started();
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    put(message(1, { to: "pia", sender: name, room: name }));
    const room = model.rooms.get(name.toLowerCase());
    assert.deepEqual([room.draft, room.lines.length], ["", 1]);
    put({ response: "joined", sender: name, to: "#main", at: START, seq: null, read: null });
    assert.ok(model.rooms.get("#main").members.has(name.toLowerCase()));
  }
  assert.equal(apply(model, { response: "constructor" }, START).size, 0);
});

test("who comes and goes is told in one line, in a small room", () => {
  const { put, room } = started();
  for (const name of ["ann", "ben"]) put({ response: "joined", sender: name, to: "#main", at: START, seq: null, read: null });
  put({ response: "left", sender: "ann", to: "#main", content: "", at: START });
  assert.deepEqual(room.lines.map((line) => line.text), ["ben joined · ann left"]);
  assert.deepEqual([...room.members.keys()], ["ben"]);
  put({ response: "moded", sender: "ann", to: "#main", by: "ann", content: "", at: START, changes: [{ mode: "operator", on: true, value: "ben", whom: "", until: null }] });
  assert.equal(room.members.get("ben").op, true);
  assert.equal(room.lines.at(-1).text, "ann made ben an operator");
});

test("a server that counts anew does not mix old numbers with new ones", () => {
  const { put, room } = started();
  for (const seq of [1, 2, 3]) put(message(seq));
  put({ response: "reset", room: "#main" });
  put(message(1, { content: "anew" }));
  assert.deepEqual(numbers(room), [1]);
  assert.equal(room.lines.filter((line) => line.kind === "message").length, 4);
});

test("a question is there until it is answered, and comes back with the reason if the answer was wrong", () => {
  const { model, put } = started();
  const state = (facts) => put({ response: "state", reason: "", retry_at: null, code: "", needs: "", name: "", suggestion: "", ...facts });
  state({ state: "refused", reason: "Taken.", code: "name-taken", needs: "name", name: "pia", suggestion: "pia2" });
  assert.deepEqual([model.link.state, model.question.kind, model.question.suggestion, model.question.wrong], ["asked", "name", "pia2", true]);
  state({ state: "offline", reason: "No login within 30 seconds." });
  assert.ok(model.question, "a lost connection answers nothing");
  model.question.answered = true;
  state({ state: "connecting" });
  assert.equal(model.question, null);
});

test("a flood in one room takes no time that grows with it", () => {
  const { put, room } = started();
  for (let seq = 1; seq <= 30_000; seq += 1) put(message(seq));
  assert.ok(room.lines.length <= 25_000 && room.bySeq.size === room.lines.length);
  assert.equal(room.lines.at(-1).seq, 30_000);
});

// ---- the outbox

class Journal {
  kept = new Map();
  waiting = [];

  put(line, instead) {
    return new Promise((resolve, reject) => this.waiting.push({ reject, resolve: () => {
      this.kept.set(line.id, { ...line });
      this.kept.delete(instead);
      resolve();
    } }));
  }

  remove(id) {
    this.kept.delete(id);
  }
}

function online(journal) {
  const outbox = new Outbox("p", journal);
  const session = new Session({ user: "pia", outbox });
  outbox.changed = () => session.pump(START);
  session.connected(START);
  session.receive('{"response":"welcome","reply_to":"p-1"}\n{"response":"ok","reply_to":"p-2","name":"pia"}\n', START);
  session.out.length = 0;
  const sent = () => session.out.splice(0).map((frame) => JSON.parse(frame).content);
  return { outbox, session, sent };
}

test("no line is sent before it is kept, nor before those that were typed before it", async () => {
  const journal = new Journal();
  const { outbox, session, sent } = online(journal);
  const lines = ["one", "two"].map((text) => outbox.lines.get(session.say("#main", text, START)));
  assert.deepEqual(sent(), []);
  journal.waiting[1].resolve();
  await lines[1].saved;
  assert.deepEqual(sent(), []);
  journal.waiting[0].resolve();
  await lines[0].saved;
  assert.deepEqual(sent(), ["one", "two"]);
  session.receive(`{"response":"ok","reply_to":"${lines[0].id}","to":"#main","seq":1,"at":1}\n`, START);
  assert.deepEqual([...journal.kept.keys()], [lines[1].id]);
});

test("a line that can't be kept is sent all the same, and it is told", async () => {
  const journal = new Journal();
  const { outbox, session, sent } = online(journal);
  const line = outbox.lines.get(session.say("#main", "one", START));
  journal.waiting[0].reject(new Error("The disk is full."));
  await line.saved;
  assert.deepEqual([sent(), outbox.problem], [["one"], "The disk is full."]);
});

test("lines that another page has left are sent under the ids that they have, in the order in which they were typed", () => {
  const { outbox, session, sent } = online(null);
  const left = (id, at) => ({ id, room: "#main", text: id, at, action: false, state: "queued", reason: "", tried: null });
  outbox.adopt([left("old-2", 20), left("old-1", 10), left("old-1", 10)]);
  assert.deepEqual(sent(), ["old-1", "old-2"]);
  assert.equal(session.pending().length, 2);
});

function invitedSession() {
  const session = new Session({ user: "pia", outbox: new Outbox("p") });
  const frames = () => session.out.splice(0).map((frame) => JSON.parse(frame)).filter(({ request }) => ["register", "login"].includes(request));
  const answer = (request, facts) => session.receive(`${JSON.stringify({ reply_to: request.id, ...facts })}\n`, START);
  session.enrol("pia", "open sesame", "7KQ2-M4XZ-0H8P-VW3T");
  session.connected(START);
  return { session, frames, answer };
}

test("an invitation registers the name, then logs in", () => {
  const { session, frames, answer } = invitedSession();
  const [register] = frames();
  assert.deepEqual(register, { request: "register", password: "open sesame", account: "pia", invite: "7KQ2-M4XZ-0H8P-VW3T", id: register.id });
  answer(register, { response: "ok" });
  const [login] = frames();
  assert.deepEqual(login, { request: "login", content: "pia", password: "open sesame", id: login.id });
  answer(login, { response: "ok", name: "pia", registered: true });
  assert.equal(session.state, "online");
});

test("an invitation whose answer was lost is not asked for twice: the password shows whose name it is", () => {
  for (const code of ["already-registered", "invite-unknown"]) {
    const { session, frames, answer } = invitedSession();
    frames();
    session.lost(START);
    session.connected(START);
    answer(frames()[0], { response: "error", code, content: "Somebody has it." });
    const [login] = frames();
    assert.equal(login.password, "open sesame");
    const news = answer(login, { response: "error", code: "wrong-password", content: "Wrong." });
    assert.deepEqual(news.filter((each) => each.response === "state").map((each) => [each.state, each.needs, each.reason]), [["refused", "password", "Somebody has it."]]);
  }
});

test("an invitation with a password that is too short is not spent", () => {
  const { session, frames, answer } = invitedSession();
  const news = answer(frames()[0], { response: "error", code: "bad-password", content: "Too short." }).findLast((each) => each.response === "state");
  assert.deepEqual([news.needs, session.enrols, frames()], ["password", true, []]);
});
