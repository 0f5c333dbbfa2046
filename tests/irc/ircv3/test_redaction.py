"""draft/message-redaction: taking back what was said."""

from __future__ import annotations

import pytest

from tests.irc.harness import ABSENT, ANY, Re, expect, make_account, named, one
from tests.irc.ircv3.helpers import MODERN, MSGID, gather, only, unwrap

CAPS = (*MODERN, "draft/message-redaction")


def said(sender, target, text, *hearers):
    """Says something that the sender and all others hear; its id."""
    (echo,) = sender.ask(f"@label=1234 PRIVMSG {target} :{text}")
    expect(echo, "PRIVMSG", target, text, nick=sender.nick, tags={"label": "1234", "msgid": MSGID})
    msgid = echo.tags["msgid"]
    for hearer in hearers:
        only(hearer.collect(), "PRIVMSG", target, text, nick=sender.nick, tags={"msgid": msgid})
    return msgid


def hear(redacter, clients, *params):
    """All hear the redaction, just so, and nothing else."""
    for client in clients:
        message = client.expect("REDACT", *params, source=Re(rf"{redacter.nick}!.*"))
        assert message.params == list(params)
        client.silent()


@pytest.fixture
def two(irc):
    """The operator of #chan and a member."""
    clients = irc("chanop", CAPS), irc("user", CAPS)
    gather("#chan", *clients)
    return clients


@pytest.fixture
def pair(server, irc):
    """Two with accounts."""
    return tuple(irc(nick, CAPS, make_account(server, nick)) for nick in ("sender", "recipient"))


# In channels


def test_an_operator_takes_back_what_they_said(two):
    op, user = two
    msgid = said(op, "#chan", "hello there", user)
    op.send(f"REDACT #chan {msgid} :oops")
    hear(op, two, "#chan", msgid, "oops")


def test_without_a_reason_there_is_none(two):
    op, user = two
    msgid = said(op, "#chan", "hello there", user)
    op.send(f"REDACT #chan {msgid}")
    hear(op, two, "#chan", msgid)


def test_an_operator_takes_back_what_others_said(two):
    op, user = two
    msgid = said(user, "#chan", "hello there", op)
    op.send(f"REDACT #chan {msgid} :spam")
    hear(op, two, "#chan", msgid, "spam")


def test_an_irc_operator_may_do_it_from_outside(staffed):
    clients = staffed.client("chanop", CAPS), staffed.client("user", CAPS)
    gather("#chan", *clients)
    op, user = clients
    ircop = staffed.client("ircop", CAPS)
    one(ircop.ask("OPER operuser operpassword"), "381")
    msgid = said(user, "#chan", "hello there", op)
    ircop.send(f"REDACT #chan {msgid} :spam")
    hear(ircop, (ircop, op, user), "#chan", msgid, "spam")


def test_a_guest_may_or_may_not_take_back_what_they_said(two):
    op, user = two
    msgid = said(user, "#chan", "hello there", op)
    user.send(f"REDACT #chan {msgid} :oops")
    answer = user.recv()
    if answer.command == "REDACT":
        expect(answer, "REDACT", "#chan", msgid, "oops", source=Re("user!.*"))
        hear(user, (op,), "#chan", msgid, "oops")
    else:
        expect(answer, "FAIL", "REDACT", "REDACT_FORBIDDEN", "#chan", msgid, ANY)
        op.silent()


def test_with_an_account_one_may_take_back_what_one_said(server, irc):
    op, alice = irc("op", CAPS), irc("alice", CAPS, make_account(server, "alice"))
    gather("#chan", op, alice)
    msgid = said(alice, "#chan", "Hello from alice", op)
    alice.send(f"REDACT #chan {msgid}")
    hear(alice, (alice, op), "#chan", msgid)


def test_what_an_operator_said_a_member_cannot_take_back(two):
    op, user = two
    msgid = said(op, "#chan", "hello there", user)
    user.send(f"REDACT #chan {msgid} :oops")
    user.expect("FAIL", "REDACT", "REDACT_FORBIDDEN", "#chan", msgid, ANY)
    op.silent()


