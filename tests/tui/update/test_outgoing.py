"""What the user says waits in its room under the id under which it is sent."""

from __future__ import annotations

from tests.tui.scenes import Scene, morning
from tui.model.effects import Again, Ask, Drop, Say


def test_a_line_waits_under_the_id_under_which_it_is_sent() -> None:
    scene = morning()
    said = [effect for effect in scene.line("hello") if isinstance(effect, Say)]
    assert [effect.id for effect in said] == list(scene.model.room.pending)
    said = [effect for effect in scene.line("/msg bob hi") if isinstance(effect, Say)]
    assert [effect.id for effect in said] == list(scene.model.rooms["bob"].pending)


def test_a_text_of_many_lines_becomes_messages_with_ids_of_their_own() -> None:
    scene = morning()
    scene.model.max_lines = 2
    scene.paste("one\ntwo\nthree")
    said = [effect for effect in scene.press("enter") if isinstance(effect, Say)]
    assert [effect.text for effect in said] == ["one\ntwo", "three"]
    assert [(p.id, p.text) for p in scene.model.room.pending.values()] == [(s.id, s.text) for s in said]


def test_a_refused_line_that_is_sent_again_waits_at_the_end_under_a_new_id() -> None:
    scene = morning()
    scene.line("one")
    scene.line("two")
    first, second = scene.model.room.pending
    scene.hear({"response": "sent", "id": first, "room": "#main", "state": "failed", "reason": "no"})
    scene.press("alt-up", "up")
    assert scene.model.selected is not None
    done = scene.press("r")
    kept = list(scene.model.room.pending.values())
    assert [pending.text for pending in kept] == ["two", "one"] and not kept[1].failed
    assert [(effect.refused, effect.id) for effect in done if isinstance(effect, Again)] == [
        (first, kept[1].id)
    ]
    assert kept[1].id not in (first, second)


def test_what_an_answer_is_for_is_kept_under_the_id_of_its_request() -> None:
    scene = Scene()
    scene.online()
    (asked,) = (effect for effect in scene.effects if isinstance(effect, Ask))
    assert scene.model.asked == {asked.id: asked.purpose}


def _refused() -> Scene:
    scene = morning()
    scene.line("mine")
    scene.hear(
        {"response": "sent", "id": "line-2", "room": "#main", "state": "failed", "reason": "You may not."}
    )
    return scene


def test_a_refused_line_says_how_to_discard_it_and_is_gone_then() -> None:
    scene = _refused()
    assert "Not sent: You may not. (/discard removes it)" in scene.screen()
    assert "to send" not in scene.screen()
    scene.line("waits")
    assert Drop("line-2") in scene.line("/discard")
    assert "1 line discarded." in scene.model.hint
    assert [pending.text for pending in scene.model.room.pending.values()] == ["waits"]


def test_while_nothing_can_be_sent_all_lines_can_be_discarded() -> None:
    scene = _refused()
    scene.hear({"response": "state", "state": "offline"})
    scene.line("waits")
    assert "1 to send" in scene.screen(), "the refused one is not to be sent"
    dropped = [effect for effect in scene.line("/discard") if isinstance(effect, Drop)]
    assert len(dropped) == 2 and not scene.model.room.pending
    assert "to send" not in scene.screen()


def test_where_nothing_waits_one_is_told_where_something_does() -> None:
    scene = _refused()
    scene.press("alt-2")
    scene.line("/discard")
    assert scene.model.hint == "Unsent lines are in #main."
    scene.press("alt-1")
    scene.line("/discard")
    scene.line("/discard")
    assert scene.model.hint == "Everything is sent."


def test_a_selected_line_that_waits_can_be_given_up_while_nothing_can_be_sent() -> None:
    scene = morning()
    scene.line("waits")
    scene.press("alt-up", "d")
    assert "still being sent" in scene.model.hint
    scene.press("escape")
    scene.hear({"response": "state", "state": "offline"})
    scene.press("alt-up", "d")
    assert not scene.model.room.pending and scene.model.editor.text == "waits"


def test_whoever_is_banned_from_the_server_queues_nothing_and_is_told_so() -> None:
    scene = morning()
    told = "You are banned from this server."
    scene.hear({"response": "state", "state": "offline", "reason": told, "code": "banished"})
    assert "kept and sent later" not in scene.screen()
    scene.hear({"response": "state", "state": "refused", "reason": told, "code": "banished"})
    for line in ("hello", "/me waves", "/msg bob hi"):
        assert not [effect for effect in scene.line(line) if isinstance(effect, Say)]
        assert scene.model.hint == f"{told} The line stays here." and scene.model.editor.text == line
    assert not any(room.pending for room in scene.model.rooms.values())
    scene.online()
    assert [effect for effect in scene.press("enter") if isinstance(effect, Say)]
