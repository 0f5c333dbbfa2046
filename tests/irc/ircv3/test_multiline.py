"""draft/multiline: messages with several lines, and with lines longer than a line."""

from __future__ import annotations

import pytest

from tests.irc.harness import ABSENT, ANY, REST, Re, expect, make_account
from tests.irc.ircv3.helpers import BATCH_START, MODERN, MSGID, SERVER_TIME, gather, unwrap

CAP = "draft/multiline"
CONCAT = "draft/multiline-concat"
CAPS = (*MODERN, CAP)


def limits(irc):
    """max-bytes and max-lines, as the server says them."""
    value = irc().cap_ls()[CAP]
    found = dict(token.partition("=")[::2] for token in value.split(","))
    return int(found["max-bytes"]), int(found["max-lines"])


def send(client, *lines, tags="", target="#test", reference="123"):
    """A multiline message; a line that begins with "+" goes on where the one before has ended."""
    client.send(f"{tags and '@' + tags + ' '}BATCH +{reference} {CAP} {target}")
    for line in lines:
        concat = f";{CONCAT}" if line.startswith("+") else ""
        client.send(f"@batch={reference}{concat} PRIVMSG {target} :{line.removeprefix('+')}")
    client.send(f"BATCH -{reference}")


@pytest.fixture
def alice(irc):
    client = irc("alice", CAPS)
    client.join("#test")
    return client


@pytest.fixture
def bob(irc, alice):
    """Somebody else in the channel who reads multiline messages."""
    client = irc("bob", CAPS)
    gather("#test", client)
    alice.collect()
    return client


@pytest.fixture
def charlie(irc, alice):
    """Somebody else in the channel who does not."""
    client = irc("charlie", MODERN)
    gather("#test", client)
    alice.collect()
    return client


def test_the_message_reaches_everybody_as_one_or_line_by_line(alice, bob, charlie):
    bob.collect()
    send(alice, "hello", "#how is ", "+everyone?", tags="label=xyz")
    echo, relay, fallback = alice.collect(), bob.collect(), charlie.collect()

    start = expect(
        echo[0], "BATCH", BATCH_START, CAP, "#test", nick="alice", tags={"label": "xyz", "msgid": MSGID}
    )
    msgid, when = start.tags["msgid"], start.tags["time"]
    assert when == SERVER_TIME
    expect(relay[0], "BATCH", BATCH_START, CAP, "#test", nick="alice")
    expect(relay[0], tags={"msgid": msgid, "time": when, "label": ABSENT})

    for messages in (echo, relay):
        inner = unwrap(messages, CAP, "#test")
        assert [message.params for message in inner] == [
            ["#test", "hello"],
            ["#test", "#how is "],
            ["#test", "everyone?"],
        ]
        for message in inner:
            expect(message, "PRIVMSG", "#test", ANY, nick="alice")
            expect(message, tags={"msgid": ABSENT, "time": ABSENT, "label": ABSENT})
        assert [CONCAT in message.tags for message in inner] == [False, False, True]

    assert [message.params[1] for message in fallback] == ["hello", "#how is ", "everyone?"]
    for message in fallback:
        expect(message, "PRIVMSG", "#test", ANY, nick="alice")
        expect(message, tags={"time": when, CONCAT: ABSENT, "batch": ABSENT})
    assert [message.tags.get("msgid") for message in fallback] == [msgid, None, None]


def test_blank_lines_are_kept_but_not_shown_to_those_who_read_line_by_line(alice, bob, charlie):
    bob.collect()
    send(alice, "", "#how is ", "+everyone?", tags="label=xyz;+client-only-tag")
    alice.collect()
    relay, fallback = bob.collect(), charlie.collect()
    inner = unwrap(relay, CAP, "#test", tags={"+client-only-tag": "", "msgid": MSGID})
    assert [message.params for message in inner] == [
        ["#test", ""],
        ["#test", "#how is "],
        ["#test", "everyone?"],
    ]
    assert {message.command for message in inner} == {"PRIVMSG"}
    assert [message.params for message in fallback] == [["#test", "#how is "], ["#test", "everyone?"]]
    for message in fallback:
        expect(message, "PRIVMSG", "#test", ANY, tags={"+client-only-tag": ""})
    assert fallback[0].tags["msgid"] == relay[0].tags["msgid"]


