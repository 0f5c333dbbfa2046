"""chghost: nobody's user name or host changes here, so the capability is not offered."""

from __future__ import annotations

from tests.irc.harness import make_account, named
from tests.irc.ircv3.helpers import gather


def test_the_capability_is_not_offered(irc):
    assert "chghost" not in irc().cap_ls()


def test_logging_in_does_not_change_the_host(server, irc):
    account = make_account(server, "jilles")
    observer, old, user = irc("observer", ["account-notify"]), irc("old"), irc("user", ["sasl"])
    gather("#chan", observer, old, user)
    (before,) = named(old.ask("WHOIS user"), "311")
    user.authenticate(*account)
    assert not named(observer.collect(), "CHGHOST")
    assert not named(old.collect(), "QUIT", "JOIN")
    (after,) = named(old.ask("WHOIS user"), "311")
    assert before.params[2:4] == after.params[2:4]
