"""A long session of clients of every dialect, and all that the core wants done for it, line by line.

Run as a program it prints that: the same inputs must give the same output in every process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from evchat.core.dispatch import Chat
from evchat.core.effects import Broadcast, Effect, Fetch, Hash, Post, Reply, Save
from evchat.dialects.base import Dialect
from evchat.dialects.registry import dialects
from evchat.protocol.base import Request
from evchat.settings.model import Config
from evchat.storage.memory import MemoryStore
from tests.cheap_passwords import cheap_passwords, cheap_secret
from tests.core.playbook import START, settings

PEOPLE = ("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi")
OPERATORS = ("olga", "oscar", "otto", "oona")


def asked(request: str, content: object = None, **facts: object) -> bytes:
    """A request of a JSON client, which an id makes a full one."""
    return json.dumps({"request": request, "content": content, **facts}).encode() + b"\n"


def lines() -> Iterator[tuple[str, bytes]]:
    """Who says what: names of clients by their dialect's first letter and their own, and bytes."""
    for name in PEOPLE:
        yield f"i-{name}", f"NICK {name}\r\nUSER {name} 0 * :{name.title()}\r\n".encode()
        yield f"i-{name}", b"JOIN #den,#tea\r\n"
    for name in OPERATORS:
        yield f"i-{name}", f"NICK {name}\r\nUSER {name} 0 * :x\r\n".encode()
        yield f"i-{name}", f"OPER {name} secret\r\nJOIN #den\r\n".encode()
    yield "j-json", asked("hello", {"version": 1}, id="1") + asked("login", "json", id="2")
    yield "j-json", asked("join", ["#json", "#tea"], id="3") + asked("who") + asked("channels")
    yield "p-plain", b'{"request": "login", "content": "plain"}{"request": "msg", "content": "hello"}'
    yield "t-text", b"text\r\n/join #den\r\nhello there\r\n/who\r\n"
    for name in PEOPLE[1:]:
        yield "i-alice", f"MODE #den +ov {name} {name}\r\n".encode()
        yield "i-alice", f"MONITOR + {name},{name}x\r\n".encode()
    yield (
        "i-alice",
        b"MODE #den +ntisCk key\r\nMODE #den +bbeI *!*@a *!*@b c!*@* d\r\nMODE #den\r\nMODE #den b\r\n",
    )
    yield (
        "i-bob",
        b"INVITE json #den\r\nINVITE plain #den\r\nTOPIC #den :New\r\nNAMES #den\r\nWHO #den\r\nWHO *\r\n",
    )
    yield (
        "i-carol",
        b"PRIVMSG #den :hello\r\nPRIVMSG alice,json,nobody :psst\r\nNOTICE @#den :ops\r\nWHOIS alice\r\n",
    )
    yield (
        "i-dave",
        b"PRIVMSG #den :\x01VERSION\x01\r\nPRIVMSG json :\x01PING 1\x01\r\nNICK david\r\nAWAY :gone\r\n",
    )
    yield (
        "i-erin",
        b"REGISTER * * secret\r\nMODE erin +iB\r\nPART #tea :bye\r\nJOIN #own\r\nMODE #own +b x\r\n",
    )
    yield "j-json", asked("block", "alice") + asked("broadcast", "to all", to=["bob", "carol", "nobody"])
    yield "j-json", asked("broadcast", "to all", id="4") + asked("broadcast", "to all", id="4")
    yield "j-json", asked("history", to="#tea") + asked("search", "hello") + asked("directs") + asked("inbox")
    yield (
        "j-json",
        asked("msg", "hi", to="bob", id="5") + asked("read", to="bob", seq=1) + asked("find", "*a*"),
    )
    yield "i-olga", b"KICK #den frank :out\r\nWALLOPS :listen\r\nKILL grace :bye\r\n"
    yield "j-json", asked("count") + asked("whowas", "grace") + asked("wholast", 5)
    yield "i-heidi", b"QUIT :bye\r\n"
    yield "i-frank", b"LIST\r\nLUSERS\r\nWHOWAS grace\r\nISON alice bob nobody\r\nUSERHOST alice bob\r\n"


def effects_of_a_session(noise: int = 0, made: list[Chat | Dialect] | None = None) -> Iterator[str]:
    """Every effect, as text; the bytes that clients would get of an event behind it.

    `noise` is how much lies between the objects that are made, so that they have other addresses. The chat and the
    dialects are put into `made`.
    """
    secret = cheap_secret("secret")
    operators = tuple((name, secret) for name in OPERATORS)
    config = settings(Config(operators=operators), max_channels=1_000)
    store = MemoryStore()
    chat = Chat(config, store.fetch, bytes, lambda: now)
    made = [] if made is None else made
    made.append(chat)
    make = dialects(config, "1", START)
    clients: dict[str, tuple[int, Dialect]] = {}
    now = START
    between = []

    def carry_out(name: str, effects: list[Effect]) -> Iterator[str]:
        sid, dialect = clients[name]
        for effect in effects:
            yield f"{name} {effect!r}"
            if isinstance(effect, Save):
                store.save(effect.record)
            elif isinstance(effect, Post):
                store.save(effect.said)
                yield repr(dialect.answer(effect.acknowledgement()))
                yield from (repr(other.encode(effect.said)) for _, other in clients.values())
            elif isinstance(effect, Broadcast):
                yield from (repr(other.encode(effect.event)) for _, other in clients.values())
            elif isinstance(effect, Reply):
                yield from (repr(d.answer(effect.event)) for s, d in clients.values() if s == effect.sid)
            elif isinstance(effect, Fetch):
                yield repr(dialect.answer(effect.answer(store.fetch(effect.query))))
            elif isinstance(effect, Hash):
                with cheap_passwords():
                    result = effect.work()
                yield from carry_out(name, chat.hashed(sid, result, now))

    yield repr(chat.start(now))
    for name, data in lines():
        now += 1_000
        between.append([bytearray(noise * n) for n in range(noise)])
        if name not in clients:
            kind = {"i": "irc", "j": "json", "p": "json", "t": "text"}[name[0]]
            clients[name] = len(clients) + 1, make[kind]()
            made.append(clients[name][1])
            list(chat.connect(clients[name][0], f"192.0.2.{len(clients)}", now))
        sid, dialect = clients[name]
        for request in dialect.receive(data):
            assert isinstance(request, Request)
            yield f"{name} {type(request).__name__}"
            yield from carry_out(name, chat.request(sid, request, now))
        yield from carry_out(name, chat.tick(now))
    yield from carry_out("i-alice", chat.set_config(settings(config, operators=()), now))
    yield from carry_out("i-alice", chat.disconnect(clients["i-bob"][0], "Connection reset.", now))
    yield from carry_out("i-alice", chat.stop("Over.", now))


if __name__ == "__main__":
    sys.stdout.write("\n".join(effects_of_a_session(int(sys.argv[1]))))
