"""Every dialect hears every other: what one says is what the other sees, as PROTOCOL.md's table has it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest

from tests.e2e.harness import Client, Full, Person, Plain, Server
from tests.irc.harness import IrcClient

DIALECTS = ("irc", "text", "full", "plain")


class Speaker(Protocol):
    """A client of any dialect, in #tea."""

    def do(self, what: str) -> None:
        """Does one of the things of `ACTS`, and waits until the server has done it."""

    def sees(self) -> list[str]:
        """What it has been told since it was last asked, each as one comparable line."""


class Irc:
    def __init__(self, server: Server, name: str) -> None:
        self.client = IrcClient(server.connect())
        self.client.register(name)
        self.client.join("#tea")

    def do(self, what: str) -> None:
        self.client.send(*ACTS[what]["irc"])
        if what != "quit":
            self.client.collect()

    def sees(self) -> list[str]:
        told = []
        for message in self.client.collect():
            source = re.sub(r"!.*@.*\.cloak", "", message.source or "")
            told.append(
                " ".join([f":{source}", message.command, *message.params[:-1], f":{message.params[-1]}"])
            )
        return told


class Text:
    def __init__(self, server: Server, name: str) -> None:
        self.client = Person(server.connect())
        self.client.login(name)
        self.client.type("/ch #tea")
        self.client.sync()

    def do(self, what: str) -> None:
        for line in ACTS[what]["text"]:
            self.client.type(line)
        if what != "quit":
            self.client.sync()

    def sees(self) -> list[str]:
        return [line.removeprefix("HH:MM ") for line in self.client.sync()]


class FullJson:
    def __init__(self, server: Server, name: str) -> None:
        self.client = Full(server.connect(), name)
        self.client.request("join", "#tea", current=True)
        self.client.sync()

    def do(self, what: str) -> None:
        for request in ACTS[what]["json"]:
            self.client.request(**request)

    def sees(self) -> list[str]:
        left_out = {"at", "timestamp", "seq", "id", "set_at", "channels", "letter"}
        return [
            json.dumps(
                {key: value for key, value in event.items() if key not in left_out}, ensure_ascii=False
            )
            for event in self.client.sync()
        ]


class PlainJson:
    def __init__(self, server: Server, name: str) -> None:
        self.client = Plain(server.connect())
        self.client.put("login", name)
        self.client.put("join", "#tea")
        self.count = 0
        self.sees()

    def do(self, what: str) -> None:
        for request in ACTS[what]["json"]:
            self.client.send(json.dumps(request) + "\n")
        if what != "quit":
            self.sees()

    def sees(self) -> list[str]:
        self.count += 1
        told: list[str] = []
        self.client.put("ping", f"sync {self.count}")
        while (event := self.client.receive())["content"] != f"sync {self.count}":
            told.append(f"{event['response']} {event['sender']}: {event['content']}")
        return told


MAKERS: dict[str, Callable[[Server, str], Any]] = {
    "irc": Irc,
    "text": Text,
    "full": FullJson,
    "plain": PlainJson,
}

