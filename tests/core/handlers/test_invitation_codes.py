"""Registering by invitation."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.protocol.authentication import Register
from evchat.protocol.basics import Done
from evchat.protocol.invitation_codes import ListInvitationCodes, MakeInvitationCode, RevokeInvitationCode
from evchat.protocol.login import ChangeNick, Introduce, LoggedIn, Login
from tests.core.operators import acts, play_with_root
from tests.core.playbook import BEGIN, Playbook

DAY = 24 * 3_600_000


def code_of(play: Playbook, uses: int = 1, days: int = 7) -> str:
    return str(dict(play.tell("root", MakeInvitationCode(uses, days), Done).facts)["code"])


def test_a_code_admits_as_many_as_it_says_however_it_is_given() -> None:
    play = play_with_root("bob", "carol", "dave", registration="invited")
    assert play.refusal("bob", Register("secret")) == "invite-needed"
    assert play.refusal("bob", Register("secret", invite="0000-0000-0000-0000")) == "invite-unknown"
    assert play.refusal("bob", Register("secret 0000-0000-0000-0000")) == "invite-unknown"
    code = code_of(play, uses=2)
    play.tell("bob", Register(f"correct horse {code.lower()}"), Done)
    play.tell("carol", Register("secret", invite=code), Done)
    assert play.refusal("dave", Register("secret", invite=code)) == "invite-unknown"
    play.connect("again")
    play.tell("again", Login("bob", "correct horse"), LoggedIn)


def test_two_who_use_the_last_one_at_the_same_time_do_not_both_get_in() -> None:
    play = play_with_root("bob", "carol", registration="invited")
    code = code_of(play)
    play.deferred = True
    for who in ("bob", "carol"):
        play.decide(who, Register("secret", invite=code))
    play.commit()
    play.hash_all()
    assert len([x for x in play.disk.kept if isinstance(x, rec.Account)]) == 1


def test_with_a_code_one_can_register_before_the_login_where_guests_may_not_log_in() -> None:
    play = play_with_root(registration="invited")
    code = code_of(play, uses=2)
    play.configure(guests=False)
    play.connect("newcomer")
    assert play.refusal("newcomer", Register("secret")) == "invite-needed"
    assert play.refusal("newcomer", Register("secret", "a b", code)) == "bad-name"
    assert play.refusal("newcomer", Register("secret", "root", code)) == "already-registered"
    play.tell("newcomer", Register("secret", "eve", code), Done)
    play.tell("newcomer", Login("eve", "secret"), LoggedIn)
    play.connect("irc")
    for part in (BEGIN, ChangeNick("frank"), Introduce("frank", hold=True)):
        play.ask("irc", part)
    play.tell("irc", Register("secret", invite=code), Done)


def test_nobody_registers_where_that_is_closed() -> None:
    play = play_with_root("bob", registration="closed")
    assert play.refusal("bob", Register("secret", invite=code_of(play))) == "registration-closed"


def test_a_code_ends_with_its_time_and_is_forgotten() -> None:
    play = play_with_root("bob", registration="invited")
    code = code_of(play, days=1)
    play.tick(DAY)
    assert play.refusal("bob", Register("secret", invite=code)) == "invite-unknown"
    assert play.tell("root", ListInvitationCodes(), Done).text == "There are no invitation codes."
    code_of(play)
    assert [x.uses for x in play.disk.kept if isinstance(x, rec.InvitationCode)] == [1, 0, 1]


@pytest.mark.parametrize("by_mark", [True, False])
def test_codes_are_listed_by_their_marks_and_revoked(by_mark: bool) -> None:
    play = play_with_root("bob", registration="invited", max_invitation_codes=1)
    code = code_of(play, uses=3)
    (row,) = dict(play.tell("root", ListInvitationCodes(), Done).facts)["codes"]  # type: ignore[misc]
    assert (row["uses"], row["by"]) == (3, "root") and code not in repr(play.disk.kept)
    assert play.refusal("root", MakeInvitationCode()) == "list-full"
    play.tell("root", RevokeInvitationCode(row["code"] if by_mark else code), Done)
    assert play.refusal("bob", Register("secret", invite=code)) == "invite-unknown"
    assert play.refusal("root", RevokeInvitationCode(code)) == "invite-unknown"
    assert [act[1] for act in acts(play)] == ["invitecode", "revokecode"]
