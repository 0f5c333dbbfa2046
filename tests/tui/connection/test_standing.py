"""What one says of oneself is said to the server again as the user has set it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.connection.sessions import in_line
from tests.tui.world import World
from tui.connection.standing import Standing
from tui.model.record import Record

letters = st.text(st.sampled_from("iwBo"), max_size=4)
changes = st.lists(st.tuples(st.sampled_from("+-"), letters.filter(bool)), max_size=4)


@given(changes, st.text(), st.text())
def test_what_is_kept_is_recalled(modes: list[tuple[str, str]], away: str, realname: str) -> None:
    standing, again = Standing(), Standing()
    told = "".join(sign + names for sign, names in modes)
    standing.asked({"request": "usermode", "content": "+x"}, Record({"content": told}))
    standing.asked({"request": "away", "content": away}, Record({}))
    standing.asked({"request": "realname", "content": realname}, Record({}))
    again.recall(Record(standing.facts()))
    assert again.requests() == standing.requests()
    assert "o" not in again.modes, "that takes a password"


def test_it_follows_what_the_server_has_done() -> None:
    standing = Standing()
    standing.asked({"request": "usermode", "content": "+iwQ"}, Record({"content": "+iw"}))
    standing.asked({"request": "usermode", "content": "-w"}, Record({"content": "-w"}))
    standing.asked({"request": "usermode"}, Record({"content": "i"}))
    assert standing.requests() == [{"request": "usermode", "content": "+i"}]
    standing.asked({"request": "realname", "content": "Zed"}, Record({}))
    standing.asked({"request": "away", "content": "lunch"}, Record({}))
    standing.asked({"request": "realname", "content": "-"}, Record({}))
    standing.asked({"request": "away"}, Record({}))
    standing.asked({"request": "usermode", "content": "-i"}, Record({"content": "-i"}))
    assert standing.requests() == []
    assert standing.facts() == {}


def test_after_a_reconnect_all_is_as_it_was_and_nothing_is_said_about_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    for request in (
        {"request": "away", "content": "lunch"},
        {"request": "usermode", "content": "+B"},
        {"request": "realname", "content": "Alice A."},
    ):
        alice.session.ask(request, world.now)
    in_line(world)
    world.break_(alice)
    world.connect(alice)
    world.settle()
    assert not alice.of("ok") and not alice.of("error")
    bob.session.ask({"request": "whois", "content": "alice"}, world.now)
    world.settle()
    (found,) = [answer["content"] for answer in bob.of("ok") if isinstance(answer.get("content"), dict)]
    assert (found["away"], found["bot"], found["realname"]) == ("lunch", True, "Alice A.")
