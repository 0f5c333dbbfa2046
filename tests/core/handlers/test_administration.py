"""What operators of the server, and its administrator, ask about it."""

from __future__ import annotations

from evchat.core import records as rec
from evchat.protocol.administration import GetStatus, ListAccounts
from evchat.protocol.authentication import AddAccount, Unregister
from evchat.protocol.basics import Done, HungUp
from evchat.protocol.login import Login
from evchat.protocol.messages import SendMessage
from evchat.protocol.operators import Kill
from evchat.protocol.server_bans import BanFromServer
from tests.core.operators import play_with_root
from tests.core.playbook import Playbook, check_invariants


def test_an_operator_is_told_how_the_server_is() -> None:
    play = play_with_root("bob")
    play.connect("stranger")
    play.ask("bob", SendMessage("hi", "#main"))
    play.tick(7_260_000 - play.chat.context.monotonic())
    told = play.tell("root", GetStatus(), Done)
    facts = dict(told.facts)
    assert (facts["users"], facts["strangers"], facts["messages"], facts["storing"]) == (2, 1, 1, True)
    assert "Online: 2. Not logged in: 1." in told.text and told.text.endswith("Running for 2 h 1 min.")
    play.chat.storage_fails(True)
    assert "Nothing can be kept" in play.tell("root", GetStatus(), Done).text


def test_accounts_are_listed_a_page_at_a_time_without_those_given_up() -> None:
    play = play_with_root(list_max=2)
    for name in ("carol", "Alice", "dave", "bob"):
        play.tell("root", AddAccount(name, "secret"), Done)
    first = play.tell("root", ListAccounts(), Done)
    assert first.text == "Alice, bob and more: /accounts bob" and dict(first.facts)["more"] is True
    play.connect("dave")
    play.ask("dave", Login("dave", "secret"))
    play.ask("dave", Unregister("secret"))
    rest = play.tell("root", ListAccounts("bob"), Done)
    assert rest.text == "carol" and dict(rest.facts)["more"] is False
    assert play.tell("root", ListAccounts("zoe"), Done).text == "Nobody has an account there."


def administrator(play: Playbook) -> str:
    play.chat.administer(play.connect("admin", "unix"), "uid:1000")
    return "admin"


def test_an_administrator_acts_as_an_operator_and_is_seen_by_nobody() -> None:
    play = Playbook()
    play.enter("bob", "mallory")
    admin = administrator(play)
    check_invariants(play.chat)
    assert play.chat.state.strangers == 0 and "uid:1000" not in play.chat.state.users
    assert play.refusal(admin, SendMessage("hi", "#main")) == "not-logged-in"
    play.tell(admin, BanFromServer("mallory"), Done)
    play.tell(admin, Kill("bob", "enough"), Done)
    assert [event.reason for event in play.hears("bob") if isinstance(event, HungUp)] == [
        "Killed by uid:1000: enough"
    ]
    kept = [(x.by, x.act, x.target) for x in play.disk.kept if isinstance(x, rec.AuditRecord)]
    assert kept == [("uid:1000", "banish", "mallory"), ("uid:1000", "kill", "bob")]
    play.tick(10_000_000)
    assert play.sid(admin) not in play.hung_up, "no login is waited for"
    play.leave(admin)
    check_invariants(play.chat)
    assert play.chat.state.strangers == 0