ACTS: dict[str, dict[str, Any]] = {
    "message": {
        "irc": ["PRIVMSG #tea :hi {all}"],
        "text": ["hi {all}"],
        "json": [{"request": "msg", "to": "#tea", "content": "hi {all}"}],
    },
    "action": {
        "irc": ["PRIVMSG #tea :\x01ACTION waves\x01"],
        "text": ["/me waves"],
        "json": [{"request": "me", "to": "#tea", "content": "waves"}],
    },
    "notice": {
        "irc": ["NOTICE #tea :beware"],
        "text": ["/notice #tea beware"],
        "json": [{"request": "notice", "to": "#tea", "content": "beware"}],
    },
    "direct": {
        "irc": ["PRIVMSG bob :psst"],
        "text": ["/msg bob psst"],
        "json": [{"request": "msg", "to": "bob", "content": "psst"}],
    },
    "topic": {
        "irc": ["TOPIC #tea :Tea time"],
        "text": ["/topic Tea time"],
        "json": [{"request": "topic", "to": "#tea", "content": "Tea time"}],
    },
    "mode": {
        "irc": ["MODE #tea +v-t bob"],
        "text": ["/mode #tea +v-t bob"],
        "json": [{"request": "mode", "to": "#tea", "content": "+v-t bob"}],
    },
    "invite": {
        "irc": ["JOIN #ops", "INVITE bob #ops"],
        "text": ["/join #ops", "/invite bob #ops"],
        "json": [
            {"request": "join", "content": "#ops"},
            {"request": "invite", "content": "bob", "to": "#ops"},
        ],
    },
    "away": {
        "irc": ["AWAY :lunch"],
        "text": ["/away lunch"],
        "json": [{"request": "away", "content": "lunch"}],
    },
    "back": {"irc": ["AWAY"], "text": ["/away"], "json": [{"request": "away"}]},
    "kick": {
        "irc": ["KICK #tea carl :spam"],
        "text": ["/kick #tea carl spam"],
        "json": [{"request": "kick", "to": "#tea", "content": "carl", "reason": "spam"}],
    },
    "nick": {"irc": ["NICK anna"], "text": ["/nick anna"], "json": [{"request": "nick", "content": "anna"}]},
    "part": {
        "irc": ["PART #tea :bye"],
        "text": ["/part #tea bye"],
        "json": [{"request": "part", "content": "#tea", "reason": "bye"}],
    },
    "join": {"irc": ["JOIN #tea"], "text": ["/join #tea"], "json": [{"request": "join", "content": "#tea"}]},
    "broadcast": {
        "text": ["/broadcast lunch!"],
        "json": [{"request": "broadcast", "content": "lunch!"}],
    },
    "quit": {
        "irc": ["QUIT :gone"],
        "text": ["/quit gone"],
        "json": [{"request": "quit", "content": "gone"}],
    },
}


def _object(response: str, sender: str, content: str, **facts: Any) -> str:
    return json.dumps({"response": response, "sender": sender, **facts, "content": content})


