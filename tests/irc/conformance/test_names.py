"""NAMES."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, commands, expect, named, words


def test_the_names_of_a_channel(irc):
    nick1, nick2 = irc("nick1"), irc("nick2")
    nick1.join("#chan")
    nick2.join("#chan")
    nick1.collect()
    names, end = nick1.ask("NAMES #chan")
    expect(names, "353", "nick1", "=", "#chan", words("@nick1", "nick2"))
    expect(end, "366", "nick1", "#chan", ANY)


def test_a_secret_channel_has_its_sign(irc):
    nick1, nick2 = irc("nick1"), irc("nick2")
    nick1.join("#chan")
    nick1.ask("MODE #chan +s")
    names, end = nick1.ask("NAMES #chan")
    expect(names, "353", "nick1", "@", "#chan", Re("@nick1 ?"))
    expect(end, "366", "nick1", "#chan", ANY)
    replies = named(nick2.ask("JOIN #chan"), "353")
    assert replies
    for message in replies:
        expect(message, "353", "nick2", "@", "#chan", ANY)


def test_the_names_of_several_channels(irc):
    nick1 = irc("nick1")
    limits = dict(part.split(":", 1) for part in (nick1.isupport.get("TARGMAX") or "").split(",") if part)
    if limits.get("NAMES", "1") == "1":
        pytest.skip("one channel at a time")
    nick1.join("#chan1")
    nick1.join("#chan2")
    first, second, end = nick1.ask("NAMES #chan1,#chan2")
    expect(first, "353", "nick1", "=", "#chan1", "@nick1")
    expect(second, "353", "nick1", "=", "#chan2", "@nick1")
    expect(end, "366", "nick1", "#chan1,#chan2", ANY)


@pytest.mark.parametrize("name", ["invalid", "#nonexisting"])
def test_what_is_no_channel_has_no_names_but_an_end(irc, name):
    (end,) = irc("foo").ask(f"NAMES {name}")
    expect(end, "366", "foo", name, ANY)


def test_without_a_channel_there_is_an_end(irc):
    foo = irc("foo")
    foo.join("#chan")
    answers = foo.ask("NAMES")
    assert commands(answers)[-1] == "366"
    expect(answers[-1], "366", "foo", ANY, ANY)


def test_many_names_come_in_lines_that_fit(irc):
    nicks = [f"somebody-with-a-long-name-{number:02}" for number in range(40)]
    for nick in nicks:
        irc(nick).join("#chan")
    last = irc("last")
    lines = named(last.join("#chan"), "353")
    assert sorted(name.lstrip("@") for line in lines for name in line.params[-1].split()) == sorted(
        [*nicks, "last"]
    )
    for line in lines:
        assert len(f":{line.source} 353 {' '.join(line.params[:-1])} :{line.params[-1]}\r\n") <= 512
