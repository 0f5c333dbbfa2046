"""Names that deceive people and programs: nobody takes them, and what is meant for a service is kept nowhere."""

from __future__ import annotations

import pytest

from evchat.protocol import names
from evchat.protocol.base import Request
from evchat.protocol.basics import Done, Failed
from evchat.protocol.client_tags import SendTagMessage
from evchat.protocol.login import ChangeNick, Introduce, LoggedIn, Login
from evchat.protocol.messages import Announce, SendMessage
from evchat.settings.model import Config
from tests.core.playbook import BEGIN, Playbook

RESERVED = Config().reserved_names
SPELLINGS = (*RESERVED, "nickserv", "NICKSERV", "ROOT", "eVeRyOnE", "Server")
LOOKALIKES = ("аdmin", "Niсkserv", "rооt", "ｒｏｏｔ", "ѕуѕтем")
"""With Cyrillic letters, or wide ones."""

SENT = "IDENTIFY hunter2"


@pytest.mark.parametrize("name", SPELLINGS)
def test_nobody_takes_a_reserved_name_in_whatever_way(name: str) -> None:
    play = Playbook(reserved_names=RESERVED)
    play.connect("x")
    assert play.refusal("x", Login(name)) == "bad-name"
    assert play.refusal("x", Login(name, "guess")) == "bad-name"
    play.enter("ann")
    assert play.refusal("ann", ChangeNick(name)) == "bad-name"
    play.connect("parts")
    play.ask("parts", BEGIN)
    assert play.refusal("parts", ChangeNick(name)) == "bad-name"
    play.ask("parts", Introduce("u", "r"))
    assert play.refusal("parts", ChangeNick(name)) == "bad-name"
    assert set(play.chat.state.users) == {"ann"}


@pytest.mark.parametrize("name", LOOKALIKES)
def test_nor_one_that_looks_like_it(name: str) -> None:
    play = Playbook(reserved_names=(*RESERVED, "система", "systeм"), unicode_names=True)
    play.enter("ann")
    assert play.refusal("ann", ChangeNick(name)) == "bad-name"


@pytest.mark.parametrize("name", ["admiral", "rooter", "NickServer", "all4one", "guest", "hereford"])
def test_names_that_only_hold_one_are_free(name: str) -> None:
    play = Playbook(reserved_names=RESERVED)
    play.enter(name)


def test_the_owner_of_the_server_says_which_they_are() -> None:
    play = Playbook(reserved_names=("boss",))
    play.enter("NickServ", "root")
    assert play.refusal("root", ChangeNick("BOSS")) == "bad-name"
    play.configure(reserved_names=("root",))
    play.enter("boss")
    play.leave("root")
    play.connect("x")
    assert play.refusal("x", Login("root")) == "bad-name"


def test_who_registered_one_before_it_was_reserved_keeps_it() -> None:
    play = Playbook()
    play.register("admin")
    play.leave("admin")
    play.configure(reserved_names=RESERVED)
    play.connect("x")
    assert play.refusal("x", Login("admin")) == "password-needed"
    play.tell("x", Login("admin", "secret"), LoggedIn)
    play.tell("x", ChangeNick("ann"), Done)
    play.tell("x", ChangeNick("admin"), Done)


# ---- services -------------------------------------------------------------------------------------------------

TO = (
    "NickServ",
    "nickserv",
    "NICKSERV",
    "NickServ@services.",
    "ChanServ",
    "Global",
    "saslserv@services.example",
)


def requests(to: str) -> tuple[Request, ...]:
    return (
        SendMessage(SENT, to),
        SendMessage(SENT, to, id="1"),
        SendMessage(SENT, to, notice=True),
        SendMessage(SENT, to, True),
        SendTagMessage(to, (("+x", SENT),)),
        SendTagMessage(to, (), "", SENT),
        SendTagMessage(to, (), "", SENT, stay=True),
        Announce(SENT, (to,)),
        Announce(SENT, ("bob", to)),
    )


@pytest.mark.parametrize("to", TO)
def test_what_is_meant_for_a_service_is_refused_and_kept_nowhere(to: str) -> None:
    """Also where somebody was called so before, when nothing was reserved."""
    play = Playbook()
    play.enter("NickServ", "ChanServ", "ann", "bob")
    play.leave("NickServ")
    play.configure(reserved_names=RESERVED)
    kept = len(play.disk.kept)
    for request in requests(to):
        assert play.refusal("ann", request) == "no-services", request
    assert "hunter2" not in repr(
        (play.disk.kept[kept:], play.logged, play.hears("bob"), play.hears("ChanServ"))
    )
    assert all(x.place is None for x in play.hears("ann")) and not play.chat.state.event_log.between(
        names.pair_key("ann", "nickserv"), (-1, 0), (2**60, 0), 0, 2**60
    )


def test_the_refusal_says_what_to_do_and_does_not_repeat_the_password() -> None:
    play = Playbook(reserved_names=RESERVED)
    play.enter("ann")
    (failed,) = play.ask("ann", SendMessage(SENT, "NickServ"))
    assert isinstance(failed, Failed)
    assert "NickServ" in failed.text and "/login" in failed.text and "hunter2" not in failed.text


def test_a_service_that_the_owner_lets_in_is_a_user_like_any_other() -> None:
    play = Playbook(reserved_names=tuple(name for name in RESERVED if name != "NickServ"))
    play.enter("NickServ", "ann")
    play.ask("ann", SendMessage("hi", "NickServ"))
    assert "hi" in repr(play.hears("NickServ"))


def test_every_service_is_reserved_by_default() -> None:
    assert set(map(names.user_key, RESERVED)) >= names.SERVICES