SEEN: dict[str, dict[str, str | None]] = {
    "message": {
        "irc": ":ann PRIVMSG #tea :hi {all}",
        "text": "#tea <ann> hi {all}",
        "full": _object("message", "ann", "hi {all}", to="#tea"),
        "plain": "message ann: (#tea) hi {all}",
    },
    "action": {
        "irc": ":ann PRIVMSG #tea :\x01ACTION waves\x01",
        "text": "#tea * ann waves",
        "full": '{"response": "message", "sender": "ann", "to": "#tea", "content": "waves", "action": true}',
        "plain": "message ann: (#tea) * ann waves",
    },
    "notice": {
        "irc": ":ann NOTICE #tea :beware",
        "text": "#tea -ann- beware",
        "full": '{"response": "message", "sender": "ann", "to": "#tea", "content": "beware", "notice": true}',
        "plain": "message ann: (#tea) beware",
    },
    "direct": {
        "irc": ":ann PRIVMSG bob :psst",
        "text": "(private) <ann> psst",
        "full": _object("message", "ann", "psst", to="bob"),
        "plain": "message ann: (private) psst",
    },
    "topic": {
        "irc": ":ann TOPIC #tea :Tea time",
        "text": "* ann set the topic of #tea: Tea time",
        "full": _object("topic", "ann", "Tea time", to="#tea", by="ann"),
        "plain": "info server: ann set the topic of #tea: Tea time",
    },
    "mode": {
        "irc": ":ann MODE #tea +v :bob",
        "text": "* ann changed the modes of #tea: +voice bob",
        "full": _object(
            "moded",
            "ann",
            "+v bob",
            to="#tea",
            by="ann",
            changes=[{"mode": "voice", "letter": "v", "on": True, "value": "bob"}],
        ),
        "plain": "info server: ann changed the modes of #tea: +voice bob",
    },
    "invite": {
        "irc": ":ann INVITE bob :#ops",
        "text": "* ann invites you to #ops. Join with /join #ops.",
        "full": _object("invited", "ann", "", to="#ops", by="ann", name="bob"),
        "plain": "info server: ann invites you to #ops. Join with /join #ops.",
    },
    "away": {
        "irc": None,  # but for those with away-notify, and in answer to a direct message
        "text": "* ann is away: lunch",
        "full": _object("presence", "ann", "lunch", away="lunch"),
        "plain": "info server: ann is away: lunch",
    },
    "back": {
        "irc": None,
        "text": "* ann is back.",
        "full": _object("presence", "ann", "", away=None),
        "plain": "info server: ann is back.",
    },
    "kick": {
        "irc": ":ann KICK #tea carl :spam",
        "text": "* ann kicked carl from #tea (spam).",
        "full": _object("kicked", "ann", "spam", to="#tea", by="ann", name="carl"),
        "plain": "info server: ann kicked carl from #tea (spam).",
    },
    "nick": {
        "irc": ":ann NICK :anna",
        "text": "* ann is now called anna.",
        "full": _object("renamed", "ann", "anna", old="ann", new="anna"),
        "plain": "info server: ann is now called anna.",
    },
    "part": {
        "irc": ":anna PART #tea :bye",
        "text": "* anna left #tea (bye).",
        "full": _object("left", "anna", "bye", to="#tea"),
        "plain": "info server: anna left #tea (bye).",
    },
    "join": {
        "irc": ":anna JOIN :#tea",
        "text": "* anna joined #tea.",
        "full": _object("joined", "anna", "", to="#tea"),
        "plain": "info server: anna joined #tea.",
    },
    "broadcast": {
        "irc": ":anna PRIVMSG $* :(broadcast) lunch!",
        "text": "(broadcast) <anna> lunch!",
        "full": '{"response": "message", "sender": "anna", "to": "*", "content": "lunch!", "broadcast": true}',
        "plain": "message anna: (broadcast) lunch!",
    },
    "quit": {
        "irc": ":anna QUIT :Quit: gone",
        "text": "* anna left the server (Quit: gone).",
        "full": _object("quit", "anna", "Quit: gone"),
        "plain": "info server: anna left the server (Quit: gone).",
    },
}


@pytest.fixture
def meet(server: Server) -> Iterator[Callable[[str, str], Any]]:
    """Brings somebody of a dialect into #tea; closed at the end."""
    made: list[Any] = []

    def bring(kind: str, name: str) -> Any:
        made.append(MAKERS[kind](server, name))
        return made[-1]

    yield bring
    for one in made:
        one.client.close()


@pytest.mark.parametrize("hearer", DIALECTS)
@pytest.mark.parametrize("speaker", DIALECTS)
def test_what_one_does_is_what_the_other_sees(
    meet: Callable[[str, str], Any], speaker: str, hearer: str
) -> None:
    ann, bob = meet(speaker, "ann"), meet(hearer, "bob")
    meet("full", "carl")
    bob.sees()
    for what, asked in ACTS.items():
        if speaker not in asked and not (speaker in ("full", "plain") and "json" in asked):
            continue  # IRC knows no word for it
        ann.do(what)
        if what == "quit":
            told: list[str] = []
            while not told:  # nobody tells the one who leaves when the others know
                told = bob.sees()
        else:
            told = bob.sees()
        expected = SEEN[what][hearer]
        assert told == ([] if expected is None else [expected]), what


@pytest.mark.parametrize("speaker", DIALECTS)
def test_a_direct_message_waits_for_a_user_of_any_dialect(
    server: Server, meet: Callable[[str, str], Any], speaker: str
) -> None:
    bob = Full(server.connect(), "bob")
    bob.request("register", password="sesame")
    bob.request("quit")
    bob.close()
    ann = meet(speaker, "ann")
    ann.do("direct")
    irc = IrcClient(server.connect())
    heard = irc.register("bob", caps=["server-time"], account=("bob", "sesame"))
    (psst,) = [message for message in heard if message.command == "PRIVMSG"]
    assert psst.nick == "ann" and psst.params == ["bob", "psst"] and psst.tags["time"]
    irc.close()
    again = IrcClient(server.connect())
    heard = again.register("bob", account=("bob", "sesame"))
    assert not [message for message in heard if message.command == "PRIVMSG"], "it is told once"
    again.close()


