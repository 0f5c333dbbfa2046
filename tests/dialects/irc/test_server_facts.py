"""What all IRC clients of a server are told alike: made once, and told each under its own nick."""

from __future__ import annotations

from dataclasses import replace

from evchat.dialects.irc.isupport import tokens
from evchat.dialects.irc.line import MAX_LINE
from evchat.dialects.irc.server_facts import ServerFacts, server_facts
from evchat.settings.model import Config, Limits

CONFIG = Config(name="The Pub")


def test_the_greeting_is_told_under_the_clients_nick() -> None:
    facts = ServerFacts(CONFIG, "evchat-1", 0)
    lines = facts.greeting("alice")
    assert [line.split(" ")[1] for line in lines] == ["002", "003", "004", "005", "005", "005"]
    assert all(line.startswith(":the-pub.local ") and line.split(" ")[2] == "alice" for line in lines)
    assert facts.greeting("bob")[0] == lines[0].replace(" alice ", " bob ")
    told = [token for line in facts.isupport("x") for token in line.split(" ")[3:-5]]
    assert told == tokens(CONFIG)


def test_no_line_is_too_long_whatever_the_server_is_called() -> None:
    facts = ServerFacts(Config(name="é" * 300), "evchat-1", 0)
    assert all(len(line.encode()) <= MAX_LINE for line in facts.greeting("n" * 32))


def test_all_clients_share_one_object_also_after_the_settings_were_loaded_again() -> None:
    facts = server_facts(CONFIG, "evchat-1", 5)
    assert server_facts(CONFIG, "evchat-1", 5) is facts
    assert (
        server_facts(CONFIG, "evchat-2", 5) is not facts and server_facts(CONFIG, "evchat-1", 6) is not facts
    )
    changed = Config(name="Another", motd="News.", limits=replace(Limits(), max_watched=7))
    renewed = facts.renewed(changed)
    assert facts.renewed(changed) is renewed and renewed.config.motd == "News."
    assert renewed.hostname == facts.hostname and renewed.network == facts.network
    assert set(renewed.tokens) - set(facts.tokens) == {"MONITOR=7"}
