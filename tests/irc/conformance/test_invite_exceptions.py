"""Who may enter an invite-only channel without an invitation (+I)."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY


@pytest.fixture
def chanop(irc):
    """The operator of #chan."""
    client = irc("chanop")
    client.join("#chan")
    return client


def change(chanop, what: str, mask: str = "bar!*@*") -> None:
    """A mode with a mask is changed and echoed."""
    chanop.send(f"MODE #chan {what} {mask}")
    chanop.expect("MODE", "#chan", what, mask)


def refused(client) -> None:
    client.send("JOIN #chan")
    client.expect("473", client.nick, "#chan", ANY)
    client.silent()


def admitted(client) -> None:
    client.send("JOIN #chan")
    client.expect("JOIN", "#chan", nick=client.nick)


def test_the_letter_is_announced_as_a_list(chanop):
    assert chanop.isupport["INVEX"] in ("I", "", None)
    assert "I" in chanop.isupport["CHANMODES"].split(",")[0]


def test_who_is_excepted_needs_no_invitation_until_that_ends(irc, chanop):
    chanop.ask("MODE #chan +i")
    bar = irc("Bar")
    refused(bar)
    change(chanop, "+I")
    admitted(bar)
    bar.ask("PART #chan")
    chanop.collect()
    change(chanop, "-I")
    refused(bar)


def test_an_exception_from_nothing_hinders_nobody(irc, chanop):
    change(chanop, "+I")
    admitted(irc("Baz"))


def test_every_exception_has_its_own_mask(irc, chanop):
    chanop.ask("MODE #chan +i")
    change(chanop, "+I")
    bar, baz = irc("Bar"), irc("Baz")
    admitted(bar)
    refused(baz)
    chanop.collect()
    change(chanop, "+I", "baz!*@*")
    admitted(baz)
