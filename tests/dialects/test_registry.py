"""The table of dialects: each has its name, and an instance of its own for every client."""

from __future__ import annotations

import pytest

from evchat.dialects.registry import dialects
from evchat.settings.model import Config
from tests.dialects.irc.wire import lines

MAKERS = dialects(Config(), "9.8", 1_795_256_109_000)


@pytest.mark.parametrize("name", MAKERS)
def test_a_dialect_is_called_as_in_the_table(name: str) -> None:
    assert MAKERS[name]().name == name.partition("-")[0]


@pytest.mark.parametrize("name", MAKERS)
def test_every_client_gets_a_dialect_of_its_own(name: str) -> None:
    assert MAKERS[name]() is not MAKERS[name]()


def test_irc_tells_the_version_and_since_when_the_server_runs() -> None:
    from evchat.dialects.irc.local_requests import Local
    from evchat.protocol.basics import LocalReply

    irc = MAKERS["irc"]()
    told = lines(irc.answer(LocalReply(0, Local("info", early=True))))
    assert told[0]["last"].startswith("evchat-9.8: ")
    assert any("Saturday November 21 2026" in line["last"] for line in told)
