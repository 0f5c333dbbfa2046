"""Records what the terminal client's session is given and gives, so that the page's session can be held to the same.

A transcript is a JSON object: `session` is what the session is made of, and `steps` are its calls in order, each with
its arguments, the frames that it put out (`out`) and, where it returned them, the news, as `tests.tui.told` has them.

python3 -m tests.web.recorder    writes the transcripts of `tests/web/transcripts` anew
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.tui import told
from tests.tui.world import Client, World
from tui.connection.outbox import Outbox, OutboxEntry
from tui.connection.session import Session
from tui.model.server_events import ModeChange, ServerEvent

FOLDER = Path(__file__).with_name("transcripts")

Transcript = dict[str, Any]

_CALLS = frozenset({
    "connecting", "connected", "lost", "say", "again", "drop", "ask", "say_goodbye", "login", "give_server_password",
    "poll", "receive", "recall",
})  # fmt: skip
"""The calls that change a session."""

CLIENT = "the client"
"""What stands in a transcript for the name of the client, in which the two differ."""


def _plain(value: object) -> object:
    """What `json` can't write by itself."""
    assert isinstance(value, ModeChange)
    return {name: getattr(value, name) for name in ModeChange.__slots__}


def news(events: Iterable[ServerEvent]) -> list[Any]:
    """Events as a transcript has them."""
    written: list[Any] = json.loads(json.dumps(list(map(told.facts, events)), default=_plain))
    return written


def frames(out: Iterable[bytes]) -> list[Any]:
    """Frames as a transcript has them."""
    found = [json.loads(frame) for frame in out]
    for request in found:
        if request["request"] == "hello":
            request["content"]["client"] = CLIENT
    return found


def _line(entry: OutboxEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in OutboxEntry.__slots__}