def test_a_line_of_another_batch_spoils_it(alice):
    alice.send(f"BATCH +123 {CAP} #test", "@batch=231 PRIVMSG #test :hi")
    alice.expect("FAIL", "BATCH", "MULTILINE_INVALID", ANY)


def test_a_blank_line_cannot_go_on(alice, bob):
    alice.collect()
    send(alice, "hi", "+")
    alice.expect("FAIL", "BATCH", "MULTILINE_INVALID", ANY)
    alice.collect()
    bob.silent()


def test_too_many_lines_are_refused(irc, alice, bob):
    _, most = limits(irc)
    alice.send(f"BATCH +123 {CAP} #test")
    alice.send(*["@batch=123 PRIVMSG #test hi"] * (most + 1))
    alice.expect("FAIL", "BATCH", "MULTILINE_MAX_LINES", str(most), ANY)
    alice.ask("BATCH -123")
    bob.silent()


def test_as_many_lines_as_allowed_arrive(irc, alice, bob):
    _, most = limits(irc)
    send(alice, *map(str, range(most)))
    assert len(unwrap(alice.collect(), CAP, "#test")) == most
    assert [message.params[1] for message in unwrap(bob.collect(), CAP, "#test")] == [
        str(n) for n in range(most)
    ]


def test_too_many_bytes_are_refused(irc, alice, bob):
    most, lines = limits(irc)
    needed = most // 400 + 1
    if needed > lines:
        pytest.skip("the lines run out first")
    alice.send(f"BATCH +234 {CAP} #test")
    alice.send(*[f"@batch=234 PRIVMSG #test {'x' * 400}"] * needed)
    alice.expect("FAIL", "BATCH", "MULTILINE_MAX_BYTES", str(most), ANY)
    alice.ask("BATCH -234")
    bob.silent()


def test_after_a_refusal_one_goes_on_as_before(alice, bob):
    alice.send(f"BATCH +123 {CAP} #test", "@batch=231 PRIVMSG #test :hi", "BATCH -123")
    alice.collect()
    bob.collect()
    send(alice, "one", "two", reference="456")
    alice.collect()
    assert [message.params[1] for message in unwrap(bob.collect(), CAP, "#test")] == ["one", "two"]


def test_another_target_spoils_it(alice, bob):
    alice.collect()
    alice.send(f"BATCH +456 {CAP} #test", "@batch=456 PRIVMSG #other :hello")
    alice.expect("FAIL", "BATCH", "MULTILINE_INVALID_TARGET", "#test", "#other", ANY)
    alice.ask("BATCH -456")
    bob.silent()


def test_nothing_but_blank_lines_is_refused(alice, bob):
    alice.collect()
    send(alice, "", "")
    alice.expect("FAIL", "BATCH", "MULTILINE_INVALID", ANY)
    bob.silent()


def test_an_empty_batch_is_refused(alice, bob):
    alice.collect()
    send(alice)
    alice.expect("FAIL", "BATCH", "MULTILINE_INVALID", ANY)
    bob.silent()


def test_the_end_of_a_batch_that_is_not_open_is_refused(alice):
    (answer,) = alice.ask("BATCH -nosuch")
    expect(answer, "FAIL", "BATCH", ANY, ANY, REST)


def test_an_unknown_kind_of_batch_is_refused(alice):
    (answer,) = alice.ask("BATCH +1 example.com/knitting #test")
    expect(answer, "FAIL", "BATCH", ANY, ANY, REST)


