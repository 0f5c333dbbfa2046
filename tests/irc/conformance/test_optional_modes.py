"""Modes that a server may have: where it announces one, it works as clients know it from elsewhere."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, REST, Re, commands, expect, make_account, named, one

MODERN = ["server-time", "message-tags", "batch", "labeled-response", "echo-message", "account-tag"]


def needs(client, token: str, letter: str) -> str:
    """The value of a token of 005; skips the test without the letter in it."""
    value = client.isupport.get(token) or ""
    if letter not in value:
        pytest.skip(f"no {letter} in {token}")
    return value


def needs_user_mode(client, welcome, letter: str) -> None:
    """Skips the test if 004 does not know this mode of users."""
    if letter not in one(welcome, "004", REST).params[3]:
        pytest.skip(f"no user mode {letter}")


def operator(irc, caps=()):
    """Who created #chan."""
    client = irc("chanop", caps)
    client.join("#chan")
    return client


# Extended bans: mute


def mute(client) -> str:
    """What stands before a mask to mute it."""
    prefix, comma, types = needs(client, "EXTBAN", "m").partition(",")
    assert comma
    assert "m" in types
    return f"{prefix}m:"


def speaks(client, other, text: str) -> None:
    """A message with echo-message is heard by both."""
    answers = client.ask(f"PRIVMSG #chan :{text}")
    echo = one(answers, "PRIVMSG", "#chan", text)
    assert "404" not in commands(answers)
    assert other.collect() == [echo]


def muted(client, other) -> None:
    answers = client.ask("PRIVMSG #chan :hi")
    assert "PRIVMSG" not in commands(answers)
    one(answers, "404", client.nick, "#chan", ANY)
    other.silent()


@pytest.mark.parametrize("case", [str.lower, str.upper], ids=["lower", "upper"])
def test_who_is_muted_may_enter_but_not_speak(irc, case):
    chanop = operator(irc)
    mask = f"{mute(chanop)}{case('bar')}!*@*"
    one(chanop.ask(f"MODE #chan +b {mask}"), "MODE", "#chan", "+b", mask)
    bar = irc("Bar", ["echo-message"])
    bar.join("#chan")
    chanop.collect()
    one(bar.ask("MODE #chan +b"), "367", "Bar", "#chan", mask, Re("chanop(!.*)?"), REST)
    muted(bar, chanop)
    one(chanop.ask(f"MODE #chan -b {mute(chanop)}bar!*@*"), "MODE", "#chan", "-b", mask)
    bar.collect()
    speaks(bar, chanop, "hi again from bar")


def test_a_voice_is_stronger_than_a_mute(irc):
    chanop = operator(irc)
    chanop.ask(f"MODE #chan +b {mute(chanop)}qux!*@*")
    qux = irc("qux", ["echo-message"], username="evan")
    qux.join("#chan")
    chanop.collect()
    muted(qux, chanop)
    one(chanop.ask("MODE #chan +v qux"), "MODE", "#chan", "+v", "qux")
    qux.collect()
    speaks(qux, chanop, "hi again from qux")


def test_an_exception_is_stronger_than_a_mute(irc):
    chanop = operator(irc)
    chanop.ask(f"MODE #chan +b {mute(chanop)}qux!*@*")
    qux = irc("qux", ["echo-message"], username="evan")
    qux.join("#chan")
    chanop.collect()
    muted(qux, chanop)
    chanop.ask(f"MODE #chan +e {mute(chanop)}*!*evan@*")
    qux.collect()
    speaks(qux, chanop, "thanks for excepting me")


# Extended bans: accounts


def account_masks(client, account: str = "bob") -> list[str]:
    """Every mask that names this account."""
    names = client.isupport.get("ACCOUNTEXTBAN")
    if not names:
        pytest.skip("no ACCOUNTEXTBAN")
    assert "EXTBAN" in client.isupport
    prefix = (client.isupport["EXTBAN"] or "").partition(",")[0]
    return [f"{prefix}{name}:{account}" for name in names.split(",")]


