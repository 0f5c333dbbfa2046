"""Capability negotiation."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, expect, named, words

PAIR = ("multi-prefix", "userhost-in-names")


def caps_of(message) -> set[str]:
    """The capabilities that a CAP LIST says are on; some servers add cap-notify by themselves."""
    return set(message.params[-1].split()) - {"cap-notify"}


def negotiating(irc):
    """Somebody who has said everything but CAP END."""
    client = irc()
    client.cap_ls()
    client.send("USER foo foo foo :foo", "NICK foo")
    return client


def test_an_unknown_subcommand_is_refused(irc):
    client = irc()
    client.send("CAP NOTACOMMAND")
    expect(client.recv(), "410", "*", "NOTACOMMAND", ANY)


def test_registration_waits_for_cap_end_and_for_nothing_else(irc):
    client = negotiating(irc)
    client.cap_ls()  # its answer is the next thing that comes
    client.send("CAP END")
    expect(client.recv(), "001", "foo", ANY)


def test_one_capability_can_be_turned_on(irc):
    client = negotiating(irc)
    client.send("CAP REQ :multi-prefix")
    expect(client.recv(), "CAP", ANY, "ACK", Re("multi-prefix ?"))
    client.send("CAP LIST")
    expect(client.recv(), "CAP", ANY, "LIST", Re("multi-prefix ?"))
    client.send("CAP END")
    expect(client.recv(), "001", "foo", ANY)


def test_two_capabilities_can_be_turned_on_at_once(irc):
    client = negotiating(irc)
    client.send(f"CAP REQ :{' '.join(PAIR)}")
    expect(client.recv(), "CAP", ANY, "ACK", Re("multi-prefix userhost-in-names ?"))
    client.send("CAP LIST")
    expect(client.recv(), "CAP", ANY, "LIST", words(*PAIR))
    client.send("CAP END")
    expect(client.recv(), "001", "foo", ANY)


def test_two_capabilities_can_be_turned_on_one_after_the_other(irc):
    client = negotiating(irc)
    for cap in PAIR:
        client.send(f"CAP REQ :{cap}")
        expect(client.recv(), "CAP", ANY, "ACK", Re(f"{cap} ?"))
    client.send("CAP LIST")
    expect(client.recv(), "CAP", ANY, "LIST", words(*PAIR))
    client.send("CAP END")
    expect(client.recv(), "001", "foo", ANY)


def test_capabilities_can_be_turned_on_after_registration(irc):
    alice = irc("alice", ["multi-prefix"])
    alice.send("CAP REQ :userhost-in-names")
    expect(alice.recv(), "CAP", "alice", "ACK", Re("userhost-in-names ?"))
    alice.send("CAP LIST")
    expect(alice.recv(), "CAP", "alice", "LIST", words(*PAIR))
    alice.silent()


def test_an_unknown_capability_is_refused_and_registration_goes_on(irc):
    client = negotiating(irc)
    client.send("CAP REQ :foo")
    expect(client.recv(), "CAP", ANY, "NAK", Re("foo ?"))
    client.send("CAP END")
    expect(client.recv(), "001", "foo", ANY)


def test_a_refusal_repeats_the_request_to_the_letter(irc):
    client = irc()
    client.cap_ls()
    client.send("CAP REQ :foo qux bar baz qux quux")
    expect(client.recv(), "CAP", ANY, "NAK", "foo qux bar baz qux quux")


def test_a_request_is_granted_whole_or_not_at_all(irc):
    client = irc()
    assert "multi-prefix" in client.cap_ls()
    for wanted in ("foo multi-prefix bar", "multi-prefix bar", "foo multi-prefix"):
        client.send(f"CAP REQ :{wanted}")
        expect(client.recv(), "CAP", ANY, "NAK", wanted)
    client.send("CAP LIST")
    assert caps_of(expect(client.recv(), "CAP", ANY, "LIST", ANY)) == set()
    client.send("CAP REQ :multi-prefix")
    expect(client.recv(), "CAP", ANY, "ACK", Re("multi-prefix ?"))


def test_a_capability_can_be_turned_off_again(irc):
    sender, client = irc("sender"), irc()
    assert {"echo-message", "server-time"} <= set(client.cap_ls())
    client.send("CAP REQ :echo-message server-time", "nick bar", "user user 0 * realname", "CAP END")
    expect(client.recv(), "CAP", ANY, "ACK", words("echo-message", "server-time"))
    client.welcomed("bar")

    client.send("CAP LIST")
    assert caps_of(client.recv()) == {"echo-message", "server-time"}
    sender.ask("PRIVMSG bar :hi")
    expect(client.recv(), "PRIVMSG", "bar", "hi", tags={"time": ANY})

    client.send("CAP REQ :-server-time")
    expect(client.recv(), "CAP", ANY, "ACK", Re("-server-time ?"))
    client.send("CAP LIST")
    listed = client.recv()
    assert caps_of(listed) == {"echo-message"}
    assert "time" not in listed.tags
    sender.ask("PRIVMSG bar :hi again")
    assert client.expect("PRIVMSG", "bar", "hi again").tags == {}


@pytest.mark.parametrize("command", ["CAP LS", "CAP LS 301"])
def test_a_client_of_version_301_gets_one_line_without_values(irc, command):
    client = irc()
    client.send(command, "NICK bar", "USER u s e r", "CAP END")
    listed = expect(client.recv(), "CAP", "*", "LS", ANY)
    assert not any("=" in cap for cap in listed.params[2].split())
    expect(client.recv(), "001", "bar", ANY)

    client.collect()
    answers = named(client.ask(command), "CAP")
    assert len(answers) == 1, answers


def test_a_list_of_nothing_is_an_empty_parameter(irc):
    client = irc()
    client.send("CAP LIST")
    expect(client.recv(), "CAP", "*", "LIST", "")


def test_the_list_for_version_302_fits_into_one_line(irc):
    client = irc()
    client.send("CAP LS 302")
    expect(client.recv(), "CAP", "*", "LS", ANY)


def test_commands_and_leading_colons_may_be_written_in_every_way(irc):
    client = irc()
    client.send("cap ls :302")
    expect(client.recv(), "CAP", "*", "LS", ANY)
    client.send("Cap Req multi-prefix ")
    expect(client.recv(), "CAP", "*", "ACK", Re("multi-prefix ?"))
    client.send("user u 0 * :r ", "nick :foo", "CAP :END")
    expect(client.recv(), "001", "foo", ANY)


def test_a_turning_on_and_off_in_one_request_is_granted(irc):
    alice = irc("alice", ["multi-prefix"])
    alice.send("CAP REQ :-multi-prefix userhost-in-names")
    expect(alice.recv(), "CAP", "alice", "ACK", words("-multi-prefix", "userhost-in-names"))
    alice.send("CAP LIST")
    expect(alice.recv(), "CAP", "alice", "LIST", Re("userhost-in-names ?"))
