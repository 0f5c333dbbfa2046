"""MODE on channels: what is set, who may set it, and what it does."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, REST, Re, commands, expect, named, one

ACTION = "\1ACTION is testing\1"
CTCP = "\1PING 1473523796 918320\1"


@pytest.fixture
def chanop(irc):
    """The operator of #chan."""
    client = irc("chanop")
    client.join("#chan")
    return client


def listed(client) -> set[str]:
    """The channels in a LIST."""
    return {message.params[1] for message in named(client.ask("LIST"), "322") if message.params[1][0] == "#"}


def test_the_modes_of_a_channel_can_be_read_and_all_of_them_taken_away(chanop):
    chanop.ask("MODE #chan +int")
    answers = chanop.ask("MODE #chan")
    assert set(commands(answers)) == {"324", "329"}
    modes = one(answers, "324", "chanop", "#chan", ANY, REST).params[2]
    assert modes[0] == "+"
    assert {"i", "n", "t"} <= set(modes[1:])
    one(answers, "329", "chanop", "#chan", Re("[0-9]+"))

    (change,) = chanop.ask(f"MODE #chan -{modes[1:]}")
    expect(change, "MODE", "#chan", Re("-.*"))
    assert set(change.params[1][1:]) == set(modes[1:])
    assert len(change.params[1]) == len(modes)
    answers = chanop.ask("MODE #chan")
    assert set(commands(answers)) == {"324", "329"}
    one(answers, "324", "chanop", "#chan", "+")


def test_only_what_changes_is_told(chanop):
    one(chanop.ask("MODE #chan +int"), "MODE", "#chan", Re(r"\+(it|ti)"))
    assert "MODE" not in commands(chanop.ask("MODE #chan +int"))
    assert "MODE" not in commands(chanop.ask("MODE #chan -m"))


def test_changes_in_both_directions_are_one_message(irc, chanop):
    user = irc("user")
    user.join("#chan")
    chanop.collect()
    change = one(chanop.ask("MODE #chan +mv-n+k user beer"), "MODE", "#chan", ANY, REST)
    assert change.params[1:] == ["+mv-n+k", "user", "beer"]
    assert one(user.collect(), "MODE").params == change.params


def test_an_unknown_letter_is_refused_and_the_others_are_done(chanop):
    answers = chanop.ask("MODE #chan +mZ")
    one(answers, "472", "chanop", "Z", ANY)
    one(answers, "MODE", "#chan", "+m")


def test_modes_of_a_channel_that_is_not_there(irc):
    alice = irc("alice")
    alice.send("MODE #nowhere")
    alice.expect("403", "alice", "#nowhere", ANY)


def test_to_whom_operators_give_their_status(irc, chanop):
    unprivd, otherguy = irc("unprivd"), irc("otherguy")
    unprivd.join("#chan")
    otherguy.join("#otherguy")
    chanop.collect()

    def only(client, line: str, *numerics: str):
        answers = client.ask(line)
        assert len(answers) == 1, answers
        assert answers[0].command in numerics, answers
        return answers[0]

    expect(only(unprivd, "MODE #chan +o unprivd", "482"), "482", "unprivd", "#chan", ANY)
    expect(only(chanop, "MODE #chan +o otherguy", "441"), "441", "chanop", "otherguy", "#chan", ANY)
    expect(only(chanop, "MODE #chan +o nobody", "401"), "401", "chanop", "nobody", ANY)
    expect(only(chanop, "MODE #nonexistentchan +o chanop", "403"), "403", "chanop", "#nonexistentchan", ANY)
    only(chanop, "MODE #nonexistentchan +o nobody", "403", "442", "401", "441")
    only(chanop, "MODE #otherguy +o otherguy", "442", "482")
    only(chanop, "MODE #otherguy +o chanop", "442", "482", "441")
    for client in (chanop, unprivd, otherguy):
        client.silent()

    chanop.send("MODE #chan +o unprivd")
    for client in (chanop, unprivd):
        client.expect("MODE", "#chan", "+o", "unprivd", nick="chanop")
        client.silent()


def test_a_status_given_under_another_case_names_the_nick_itself(irc, chanop):
    user = irc("User")
    user.join("#chan")
    chanop.collect()
    one(chanop.ask("MODE #chan +v uSER"), "MODE", "#chan", "+v", "User")


def test_in_a_moderated_channel_speaks_who_has_a_voice(irc, chanop):
    one(chanop.ask("MODE #chan +m"), "MODE", "#chan", "+m")
    baz = irc("baz")
    baz.join("#chan")
    chanop.collect()
    one(baz.ask("PRIVMSG #chan :hi from baz"), "404", "baz", "#chan", ANY)
    chanop.silent()
    chanop.ask("MODE #chan +v baz")
    baz.collect()
    assert baz.ask("PRIVMSG #chan :hi again from baz") == []
    chanop.expect("PRIVMSG", "#chan", "hi again from baz", nick="baz")


def test_from_outside_one_can_speak_into_a_channel_without_n(irc, chanop):
    chanop.ask("MODE #chan +n")
    baz = irc("baz")
    one(baz.ask("PRIVMSG #chan :hi from baz"), "404", "baz", "#chan", ANY)
    chanop.silent()
    one(chanop.ask("MODE #chan -n"), "MODE", "#chan", "-n")
    assert baz.ask("PRIVMSG #chan :hi again from baz") == []
    chanop.expect("PRIVMSG", "#chan", "hi again from baz", nick="baz")


def test_ctcp_passes_but_for_channels_that_want_none(irc, chanop):
    user = irc("user")
    user.join("#chan")
    chanop.collect()
    assert user.ask(f"PRIVMSG #chan :{ACTION}", f"PRIVMSG #chan :{CTCP}") == []
    assert [message.params[1] for message in chanop.collect()] == [ACTION, CTCP]

    one(chanop.ask("MODE #chan +C"), "MODE", "#chan", "+C")
    user.collect()
    assert user.ask(f"PRIVMSG #chan :{ACTION}") == []
    (refusal,) = user.ask(f"PRIVMSG #chan :{CTCP}")
    expect(refusal, "404", "user", "#chan", ANY)
    assert [message.params[1] for message in chanop.collect()] == [ACTION]
    (refusal,) = chanop.ask(f"PRIVMSG #chan :{CTCP}")
    expect(refusal, "404", "chanop", "#chan", ANY)
    user.silent()


def test_a_secret_channel_is_listed_for_its_members_alone(irc):
    first, second = irc("first"), irc("second")
    first.join("#gen")
    first.ask("MODE #gen +s")
    assert listed(first) == {"#gen"}
    assert listed(second) == set()
    second.join("#gen")
    assert listed(second) == {"#gen"}


def test_a_secret_channel_hides_its_names_and_its_topic_from_strangers(irc, chanop):
    chanop.ask("MODE #chan +s", "TOPIC #chan :hush")
    stranger = irc("stranger")
    assert "353" not in commands(stranger.ask("NAMES #chan"))
    assert "352" not in commands(stranger.ask("WHO #chan"))
    assert "332" not in commands(stranger.ask("TOPIC #chan"))
    assert "319" not in commands(stranger.ask("WHOIS chanop"))