def test_an_account_can_be_banned(server, irc):
    bob_account = make_account(server, "bob")
    chanop = irc("chanop")
    for number, mask in enumerate(account_masks(chanop)):
        chanop.join(f"#chan{number}")
        chanop.send(f"MODE #chan{number} +b {mask}")
        chanop.expect("MODE", f"#chan{number}", "+b", mask)
        bob = irc("bob", account=bob_account)
        bob.send(f"JOIN #chan{number}")
        bob.expect("474", "bob", f"#chan{number}", ANY)
        chanop.send(f"MODE #chan{number} -b {mask}")
        chanop.expect("MODE", f"#chan{number}", "-b", mask)
        bob.send(f"JOIN #chan{number}")
        bob.expect("JOIN")
        bob.quit()
        chanop.collect()


def test_a_banned_account_is_not_a_banned_nick(irc):
    chanop = irc("chanop")
    for number, mask in enumerate(account_masks(chanop)):
        chanop.join(f"#chan{number}")
        chanop.ask(f"MODE #chan{number} +b {mask}")
        bob = irc("bob")
        bob.send(f"JOIN #chan{number}")
        bob.expect("JOIN")
        bob.quit()


@pytest.mark.parametrize(("closed", "exception"), [("+b *!*@*", "e"), ("+i", "I")], ids=["ban", "invite"])
def test_an_account_can_be_excepted(server, irc, closed, exception):
    bob_account = make_account(server, "bob")
    chanop = irc("chanop")
    for number, mask in enumerate(account_masks(chanop)):
        chanop.join(f"#chan{number}")
        chanop.ask(f"MODE #chan{number} {closed}")
        chanop.send(f"MODE #chan{number} +{exception} {mask}")
        chanop.expect("MODE", f"#chan{number}", f"+{exception}", mask)
        bob = irc("bob", account=bob_account)
        bob.send(f"JOIN #chan{number}")
        bob.expect("JOIN")
        bob.quit()
        chanop.collect()


# Further modes of channels


def test_m_of_accounts_lets_speak_who_has_an_account_or_a_voice(server, irc):
    evan_account = make_account(server, "evan")
    chanop = operator(irc)
    needs(chanop, "CHANMODES", "M")
    one(chanop.ask("MODE #chan +M"), "MODE", "#chan", "+M")
    baz = irc("baz")
    baz.join("#chan")
    chanop.collect()
    assert "404" in commands(baz.ask("PRIVMSG #chan :hi from baz"))
    chanop.silent()
    chanop.ask("MODE #chan +v baz")
    baz.collect()
    assert baz.ask("PRIVMSG #chan :hi again from baz") == []
    chanop.expect("PRIVMSG", "#chan", "hi again from baz")
    evan = irc("evan", account=evan_account)
    evan.join("#chan")
    baz.collect()
    assert evan.ask("PRIVMSG #chan :hi from evan") == []
    baz.expect("PRIVMSG", "#chan", "hi from evan")


def test_u_of_operators_shows_the_words_of_the_voiceless_to_operators_alone(irc):
    chanop = operator(irc, MODERN)
    needs(chanop, "CHANMODES", "U")
    assert "MODE" in commands(chanop.ask("MODE #chan +U"))
    baz, qux = irc("baz", MODERN), irc("qux", MODERN)
    baz.join("#chan")
    qux.join("#chan")
    baz.collect()
    chanop.collect()
    echo = one(qux.ask("PRIVMSG #chan :hi from qux"), "PRIVMSG", "#chan", "hi from qux")
    assert chanop.collect() == [echo]
    baz.silent()
    chanop.ask("MODE #chan +v qux")
    baz.collect()
    qux.collect()
    echo = one(qux.ask("PRIVMSG #chan :hi again from qux"), "PRIVMSG", "#chan", "hi again from qux")
    assert chanop.collect() == baz.collect() == [echo]