# ---- one account, several dialects ----------------------------------------------------------------------------


def _see_one_account(server: Server) -> tuple[Full, Person, IrcClient, Full]:
    full = Full(server.connect(), "bob")
    full.request("register", password="sesame")
    text = Person(server.connect())
    text.type("/login bob sesame")
    text.line("Hello bob")
    irc = IrcClient(server.connect())
    irc.register("bob", account=("bob", "sesame"), caps=["echo-message"])
    ann = Full(server.connect(), "ann")
    return full, text, irc, ann


def test_an_account_in_three_dialects_sees_one_conversation(server: Server) -> None:
    full, text, irc, ann = _see_one_account(server)
    irc.collect()
    ann.request("msg", "hi bob", to="bob")
    assert irc.wait("PRIVMSG", "bob", "hi bob").nick == "ann"
    assert text.line("(private) <ann> hi bob")
    assert full.event("message", content="hi bob")["seq"] == 1
    irc.send("PRIVMSG ann :from irc")
    assert irc.wait("PRIVMSG", "ann", "from irc").nick == "bob", "echo-message"
    assert text.line("-> ann: from irc")
    assert full.event("message", content="from irc")["sender"] == "bob"
    assert ann.event("message", content="from irc")["seq"] == 2
    text.type("/msg ann from text")
    assert irc.wait("PRIVMSG", "ann", "from text").nick == "bob"
    assert full.event("message", content="from text")["seq"] == 3
    full.request("msg", "from json", to="ann")
    assert irc.wait("PRIVMSG", "ann", "from json").nick == "bob"
    assert text.line("-> ann: from json")
    full.request("join", "#tea")
    irc.wait("JOIN", "#tea")
    irc.wait("366", "bob", "#tea", "End of /NAMES list.")
    assert text.line("#tea")
    text.type("/nick bobby")
    assert irc.wait("NICK", "bobby").nick == "bob"
    assert full.event("renamed")["new"] == "bobby"
    irc.send("PART #tea :enough")
    assert irc.wait("PART", "#tea", "enough").nick == "bobby"
    assert full.event("left", to="#tea")["sender"] == "bobby"
    for client in (full, text, irc, ann):
        client.close()


# ---- what one dialect can say and another can't ---------------------------------------------------------------

LONG = "Once upon a time there was a line, äöü and 日本語 in it. " * 40


def test_lines_of_a_text_are_as_many_messages_of_irc_or_one_batch(
    server: Server, meet: Callable[[str, str], Any]
) -> None:
    ann, bob = meet("full", "ann"), meet("irc", "bob")
    carol = IrcClient(server.connect())
    carol.register("carol", caps=["batch", "message-tags", "draft/multiline"])
    carol.join("#tea")
    bob.sees()
    ann.client.request("msg", "one\n\ntwo\r\n three", to="#tea")
    assert bob.sees() == [":ann PRIVMSG #tea :one", ":ann PRIVMSG #tea :two", ":ann PRIVMSG #tea : three"]
    told = carol.collect()
    assert [message.command for message in told] == ["BATCH", *["PRIVMSG"] * 4, "BATCH"]
    assert told[0].params[1:] == ["draft/multiline", "#tea"] and told[0].tags["msgid"]
    assert [message.params[1] for message in told[1:-1]] == ["one", "", "two", " three"]
    carol.close()


@pytest.mark.parametrize("speaker", ["full", "text"])
def test_a_text_longer_than_a_line_of_irc_comes_whole_in_several(
    meet: Callable[[str, str], Any], speaker: str
) -> None:
    ann, bob = meet(speaker, "ann"), meet("irc", "bob")
    bob.sees()
    text = LONG.strip()
    if speaker == "full":
        ann.client.request("msg", text, to="#tea")
    else:
        ann.client.type(text)
        ann.client.sync()
    head = ":ann PRIVMSG #tea :"
    told = bob.sees()
    assert len(told) > 3 and all(line.startswith(head) for line in told)
    assert "".join(line.removeprefix(head) for line in told) == text


