"""Which channels a list is asked for."""

from __future__ import annotations

import pytest

from evchat.protocol.channels import ChannelsListed, Join, ListChannels
from tests.core.playbook import Playbook


@pytest.fixture
def play() -> Playbook:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", Join(("#Tea", "#coffee", "#teapots")))
    play.ask("bob", Join(("#coffee",)))
    return play


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        (ListChannels(), {"#main", "#Tea", "#coffee", "#teapots"}),
        (ListChannels(names=("#tea", "#nowhere")), {"#Tea"}),
        (ListChannels(masks=("#tea*",)), {"#Tea", "#teapots"}),
        (ListChannels(names=("#main",), masks=("*pots",)), {"#main", "#teapots"}),
        (ListChannels(masks=("#tea*",), but=("#tea",)), {"#teapots"}),
        (ListChannels(conditions=(("users", True, 1),)), {"#main", "#coffee"}),
        (ListChannels(conditions=(("users", False, 2),)), {"#Tea", "#teapots"}),
        (ListChannels(conditions=(("created", True, 5),)), set()),
        (ListChannels(conditions=(("topic", False, 5),)), set()),
    ],
)
def test_names_masks_and_conditions_are_heeded(
    play: Playbook, request_: ListChannels, found: set[str]
) -> None:
    answer = play.tell("alice", request_, ChannelsListed)
    assert {channel.name for channel in answer.channels} == found


def test_what_is_asked_for_is_found_among_more_than_a_list_holds() -> None:
    play = Playbook(list_max=2)
    play.enter("alice", "bob")
    for someone in ("alice", "bob"):
        play.ask(someone, Join(("#a", "#b", "#c")))
    play.ask("alice", Join(("#zoo",)))
    answer = play.tell("alice", ListChannels(), ChannelsListed)
    assert len(answer.channels) == 2 and answer.omitted == 3
    answer = play.tell("alice", ListChannels(names=("#zoo",)), ChannelsListed)
    assert [channel.name for channel in answer.channels] == ["#zoo"] and answer.omitted == 0