def test_what_others_say_meanwhile_does_not_wait(alice, bob):
    alice.send(f"BATCH +123 {CAP} #test", "@batch=123 PRIVMSG #test :first")
    bob.ask("PRIVMSG #test :second")
    alice.expect("PRIVMSG", "#test", "second", nick="bob")
    alice.send("@batch=123 PRIVMSG #test :third", "BATCH -123")
    assert [message.params[1] for message in unwrap(alice.collect(), CAP, "#test")] == ["first", "third"]


def test_it_works_in_private(alice, bob):
    alice.collect()
    send(alice, "one", "two", target="bob")
    for client in (alice, bob):
        inner = unwrap(client.collect(), CAP, "bob", nick="alice", tags={"msgid": MSGID})
        assert [message.params for message in inner] == [["bob", "one"], ["bob", "two"]]


def test_what_could_not_be_sent_is_refused_as_a_message_would_be(irc, alice):
    stranger = irc("stranger", CAPS)
    send(stranger, "one", "two")
    answers = stranger.collect()
    expect(answers[0], "404", "stranger", "#test", ANY)
    alice.silent()


def test_the_sender_without_echoes_gets_an_acknowledgement_of_the_label(irc):
    quiet = irc("quiet", ["message-tags", "batch", "labeled-response", CAP])
    quiet.join("#test")
    send(quiet, "one", "two", tags="label=xyz")
    (answer,) = quiet.collect()
    expect(answer, "ACK", tags={"label": "xyz"})


def test_the_account_is_on_the_batch(server, irc, alice):
    reader = irc("reader", [*CAPS, "account-tag"])
    plain = irc("plain", [*MODERN, "account-tag"])
    dora = irc("dora", CAPS, make_account(server, "dora"))
    gather("#test", reader, plain, dora)
    plain.collect()
    reader.collect()
    send(dora, "one", "two")
    dora.collect()
    unwrap(reader.collect(), CAP, "#test", tags={"account": "dora"})
    expect(plain.collect()[0], "PRIVMSG", "#test", "one", tags={"account": "dora"})


def test_in_the_history_it_has_its_id_and_its_lines(irc, alice, bob):
    alice.collect()
    send(alice, "one", "two ", "+three")
    msgid = alice.collect()[0].tags["msgid"]
    alice.req("draft/chathistory")
    start, *inner, end = alice.ask("CHATHISTORY LATEST #test * 10")
    expect(start, "BATCH", BATCH_START, "chathistory", "#test")
    expect(end, "BATCH", f"-{start.params[0][1:]}")
    outer = start.params[0][1:]
    nested = expect(inner[0], "BATCH", BATCH_START, CAP, "#test", tags={"batch": outer, "msgid": msgid})
    expect(inner[-1], "BATCH", f"-{nested.params[0][1:]}", tags={"batch": outer})
    assert [message.params[1] for message in inner[1:-1]] == ["one", "two ", "three"]
    assert {message.tags["batch"] for message in inner[1:-1]} == {nested.params[0][1:]}


def test_in_the_history_of_those_who_read_line_by_line_the_first_line_has_the_id(irc, alice, charlie):
    send(alice, "one", "", "two")
    msgid = alice.collect()[0].tags["msgid"]
    charlie.collect()
    charlie.req("draft/chathistory")
    inner = unwrap(charlie.ask("CHATHISTORY LATEST #test * 10"), "chathistory", "#test")
    assert [(message.command, message.params[1]) for message in inner] == [
        ("PRIVMSG", "one"),
        ("PRIVMSG", "two"),
    ]
    assert inner[0].tags["msgid"] == msgid


def test_a_line_keeps_its_spaces_and_colons(alice, bob):
    alice.collect()
    send(alice, ":colon", " leading", "trailing ")
    alice.collect()
    assert [message.params[1] for message in unwrap(bob.collect(), CAP, "#test")] == [
        ":colon",
        " leading",
        "trailing ",
    ]


def test_without_the_capability_a_batch_is_not_understood(irc):
    dora = irc("dora", MODERN)
    dora.join("#test")
    answers = dora.ask(f"BATCH +1 {CAP} #test")
    expect(answers[0], Re("421|FAIL"))