def test_u_of_an_auditorium_hides_the_audience_from_itself(irc):
    bar = irc("bar", MODERN)
    needs(bar, "CHANMODES", "u")
    bar.join("#hall")
    one(bar.ask("MODE #hall +u"), "MODE", "#hall", "+u")
    guests = []
    for number in range(1, 4):
        guest = irc(f"guest{number}", MODERN)
        guest.join("#hall")
        joined = one(bar.collect(), "JOIN", "#hall", nick=guest.nick)
        assert joined.tags["msgid"]
        assert joined.tags["time"]
        for other in guests:
            other.silent()
        guests.append(guest)
    guest1, guest2, guest3 = guests

    for speaker in (bar, guest1):
        echo = one(speaker.ask("PRIVMSG #hall :hi you"), "PRIVMSG", "#hall", "hi you")
        for other in {bar, *guests} - {speaker}:
            assert other.collect() == [echo]

    def names(client) -> set[str]:
        return {name for m in named(client.ask("NAMES #hall"), "353") for name in m.params[-1].split()}

    assert names(bar) == {"@bar", "guest1", "guest2", "guest3"}
    for guest in guests:
        assert names(guest) == {"@bar"}

    voice = one(bar.ask("MODE #hall +v guest1"), "MODE", "#hall", "+v", "guest1")
    for guest in guests:
        assert guest.collect() == [voice]
    assert names(bar) == {"@bar", "+guest1", "guest2", "guest3"}
    assert names(guest2) == names(guest3) == {"@bar", "+guest1"}

    part = one(guest1.ask("PART #hall"), "PART", "#hall", REST)
    for client in (bar, guest2, guest3):
        assert client.collect()[0] == part
    guest1.join("#hall")
    bar.collect()
    part = one(guest2.ask("PART #hall"), "PART", "#hall", REST)
    assert bar.collect() == [part]
    guest1.silent()
    guest3.silent()
    guest3.quit()
    assert commands(bar.collect()) == ["QUIT"]
    guest1.silent()


def test_f_of_channels_sends_on_who_may_not_enter(irc):
    bar, baz = irc("bar", MODERN), irc("baz", MODERN)
    needs(bar, "CHANMODES", "f")
    bar.join("#bar")
    bar.join("#bar_two")
    baz.join("#baz")
    assert bar.ask("MODE #bar +f #nonexistent")[0].command == "696"
    assert "482" in commands(bar.ask("MODE #bar +f #baz"))
    one(bar.ask("MODE #bar +f #bar_two"), "MODE", "#bar", "+f", "#bar_two")
    baz.join("#bar")
    baz.ask("PART #bar")
    bar.ask("MODE #bar +i")
    answers = baz.ask("JOIN #bar")
    one(answers, "470", "baz", "#bar", "#bar_two", REST)
    one(answers, "JOIN", "#bar_two", REST)


# Modes of users


def test_t_of_users_keeps_ctcp_away(irc):
    bar = irc()
    needs_user_mode(bar, bar.register("bar"), "T")
    qux = irc("qux")
    qux.ask("PRIVMSG bar :\1VERSION\1")
    bar.expect("PRIVMSG", "bar", "\1VERSION\1")
    one(bar.ask("MODE bar +T"), "MODE", "bar", "+T")
    qux.ask("PRIVMSG bar :\1VERSION\1")
    bar.silent()
    qux.ask("PRIVMSG bar :just tell me")
    bar.expect("PRIVMSG", "bar", "just tell me", nick="qux")


def test_r_of_users_keeps_strangers_without_an_account_away(server, irc):
    evan_account, carmen_account = make_account(server, "evan"), make_account(server, "carmen")
    evan = irc()
    needs_user_mode(evan, evan.register("evan", account=evan_account), "R")
    stranger = irc("stranger")
    one(evan.ask("MODE evan +R"), "MODE", "evan", "+R")
    stranger.send("PRIVMSG evan :hey there")
    expect(stranger.recv(), "477", "stranger", REST)
    evan.silent()
    carmen = irc("carmen", account=carmen_account)
    assert carmen.ask("PRIVMSG evan :hey there") == []
    evan.expect("PRIVMSG", "evan", "hey there", nick="carmen")

    evan.ask("PRIVMSG stranger :hello")  # who is written to may answer
    stranger.expect("PRIVMSG", "stranger", "hello")
    assert stranger.ask("PRIVMSG evan :hello yourself") == []
    evan.expect("PRIVMSG", "evan", "hello yourself")
