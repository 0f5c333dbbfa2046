"""Who asks for a name that is taken is told one that is free."""

from __future__ import annotations

from evchat.core.rules import free_names
from evchat.protocol import names
from evchat.protocol.authentication import Register
from evchat.protocol.basics import Failed
from evchat.protocol.login import Login
from tests.core.playbook import Playbook


def suggested(play: Playbook, name: str) -> str:
    play.connect("x")
    return play.tell("x", Login(name), Failed).suggestion


def test_the_number_behind_it_is_the_first_that_is_free() -> None:
    play = Playbook()
    play.enter("nora", "Nora2")
    assert suggested(play, "NORA") == "NORA3"


def test_a_number_that_is_there_is_replaced() -> None:
    play = Playbook()
    play.enter("nora7")
    assert suggested(play, "nora7") == "nora2"


def test_a_registered_name_is_not_free_and_neither_is_a_reserved_one() -> None:
    play = Playbook(reserved_names=("nora3",))
    play.enter("nora2")
    play.ask("nora2", Register("a long secret"))
    play.leave("nora2")
    play.enter("nora")
    assert suggested(play, "nora") == "nora4"


def test_the_longest_name_makes_room_for_a_number() -> None:
    play = Playbook()
    longest = "n" * names.MAX_USER_BYTES
    play.enter(longest)
    assert suggested(play, longest) == longest[:-1] + "2"


def test_where_all_near_ones_are_taken_none_is_suggested() -> None:
    play = Playbook()
    play.enter("nora", *(f"nora{number}" for number in range(2, 12)))
    assert suggested(play, "nora") == ""
    assert free_names.suggestion(play.chat.context, "otto") == "otto2"
