"""What holds while the disk is slow and the chat goes on: whatever fails, no decision stands on one that is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evchat.core import records as rec
from evchat.protocol.base import Request
from evchat.protocol.basics import Failed
from evchat.protocol.channels import Topic
from evchat.protocol.login import Login
from evchat.protocol.messages import SendMessage
from tests.core.playbook import check_against_store, check_invariants, snapshot
from tests.core.slow_disk import SlowPlay
from tests.core.test_laws import (
    OWN_NAMES,
    PEOPLE,
    SMALL,
    Step,
    _check_numbers,
    people,
    steps,
)

SlowStep = Callable[[SlowPlay], None]


def _begin(fails: bool) -> SlowStep:
    return lambda play: play.begin(fails=fails)


def _end(fails: bool) -> SlowStep:
    return lambda play: play.end(fails=fails)


slow_steps = st.one_of(steps, steps, st.builds(_begin, st.booleans()), st.builds(_end, st.booleans()))


@given(st.lists(slow_steps, min_size=30, max_size=120), st.booleans())
def test_whatever_anybody_does_while_commits_are_under_way_and_fail_all_stays_in_order(
    play_steps: list[Step | SlowStep], shy: bool
) -> None:
    play = SlowPlay(shy=shy, **SMALL)
    for who in PEOPLE:
        play.connect(who)
    for step in play_steps:
        step(play)
        check_invariants(play.chat)
        play.slow.shy = False
        check_against_store(play.chat)
        play.slow.shy = shy
    play.commit()
    check_invariants(play.chat)
    check_against_store(play.chat)
    _check_numbers(play)


def _keeps(number: int, who: str, to: str | None, is_topic: bool) -> Request:
    """A request that is refused for nobody else's sake, and changes something whatever the others did."""
    if is_topic:
        return Topic(f"topic {number}", "#main", id=f"r{number}")
    return SendMessage(f"text {number}", to, id=f"r{number}")


receivers = st.sampled_from([None, "#main", "alice", "bob", "nobody"])
group = st.tuples(
    st.lists(st.tuples(people, receivers, st.booleans()), max_size=5),
    st.sampled_from(["kept", "kept", "refused", "lost"]),
)


@given(st.lists(group, max_size=10), st.booleans())
def test_after_commits_that_fail_all_is_as_if_what_was_lost_had_never_been_asked(
    groups: list[tuple[list[tuple[str, str | None, bool]], str]], shy: bool
) -> None:
    """Each group is decided while the one before is under way. It may be refused at once, or lost at the end."""
    play, twin = SlowPlay(shy=shy, **SMALL), SlowPlay(shy=shy, **SMALL)
    for server in (play, twin):
        for who in PEOPLE:
            server.connect(who)
            server.decide(who, Login(OWN_NAMES[who]))
        server.commit()
    number, former = 0, "kept"
    for requests, fate in groups:
        for who, to, is_topic in requests:
            number += 1
            play.decide(who, _keeps(number, who, to, is_topic))
        play.end(fails=former == "lost")
        play.begin(fails=fate == "refused")
        former = fate
    play.commit()
    lost = {event.reply_to for event in play.hear_all() if isinstance(event, Failed)}
    for who, request in play.decided:
        if request.id not in lost:
            twin.decide(who, request)
            twin.commit()
    assert _timeless(play.disk.kept) == _timeless(twin.disk.kept)
    assert _without_times(snapshot(play.chat)) == _without_times(snapshot(twin.chat))
    check_against_store(play.chat)


def _timeless(records: tuple[rec.Record, ...]) -> list[rec.Record]:
    """A time that was given to a lost message is not given again."""
    return [replace(record, at=0) if hasattr(record, "at") else record for record in records]


def _without_times(state: dict[str, Any]) -> dict[str, Any]:
    state["heads"] = {key: head for key, head in state["heads"].items() if head}
    return state
