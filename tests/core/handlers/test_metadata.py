"""Metadata: asked for, changed, subscribed to."""

from __future__ import annotations

import pytest

from evchat.protocol.basics import Failed
from evchat.protocol.metadata import (
    ClearMetadata,
    GetMetadata,
    MetadataEntry,
    MetadataSubscribed,
    MetadataTold,
    SetMetadata,
    SubscribeMetadata,
)
from tests.core.playbook import Playbook
from tests.core.rooms import refused


@pytest.fixture
def play() -> Playbook:
    play = Playbook(max_metadata_keys=2, max_metadata_bytes=4, max_metadata_subscriptions=2)
    play.enter("alice", "bob")
    return play


def test_what_is_set_is_told_in_the_order_asked_for(play):
    play.ask("alice", SetMetadata("URL", "x"))
    told = play.tell("alice", GetMetadata(None, ("avatar", "url")), MetadataTold)
    assert told.entries == (MetadataEntry("alice", "avatar", None), MetadataEntry("alice", "url", "x"))
    assert play.tell("alice", ClearMetadata(), MetadataTold).entries == (MetadataEntry("alice", "url", None),)
    assert play.tell("alice", GetMetadata(), MetadataTold).entries == ()


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (SetMetadata("$", "x"), "bad-key"),
        (SetMetadata("url", "12345"), "bad-value"),
        (SetMetadata("url", "ééé"), "bad-value"),
        (SetMetadata("url"), "no-such-key"),
        (SetMetadata("url", "x", "bob"), "not-allowed"),
        (SetMetadata("url", "x", "nobody"), "no-such-user"),
        (SetMetadata("url", "x", "#none"), "no-such-channel"),
        (SetMetadata("url", "x", "#main"), "not-operator"),
        (GetMetadata(None, ("x",) * 2001), "too-many-names"),
        (SubscribeMetadata(tuple(f"!{n}" for n in range(2001))), "too-many-names"),
    ],
)
def test_what_can_not_be_done_is_refused_and_changes_nothing(play, request_, code):
    assert refused(play, "alice", request_)[0] == code


def test_there_are_only_so_many_keys(play):
    for key in ("one", "two", "two"):
        play.tell("alice", SetMetadata(key, "x"), MetadataTold)
    assert refused(play, "alice", SetMetadata("three", "x"))[0] == "list-full"


def test_a_session_subscribes_to_keys_until_it_has_as_many_as_it_may(play):
    heard = play.ask("alice", SubscribeMetadata(("one", "$", "TWO", "three", "four"), id="1"))
    assert [(event.code, event.about) for event in heard if isinstance(event, Failed)] == [
        ("bad-key", "$"),
        ("too-many-keys", "three"),
    ]
    assert heard[-1] == MetadataSubscribed(play.now, "1", ("one", "two"))
    gone = play.tell("alice", SubscribeMetadata(("one", "never"), False), MetadataSubscribed)
    assert (gone.keys, gone.on) == (("one", "never"), False)
    assert play.tell("alice", SubscribeMetadata(), MetadataSubscribed).keys == ("two",)
