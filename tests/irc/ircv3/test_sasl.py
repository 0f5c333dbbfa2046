"""SASL with AUTHENTICATE: logging in, before the welcome or after it."""

from __future__ import annotations

import base64

import pytest

from tests.irc.harness import ANY, Re, commands, expect, make_account, named, one, plain_blob


@pytest.fixture
def stranger(irc):
    """A client with the capability that has not said who it is."""
    client = irc()
    client.cap_ls()
    client.req("sasl")
    return client


def begin(client):
    client.send("AUTHENTICATE PLAIN")
    client.expect("AUTHENTICATE", "+")


def succeeds(client, account, nick="*"):
    """900 and 903 come, and no more."""
    client.expect("900", nick, ANY, account, ANY)
    client.expect("903", nick, ANY)


def test_the_right_password_logs_in(server, stranger):
    make_account(server, "jilles")
    begin(stranger)
    stranger.send(f"AUTHENTICATE {plain_blob('jilles', 'sesame', 'jilles')}")
    succeeds(stranger, "jilles")


def test_without_an_authorization_identity_it_is_the_account(server, stranger):
    make_account(server, "jilles")
    begin(stranger)
    stranger.send(f"AUTHENTICATE {plain_blob('jilles', 'sesame')}")
    succeeds(stranger, "jilles")


def test_the_wrong_password_does_not(server, stranger):
    make_account(server, "jilles")
    begin(stranger)
    stranger.send(f"AUTHENTICATE {plain_blob('jilles', 'millet', 'jilles')}")
    stranger.expect("904", "*", ANY)


def test_an_account_that_does_not_exist_fails_in_the_same_way(stranger):
    begin(stranger)
    stranger.send(f"AUTHENTICATE {plain_blob('nobody', 'sesame')}")
    stranger.expect("904", "*", ANY)


def test_one_cannot_act_for_another_account(server, stranger):
    make_account(server, "jilles")
    make_account(server, "rooty", "secret")
    begin(stranger)
    stranger.send(f"AUTHENTICATE {plain_blob('jilles', 'sesame', 'rooty')}")
    stranger.expect("904", "*", ANY)


def test_after_a_failure_one_may_try_again(server, stranger):
    make_account(server, "jilles")
    begin(stranger)
    stranger.send(f"AUTHENTICATE {plain_blob('jilles', 'millet')}")
    stranger.expect("904", "*", ANY)
    begin(stranger)
    stranger.send(f"AUTHENTICATE {plain_blob('jilles', 'sesame')}")
    succeeds(stranger, "jilles")


def test_passwords_are_not_only_ascii(server, stranger):
    password = "é" * 100
    make_account(server, "foo", password)
    begin(stranger)
    stranger.send(f"AUTHENTICATE {plain_blob('foo', password, 'foo')}")
    succeeds(stranger, "foo")


def test_what_is_longer_than_400_bytes_comes_in_pieces(server, stranger):
    make_account(server, "foo", "bar" * 100)
    blob = plain_blob("foo", "bar" * 100, "foo")
    assert 400 < len(blob) < 800
    begin(stranger)
    stranger.send(f"AUTHENTICATE {blob[:400]}", f"AUTHENTICATE {blob[400:]}")
    succeeds(stranger, "foo")


def test_what_is_400_bytes_long_is_followed_by_a_plus(server, stranger):
    make_account(server, "foo", "bar" * 97)
    blob = plain_blob("foo", "bar" * 97, "foo")
    assert len(blob) == 400
    begin(stranger)
    stranger.send(f"AUTHENTICATE {blob}", "AUTHENTICATE +")
    succeeds(stranger, "foo")


def test_a_piece_longer_than_400_bytes_is_refused(stranger):
    begin(stranger)
    stranger.send(f"AUTHENTICATE {'A' * 404}")
    stranger.expect("905", "*", ANY)


def test_pieces_without_end_fail_once(stranger):
    begin(stranger)
    stranger.send(*[f"AUTHENTICATE {'A' * 400}"] * 100)
    (answer,) = stranger.collect()
    expect(answer, "904", "*", ANY)


def test_a_mechanism_that_is_not_offered_is_refused(stranger):
    stranger.send("AUTHENTICATE FOO")
    answers = stranger.collect()
    for mechanisms in named(answers, "908"):
        expect(mechanisms, "908", "*", ANY, ANY)
        assert "PLAIN" in mechanisms.params[1].split(",")
    expect(answers[-1], "904", "*", ANY)
    assert set(commands(answers)) <= {"908", "904"}


def test_the_mechanism_may_be_in_any_case(server, stranger):
    make_account(server, "jilles")
    stranger.send("AUTHENTICATE plain")
    answer = stranger.recv()
    if answer.command != "AUTHENTICATE":
        expect(answer, Re("904|908"))


def test_an_asterisk_gives_up(server, stranger):
    make_account(server, "jilles")
    begin(stranger)
    stranger.send("AUTHENTICATE *")
    stranger.expect("906", "*", ANY)
    begin(stranger)
    stranger.send(f"AUTHENTICATE {plain_blob('jilles', 'sesame')}")
    succeeds(stranger, "jilles")