class Recorded:
    """A session whose calls are recorded in `transcript`."""

    def __init__(self, session: Session, outbox: Outbox, channels: tuple[str, ...], prefix: str) -> None:
        outbox.prefix = prefix
        self._session = session
        self.transcript: Transcript = {
            "session": {
                "user": session.user,
                "password": session.password,
                "server_password": session._login.server_password,
                "channels": list(channels),
                "prefix": prefix,
                "outbox": [_line(entry) for entry in outbox.lines.values()],
            },
            "steps": [],
        }

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._session, name)
        return self._recording(name, found) if name in _CALLS else found

    def _recording(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def recorded(*arguments: Any, **named: Any) -> Any:
            before = len(self._session.out)
            stood = (self._session.deadline, self._session.broken)
            given = [each.decode() if isinstance(each, bytes) else each for each in arguments]
            result = call(*arguments, **named)
            out = self._session.out
            step = {
                "call": name,
                "arguments": [*given, *named.values()],
                "out": frames(out[before:] if len(out) >= before else out),
            }
            if name in ("poll", "receive"):
                step["news"] = news(result)
            stands = (self._session.deadline, self._session.broken)
            if name != "poll" or step["out"] or step["news"] or stands != stood:
                self.transcript["steps"].append(
                    {**step, "state": self._session.state, "deadline": self._session.deadline}
                )
            return result

        return recorded


class RecordedWorld(World):
    """A world whose clients' sessions are recorded."""

    def __init__(self, directory: Path, **rules: Any) -> None:
        super().__init__(directory, **rules)
        self.transcripts: list[Transcript] = []

    def client(
        self, user: str, *channels: str, password: str | None = None, directory: Path | None = None
    ) -> Client:
        client = super().client(user, *channels, password=password, directory=directory)
        wanted = channels or ("#main",)
        recorded = Recorded(client.session, client.outbox, wanted, f"{user}{len(self.transcripts)}")
        client.session = recorded  # type: ignore[assignment]
        self.transcripts.append(recorded.transcript)
        return client


def replay(transcript: Transcript) -> None:
    """Does to a session what a transcript says, and checks what it gives."""
    made = transcript["session"]
    outbox = Outbox()
    outbox.prefix = made["prefix"]
    for facts in made["outbox"]:
        line = OutboxEntry(facts["id"], facts["room"], facts["text"], facts["at"], action=facts["action"])
        line.state, line.reason, line.tried = facts["state"], facts["reason"], facts["tried"]
        outbox.lines[line.id] = line
    session = Session(
        made["user"], made["password"], tuple(made["channels"]), outbox, made["server_password"]
    )
    for number, step in enumerate(transcript["steps"]):
        session.out.clear()
        arguments = step["arguments"]
        if step["call"] == "receive":
            arguments = [arguments[0].encode(), arguments[1]]
        result = getattr(session, step["call"])(*arguments)
        assert frames(session.out) == step["out"], (number, step["call"])
        if "news" in step:
            assert news(result) == step["news"], (number, step["call"])
        assert (session.state, session.deadline) == (step["state"], step["deadline"]), (number, step["call"])


# ---- what is played -----------------------------------------------------------------------------------------------

_USERS = ("alice", "bob")
_ROOMS = ("#main", "#ops", "bob", "*")


def at_random(seed: int, steps: int = 80) -> list[Transcript]:
    """Two people talk while connections, the server and their clients break."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as directory:
        world = RecordedWorld(Path(directory), recent_messages=3, history_max=7, absent_for=1.0)
        people = [world.client(user, "#main", "#ops") for user in _USERS]
        world.settle()
        for count in range(steps):
            who = chance.randrange(2)
            person = people[who]
            match chance.choice(
                (
                    "say",
                    "say",
                    "edit",
                    "heard",
                    "heard",
                    "round",
                    "commit",
                    "break",
                    "kill",
                    "restart",
                    "wait",
                    "settle",
                )
            ):
                case "say":
                    room = chance.choice(_ROOMS)
                    world.say(
                        person,
                        _USERS[1 - who] if room == "bob" else room,
                        f"line {count}",
                        action=chance.random() < 0.2,
                    )
                case "edit":
                    person.session.ask(
                        {
                            "request": "edit",
                            "to": "#ops",
                            "seq": chance.randint(1, 9),
                            "content": f"edit {count}",
                        },
                        world.now,
                    )
                case "heard" | "round" as heard:
                    world.connect(person)
                    world.up(person)
                    world.commit()
                    if heard == "round":
                        world.down(person)
                case "commit":
                    world.commit(fails=chance.random() < 0.3)
                case "break":
                    world.break_(person)
                case "kill":
                    people[who] = world.kill(person)
                case "restart":
                    world.restart(forgetful=chance.random() < 0.3)
                case "wait":
                    world.pass_time(chance.choice((10, 3_000, 120_000)))
                case "settle":
                    world.settle()
        world.settle()
        for person in people:
            person.outbox.close()
        return [one for one in world.transcripts if one["steps"]]


def _a_day() -> list[Transcript]:
    """Registering, coming back, names and channels, operators, blocks, away status, and what is refused."""
    with tempfile.TemporaryDirectory() as directory:
        world = RecordedWorld(Path(directory), recent_messages=3)
        alice, bob = world.client("alice", "#main", "#ops"), world.client("bob", "#ops")

        def ask(client: Client, request: str, **facts: Any) -> None:
            client.session.ask({"request": request, **facts}, world.now)
            world.settle()

        world.settle()
        ask(alice, "register", password="open sesame")
        ask(alice, "away", content="lunch")
        ask(alice, "realname", content="Alice Ä.")
        ask(alice, "usermode", content="+i")
        ask(alice, "watch", content=["bob", "carol"])
        ask(alice, "unwatch", content=["carol"])
        ask(alice, "topic", content="tea ☕", to="#ops")
        ask(alice, "mode", to="#ops", content="+m")
        ask(alice, "voice", to="#ops", content="bob")
        ask(bob, "msg", to="#nowhere", content="refused")
        for number in range(5):
            world.say(bob, "alice", f"psst {number}")
        world.settle()
        world.say(alice, "#ops", "one\ntwo", action=False)
        world.say(alice, "#ops", "waves", action=True)
        world.say(alice, "nobody", "who is there?")
        world.settle()
        failed = [line.id for line in alice.session.pending()]
        for id in failed[:1]:
            alice.session.drop(alice.session.again(id, world.now))
        ask(bob, "notice", to="#ops", content="a notice")
        ask(bob, "typing", to="#ops", content="active")
        ask(alice, "redact", to="#ops", seq=1)
        world.break_(bob)
        world.say(alice, "#ops", "to be deleted")
        world.up(alice), world.commit(), world.down(alice)
        ask(alice, "redact", to="#ops", seq=2)
        ask(bob, "edit", to="#ops", seq=3, content="a changed notice")
        ask(alice, "read", to="#ops", seq=3)
        world.break_(alice)
        world.settle()
        ask(bob, "nick", content="rob")
        ask(alice, "kick", to="#ops", content="rob", reason="out")
        ask(alice, "part", content=["#main"])
        world.break_(alice, told=False)
        world.settle()
        ask(alice, "nosuch")
        alice.session.login("carol", None, world.now)
        world.settle()
        alice.session.login("alice", "wrong", world.now)
        for _ in range(3):
            world.up(alice), world.commit(), world.book.hash_all(), world.commit(), world.down(alice)
        alice.session.login("alice", "open sesame", world.now)
        for _ in range(3):
            world.up(alice), world.commit(), world.book.hash_all(), world.commit(), world.down(alice)
        ask(bob, "block", content="alice")
        world.say(alice, "rob", "heard by nobody")
        world.settle()
        bob.session.say_goodbye()
        world.up(bob), world.commit(), world.down(bob)
        world.pass_time(200_000)
        return world.transcripts


def _odd_servers() -> list[Transcript]:
    """Things that no evchat server says, or not like that."""
    outbox = Outbox()
    recorded = Recorded(Session("alice", None, ("#main",), outbox, "apple"), outbox, ("#main",), "odd")
    session: Any = recorded
    session.recall({"channels": ["#tea", "not a channel"], "rooms": True})
    session.connecting(0)
    session.connected(1_000)
    said: list[object] = [
        {"response": "welcome", "reply_to": "odd-1",
         "content": {"limits": {"object_bytes": 200}, "features": ["rooms"]}},
        {"response": "ok", "reply_to": "odd-2"},
        {"response": "error", "reply_to": "odd-3", "code": "name-taken", "content": "Taken.", "free_in": 7_000},
        ["no", "object"], 7, None, "text",
        {"response": "unheard-of"}, {"response": 7}, {}, {"response": "message"},
        {"response": "message", "to": "#main", "sender": "bob", "seq": -1, "at": 5, "content": "negative"},
        {"response": "message", "to": "#main", "sender": "bob", "seq": True, "at": 5, "content": "a flag"},
        {"response": "message", "to": "#main", "sender": ["bob"], "seq": 1, "at": 5, "content": {"a": 1}},
        {"response": "message", "to": "#main", "sender": "bob", "role": "o", "at": 5, "content": "for operators"},
        {"response": "names", "to": "#main", "content": "no list", "operators": [1, "bob"]},
        {"response": "moded", "to": "#main", "by": "bob", "changes": [{"mode": "ban", "on": True, "until": 9}, 3]},
        {"response": "redacted", "to": "#main", "sender": "bob"},
        {"response": "error", "closing": True, "content": "Goodbye."},
    ]  # fmt: skip
    session.receive("".join(json.dumps(one) + "\n" for one in said).encode(), 1_100)
    session.poll(6_100)
    session.receive(
        b'{"response":"ok","reply_to":"odd-4","name":"Alice","resume":"t0ken","resume_for":20000}\n', 6_200
    )
    session.say("#main", "x" * 200, 6_300)
    session.say("#main", "short", 6_300)
    session.receive(b'{"response":"error","reply_to":"odd-9","code":"busy","content":"Later."}\n', 6_400)
    session.poll(9_000)
    session.lost(10_000, "broken", 11_000)
    session.connected(11_000)
    session.receive(b"HTTP/1.1 400 Bad Request\n", 11_100)
    return [recorded.transcript]


COMMITTED: dict[str, Callable[[], list[Transcript]]] = {
    "a-day": _a_day,
    "odd-servers": _odd_servers,
    "breaking": lambda: at_random(3, 30),
}
"""What is played for each file in `FOLDER`."""


def write(path: Path, transcripts: list[Transcript]) -> None:
    """Writes a file of transcripts, one step a line."""
    parts = []
    for one in transcripts:
        steps = ",\n".join(json.dumps(step, ensure_ascii=False) for step in one["steps"])
        parts.append(
            '{"session": '
            + json.dumps(one["session"], ensure_ascii=False)
            + ',\n"steps": [\n'
            + steps
            + "\n]}"
        )
    path.write_text("[\n" + ",\n".join(parts) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, play in COMMITTED.items():
        write(FOLDER / f"{name}.json", play())
