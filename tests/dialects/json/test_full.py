"""Full clients hear every event as regular objects."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from evchat.dialects.json import full as json_full
from evchat.protocol.authentication import ScramChallenge
from evchat.protocol.base import Answer, Event
from evchat.protocol.basics import Done, LocalReply, RequestContext
from evchat.protocol.channels import Entered
from evchat.protocol.history import HistoryListed, InboxListed, SearchResults
from evchat.protocol.login import NickConfirmed
from evchat.protocol.messages import Message, MessageAccepted
from evchat.protocol.typed_lines import NamePrompt
from reference.json.objects import EVERYWHERE
from tests.dialects.anything import EVENTS, few, legal_texts, objects
from tests.dialects.samples import AT, HI, LUNCH, SAMPLES, WAVES


def heard(event: Event) -> list[dict[str, Any]]:
    """The objects of an event; each must be a line."""
    data = json_full.encode(event)
    assert data == b"" or data.endswith(b"\n")
    return [json.loads(line) for line in data.decode("utf-8").split("\n")[:-1]]


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_every_event_is_told_whatever_is_in_it(kind: type[Event]) -> None:
    @few
    @given(objects(kind))
    def check(event: Event) -> None:
        for told in heard(event):
            assert told.keys() >= EVERYWHERE.keys()
            assert isinstance(told["at"], int) and len(told["timestamp"]) == 19
            assert (
                told["response"] == "ok" or "reply_to" not in told or told["response"] in ("error", "welcome")
            )
            if (
                isinstance(event, Answer)
                and event.reply_to is not None
                and told["response"] in ("ok", "error")
            ):
                assert told["reply_to"] == event.reply_to.encode("utf-8", "replace").decode()

    check()


def test_only_what_other_dialects_need_is_not_told() -> None:
    assert {type(sample) for sample in SAMPLES if not heard(sample)} == {
        NamePrompt,
        NickConfirmed,
        RequestContext,
        LocalReply,
        ScramChallenge,
    }


@given(objects(Message, legal_texts))
def test_a_message_is_told_as_it_is(said: Message) -> None:
    (told,) = heard(said)
    assert (told["sender"], told["to"], told["content"]) == (said.sender, said.to, said.text)
    number = (None, said.role) if said.role else (said.seq, None)
    assert (told.get("seq"), told.get("role")) == number
    assert (told["at"], told.get("id"), told.get("notice", False)) == (said.at, said.id, said.notice)
    assert (told.get("action", False), told.get("broadcast", False)) == (said.action, said.announced)


def test_a_message_in_a_list_is_the_same_as_a_live_one() -> None:
    messages = (HI, WAVES, LUNCH)
    for event in (
        HistoryListed(AT, "1", "#main", messages, 42),
        HistoryListed(AT, None, "#main", messages, 42, recent=True),
        InboxListed(AT, "1", messages),
        SearchResults(AT, "1", "words", messages),
    ):
        (told,) = heard(event)
        assert told["content"] == [heard(message)[0] for message in messages]


def test_an_ok_of_a_message_has_the_time_at_which_it_was_sent() -> None:
    (told,) = heard(MessageAccepted(AT + 5, "1", "#main", 42, sent_at=AT, duplicate=True))
    assert told["at"] == AT and told["duplicate"] is True
    (told,) = heard(MessageAccepted(AT, "1", "#main", 42))
    assert told["at"] == AT and not {"duplicate", "kept", "away"} & told.keys()


def test_an_answer_to_a_request_without_an_id_has_no_reply_to() -> None:
    assert "reply_to" not in heard(Done(AT, None))[0]
    assert "reply_to" not in heard(MessageAccepted(AT, None, "#main", 1))[0]


def test_whoever_comes_in_is_told_the_state_of_the_channel_in_three_objects() -> None:
    entered = Entered(AT, None, "alice", "#ops", "on call", "bob", AT, ("alice", "bob"), 42, 40, users=2)
    joined, topic, names = heard(entered)
    assert joined["response"] == "joined" and joined["sender"] == "alice" and joined["seq"] == 42
    assert topic["content"] == "on call" and topic["by"] == "bob"
    assert names["content"] == ["alice", "bob"] and {o["to"] for o in (joined, topic, names)} == {"#ops"}


def test_names_of_a_very_large_channel_are_not_told_as_none() -> None:
    entered = Entered(AT, None, "alice", "#main", "", "", 0, (), 42, 40, users=3000)
    assert [told["response"] for told in heard(entered)] == ["joined", "topic"]
    assert heard(entered)[0]["users"] == 3000