def test_names_of_any_dialect_are_called_the_same_in_all(
    start: Callable[..., Server], clients: list[Client]
) -> None:
    server = start("--insecure-no-limits", EVCHAT_UNICODE_NAMES="true")
    digits, letters = Full(server.connect(), "7up"), Full(server.connect(), "Zoë")
    irc = IrcClient(server.connect())
    irc.register("[w]\\^{}|`")
    irc.join("#main")
    person = Person(server.connect())
    person.login("pat")
    clients += [digits, letters, person]
    for client in (digits, letters):
        name = client.state["name"] if "name" in client.state else client.state["content"]
        assert name
    irc.send("PRIVMSG 7up,Zoë :hi")
    for client in (digits, letters):
        assert client.event("message", content="hi")["sender"] == "[w]\\^{}|`"
        client.request("msg", "hi back", to="[W]\\^{}|`")
    assert [irc.wait("PRIVMSG").nick for _ in range(2)] == ["7up", "Zoë"]
    names = irc.ask("NAMES #main")[0].params[-1].split()
    assert {name.lstrip("@+") for name in names} >= {"7up", "Zoë", "pat", "[w]\\^{}|`"}
    irc.send("PRIVMSG #main :to all")
    assert person.line("#main <[w]\\^{}|`> to all")
    assert irc.ask("NICK 8up")[0].command == "432", "IRC's clients take such a name for something else"
    irc.close()


def test_a_query_between_clients_of_irc_is_nobody_elses_business(meet: Callable[[str, str], Any]) -> None:
    ann = meet("irc", "ann")
    others = {kind: meet(kind, f"bob{kind}") for kind in DIALECTS}
    for other in others.values():
        other.sees()
    ann.client.send("PRIVMSG #tea :\x01VERSION\x01")
    ann.client.collect()
    told = {kind: other.sees() for kind, other in others.items()}
    assert told == {"irc": [":ann PRIVMSG #tea :\x01VERSION\x01"], "text": [], "full": [], "plain": []}


FORMATTED = "\x02bold\x02 \x034,12red\x03 \x1ditalic\x1d \x1b[31mplain"


def test_formatting_is_shown_to_those_who_understand_it(meet: Callable[[str, str], Any]) -> None:
    ann = meet("irc", "ann")
    others = {kind: meet(kind, f"bob{kind}") for kind in DIALECTS}
    for other in others.values():
        other.sees()
    ann.client.send(f"PRIVMSG #tea :{FORMATTED}")
    ann.client.collect()
    told = {kind: other.sees() for kind, other in others.items()}
    assert told == {
        "irc": [":ann PRIVMSG #tea :" + FORMATTED.replace("\x1b", "␛")],
        "text": ["#tea <ann> bold red italic ␛[31mplain"],
        "full": [_object("message", "ann", FORMATTED, to="#tea")],
        "plain": ["message ann: (#tea) bold red italic ␛[31mplain"],
    }


EVIL = "x\r\nPRIVMSG #tea :forged\n\0\x01VERSION\x01\u2028:ann QUIT"


