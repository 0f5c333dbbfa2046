"""What the server tells besides messages: who comes and goes, topics, states, names."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.scenes import MINUTE, Scene, morning
from tui.model.effects import Alert, Ask
from tui.model.inputs import Focus
from tui.model.server_events import KINDS
from tui.text.rows import plain as plain_row
from tui.view.panels import people_rows


def notes(scene: Scene, room: str = "#main") -> list[str]:
    log = scene.model.rooms[room].log
    return [entry.text for entry in log.between(log.first, log.end) if not entry.sender]


def came(scene: Scene, *names: str, to: str = "#main") -> None:
    for name in names:
        scene.hear({"response": "joined", "sender": name, "to": to})


def went(scene: Scene, *names: str, to: str = "#main") -> None:
    for name in names:
        scene.hear({"response": "left", "sender": name, "to": to, "content": ""})


def plain() -> Scene:
    scene = Scene()
    scene.online()
    scene.join("#main", "bob", "carol")
    return scene


def test_those_who_come_and_go_are_told_in_one_line_until_somebody_speaks() -> None:
    scene = plain()
    came(scene, "dave", "erin")
    went(scene, "bob")
    assert notes(scene) == ["dave, erin joined · bob left"]
    went(scene, "dave")
    assert notes(scene) == ["erin joined · bob, dave left"]
    scene.says("carol", "quiet now")
    came(scene, "dave")
    assert notes(scene) == ["erin joined · bob, dave left", "dave joined"]


def test_in_a_large_room_only_those_who_spoke_lately_are_told() -> None:
    scene = Scene()
    scene.online()
    scene.join("#main", *(f"user{number}" for number in range(40)))
    scene.says("user1", "I speak")
    went(scene, "user1", "user2")
    assert notes(scene) == ["user1 left"]
    scene.now += 61 * MINUTE
    came(scene, "user1", "user2")
    assert notes(scene) == ["user1 left"]
    assert scene.model.room.users == 41


def test_who_quits_leaves_every_room() -> None:
    scene = morning()
    scene.hear({"response": "quit", "sender": "bob", "content": "bye", "channels": ["#main", "#ops"]})
    assert all("bob" not in room.people for room in scene.model.rooms.values())
    assert notes(scene, "#ops") == ["bob left"]


def test_a_new_name_is_the_same_person() -> None:
    scene = plain()
    scene.hear({"response": "presence", "sender": "bob", "away": "out"})
    scene.hear({"response": "renamed", "sender": "bob", "content": "robert"})
    assert notes(scene) == ["bob is now called robert."]
    assert set(scene.model.room.people) == {"alice", "carol", "robert"}
    assert scene.model.away == {"robert": "out"}
    scene.hear({"response": "renamed", "sender": "alice", "content": "alicia"})
    assert scene.model.user == "alicia"
    assert scene.model.mentions("hello alicia") and not scene.model.mentions("hello alice")


def test_a_topic_is_shown_and_its_change_told() -> None:
    scene = plain()
    facts: dict[str, Any] = {"response": "topic", "sender": "bob", "to": "#main", "set_at": scene.now}
    scene.hear({**facts, "content": "Cakes"})
    assert "#main: Cakes" in scene.screen().splitlines()[0]
    scene.hear({**facts, "content": ""})
    assert notes(scene) == ["bob set the topic: Cakes", "bob removed the topic."]


def test_the_state_of_the_connection_is_shown() -> None:
    scene = plain()
    assert "● connected" in scene.screen()
    scene.hear({"response": "state", "state": "offline", "reason": "The connection was broken."})
    assert "● offline   The connection was broken." in scene.screen()
    assert notes(scene) == ["The connection was broken. What you write is kept and sent later."]
    scene.hear({"response": "state", "state": "offline", "reason": "No server is running at localhost."})
    assert "No server is running at localhost." in scene.screen()
    assert len(notes(scene)) == 1
    scene.hear({"response": "state", "state": "refused", "reason": "You are banned.", "code": "banished"})
    assert "not logged in" in scene.screen()
    assert "Only the people who run this server can change that." in scene.screen()


def test_a_person_who_looks_like_another_is_marked() -> None:
    scene = plain()
    came(scene, "b0b")
    scene.says("b0b", "I am bob")
    frame = scene.frame()
    styles = {text: style for row in frame.rows for text, style in row}
    assert styles["b0b"] == scene.model.theme["suspect"]


def test_who_comes_with_a_name_like_another_is_told_apart_also_after_that_one_has_left() -> None:
    scene = plain()
    scene.says("bob", "hello")
    scene.hear({"response": "left", "sender": "bob", "to": "#main", "content": ""})
    came(scene, "b0b")
    assert "b0b (looks like bob) joined" in scene.screen()
    came(scene, "dave")
    assert "b0b (looks like bob), dave joined" in scene.screen()


def test_a_conversation_that_begins_with_somebody_like_another_says_so() -> None:
    scene = plain()
    scene.says("b0b", "send me the password", to="alice")
    scene.says("dave", "hello", to="alice")
    scene.press("alt-2")
    assert "b0b is not bob, though the names look alike." in scene.screen()
    scene.press("alt-3")
    assert "look alike" not in scene.screen()


def test_in_the_list_of_people_a_name_like_another_is_marked_too_but_never_ones_own() -> None:
    scene = plain()
    for name in ("b0b", "al1ce"):
        came(scene, name)
    styles = {text: style for row in scene.frame().rows for text, style in row}
    assert styles["b0b"] == styles["bob"] == styles["al1ce"] == scene.model.theme["suspect"]
    assert not any(text.strip() == "alice" and style == styles["b0b"] for text, style in styles.items())


def test_who_is_away_already_is_asked_for() -> None:
    scene = Scene()
    assert scene.hear({"response": "state", "state": "online"}) == [Ask({"request": "who"}, "people")]
    scene.join("#main", "bob", "carol")
    scene.hear(
        {
            "response": "ok",
            "reply_to": "ask-1",
            "content": [{"name": "bob", "away": "out"}, {"name": "carol"}],
        }
    )
    assert "bob away" in scene.screen()
    assert "carol away" not in scene.screen()


def test_a_server_that_counts_anew_is_believed() -> None:
    scene = plain()
    scene.says("bob", "old", seq=50)
    scene.hear({"response": "reset", "room": "#main"})
    scene.says("bob", "anew", seq=1)
    log = scene.model.room.log
    assert [entry.text for entry in log.between(log.first, log.end) if entry.sender] == ["old", "anew"]


def test_what_is_missing_is_told() -> None:
    scene = plain()
    scene.hear({"response": "gap", "room": "#main", "after": 10, "before": 31})
    assert notes(scene) == ["20 messages between are not loaded. /find looks for them on the server."]


def test_what_was_read_on_another_device_is_read_here() -> None:
    scene = morning()
    scene.hear({"response": "read", "to": "#ops", "seq": 2})
    assert scene.model.rooms["#ops"].unread == 0


def test_what_the_server_greets_with_is_shown() -> None:
    scene = plain()
    scene.hear({"response": "welcome", "content": {"motd": "Be\nkind"}, "reply_to": "1"})
    assert notes(scene) == ["Be\nkind"]


def test_what_a_closed_server_says_after_the_login_is_shown() -> None:
    scene = plain()
    scene.hear({"response": "login", "name": "alice", "motd": "Be\nkind"})
    assert notes(scene) == ["Be\nkind"]


def test_what_the_server_greets_with_is_shown_again_only_if_it_has_changed() -> None:
    scene = plain()
    for motd in ("Be kind", "Be kind", "", "Be kind", "Tea at five"):
        scene.hear({"response": "welcome", "content": {"motd": motd}, "reply_to": "1"})
    assert notes(scene) == ["Be kind", "Tea at five"]


def test_whoever_is_banned_from_the_server_reads_why_once() -> None:
    scene = plain()
    told = "You are banned from this server: spam."
    scene.hear({"response": "state", "state": "offline", "reason": told, "code": "banished"})
    scene.hear({"response": "state", "state": "connecting"})
    scene.hear({"response": "state", "state": "refused", "reason": told, "code": "banished"})
    assert notes(scene) == [told, "Only the people who run this server can change that."]
    scene.online()
    scene.hear({"response": "state", "state": "refused", "reason": told, "code": "banished"})
    assert notes(scene)[-1].startswith(told)


lists = st.lists(st.text(max_size=3), max_size=2)
values: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.integers(), st.just(1 << 70), st.text(max_size=5), lists, st.just({})
)
keys = st.sampled_from([
    "to", "sender", "content", "seq", "at", "room", "state", "reason", "id", "users", "read", "away", "name",
    "reply_to", "set_at", "after", "before", "current", "channels",
])  # fmt: skip


@pytest.mark.parametrize("response", [*KINDS, "message", "unheard-of", None])
@given(facts=st.dictionaries(keys, values))
def test_no_object_breaks_anything(response: str | None, facts: dict[str, Any]) -> None:
    scene = morning(60, 12)
    message = {"sender": "bob", "to": "#main", "content": "x", "seq": 9} if response == "message" else {}
    scene.hear({**message, **facts, "response": response})
    scene.frame()


# ---- keeping order --------------------------------------------------------------------------------------------


def kicked(scene: Scene, name: str, reason: str = "") -> None:
    scene.hear(
        {"response": "kicked", "sender": "bob", "by": "bob", "name": name, "to": "#main", "content": reason}
    )


def test_who_is_put_out_is_gone_from_the_room() -> None:
    scene = plain()
    kicked(scene, "carol", "spam")
    assert notes(scene) == ["bob kicked carol (spam)."]
    assert "carol" not in scene.model.rooms["#main"].people


def test_who_is_put_out_oneself_is_in_the_room_no_longer() -> None:
    scene = plain()
    kicked(scene, scene.model.user.upper())
    room = scene.model.rooms["#main"]
    assert (room.joined, room.people) == (False, {})
    assert notes(scene) == ["bob kicked you from #main."]


def test_modes_invitations_and_the_words_of_operators_are_told() -> None:
    scene = plain()
    scene.hear(
        {"response": "moded", "sender": "bob", "by": "bob", "to": "#main", "content": "+m", "changes": []}
    )
    scene.hear({"response": "invited", "by": "bob", "name": scene.model.user, "to": "#tea"})
    scene.hear({"response": "invited", "by": "bob", "name": "carol", "to": "#main"})
    scene.hear({"response": "wallops", "sender": "bob", "content": "noon"})
    scene.hear(
        {"response": "pinned", "sender": "bob", "to": "#main", "seq": 7, "name": "eve", "content": "a\x1bb"}
    )
    scene.hear({"response": "unpinned", "sender": "bob", "to": "#main", "seq": 7, "content": ""})
    assert notes(scene) == [
        "bob changed the modes: +m",
        "bob invites you to #tea. Join with /join #tea.",
        "bob invited carol to #main.",
        "(operators) bob: noon",
        "bob pinned message 7: <eve> a␛b",
        "bob unpinned message 7.",
    ]


def people(scene: Scene) -> list[str]:
    return [plain_row(row).strip() for row in people_rows(scene.model, scene.model.rooms["#main"], 20, 20)]


def moded(scene: Scene, *changes: tuple[str, bool, str | None]) -> None:
    scene.hear(
        {
            "response": "moded", "sender": "bob", "by": "bob", "to": "#main", "content": "+x",
            "changes": [{"mode": mode, "letter": mode[0], "on": on, "value": value} for mode, on, value in changes],
        }
    )  # fmt: skip


def test_operators_and_the_voiced_stand_first_and_are_marked() -> None:
    scene = Scene()
    scene.online()
    scene.join("#main", "bob", "carol", "dave")
    assert people(scene) == ["alice", "bob", "carol", "dave"]
    names = {"response": "names", "to": "#main", "users": 4, "content": ["alice", "bob", "carol", "dave"]}
    scene.hear({**names, "operators": ["dave"], "voiced": ["carol"]})
    assert people(scene) == ["@dave", "+carol", "alice", "bob"]
    moded(scene, ("operator", True, "bob"), ("operator", False, "dave"), ("voice", True, "alice"))
    assert people(scene) == ["@bob", "+alice", "+carol", "dave"]
    assert notes(scene)[-1] == (
        "bob made bob an operator\nbob took the operator's role from dave\nbob gave you a voice"
    )
    scene.hear({"response": "renamed", "sender": "bob", "content": "rob", "old": "bob", "new": "rob"})
    assert people(scene)[0] == "@rob"
    went(scene, "rob")
    came(scene, "rob")
    assert people(scene)[-1] == "rob"


def test_the_title_shows_what_the_server_calls_itself() -> None:
    scene = plain()
    assert scene.model.place.startswith("evchat")
    scene.hear({"response": "welcome", "content": {"server": "Class\x1b 7B"}})
    assert scene.model.place.startswith("Class␛ 7B")
    assert "Class␛ 7B" in scene.screen().splitlines()[0]
    scene.hear({"response": "welcome", "content": {}})
    assert scene.model.place.startswith("Class␛ 7B")


def test_bans_and_mutes_are_told_in_plain_sentences() -> None:
    scene = plain()
    ban = {
        "mode": "ban",
        "letter": "b",
        "on": True,
        "value": "m:kid!*@*",
        "whom": "ki\x1bd",
        "until": 601_000,
    }
    event = {"response": "moded", "sender": "bob", "by": "bob", "to": "#main", "content": "+b x", "at": 1_000}
    scene.hear({**event, "changes": [ban, {**ban, "value": "m:a:kid"}, {"mode": "voice", "value": "kid"}]})
    assert notes(scene)[-1] == "bob muted ki␛d for 10 minutes.\nbob took the voice from kid"
    scene.hear({**event, "by": "server", "changes": [{**ban, "on": False}]})
    assert notes(scene)[-1] == "ki␛d is no longer muted."


def test_modes_are_told_by_their_names() -> None:
    scene = plain()
    moded(scene, ("moderated", True, None), ("limit", True, "20"), ("secret", False, None))
    assert notes(scene)[-1] == "bob changed the modes: moderated, limit 20, no longer secret"


def test_who_is_watched_is_told_when_coming_and_going() -> None:
    scene = plain()
    scene.hear({"response": "appeared", "sender": "zoe", "content": ""})
    scene.hear({"response": "vanished", "sender": "zoe", "content": ""})
    assert notes(scene) == ["zoe is online.", "zoe is no longer online."]


def test_an_invitation_and_being_put_out_ring_if_one_looks_elsewhere() -> None:
    scene = plain()
    invited = {
        "response": "invited",
        "sender": "bob",
        "by": "bob",
        "to": "#ops",
        "name": "alice",
        "content": "",
    }
    assert scene.hear(invited) == []
    scene.take(Focus(False))
    assert scene.hear(invited) == [Alert("bob invites you to #ops. Join with /join #ops.")]
    kicked(scene, "alice", "spam")
    assert scene.effects[-1] == Alert("bob kicked you from #main (spam).")
    assert scene.model.room.people == {} and scene.model.room.users == 0
