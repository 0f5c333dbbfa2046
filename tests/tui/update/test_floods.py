"""However much a server or a user sends, what the client keeps of it is bounded."""

from __future__ import annotations

import socket

from evchat.net.loop import Loop
from evchat.settings.address import parse_connect
from evchat.settings.client import (
    MAX_CHANNELS,
    MAX_HELD,
    MAX_HELD_CHARS,
    MAX_LABEL_CHARS,
    MAX_LOG_CHARS,
    MAX_LOGS_BYTES,
    MAX_PEOPLE,
    MAX_PEOPLE_IN_ALL,
    MAX_ROOMS,
    MAX_SHOWN_CHARS,
    MAX_STREAMS,
    MAX_UNSENT_BYTES,
)
from tests.tui.update.test_hostile import NOW, Victim
from tui.connection.channels import Channels
from tui.connection.link import ServerLink
from tui.connection.outbox import Outbox
from tui.connection.router import Router
from tui.connection.sequence import Sequence
from tui.connection.session import Session
from tui.model.inputs import Key
from tui.model.log import Log
from tui.model.record import Record
from tui.model.server_events import Message, Names, Presence, ServerEvent
from tui.model.session_events import State
from tui.update.server_events import heard


def test_rooms_of_strangers_push_out_one_another_but_nothing_that_is_in_use() -> None:
    victim = Victim()
    victim.hear(
        {"response": "message", "sender": "carol", "to": "alice", "seq": 1, "content": "hi", "at": NOW}
    )
    victim.model.current = "carol"
    for char in "draft":
        victim.take(Key(char, char))
    victim.model.current = "#main"
    spam = {"response": "message", "to": "alice", "seq": 1, "content": "buy", "at": NOW}
    victim.hear(*({**spam, "sender": f"spam{number}"} for number in range(MAX_ROOMS + 200)))
    assert len(victim.model.rooms) == MAX_ROOMS
    assert {"#main", "carol", f"spam{MAX_ROOMS + 199}"} <= set(victim.model.rooms)
    assert len(victim.model.wire) <= MAX_ROOMS
    victim.walk()


def test_channels_that_one_never_entered_are_bounded() -> None:
    victim = Victim()
    joined = {"response": "joined", "sender": "alice", "seq": 0, "read": 0, "at": NOW}
    victim.hear(*({**joined, "to": f"#c{number}"} for number in range(MAX_CHANNELS + 200)))
    assert len(victim.session._channels.wanted) == MAX_CHANNELS
    assert len(victim.model.rooms) <= MAX_ROOMS


def test_names_of_any_spelling_are_remembered_in_a_bounded_number() -> None:
    victim = Victim()
    for number in range(MAX_STREAMS + 500):
        victim.session._router.sequence(f"#c{number}")
    assert len(victim.session._router._sequences) <= MAX_STREAMS
    assert len(victim.session._router._by_name) <= MAX_STREAMS
    main = victim.session._router.sequence("#main")
    assert main.last == 1, "what is in use stays known"


def test_people_are_counted_but_not_all_remembered() -> None:
    victim = Victim()
    victim.hear(
        {"response": "names", "to": "#main", "content": [f"u{n}" for n in range(MAX_PEOPLE + 9)], "at": NOW}
    )
    for number in range(20):
        victim.hear({"response": "joined", "sender": f"x{number}", "to": "#main", "at": NOW})
        victim.hear({"response": "presence", "sender": f"x{number}", "away": "x", "at": NOW})
    assert len(victim.model.rooms["#main"].people) <= MAX_PEOPLE
    victim.walk()


def test_questions_that_are_never_answered_are_forgotten() -> None:
    victim = Victim()
    for _ in range(2000):
        for char in "/who":
            victim.take(Key(char, char))
        victim.take(Key("enter"))
        victim.session.out.clear()
    assert len(victim.model.asked) <= 1000
    assert len(victim.session._user_requests._under_way) <= 1000


def test_a_message_is_as_long_as_one_can_read_and_a_room_holds_so_much_text() -> None:
    victim = Victim()
    victim.hear(
        {"response": "message", "sender": "bob", "to": "#main", "seq": 2, "content": "x" * 10**6, "at": NOW}
    )
    log = victim.model.rooms["#main"].log
    assert len(log[log.end - 1].text) == MAX_SHOWN_CHARS
    victim.walk()
    full = Log()
    for seq in range(1, 2000):
        full.append(seq, NOW, "bob", "x" * MAX_SHOWN_CHARS, 0)
    assert sum(len(entry.text) for entry in full.between(full.first, full.end)) <= MAX_LOG_CHARS
    assert full.last_seq == 1999


