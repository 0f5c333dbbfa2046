"""draft/account-registration: an account is made with REGISTER."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, expect, make_account, named, one

CAP = "draft/account-registration"


def keys(client):
    """What the server says about the capability; the client must see it."""
    caps = client.cap_ls()
    assert CAP in caps
    return [key.partition("=")[0] for key in (caps[CAP] or "").split(",")]


def test_no_mail_address_is_asked_for(irc):
    assert "email-required" not in keys(irc("bar", [CAP]))


def test_an_asterisk_registers_the_nick(irc):
    bar = irc("bar", [CAP])
    one(bar.ask("REGISTER * * shivarampassphrase"), "REGISTER", "SUCCESS", "bar", ANY)


def test_the_nick_may_be_named(irc):
    bar = irc("bar", [CAP])
    one(bar.ask("REGISTER bar * shivarampassphrase"), "REGISTER", "SUCCESS", "bar", ANY)


def test_another_name_is_refused_unless_the_capability_says_otherwise(irc):
    bar = irc("bar", [CAP])
    custom = "custom-account-name" in keys(bar)
    answers = bar.ask("REGISTER foo * shivarampassphrase")
    if custom:
        one(answers, "REGISTER", "SUCCESS", "foo", ANY)
    else:
        expect(answers[0], "FAIL", "REGISTER", "ACCOUNT_NAME_MUST_BE_NICK", "foo", ANY)


def test_before_the_connection_is_complete_it_works_if_the_capability_says_so(irc):
    bar = irc()
    bar.req(CAP)
    early = "before-connect" in keys(bar)
    bar.send("NICK bar")
    answers = bar.ask("REGISTER * * shivarampassphrase")
    if early:
        one(answers, "REGISTER", "SUCCESS", ANY, ANY)
    else:
        one(answers, "FAIL", "REGISTER", "COMPLETE_CONNECTION_REQUIRED", ANY, ANY)


def test_a_registered_stranger_is_logged_in_when_the_connection_is_complete(irc):
    bar = irc()
    bar.req(CAP)
    if "before-connect" not in keys(bar):
        pytest.skip("nobody registers before the connection is complete")
    watcher = irc("watcher", ["account-tag"])
    bar.send("NICK bar", "USER bar 0 * :Bar")
    one(bar.ask("REGISTER * * shivarampassphrase"), "REGISTER", "SUCCESS", "bar", ANY)
    bar.send("CAP END")
    bar.welcomed("bar")
    bar.ask("PRIVMSG watcher :hi")
    watcher.expect("PRIVMSG", "watcher", "hi", tags={"account": "bar"})


def test_a_name_that_somebody_bears_without_an_account_is_not_taken_from_them(irc):
    irc("rooty", [CAP])
    bar = irc()
    early = "before-connect" in keys(bar)
    bar.send("NICK rooty")
    fail = one(bar.ask("REGISTER * * shivarampassphrase"), "FAIL")
    if early:
        expect(fail, "FAIL", "REGISTER", "ACCOUNT_EXISTS", ANY, ANY)
    else:
        expect(fail, "FAIL", "REGISTER", "COMPLETE_CONNECTION_REQUIRED", ANY, ANY)


def test_without_a_nick_there_is_nothing_to_register(irc):
    bar = irc()
    bar.req(CAP)
    early = "before-connect" in keys(bar)
    fail = one(bar.ask("REGISTER * * shivarampassphrase"), "FAIL")
    if early:
        expect(fail, "FAIL", "REGISTER", "NEED_NICK", "*", ANY)
    else:
        expect(fail, "FAIL", "REGISTER", "COMPLETE_CONNECTION_REQUIRED", ANY, ANY)


def test_who_is_logged_in_cannot_register(server, irc):
    bar = irc("bar", [CAP], make_account(server, "bar"))
    one(bar.ask("REGISTER * * other"), "FAIL", "REGISTER", "ALREADY_AUTHENTICATED", "bar", ANY)


def test_who_has_registered_cannot_register_again(irc):
    bar = irc("bar", [CAP])
    one(bar.ask("REGISTER * * shivarampassphrase"), "REGISTER", "SUCCESS", "bar", ANY)
    one(bar.ask("REGISTER * * other"), "FAIL", "REGISTER", "ALREADY_AUTHENTICATED", "bar", ANY)


def test_who_has_registered_is_logged_in(irc):
    bar, watcher = irc("bar", [CAP]), irc("watcher", ["account-tag"])
    bar.ask("PRIVMSG watcher :a stranger")
    assert watcher.expect("PRIVMSG", "watcher", "a stranger").tags == {}
    one(bar.ask("REGISTER * * shivarampassphrase"), "REGISTER", "SUCCESS", "bar", ANY)
    bar.ask("PRIVMSG watcher :no more")
    assert watcher.expect("PRIVMSG", "watcher", "no more").tags == {"account": "bar"}


def test_the_password_is_good_for_sasl(irc):
    irc("bar", [CAP]).ask("REGISTER * * shivarampassphrase")
    other = irc("other", account=("bar", "shivarampassphrase"))
    (account,) = named(other.ask("WHOIS other"), "330")
    expect(account, "330", "other", "other", "bar", ANY)


def test_too_few_parameters_are_refused(irc):
    bar = irc("bar", [CAP])
    (answer,) = bar.ask("REGISTER * *")
    if answer.command == "461":
        expect(answer, "461", "bar", "REGISTER", ANY)
    else:
        expect(answer, "FAIL", "REGISTER", Re("NEED_MORE_PARAMS|INVALID_PARAMS"), ANY)


def test_the_answer_bears_the_label(irc):
    bar = irc("bar", [CAP, "batch", "labeled-response"])
    answers = bar.ask("@label=abc REGISTER * * shivarampassphrase")
    assert [message.tags.get("label") for message in answers].count("abc") == 1
    assert "label" in answers[0].tags, answers
    one(answers, "REGISTER", "SUCCESS", "bar", ANY)


def test_it_may_be_done_without_the_capability(irc):
    bar = irc("bar")
    one(bar.ask("REGISTER * * shivarampassphrase"), "REGISTER", "SUCCESS", "bar", ANY)
