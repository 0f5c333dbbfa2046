"""Capability negotiation, version 302: what the server says about its capabilities."""

from __future__ import annotations

import re

import pytest

from tests.irc.harness import ANY, Re, one

OFFERED = (
    "account-notify",
    "account-tag",
    "away-notify",
    "batch",
    "cap-notify",
    "draft/account-registration",
    "draft/chathistory",
    "draft/event-playback",
    "draft/message-redaction",
    "draft/multiline",
    "draft/read-marker",
    "echo-message",
    "extended-join",
    "extended-monitor",
    "invite-notify",
    "labeled-response",
    "message-tags",
    "multi-prefix",
    "sasl",
    "server-time",
    "setname",
    "standard-replies",
    "userhost-in-names",
)


@pytest.mark.parametrize("cap", OFFERED)
def test_the_capability_is_offered_and_can_be_had(irc, cap):
    client = irc()
    assert cap in client.cap_ls()
    client.req(cap)
    client.send("CAP LIST")
    listed = client.expect("CAP", ANY, "LIST", ANY).params[2].split()
    assert cap in listed


def test_all_of_them_can_be_had_in_one_line(irc):
    client = irc()
    client.cap_ls()
    client.req(*OFFERED)


def test_sasl_names_its_mechanisms(irc):
    value = irc().cap_ls()["sasl"]
    assert value is not None
    assert "PLAIN" in value.split(",")


def test_multiline_names_its_limits(irc):
    value = irc().cap_ls()["draft/multiline"]
    assert value is not None
    keys = [token.partition("=")[0] for token in value.split(",")]
    assert len(keys) == len(set(keys))
    assert re.search(r"(?:^|,)max-bytes=\d+(?:,|$)", value)
    assert re.search(r"(?:^|,)max-lines=\d+(?:,|$)", value)


def test_account_registration_has_each_key_once(irc):
    value = irc().cap_ls()["draft/account-registration"]
    keys = [token.partition("=")[0] for token in (value or "").split(",")]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("version", ["", "301"])
def test_an_older_client_gets_no_values(irc, version):
    client = irc()
    client.send(f"CAP LS {version}".rstrip())
    (caps,) = [client.expect("CAP", ANY, "LS", ANY).params[2]]
    assert "=" not in caps
    assert "sasl" in caps.split()


@pytest.mark.parametrize("version", ["303", "307", "400"])
def test_a_newer_client_gets_what_there_is(irc, version):
    assert irc().cap_ls(version)["sasl"]


def test_values_are_given_only_in_the_answer_to_ls(irc):
    client = irc()
    client.cap_ls()
    client.send("CAP REQ :sasl draft/multiline batch")
    client.expect("CAP", ANY, "ACK", Re("sasl draft/multiline batch ?"))
    client.send("CAP LIST")
    assert "=" not in client.expect("CAP", ANY, "LIST", ANY).params[2]


def test_a_request_with_a_value_is_refused(irc):
    client = irc()
    client.cap_ls()
    client.send("CAP REQ :sasl=PLAIN")
    client.expect("CAP", ANY, "NAK", Re("sasl=PLAIN ?"))


def test_names_of_capabilities_are_case_sensitive(irc):
    client = irc()
    client.cap_ls()
    client.send("CAP REQ :Multi-Prefix")
    client.expect("CAP", ANY, "NAK", Re("Multi-Prefix ?"))


def test_cap_notify_may_be_asked_for_though_302_implies_it(irc):
    client = irc()
    client.cap_ls()
    client.req("cap-notify")


def test_cap_notify_stays_on_with_302(irc):
    client = irc()
    client.cap_ls()
    client.req("cap-notify")
    client.send("CAP REQ :-cap-notify")
    client.expect("CAP", ANY, Re("ACK|NAK"), Re("-cap-notify ?"))
    client.send("CAP LIST")
    assert "cap-notify" in client.expect("CAP", ANY, "LIST", ANY).params[2].split()


def test_cap_notify_can_be_turned_on_and_off_by_an_older_client(irc):
    client = irc()
    client.cap_ls("")
    client.req("cap-notify")
    client.req("-cap-notify")
    client.send("CAP LIST")
    client.expect("CAP", ANY, "LIST", "")


def test_a_client_that_asks_again_without_a_version_is_still_one_of_302(irc):
    client = irc()
    client.cap_ls()
    client.send("CAP LS")
    assert "=" not in client.expect("CAP", ANY, "LS", ANY).params[2]
    client.req("cap-notify")
    client.send("CAP REQ :-cap-notify", "CAP LIST")
    client.expect("CAP", ANY, Re("ACK|NAK"), Re("-cap-notify ?"))
    assert "cap-notify" in client.expect("CAP", ANY, "LIST", ANY).params[2].split()


def test_turning_on_what_is_on_and_off_what_is_off_works(irc):
    client = irc("alice", ["server-time"])
    one(
        client.ask("CAP REQ :server-time -echo-message"),
        "CAP",
        "alice",
        "ACK",
        Re("server-time -echo-message ?"),
    )


def test_the_end_of_negotiation_means_nothing_later(irc):
    client = irc("alice")
    client.send("CAP END")
    client.silent()
