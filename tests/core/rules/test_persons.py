"""The masks of a person: name, account and address, but no address that others share."""

from __future__ import annotations

from evchat.core.rules import persons
from evchat.protocol.login import Login
from tests.core.playbook import Playbook


def play_at(*addresses: str) -> Playbook:
    """People a, b, … at these addresses."""
    play = Playbook()
    for who, address in zip("abcdef", addresses, strict=False):
        play.connect(who, address)
        play.ask(who, Login(who))
    return play


def masks(play: Playbook, who: str) -> list[str]:
    context = play.chat.context
    return list(persons.masks_of(context, context.state.users[who]))


def test_somebody_alone_at_an_address_is_meant_by_it() -> None:
    play = play_at("192.0.2.1", "192.0.2.2")
    host = play.chat.state.users["a"].who.host
    assert masks(play, "a") == ["a!*@*", f"*!*@{host}"]


def test_an_address_that_others_share_means_nobody() -> None:
    assert masks(play_at("192.0.2.1", "192.0.2.1"), "a") == ["a!*@*"]


def test_an_address_of_the_settings_that_many_share_means_nobody() -> None:
    play = Playbook()
    play.chat.connect(9, "192.0.2.9", play.now, shared=True)
    play.chat.request(9, Login("a"), play.now)
    assert masks(play, "a") == ["a!*@*"]


def test_an_account_is_meant_with_the_name() -> None:
    play = Playbook()
    play.register("a")
    assert masks(play, "a")[:2] == ["a!*@*", "a:a"]
