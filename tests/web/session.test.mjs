// The page's session gives what the terminal client's gave: the same frames and the same news for the same calls.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Outbox } from "../../evchat/web/page/kept.mjs";
import { Session } from "../../evchat/web/page/session.mjs";

const folder = process.env.TRANSCRIPTS ?? new URL("transcripts", import.meta.url).pathname;

const CALLS = {
  say_goodbye: "sayGoodbye",
  give_server_password: "giveServerPassword",
};

// What an event says, by its keys; those under which nothing stands are left out, as in tests/tui/told.py.
function facts(event) {
  if (event.facts) return event.facts;
  const empty = (key, value) => value === null || value === false || (value === "" && ["role", "id", "room"].includes(key));
  const { registered, ...told } = event; // which only the page wants to know
  return Object.fromEntries(Object.entries(told).filter(([key, value]) => !empty(key, value)));
}

const plain = (value) => JSON.parse(JSON.stringify(value));

function frames(out) {
  const found = out.splice(0).map((frame) => JSON.parse(frame));
  for (const request of found) if (request.request === "hello") request.content.client = "the client";
  return found;
}

for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  for (const [number, transcript] of JSON.parse(readFileSync(`${folder}/${file}`)).entries()) {
    test(`${file}, ${number}: ${transcript.session.user}`, () => {
      const { user, password, channels, prefix, outbox, server_password: serverPassword } = transcript.session;
      const lines = new Outbox(prefix);
      lines.adopt(outbox);
      const session = new Session({ user, password, channels, serverPassword, outbox: lines });
      for (const [at, step] of transcript.steps.entries()) {
        const where = `step ${at}: ${step.call}`;
        const result = session[CALLS[step.call] ?? step.call](...step.arguments);
        assert.deepEqual(frames(session.out), step.out, where);
        if (step.news) assert.deepEqual(plain(result.map(facts)), step.news, where);
        assert.deepEqual([session.state, session.deadline], [step.state, step.deadline], where);
      }
    });
  }
}
