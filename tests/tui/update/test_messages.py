"""Messages into rooms, and what becomes of one's own."""

from __future__ import annotations

import re

import pytest

from tests.tui.scenes import MINUTE, Scene, morning
from tui.model.effects import Again, Alert, Ask, Drop
from tui.model.inputs import Focus
from tui.model.log import OWN, SENT


def texts(scene: Scene, room: str = "#main") -> list[str]:
    log = scene.model.rooms[room].log
    return [entry.text for entry in log.between(log.first, log.end)]


def quiet() -> Scene:
    scene = Scene()
    scene.online()
    scene.join("#main", "bob", "carol")
    scene.join("#ops", "bob")
    return scene


def test_messages_that_come_out_of_order_stand_in_order() -> None:
    scene = quiet()
    for seq in (3, 1, 2, 3):
        scene.says("bob", f"number {seq}", seq=seq, history=True)
    assert texts(scene) == ["number 1", "number 2", "number 3"]


def test_what_comes_in_another_room_counts_as_unread_and_mentions_besides() -> None:
    scene = quiet()
    scene.says("bob", "hello", to="#ops")
    scene.says("bob", "hello Alice!", to="#ops")
    scene.says("bob", "malice, aliceb", to="#ops")
    room = scene.model.rooms["#ops"]
    assert (room.unread, room.mentions) == (3, 1)
    scene.press("alt-2")
    assert (room.unread, room.mentions) == (0, 0)


def test_a_direct_message_is_kept_under_the_other_side() -> None:
    scene = quiet()
    scene.says("bob", "psst", to="alice")
    scene.says("alice", "from my other device", to="bob", seq=2)
    assert texts(scene, "bob") == ["psst", "from my other device"]
    assert scene.model.rooms["bob"].mentions == 1


def test_words_of_ones_choice_are_mentions() -> None:
    scene = quiet()
    scene.model.highlight(("build", "C++"))
    scene.says("bob", "the BUILD broke", to="#ops")
    scene.says("bob", "I like C++ more", to="#ops")
    scene.says("bob", "rebuilding", to="#ops")
    assert scene.model.rooms["#ops"].mentions == 2


def test_attention_is_drawn_only_where_it_is_wanted() -> None:
    scene = quiet()
    assert scene.says("bob", "alice: here") == []
    assert scene.says("bob", "alice: there", to="#ops") == [Alert("bob in #ops: alice: there")]
    scene.take(Focus(True))
    assert scene.says("bob", "alice: there", to="#ops") == []
    scene.take(Focus(False))
    assert scene.says("bob", "alice: here") == [Alert("bob in #main: alice: here")]
    assert scene.says("bob", "nothing for me") == []
    assert scene.says("bob", "psst", to="alice") == [Alert("bob: psst")]
    scene.model.room.level = "none"
    assert scene.says("bob", "alice: here") == []
    scene.model.room.level = "all"
    assert scene.says("bob", "for everybody") == [Alert("bob in #main: for everybody")]
    assert scene.says("bob", "alice: long ago", history=True) == []


def test_of_many_at_once_one_rings() -> None:
    scene = quiet()
    scene.take(Focus(False))
    seqs = range(1, 10)
    done = scene.hear(
        *(
            {"response": "message", "sender": "bob", "to": "#main", "seq": n, "content": f"alice {n}"}
            for n in seqs
        )
    )
    assert done == [Alert("bob in #main: alice 9")]


def test_whom_one_ignores_is_not_heard() -> None:
    scene = quiet()
    scene.line("/ignore Bob")
    scene.says("bob", "spam")
    scene.says("carol", "fine")
    assert "spam" not in texts(scene)
    scene.line("/unignore bob")
    scene.says("bob", "better now", seq=3)
    assert "better now" in texts(scene)


def test_whom_one_ignores_makes_no_room_and_is_marked_in_the_list_of_people() -> None:
    scene = morning()
    scene.line("/ignore bob")
    scene.says("bob", "psst", to="alice")
    assert "bob" not in scene.model.rooms
    assert "bob hidden" in scene.screen()
    scene.line("/unignore bob")
    assert "bob hidden" not in scene.screen()