def test_nobody_forges_anything_in_another_dialect(server: Server, meet: Callable[[str, str], Any]) -> None:
    ann = meet("full", "ann")
    bob = IrcClient(server.connect())
    caps = ["away-notify", "setname", "message-tags", "invite-notify"]
    bob.register("bob", caps=caps)
    bob.join("#tea")
    text, plain = meet("text", "tess"), meet("plain", "paul")
    meet("full", "carl")
    for one in (text, plain):
        one.sees()
    bob.collect()
    ask = ann.client.request
    for request, content, keys in (
        ("msg", EVIL, {"to": "#tea"}),
        ("me", EVIL, {"to": "#tea"}),
        ("notice", EVIL, {"to": "#tea"}),
        ("msg", "\x01VERSION\x01", {"to": "#tea"}),
        ("topic", EVIL, {"to": "#tea"}),
        ("away", EVIL, {}),
        ("realname", EVIL, {}),
        ("kick", "carl", {"to": "#tea", "reason": EVIL}),
        ("nick", "ann\r\nQUIT", {}),
        ("join", "#x\r\nQUIT", {}),
        ("mode", "+k x\r\nQUIT", {"to": "#tea"}),
        ("ban", "x\r\ny!*@*", {"to": "#tea"}),
        ("broadcast", EVIL, {}),
        ("typing", "active\r\n", {"to": "#tea"}),
        ("part", "#tea", {"reason": EVIL}),
    ):
        ask(request, content, **keys)
    told = bob.collect()  # which fails where a line is none
    assert {message.nick for message in told} <= {"ann", bob.isupport.get("NETWORK"), "evchat.local"}
    assert not [message for message in told if message.command == "QUIT"]
    for message in told:
        if message.command in ("PRIVMSG", "NOTICE") and "\x01" in message.params[-1]:
            assert message.params[-1].startswith("\x01ACTION ") and message.params[-1].count("\x01") == 2
    for message in told:
        if message.params[-1].startswith("PRIVMSG #tea :forged"):
            assert message.command in ("PRIVMSG", "NOTICE") and message.nick == "ann"
    for line in text.sees():
        assert line.startswith(("#tea ", "* ", "(broadcast) ")), line
    for line in plain.sees():
        assert line.startswith(("message ann: ", "info server: ")), line
    ask("quit", EVIL)
    bob.close()


# ---- what was said before one came ----------------------------------------------------------------------------


def _told_at_join(server: Server, *lines: str, caps: tuple[str, ...] = ()) -> list[Any]:
    """What somebody is told of earlier messages on coming into #tea."""
    irc = IrcClient(server.connect())
    irc.register("bob", caps=caps)
    irc.send(*lines)
    irc.collect()
    told = [message for message in irc.join("#tea") if message.command in ("PRIVMSG", "BATCH")]
    irc.close()
    return told


def _talked(server: Server, clients: list[Client]) -> Server:
    ann = Full(server.connect(), "ann")
    clients.append(ann)
    ann.request("join", "#tea")
    ann.request("msg", "before", to="#tea")
    ann.request("me", "waves", to="#tea")
    return server


def test_who_joins_with_a_simple_client_is_told_what_was_said_with_its_time(
    server: Server, clients: list[Client]
) -> None:
    first, second = _told_at_join(_talked(server, clients))
    assert first.nick == "ann" and re.fullmatch(r"\[\d\d:\d\d\] before", first.params[1])
    assert re.fullmatch(r"\x01ACTION \[\d\d:\d\d\] waves\x01", second.params[1])


def test_who_knows_times_is_told_them_beside_the_text(server: Server, clients: list[Client]) -> None:
    first, second = _told_at_join(_talked(server, clients), caps=("server-time",))
    assert first.params[1] == "before" and first.tags["time"].endswith("Z")
    assert second.params[1] == "\x01ACTION waves\x01"


def test_who_knows_batches_is_told_in_one(server: Server, clients: list[Client]) -> None:
    told = _told_at_join(_talked(server, clients), caps=("server-time", "batch"))
    assert [message.command for message in told] == ["BATCH", "PRIVMSG", "PRIVMSG", "BATCH"]
    assert told[0].params[1:] == ["chathistory", "#tea"]


def test_who_can_ask_for_it_is_told_nothing(server: Server, clients: list[Client]) -> None:
    caps = ("server-time", "batch", "draft/chathistory")
    assert _told_at_join(_talked(server, clients), caps=caps) == []


def test_bots_are_told_nothing_that_they_would_answer(server: Server, clients: list[Client]) -> None:
    assert _told_at_join(_talked(server, clients), "MODE bob +B") == []


def test_the_settings_can_turn_it_off(start: Callable[..., Server], clients: list[Client]) -> None:
    server = start("--insecure-no-limits", EVCHAT_IRC_PLAYBACK="false")
    assert _told_at_join(_talked(server, clients)) == []