def test_operators_of_one_channel_are_nobody_in_another(server, irc):
    alice, bob = irc("alice", CAPS, make_account(server, "alice")), irc("bob", CAPS)
    alice.join("#alice")
    gather("#bob", bob, alice)
    msgid = said(bob, "#bob", "Hello from bob", alice)
    alice.send(f"REDACT #bob {msgid}")
    alice.expect("FAIL", "REDACT", "REDACT_FORBIDDEN", "#bob", msgid, ANY)
    bob.silent()
    alice.send(f"REDACT #alice {msgid}")
    alice.expect("FAIL", "REDACT", Re("REDACT_FORBIDDEN|UNKNOWN_MSGID"), "#alice", msgid, ANY)
    bob.silent()


def test_a_message_of_another_channel_is_not_found(two):
    op, user = two
    msgid = said(op, "#chan", "hello there", user)
    op.join("#otherChan")
    op.send(f"REDACT #otherChan {msgid} :oops")
    op.expect("FAIL", "REDACT", Re("UNKNOWN_MSGID|REDACT_FORBIDDEN"), "#otherChan", msgid, ANY)
    user.silent()


def test_a_message_that_never_was_is_not_found(two):
    op, user = two
    op.send("REDACT #chan nonexistent123 :oops")
    op.expect("FAIL", "REDACT", "UNKNOWN_MSGID", "#chan", "nonexistent123", ANY)
    user.silent()


@pytest.mark.parametrize("channel", ["#fake", "#real"])
def test_a_channel_that_one_is_not_in_is_refused(irc, channel):
    alice, other = irc("alice", CAPS), irc("other", CAPS)
    other.join("#real")
    alice.send(f"REDACT {channel} somemsgid")
    alice.expect("FAIL", "REDACT", "INVALID_TARGET", channel, ANY)
    other.silent()


def test_who_does_not_know_of_it_does_not_hear_it(irc):
    alice, bob = irc("alice", CAPS), irc("bob", ["message-tags", "echo-message"])
    gather("#chan", alice, bob)
    msgid = said(alice, "#chan", "Test message", bob)
    alice.send(f"REDACT #chan {msgid}")
    hear(alice, (alice,), "#chan", msgid)
    assert not named(bob.collect(), "REDACT")


def test_a_tagmsg_can_be_taken_back_or_is_not_known(two):
    op, user = two
    (echo,) = op.ask("@+draft/react=👍 TAGMSG #chan")
    msgid = expect(echo, "TAGMSG", "#chan", tags={"msgid": MSGID}).tags["msgid"]
    only(user.collect(), "TAGMSG", "#chan", tags={"msgid": msgid})
    op.send(f"REDACT #chan {msgid}")
    answer = op.recv()
    if answer.command == "FAIL":
        expect(answer, "FAIL", "REDACT", "UNKNOWN_MSGID", "#chan", msgid, ANY)
        user.silent()
    else:
        expect(answer, "REDACT", "#chan", msgid, source=Re("chanop!.*"))
        hear(op, (user,), "#chan", msgid)


def test_a_redaction_bears_the_label_for_who_made_it(two):
    op, user = two
    msgid = said(op, "#chan", "hello there", user)
    (answer,) = op.ask(f"@label=abc REDACT #chan {msgid} :oops")
    expect(answer, "REDACT", "#chan", msgid, "oops", tags={"label": "abc"})
    only(user.collect(), "REDACT", "#chan", msgid, "oops", tags={"label": ABSENT})


def test_what_was_taken_back_cannot_be_taken_back_again(two):
    op, user = two
    msgid = said(op, "#chan", "hello there", user)
    op.ask(f"REDACT #chan {msgid}")
    user.collect()
    op.send(f"REDACT #chan {msgid}")
    op.expect("FAIL", "REDACT", "UNKNOWN_MSGID", "#chan", msgid, ANY)
    user.silent()


@pytest.mark.parametrize("line", ["REDACT", "REDACT #chan"])
def test_too_few_parameters_are_refused(two, line):
    op, _ = two
    (answer,) = op.ask(line)
    if answer.command == "461":
        expect(answer, "461", "chanop", "REDACT", ANY)
    else:
        expect(answer, "FAIL", "REDACT", ANY, ANY)


# In the history