def test_what_is_held_back_is_bounded_if_the_history_never_comes() -> None:
    stream, out = Sequence("#main"), list[ServerEvent]()
    stream.take(1, NOW, Message({"seq": 1}), out)
    for seq in range(3, MAX_HELD + 10):
        stream.take(seq, NOW, Message({"seq": seq}), out)
    assert len(stream._held) <= MAX_HELD
    assert [event.seq for event in out if isinstance(event, Message)] == [1, *range(3, len(out) + 2)]


def test_what_is_held_back_in_many_rooms_is_bounded_and_shown_with_its_gaps() -> None:
    out: list[ServerEvent] = []
    router = Router("alice", out, lambda id, seq, at: False)
    text = "x" * MAX_SHOWN_CHARS
    many = MAX_HELD_CHARS // MAX_SHOWN_CHARS * 3
    for number in range(many):
        place = {"to": f"#{number % 7}", "sender": "bob", "at": NOW}
        if number < 7:
            router.message(Message({**place, "seq": 1}))
        router.message(Message({**place, "seq": 3 + 2 * number, "content": text}))
        assert sum(router.sequence(f"#{room}").held_chars for room in range(7)) <= MAX_HELD_CHARS
    shown = [
        event.seq for event in out if isinstance(event, Message) and event.content and event.room == "#0"
    ]
    assert shown == sorted(shown)
    assert many // 7 // 2 < len(shown)


def test_the_logs_of_many_rooms_together_are_bounded_however_old_what_comes_is() -> None:
    victim = Victim()
    rooms = [victim.model.enter(f"#{number}") for number in range(20)]
    for number in range(MAX_LOGS_BYTES // MAX_SHOWN_CHARS * 2):
        message = {"to": rooms[number % 3].name, "sender": "bob", "seq": 1_000_000 - number, "at": NOW}
        heard(victim.model, [_roomed(Message({**message, "content": "x" * MAX_SHOWN_CHARS}, history=True))])
        assert sum(room.log.size for room in rooms) <= MAX_LOGS_BYTES
    assert all(len(room.log) for room in rooms[:3])


def test_long_names_topics_and_reasons_are_cut() -> None:
    victim = Victim()
    long = "y" * (2 * MAX_LABEL_CHARS)
    victim.hear(
        {"response": "joined", "sender": "alice", "to": "#" + long, "seq": 0, "read": 0},
        {"response": "topic", "to": "#main", "content": long, "sender": long},
        {"response": "presence", "sender": long, "away": long},
        {"response": "names", "to": "#main", "content": [long, "alice"]},
        {"response": "message", "sender": long, "to": "#main", "seq": 2, "at": NOW, "content": "hi"},
    )
    model, main = victim.model, victim.model.rooms["#main"]
    kept = (*model.rooms, main.topic, *model.away, *model.away.values(), *main.people, *main.people.values())
    assert max(map(len, (*kept, *main.speakers, *victim.session.channels))) == MAX_LABEL_CHARS


def test_people_and_absences_are_bounded_in_all_rooms_together() -> None:
    victim = Victim()
    for number in range(MAX_PEOPLE_IN_ALL // MAX_PEOPLE + 3):
        room = victim.model.enter(f"#{number}")
        names = [f"n{number}-{person}" for person in range(MAX_PEOPLE)]
        heard(victim.model, [Names(Record({"to": room.name, "content": names}))])
    assert sum(len(room.people) for room in victim.model.rooms.values()) <= MAX_PEOPLE_IN_ALL
    victim.hear({"response": "joined", "sender": "carol", "to": "#main"})
    assert sum(len(room.people) for room in victim.model.rooms.values()) <= MAX_PEOPLE_IN_ALL
    for number in range(MAX_PEOPLE + 10):
        heard(victim.model, [Presence(Record({"sender": f"n{number}", "away": ""}))])
    assert len(victim.model.away) == MAX_PEOPLE


def test_channels_that_one_was_put_out_of_are_remembered_up_to_a_bound() -> None:
    channels = Channels(["#main"])
    for number in range(2 * MAX_CHANNELS):
        channels.leave(f"#{number}")
    assert len(channels._left) == MAX_CHANNELS


def _roomed(message: Message) -> Message:
    message.room = message.to
    return message


def test_a_server_that_asks_and_does_not_listen_is_left() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        session = Session("alice", None, ("#main",), Outbox())
        loop = Loop()
        link = ServerLink(loop, parse_connect(f"127.0.0.1:{listener.getsockname()[1]}"), session)
        link.open()
        server, _ = listener.accept()
        server.settimeout(10)
        with server:
            states = []
            while "offline" not in states:
                loop.run_once(0)
                states += [event.state for event in link.poll() if isinstance(event, State)]
                if link._connection is not None:
                    session.out.append(b"x" * 1_000_000)
                    assert link._connection.pending_output <= MAX_UNSENT_BYTES + 1_000_000
        link.close()
        loop.close()
