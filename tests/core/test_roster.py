"""Rosters: the members of a channel by name, kept up to date one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.core.roster import Roster
from evchat.protocol.channels import Member

names = st.sampled_from(["alice", "Bob", "bob2", "BOB", "carol", "ångström", "Ångström", "İ", "_x", "x_"])
steps = st.lists(st.tuples(st.sampled_from(["add", "remove", "replace"]), names), max_size=40)


@given(st.lists(names, unique=True), steps)
def test_a_roster_that_was_kept_up_to_date_is_the_same_as_a_new_one(
    first: list[str], steps: list[tuple[str, str]]
) -> None:
    members = {name: Member(name) for name in first}
    roster = Roster(members.values())
    for number, (step, name) in enumerate(steps):
        if step == "add" and name not in members:
            members[name] = Member(name)
            roster.add(members[name])
        elif step == "remove" and name in members:
            del members[name]
            roster.remove(name)
        elif step == "replace" and name in members:
            members[name] = Member(name, "o" * (number % 2))
            roster.replace(members[name])
        expected = sorted(members.values(), key=lambda member: member.name.lower())
        assert roster.all() == tuple(expected)
        assert all(one is other for one, other in zip(roster.all(), expected, strict=True))