def test_a_line_to_another_room_that_is_refused_is_told_where_one_is() -> None:
    scene = morning()
    scene.line("/msg nobody hello there")
    assert "To nobody: hello there" in scene.screen()
    id = next(iter(scene.model.rooms["nobody"].pending))
    scene.hear(
        {"response": "sent", "id": id, "room": "nobody", "state": "failed", "reason": "Nobody has it."}
    )
    assert "✗ Not sent to nobody: Nobody has it." in re.sub(" +", " ", scene.screen())


def test_a_line_waits_is_sent_and_is_there_once() -> None:
    scene = quiet()
    scene.line("mine")
    assert "alice  mine …" in scene.screen()
    scene.says("bob", "theirs", seq=2)
    scene.sent("line-1", 1)
    assert texts(scene) == ["mine", "theirs"]
    assert "mine ✓" in scene.screen()
    log = scene.model.room.log
    assert log[log.first].kind & (OWN | SENT) == OWN | SENT
    scene.says("alice", "mine", seq=1, history=True)
    assert texts(scene) == ["mine", "theirs"]


def test_a_line_that_is_refused_says_why_and_can_be_sent_again_or_taken_back() -> None:
    scene = quiet()
    scene.line("mine")
    scene.hear(
        {"response": "sent", "id": "line-1", "room": "#main", "state": "failed", "reason": "You may not."}
    )
    assert "✗ Not sent: You may not." in scene.screen()
    scene.press("alt-up")
    assert scene.press("r") == [Again("line-1")]
    assert "Not sent" not in scene.screen()
    scene.hear(
        {"response": "sent", "id": "line-2", "room": "#main", "state": "failed", "reason": "You may not."}
    )
    scene.press("alt-up")
    assert Drop("line-2") in scene.press("d")
    assert scene.model.editor.text == "mine"
    assert not scene.model.room.pending


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"kept": True}, "bob is not online and will find it in the inbox."),
        ({"away": "lunch"}, "bob is away: lunch"),
    ],
)
def test_one_is_told_when_nobody_is_there_to_read(facts: dict[str, object], words: str) -> None:
    scene = quiet()
    scene.line("/msg bob hello")
    scene.sent("line-1", 1, **facts)
    scene.press("alt-3")
    assert words in scene.screen()


def test_a_broadcast_is_shown_where_one_is() -> None:
    scene = quiet()
    scene.press("alt-2")
    scene.says("bob", "fire!", to="*", seq=7)
    assert "to everyone: fire!" in scene.screen()
    scene.says("bob", "after it", to="#ops", seq=1)
    assert texts(scene, "#ops") == ["fire!", "after it"]


def test_the_line_before_the_new_stays_while_one_reads_and_goes_when_one_answers() -> None:
    scene = quiet()
    scene.says("bob", "old")
    scene.press("alt-2")
    scene.says("bob", "new one")
    scene.press("alt-1")
    assert "── new ─" in scene.screen()
    scene.says("bob", "newer")
    assert scene.screen().index("── new ─") < scene.screen().index("new one")
    scene.line("answer")
    assert "── new ─" not in scene.screen()


def test_what_comes_while_one_looks_is_not_new() -> None:
    scene = quiet()
    scene.says("bob", "one")
    scene.says("bob", "two")
    assert "── new ─" not in scene.screen()
    scene.press("alt-2", "alt-1")
    assert "── new ─" not in scene.screen()


def test_the_server_is_told_what_is_read_once() -> None:
    scene = quiet()
    scene.says("bob", "one")
    told = Ask({"request": "read", "to": "#main", "seq": 1}, "quiet")
    assert told in scene.press("alt-2")
    assert told not in scene.press("alt-1")
    assert told not in scene.press("alt-2")


def test_recent_messages_from_before_are_unread_only_behind_what_was_read() -> None:
    scene = Scene()
    scene.online()
    scene.join("#main", "bob")
    scene.join("#ops", "bob", seq=4, read=2)
    for seq in range(1, 5):
        scene.says("bob", f"number {seq}", to="#ops", seq=seq, history=True)
    assert scene.model.rooms["#ops"].unread == 2
    scene.press("alt-2")
    lines = scene.screen().splitlines()
    marker = next(index for index, line in enumerate(lines) if "── new ─" in line)
    assert "number 2" in lines[marker - 1] and "number 3" in lines[marker + 1]


