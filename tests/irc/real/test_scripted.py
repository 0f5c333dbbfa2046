"""What two programs say that are hard to come by, word for word: eggdrop, and clients that hurry."""

from __future__ import annotations

from tests.irc.harness import ANY, IrcClient, commands, expect
from tests.irc.real.harness import House


def test_a_bot_that_asks_for_itself_joins_once_it_was_answered(strict: House) -> None:
    egg = IrcClient(strict.server.connect(), "egg")
    egg.send("NICK egg", "USER egg . . :/msg egg hello")
    egg.wait("001", "egg", ANY)
    egg.nick = "egg"
    egg.wait("422", "egg", ANY)
    egg.send("WHOIS egg", "MODE egg +i-ws")
    whois = egg.wait("311", "egg", "egg", "~egg", ANY, "*", "/msg egg hello")
    egg.wait("318", "egg", "egg", ANY)
    strict.person("nora", "#room")
    egg.send("JOIN #room")
    egg.wait("JOIN", nick="egg", source=f"egg!~egg@{whois.params[3]}")
    egg.wait("366", "egg", "#room", ANY)
    egg.send("MODE #room +b", "MODE #room +e", "MODE #room +I", "MODE #room", "WHO #room")
    told = commands(egg.collect())
    assert told == ["368", "349", "347", "324", "329", "352", "352", "315"], told
    egg.quit()


def test_a_client_that_ends_the_negotiation_after_one_line_of_it_gets_in(strict: House) -> None:
    bot = IrcClient(strict.server.connect(), "bot")
    bot.send("CAP LS 302", "NICK bot", "USER bot 0 * :bot")
    expect(bot.recv(), "CAP", "*", "LS", ANY)  # one line it is, so that nobody stops reading too early
    bot.send("CAP END")
    bot.wait("001", "bot", ANY)
    bot.nick = "bot"
    bot.send("WHOIS bot", "JOIN #room", "MODE #room", "WHO #room %tnurha,542")
    bot.wait("318", "bot", "bot", ANY)
    bot.wait("366", "bot", "#room", ANY)
    bot.wait("324", "bot", "#room", ANY)
    bot.wait("354", "bot", "542", "~bot", ANY, "bot", "0", "bot")
    bot.wait("315", "bot", "#room", ANY)
    bot.quit()
