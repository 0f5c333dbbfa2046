"""Bot mode: a program says that it is one."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, expect, one, some


@pytest.fixture
def bot(irc):
    """A client that has said that it is a program."""
    client = irc("botnick")
    mode = client.isupport["BOT"]
    client.send(f"MODE botnick +{mode}")
    client.expect("MODE", "botnick", Re(rf"\+?{mode}"))
    return client


def tagged(message):
    """The message has the tag, under its old or new name, and the tag has no value."""
    assert [message.tags[key] for key in ("bot", "draft/bot") if key in message.tags] == [""], message


def test_the_mode_is_one_letter(irc):
    assert irc("somebody").isupport["BOT"] == "B"


def test_setting_the_mode_is_confirmed(bot):
    bot.silent()


def test_whois_tells_it(irc, bot):
    user = irc("usernick")
    one(user.ask("WHOIS botnick"), "335", "usernick", "botnick", ANY)


def test_whois_says_nothing_of_the_kind_about_people(irc, bot):
    user = irc("usernick")
    assert not [message for message in user.ask("WHOIS usernick") if message.command == "335"]


def test_a_private_message_of_a_bot_is_tagged(irc, bot):
    user = irc("usernick", ["message-tags"])
    bot.ask("PRIVMSG usernick :beep boop")
    tagged(user.expect("PRIVMSG", "usernick", "beep boop"))


def test_a_message_of_a_bot_to_a_channel_is_tagged(irc, bot):
    user = irc("usernick", ["message-tags"])
    bot.join("#chan")
    user.join("#chan")
    bot.ask("PRIVMSG #chan :beep boop")
    tagged(user.expect("PRIVMSG", "#chan", "beep boop"))


def test_the_tag_needs_message_tags(irc, bot):
    user, timed = irc("usernick"), irc("timed", ["server-time"])
    bot.ask("PRIVMSG usernick :beep", "PRIVMSG timed :boop")
    assert user.expect("PRIVMSG", "usernick", "beep").tags == {}
    assert set(timed.expect("PRIVMSG", "timed", "boop").tags) == {"time"}


def test_people_are_not_tagged(irc, bot):
    user, other = irc("usernick", ["message-tags"]), irc("other")
    other.ask("PRIVMSG usernick :hi")
    assert not {"bot", "draft/bot"} & set(user.expect("PRIVMSG", "usernick", "hi").tags)


def test_who_flags_a_bot(irc, bot):
    user = irc("usernick", ["message-tags"])
    bot.join("#chan")
    user.join("#chan")
    first, second, *rest = user.ask("WHO #chan")
    expect(first, "352")
    expect(second, "352")
    some([first, second], "352", "usernick", "#chan", ANY, ANY, ANY, "botnick", Re(".*B.*"), ANY)
    some([first, second], "352", "usernick", "#chan", ANY, ANY, ANY, "usernick", Re("[^B]*"), ANY)


def test_the_mode_can_be_taken_back(irc, bot):
    user = irc("usernick", ["message-tags"])
    expect(bot.ask("MODE botnick -B")[0], "MODE", "botnick", "-B")
    bot.ask("PRIVMSG usernick :hi")
    assert not {"bot", "draft/bot"} & set(user.expect("PRIVMSG", "usernick", "hi").tags)