@pytest.mark.parametrize("reader", [0, 1], ids=["the operator", "the member"])
@pytest.mark.parametrize("events", [False, True], ids=["messages", "events"])
def test_in_a_channels_history_it_is_gone_or_marked(two, reader, events):
    for client in two:
        client.req("draft/chathistory")
        if events:
            client.req("draft/event-playback")
    op, user = two
    msgid = said(op, "#chan", "This message will be redacted", user)
    before = unwrap(two[reader].ask("CHATHISTORY LATEST #chan * 10"), "chathistory", "#chan")
    (found,) = named(before, "PRIVMSG")
    expect(found, "PRIVMSG", "#chan", "This message will be redacted", tags={"msgid": msgid})
    op.send(f"REDACT #chan {msgid} :oops")
    hear(op, two, "#chan", msgid, "oops")
    after = unwrap(two[reader].ask("CHATHISTORY LATEST #chan * 10"), "chathistory", "#chan")
    kept = [m for m in named(after, "PRIVMSG") if "This message will be redacted" in m.params]
    redactions = named(after, "REDACT")
    for redaction in redactions:
        expect(redaction, "REDACT", "#chan", msgid, "oops", nick="chanop")
    assert bool(kept) <= bool(redactions)
    assert len(named(after, "PRIVMSG")) <= 1


@pytest.mark.parametrize("reader", [0, 1], ids=["the sender", "the recipient"])
def test_in_a_conversations_history_it_is_gone_or_marked(pair, reader):
    for client in pair:
        client.req("draft/chathistory")
    sender, recipient = pair
    msgid = said(sender, "recipient", "hello there", recipient)
    sender.send(f"REDACT recipient {msgid} :oops")
    hear(sender, pair, "recipient", msgid, "oops")
    other = pair[1 - reader].nick
    after = unwrap(pair[reader].ask(f"CHATHISTORY LATEST {other} * 10"), "chathistory", other)
    assert len(after) <= 2
    if len(after) == 2:
        expect(after[0], "PRIVMSG", "recipient", ANY, tags={"msgid": msgid})
    if after:
        expect(after[-1], "REDACT", "recipient", msgid, "oops", nick="sender")


# In private


def test_the_sender_takes_back_a_private_message(pair):
    sender, recipient = pair
    msgid = said(sender, "recipient", "hello there", recipient)
    sender.send(f"REDACT recipient {msgid} :oops")
    hear(sender, pair, "recipient", msgid, "oops")


def test_a_private_message_is_taken_back_without_a_reason(pair):
    sender, recipient = pair
    msgid = said(sender, "recipient", "Private message", recipient)
    sender.send(f"REDACT recipient {msgid}")
    hear(sender, pair, "recipient", msgid)


def test_the_recipient_may_or_may_not_take_back_what_the_sender_said(pair):
    sender, recipient = pair
    msgid = said(sender, "recipient", "hello there", recipient)
    recipient.send(f"REDACT sender {msgid} :oops")
    answer = recipient.recv()
    if answer.command == "REDACT":
        expect(answer, "REDACT", "sender", msgid, "oops", source=Re("recipient!.*"))
        hear(recipient, (sender,), "sender", msgid, "oops")
    else:
        expect(answer, "FAIL", "REDACT", Re("REDACT_FORBIDDEN|UNKNOWN_MSGID"), "sender", msgid, ANY)
        sender.silent()


@pytest.mark.parametrize("nick", ["sender", "recipient"])
def test_a_third_person_cannot_take_back_a_private_message(server, irc, pair, nick):
    sender, recipient = pair
    msgid = said(sender, "recipient", "hello there", recipient)
    censor = irc("censor", CAPS, make_account(server, "censor"))
    censor.send(f"REDACT {nick} {msgid} :oops")
    censor.expect("FAIL", "REDACT", Re("REDACT_FORBIDDEN|UNKNOWN_MSGID"), nick, msgid, ANY)
    sender.silent()
    recipient.silent()


def test_a_private_message_that_never_was_is_not_found(pair):
    sender, recipient = pair
    sender.send("REDACT recipient 00000000-0000-4000-8000-000000000000 :oops")
    sender.expect("FAIL", "REDACT", "UNKNOWN_MSGID", "recipient", "00000000-0000-4000-8000-000000000000", ANY)
    recipient.silent()


def test_a_private_message_is_not_found_in_a_channel(pair):
    sender, recipient = pair
    msgid = said(sender, "recipient", "hello there", recipient)
    sender.join("#otherChan")
    sender.send(f"REDACT #otherChan {msgid} :oops")
    sender.expect("FAIL", "REDACT", "UNKNOWN_MSGID", "#otherChan", msgid, ANY)
    recipient.silent()
