"""What could not be kept is taken back: newest first, and a message's number is free again."""

from __future__ import annotations

from evchat.core import records as rec
from evchat.core.audience import pick
from evchat.core.effects import Effect, Post, Reply, Save
from evchat.core.rules.undo import take_back, unsay
from evchat.protocol.basics import ServerNotice
from evchat.protocol.messages import Message
from tests.core.playbook import Playbook


def said(conversation: str, seq: int) -> Message:
    return Message(0, conversation, seq, "ann", conversation, "hi")


def test_the_number_of_a_message_is_free_again() -> None:
    context = Playbook().chat.context
    context.state.heads.update({"#a": 4, "#b": 9})
    unsay(context, said("#a", 4))
    assert context.state.heads == {"#a": 3, "#b": 9}


def test_a_message_without_a_number_leaves_its_conversation_alone() -> None:
    context = Playbook().chat.context
    context.state.heads["#a"] = 4
    unsay(context, said("#a", 0))
    assert context.state.heads == {"#a": 4}


def test_effects_are_taken_back_newest_first_and_those_that_changed_nothing_are_left_out() -> None:
    context = Playbook().chat.context
    heads = context.state.heads
    heads.update({"#a": 4, "#b": 9})
    order: list[tuple[str, dict[str, int]]] = []

    def note(name: str) -> Save:
        return Save(rec.Setting(name, ""), lambda: order.append((name, dict(heads))))

    effects: list[Effect] = [
        note("first"),
        Post(said("#a", 3), pick((1,)), 1),
        Post(said("#a", 4), pick((1,)), 1),
        note("second"),
        Save(rec.Setting("no undo", "")),
        Reply(1, ServerNotice(0, "x")),
    ]
    take_back(context, effects)
    assert order == [("second", {"#a": 4, "#b": 9}), ("first", {"#a": 2, "#b": 9})]
