"""Answers to commands, as sentences."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.commands import BY_NAME
from evchat.protocol.text import harmless
from tests.tui.scenes import START, Scene, morning
from tui.model.effects import Ask


def answer(scene: Scene, line: str, **facts: Any) -> None:
    scene.line(line)
    id = list(scene.model.asked)[-1]
    scene.hear({"response": "ok", "reply_to": id, **facts})


def last(scene: Scene) -> str:
    log = scene.model.room.log
    return log[log.end - 1].text


PERSON = {"name": "bob", "online": True, "away": None, "idle": 300_000, "channels": ["#main"], "seen": START}


@pytest.mark.parametrize(
    ("line", "facts", "words"),
    [
        ("/who", {"content": [PERSON]},
         "1 user online\nNAME  STATUS  IDLE   CHANNELS\nbob   online  5 min  #main"),
        ("/whois bob", {"content": {**PERSON, "away": "out", "idle": 0}},
         "bob (a guest)\n  Status    away: out\n  Channels  #main"),
        ("/whois bob", {"content": {"name": "bob", "online": False, "seen": START}},
         "bob (a guest)\n  Status     offline\n  Last seen  10:14"),
        ("/names", {"content": ["alice", "bob"], "to": "#main"}, "#main: alice, bob"),
        ("/blocked", {"content": []}, "You have not blocked anyone."),
        ("/blocked", {"content": ["bob"]}, "You have blocked bob."),
        ("/channels", {"content": [{"name": "#a", "topic": "T", "users": 3}]},
         "1 channel\nCHANNEL  MEMBERS  TOPIC\n#a       3        T"),
        ("/topic", {"content": "Tea", "set_at": 1}, "The topic is: Tea"),
        ("/topic", {"content": "", "set_at": 0}, "There is no topic."),
        ("/away x", {"content": "You are marked as away."}, "You are marked as away."),
        ("/ping", {"content": None}, "The server answered after 0 ms."),
        ("/search x", {"content": []}, "Nothing found."),
        ("/inbox", {"content": []}, "Unread, in the list of rooms: carol (1)."),
        ("/broadcast user bob hi", {"content": {"delivered": 0, "missed": ["bob"]}},
         "Your broadcast reached 0 users. Not reached: bob."),
    ],
)  # fmt: skip
def test_an_answer_is_a_sentence(line: str, facts: dict[str, Any], words: str) -> None:
    scene = morning()
    answer(scene, line, **facts)
    assert last(scene) == words


def test_an_inbox_is_empty_if_nothing_is_unread() -> None:
    scene = morning()
    scene.press("alt-3", "alt-1")
    answer(scene, "/inbox", content=[])
    assert last(scene) == "Your inbox is empty. /directs lists your conversations, /history NAME shows one."


def test_a_ping_is_answered_with_its_time() -> None:
    scene = morning()
    scene.line("/ping")
    scene.now += 42
    scene.hear({"response": "ok", "reply_to": list(scene.model.asked)[-1], "content": None})
    assert last(scene) == "The server answered after 42 ms."


def test_messages_found_by_command_are_listed() -> None:
    scene = morning()
    found = {"sender": "bob", "to": "#ops", "content": "cake\x1b[2J", "at": START, "seq": 1}
    answer(scene, "/search cake", content=[found])
    assert last(scene) == "1 message found\nSENT   IN    FROM  MESSAGE\n10:14  #ops  bob   cake␛[2J"
    answer(scene, "/search cake", content=[{**found, "to": "*"}])
    assert "10:14  (broadcast)  bob" in last(scene)


def test_the_rows_of_a_table_are_cut_where_the_screen_ends() -> None:
    scene = morning(60, 20)
    answer(scene, "/channels", content=[{"name": "#a", "topic": "x" * 200, "users": 3}] * 2)
    rows = [line for line in scene.frame().lines() if "#a  " in line]
    assert len(rows) == 2 and all(line.rstrip(" │").endswith("x…") for line in rows)


@pytest.mark.parametrize(
    ("line", "content", "words"),
    [
        ("/bans", [{"mask": "m:eve!*@*", "by": "bob", "at": START, "whom": "eve", "until": 0}],
         ["MASK     KIND   NAME  SET BY  SET", "eve!*@*  muted  eve   bob     10:14"]),
        ("/banished", [{"whom": "eve", "by": "bob", "at": START, "until": START + 60_000, "reason": "spam"}],
         ["BANNED  BY   SET    ENDS   REASON", "eve     bob  10:14  10:15  spam"]),
        ("/audit", [{"at": START, "by": "root", "act": "kill", "target": "eve", "detail": "spam"}],
         ["WHEN   OPERATOR  ACTION  TARGET  DETAILS", "10:14  root      kill    eve     spam"]),
        ("/directs", [{"name": "bob", "last": START, "unread": 2}, {"name": "eve", "last": START, "unread": 0}],
         ["NAME  LAST MESSAGE  UNREAD", "bob   10:14         2", "eve   10:14"]),
        ("/whowas bob", [{"name": "bob", "until": START, "account": "", "realname": "Bob B."}],
         ["NAME  UNTIL  REAL NAME", "bob   10:14  Bob B."]),
    ],
)  # fmt: skip
def test_a_list_is_a_table_with_headings(line: str, content: object, words: list[str]) -> None:
    scene = morning()
    answer(scene, line, content=content, to="#main", mode="ban")
    assert last(scene).split("\n")[1:] == words


def test_earlier_messages_asked_for_go_where_they_belong() -> None:
    scene = Scene()
    scene.online()
    scene.join("#main", "bob", seq=9, read=9)
    scene.says("bob", "ninth", seq=9, history=True)
    eighth = {
        "response": "message",
        "sender": "bob",
        "to": "#main",
        "content": "eighth",
        "at": START,
        "seq": 8,
    }
    answer(scene, "/history #main 1", content=[eighth], to="#main", more=True)
    log = scene.model.room.log
    assert [entry.text for entry in log.between(log.first, log.end)] == ["eighth", "ninth"]
    assert scene.model.room.unread == 0


def test_an_answer_to_nothing_says_nothing() -> None:
    scene = morning()
    before = scene.screen()
    scene.hear({"response": "ok", "reply_to": "never-asked", "content": "hello"})
    assert scene.screen() == before


@pytest.mark.parametrize("content", [None, 5, "x", [1, None], {"a": 1}, [{"name": 5}]])
def test_a_strange_answer_breaks_nothing(content: Any) -> None:
    for line in ("/who", "/whois bob", "/names", "/channels", "/blocked", "/topic", "/search x", "/inbox",
                 "/history bob", "/join #a", "/part", "/broadcast user bob x"):  # fmt: skip
        scene = morning()
        answer(scene, line, content=content, to=content, channels=content)
        scene.screen()


keys = st.sampled_from(
    ("content", "to", "sender", "seq", "at", "more", "name", "away", "online", "seen", "idle", "channels", "missed",
     "users", "topic", "text", "set_at")
)  # fmt: skip
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["#main", "bob", "alice"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=8,
)
purposes = st.sampled_from(
    [
        ("history", "#main"),
        ("search", "x"),
        ("around", "#main", "7"),
        ("people",),
        ("quiet",),
        ("history", "#gone"),
    ]
    + [("command", "#main", name) for name in (*BY_NAME, "broadcast")]
)


@given(
    purposes,
    st.dictionaries(keys, values),
    st.dictionaries(keys, values) | st.lists(st.dictionaries(keys, values)),
)
def test_no_answer_to_any_request_breaks_anything(
    purpose: tuple[str, ...], facts: dict[str, Any], content: object
) -> None:
    scene = morning(60, 12)
    if purpose[0] == "search":
        scene.line("/find x")
    scene.model.asked["it"] = purpose
    scene.hear({"content": content, **facts, "response": "ok", "reply_to": "it"})
    for line in scene.frame().lines():
        assert harmless(line) == line


def test_what_is_known_of_somebody_is_told() -> None:
    scene = morning()
    person = {
        "name": "bob",
        "online": True,
        "realname": "Bob B.",
        "account": "bob",
        "operator": True,
        "bot": True,
    }
    answer(scene, "/whois bob", content=person)
    assert last(scene).split("\n") == [
        "bob (a guest)",
        "  Status     online",
        "  Real name  Bob B.",
        "  Account    bob",
        "  Role       server operator, bot",
    ]


def test_what_shows_nowhere_is_said_to_be_done() -> None:
    scene = morning()
    answer(scene, "/realname Alice", content="")
    assert "Done." in scene.screen()


def test_those_who_keep_order_are_marked_among_the_names() -> None:
    scene = morning()
    answer(
        scene, "/names", to="#main", content=["alice", "bob", "carol"], operators=["bob"], voiced=["carol"]
    )
    assert last(scene) == "#main: alice, @bob, +carol"


def test_history_that_was_asked_for_says_what_has_come_of_it() -> None:
    scene = morning()
    for messages, told in (
        (
            [{"seq": 1, "sender": "bob", "to": "#main", "content": "did anyone see the build?"}],
            "All of that is here already.",
        ),
        ([{"seq": 900, "sender": "bob", "to": "#main", "content": "another"}], "1 message added."),
    ):
        (asked,) = [effect for effect in scene.line("/history 3") if isinstance(effect, Ask)]
        listed = [{"response": "message", "at": START, **message} for message in messages]
        scene.hear({"response": "ok", "reply_to": asked.id, "to": "#main", "content": listed, "more": True})
        assert told in scene.model.hint


def test_a_table_is_fitted_to_the_screen_with_all_its_columns() -> None:
    scene = morning(columns=80, rows=24)
    (asked,) = [effect for effect in scene.line("/who") if isinstance(effect, Ask)]
    person = {
        "name": "bob",
        "online": True,
        "away": "out for lunch and back at two o'clock",
        "since": START,
        "channels": ["#main", "#ops", "#announcements"],
        "realname": "Robert of somewhere far away",
        "account": "bob",
    }
    scene.hear({"response": "ok", "reply_to": asked.id, "content": [person]})
    (heading,) = [row for row in scene.screen().splitlines() if "NAME" in row]
    assert all(word in heading for word in ("NAME", "STATUS", "SINCE", "CHANNELS", "REAL NAME", "ACCOUNT")), (
        heading
    )
