"""What one can ask about users and set for oneself: ISON, USERHOST, modes of users."""

from __future__ import annotations

from tests.irc.harness import ANY, REST, Re, commands, expect, named, one, words


def test_ison_names_those_who_are_there(irc):
    alice = irc("alice")
    irc("Bob")
    one(alice.ask("ISON alice nobody bob"), "303", "alice", words("alice", "Bob"))
    one(alice.ask("ISON nobody"), "303", "alice", "")
    one(alice.ask("ISON"), "461", "alice", "ISON", ANY)


def test_userhost_tells_host_and_absence(irc):
    alice, bob = irc("alice"), irc("bob")
    bob.ask("AWAY :gone")
    answer = one(alice.ask("USERHOST alice nobody bob"), "302", "alice", ANY)
    mine, his = answer.params[1].split()
    assert mine == Re(r"alice\*?=\+~?username@\S+")
    assert his == Re(r"bob=-~?username@\S+")


def test_ones_modes_can_be_read_and_set(irc):
    alice = irc("alice")
    one(alice.ask("MODE alice"), "221", "alice", Re(r"\+[a-zA-Z]*"), REST)
    one(alice.ask("MODE alice +i"), "MODE", "alice", "+i")
    assert alice.ask("MODE alice +i") == []
    one(alice.ask("MODE ALICE"), "221", "alice", Re(r"\+[a-zA-Z]*i[a-zA-Z]*"), REST)
    one(alice.ask("MODE alice +w-i"), "MODE", "alice", Re(r"\+w-i|-i\+w"))


def test_an_unknown_mode_of_a_user_is_refused(irc):
    alice = irc("alice")
    answers = alice.ask("MODE alice +i?")
    expect(named(answers, "501")[0], "501", "alice", ANY, REST)
    one(answers, "MODE", "alice", "+i")


def test_nobody_reads_or_sets_the_modes_of_others(irc):
    alice, bob = irc("alice"), irc("bob")
    for line in ("MODE bob", "MODE bob +i"):
        (answer,) = alice.ask(line)
        expect(answer, "502", "alice", ANY)
    assert commands(alice.ask("MODE nobody +i")) in (["401"], ["502"])
    bob.silent()


def test_a_bot_says_so_by_a_mode(irc):
    alice = irc("alice")
    assert alice.isupport["BOT"] == "B"
    one(alice.ask("MODE alice +B"), "MODE", "alice", "+B")


def test_away_is_set_and_lifted(irc):
    alice = irc("alice")
    one(alice.ask("AWAY :gone fishing"), "306", "alice", ANY)
    one(alice.ask("AWAY"), "305", "alice", ANY)
    one(alice.ask("AWAY :gone again"), "306", "alice", ANY)
    one(alice.ask("AWAY :"), "305", "alice", ANY)


def test_commands_may_be_written_in_any_case_with_colons_and_spaces(irc):
    alice = irc("alice")
    alice.send("join :#chan")
    alice.expect("JOIN", "#chan")
    alice.collect()
    assert commands(alice.ask("Join #other ")) == ["JOIN", "353", "366"]
    one(alice.ask("mode :#chan"), "324", "alice", "#chan", ANY, REST)
    one(alice.ask("  MODE   #chan   b  "), "368", "alice", "#chan", ANY)
    one(alice.ask("wHo   #chan"), "352", REST)
    one(alice.ask(":somebody!else@x MODE #chan b"), "368", "alice", "#chan", ANY)
