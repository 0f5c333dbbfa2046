"""Texts are UTF-8, and nothing else."""

from __future__ import annotations

from tests.irc.harness import ANY, expect


def test_a_message_of_wrong_bytes_fails_under_its_label(irc):
    bar = irc("bar", ["batch", "echo-message", "labeled-response"])
    bar.join("#qux")
    bar.raw(b"@label=xyz PRIVMSG #qux hi\xaa\r\n")
    expect(bar.recv(), "FAIL", "PRIVMSG", "INVALID_UTF8", ANY, tags={"label": "xyz"})
    bar.silent()


def test_a_message_of_wrong_bytes_fails_without_any_capability_and_the_next_one_passes(irc):
    foo, bar = irc("foo"), irc("bar")
    foo.raw(b"PRIVMSG bar hi\xaa\r\n")
    expect(foo.recv(), "FAIL", "PRIVMSG", "INVALID_UTF8", ANY)
    bar.silent()
    foo.send("PRIVMSG bar :hi äöü 😃")
    bar.expect("PRIVMSG", "bar", "hi äöü 😃")