@pytest.mark.parametrize(
    "data",
    [
        "!!!!",
        "AAA",
        "+",
        base64.b64encode(b"jilles").decode(),
        base64.b64encode(b"a\0b").decode(),
        base64.b64encode(b"\0jilles\0\xff\xfe").decode(),
        base64.b64encode(b"a\0b\0c\0d").decode(),
    ],
)
def test_what_is_no_password_at_all_is_refused(server, stranger, data):
    make_account(server, "jilles")
    begin(stranger)
    stranger.send(f"AUTHENTICATE {data}")
    stranger.expect("904", "*", ANY)


def test_completing_the_connection_gives_up(stranger):
    begin(stranger)
    stranger.send("NICK foo", "USER foo 0 * :Foo", "CAP END")
    stranger.expect("906", ANY, ANY)
    stranger.welcomed("foo")
    assert not named(stranger.ask("WHOIS foo"), "330")


def test_too_few_parameters_are_refused(stranger):
    stranger.send("AUTHENTICATE")
    stranger.expect("461", "*", "AUTHENTICATE", ANY)


def test_the_numerics_name_the_nick_once_it_is_known(server, stranger):
    make_account(server, "jilles")
    stranger.send("NICK foo")
    begin(stranger)
    stranger.send(f"AUTHENTICATE {plain_blob('jilles', 'sesame')}")
    stranger.expect("900", Re(r"foo|\*"), ANY, "jilles", ANY)
    stranger.expect("903", Re(r"foo|\*"), ANY)


def test_one_is_logged_in_after_the_welcome(server, irc):
    foo = irc("foo", account=make_account(server, "jilles"))
    one(foo.ask("WHOIS foo"), "330", "foo", "foo", "jilles", ANY)


def test_after_the_welcome_one_may_log_in_too(server, irc):
    make_account(server, "jilles")
    foo = irc("foo", ["sasl"])
    begin(foo)
    foo.send(f"AUTHENTICATE {plain_blob('jilles', 'sesame', 'jilles')}")
    (logged_in,) = [foo.expect("900", "foo", ANY, "jilles", ANY)]
    assert logged_in.params[1].startswith("foo!")
    foo.expect("903", "foo", ANY)
    one(foo.ask("WHOIS foo"), "330", "foo", "foo", "jilles", ANY)


@pytest.mark.parametrize("early", [True, False], ids=["logged in before the welcome", "logged in after it"])
def test_logging_in_to_another_account_works_or_is_refused(server, irc, early):
    first, second = make_account(server, "foo", "barbar"), make_account(server, "jilles")
    if early:
        user = irc("user", account=first)
    else:
        user = irc("user", ["sasl"])
        user.authenticate(*first)
    user.send("AUTHENTICATE PLAIN")
    answer = user.recv()
    if answer.command == "907":
        expect(answer, "907", "user", ANY)
        one(user.ask("WHOIS user"), "330", "user", "user", "foo", ANY)
        return
    expect(answer, "AUTHENTICATE", "+")
    user.send(f"AUTHENTICATE {plain_blob(*second)}")
    succeeds(user, "jilles", "user")
    one(user.ask("WHOIS user"), "330", "user", "user", "jilles", ANY)


def test_a_failure_after_the_welcome_changes_nothing(server, irc):
    make_account(server, "jilles")
    foo = irc("foo", ["sasl"])
    begin(foo)
    foo.send(f"AUTHENTICATE {plain_blob('jilles', 'millet')}")
    foo.expect("904", "foo", ANY)
    assert not named(foo.ask("WHOIS foo"), "330")


def test_what_comes_after_the_password_is_done_after_it(server, irc):
    make_account(server, "jilles")
    foo = irc("foo", ["sasl"])
    begin(foo)
    foo.send(f"AUTHENTICATE {plain_blob('jilles', 'sesame')}", "WHOIS foo", "PING done")
    order = []
    while not order or order[-1] != "PONG":
        order.append(foo.recv().command)
    assert order.index("900") < order.index("903") < order.index("330") < order.index("PONG")


def test_the_whole_login_may_be_said_at_once(server, irc):
    make_account(server, "jilles")
    foo = irc()
    foo.send(
        "CAP LS 302",
        "CAP REQ :sasl",
        "AUTHENTICATE PLAIN",
        f"AUTHENTICATE {plain_blob('jilles', 'sesame')}",
        "NICK foo",
        "USER foo 0 * :Foo",
        "CAP END",
    )
    foo.wait("903", ANY, ANY)
    foo.welcomed("foo")
    one(foo.ask("WHOIS foo"), "330", "foo", "foo", "jilles", ANY)


def test_the_nick_of_an_account_is_for_those_who_are_logged_in(server, irc):
    account = make_account(server, "jilles")
    owner = irc("jilles", account=account)
    one(owner.ask("WHOIS jilles"), "330", "jilles", "jilles", "jilles", ANY)


def test_names_of_accounts_have_no_case(server, stranger):
    make_account(server, "jilles")
    begin(stranger)
    stranger.send(f"AUTHENTICATE {plain_blob('JILLES', 'sesame')}")
    succeeds(stranger, "jilles")
