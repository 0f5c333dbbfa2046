"""Taking back what was decided and can't be kept."""

from __future__ import annotations

from collections.abc import Sequence

from evchat.core.context import Context
from evchat.core.effects import Post, Save
from evchat.protocol.messages import Message


def take_back(context: Context, effects: Sequence[object]) -> None:
    """Reverts the changes of the state that came with these effects, newest first."""
    for effect in reversed(effects):
        if isinstance(effect, Post):
            unsay(context, effect.said)
        elif isinstance(effect, Save) and effect.undo is not None:
            effect.undo()


def unsay(context: Context, said: Message) -> None:
    """Gives the number of a message free again, if it has one: the last of its conversation."""
    if said.seq:
        context.state.heads[said.conversation] = said.seq - 1


def unchange(context: Context, conversation: str, rev: int) -> None:
    """Gives the number of a change free again: the last of its conversation."""
    context.state.revs[conversation] = rev - 1