@pytest.mark.parametrize("facts", [{"to": 1}, {"sender": None}, {"content": []}, {"at": "now"}, {"seq": "x"}])
def test_a_message_with_something_wrong_breaks_nothing(facts: dict[str, object]) -> None:
    scene = morning()
    scene.hear({"response": "message", "sender": "bob", "to": "#main", "seq": 9, "content": "x", **facts})
    scene.screen()


def redacted(scene: Scene, sender: str, seq: int, to: str = "#main", **facts: object) -> None:
    told = {
        "response": "redacted",
        "sender": sender,
        "to": to,
        "seq": seq,
        "sent_at": scene.now,
        "content": "",
    }
    scene.hear({**told, **facts})


def test_what_is_taken_back_keeps_its_place_without_its_text() -> None:
    scene = quiet()
    scene.says("bob", "a slip")
    scene.says("bob", "and more")
    redacted(scene, "bob", 1)
    rows = scene.screen().splitlines()
    at = next(index for index, row in enumerate(rows) if "bob    (deleted)" in row)
    assert "and more" in rows[at + 1] and "a slip" not in scene.screen()
    assert texts(scene) == ["", "and more"]
    redacted(scene, "bob", 1)
    redacted(scene, "bob", 99)
    assert texts(scene) == ["", "and more"]


def test_a_changed_message_says_so_behind_its_new_text() -> None:
    scene = quiet()
    scene.says("bob", "one")
    scene.says("bob", "two", edited=5)
    for seq in (1, 99):
        told = {"response": "edited", "sender": "bob", "to": "#main", "seq": seq, "content": "uno\x1b[2J"}
        scene.hear(told)
    assert "uno␛[2J (edited)" in scene.screen() and "two (edited)" in scene.screen()
    redacted(scene, "bob", 1)
    scene.hear({"response": "edited", "sender": "bob", "to": "#main", "seq": 1, "content": "back"})
    assert texts(scene) == ["", "two"] and "back" not in scene.screen()


def test_what_was_taken_back_before_one_came_is_shown_as_that() -> None:
    scene = quiet()
    scene.says("bob", "", seq=1, redacted=True, history=True)
    assert re.search(r"bob +\(deleted\)", scene.screen())
    assert scene.model.room.unread == 0


def test_what_is_taken_back_unread_is_not_counted_any_more() -> None:
    scene = quiet()
    scene.take(Focus(False))
    scene.says("bob", "alice: a slip")
    scene.says("bob", "and more")
    assert (scene.model.room.unread, scene.model.room.mentions) == (2, 1)
    redacted(scene, "bob", 1)
    assert (scene.model.room.unread, scene.model.room.mentions) == (1, 0)


def test_a_direct_message_and_one_to_everyone_are_taken_back_too() -> None:
    scene = quiet()
    scene.says("bob", "private slip", to="alice")
    scene.says("bob", "public slip", to="*", seq=1)
    redacted(scene, "bob", 1, to="alice")
    redacted(scene, "bob", 1, to="*", sent_at=scene.now)
    assert "bob to everyone: (deleted)" in scene.screen()
    scene.line("/query bob")
    assert "slip" not in scene.screen() and "(deleted)" in scene.screen()


@pytest.mark.parametrize(
    ("facts", "mark"),
    [
        ({"notice": True}, "notice: careful"),
        ({"role": "o", "seq": None}, "to operators: careful"),
        ({"role": "v", "seq": None, "notice": True}, "to operators and voiced: careful"),
    ],
)
def test_what_is_not_said_to_all_in_the_usual_way_is_marked(facts: dict[str, object], mark: str) -> None:
    scene = quiet()
    scene.says("bob", "before")
    scene.hear(
        {"response": "message", "sender": "bob", "to": "#main", "seq": 2, "content": "careful", **facts}
    )
    assert re.search(f"bob +{mark}", scene.screen())


def test_the_colours_of_irc_are_left_out() -> None:
    scene = quiet()
    scene.says("bob", "\x02bold\x02 \x0304,12red\x03 \x04ff0000hex\x0f \x1dit\x1d\x1f\x16 1,2")
    assert texts(scene) == ["bold red hex it 1,2"]


def test_messages_asked_for_stand_above_what_was_told_before_they_came() -> None:
    scene = quiet()
    scene.now += MINUTE
    scene.hear({"response": "info", "content": "told later"})
    scene.says("bob", "said before", seq=1, history=True, at=scene.now - MINUTE // 2)
    screen = scene.screen()
    assert screen.index("said before") < screen.index("told later")
