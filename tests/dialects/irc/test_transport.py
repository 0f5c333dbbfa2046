"""What an IRC client is told of TLS depends on how it has come: where it is spoken, or for how long to speak it."""

from __future__ import annotations

import pytest

from evchat.dialects.irc.dialect import IrcDialect
from evchat.dialects.irc.transport import Sts, Transport
from evchat.settings.model import Config
from tests.dialects.irc.test_caps import ask


def sts(port: int = 6697, duration: int = 3600) -> Sts:
    policy = Sts()
    policy.port, policy.duration = port, duration
    return policy


def listed(transport: Transport, line: str = "CAP LS 302") -> list[str]:
    """The capabilities that begin so, with their values."""
    client = IrcDialect(Config(), transport=transport)
    return [word for row in ask(client, line) for word in row.partition(" :")[2].split()]


@pytest.mark.parametrize(
    ("transport", "value"),
    [
        (Transport(sts=sts()), "sts=port=6697"),
        (Transport(True, sts=sts()), "sts=duration=3600"),
        (Transport(True, True, sts()), "sts=duration=3600"),
    ],
)
def test_plain_clients_hear_the_port_and_the_others_how_long_it_holds(
    transport: Transport, value: str
) -> None:
    assert [word for word in listed(transport) if word.startswith("sts")] == [value]
    assert not any(word.startswith("sts") for word in listed(transport, "CAP LS"))


@pytest.mark.parametrize(
    "transport", [Transport(), Transport(True), Transport(sts=sts(0)), Transport(True, sts=sts(duration=0))]
)
def test_nothing_is_announced_that_would_not_hold(transport: Transport) -> None:
    assert not any(word.startswith("sts") for word in listed(transport))


def test_a_policy_is_no_capability_that_can_be_requested() -> None:
    client = IrcDialect(Config(), transport=Transport(sts=sts()))
    assert [row.split(" ")[3] for row in ask(client, "CAP REQ :sts")] == ["NAK"]


def test_the_policy_is_that_of_the_moment() -> None:
    policy = sts()
    transport = Transport(sts=policy)
    policy.duration = 0
    assert not any(word.startswith("sts") for word in listed(transport))


@pytest.mark.parametrize("asks", [False, True])
def test_external_is_offered_where_certificates_are_asked_for(asks: bool) -> None:
    (sasl,) = (word for word in listed(Transport(True, asks)) if word.startswith("sasl="))
    assert ("EXTERNAL" in sasl) == asks
