"""Channels that the settings define: made at the start, with their modes, and kept when they are empty."""

from __future__ import annotations

from collections.abc import Iterator

from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Save
from evchat.core.errors import Refused
from evchat.core.records import TopicRecord
from evchat.core.rules import membership, mode_changes, persistent_channels
from evchat.core.state import Channel
from evchat.protocol import modes, names
from evchat.protocol.channels import TopicChanged
from evchat.protocol.modes import Change, ModesChanged, Takes
from evchat.settings.model import ChannelSettings, Limits

_ANNOUNCE = modes.MODERATED + modes.TOPIC_LOCKED
"""The modes of a channel for announcements."""


def problem(settings: ChannelSettings, limits: Limits) -> str:
    """What is wrong with the settings of a channel, as a sentence; empty if nothing is."""
    told = names.check_channel_name(settings.name)
    if told:
        return told
    good, bad = modes.parse(settings.modes)
    for change in (*bad, *good):
        mode = modes.BY_LETTER.get(change.letter)
        if mode is None:
            return f"there is no mode {change.letter}."
        if change in bad or (mode.takes is Takes.MASK and change.value is None):
            return f"the mode {mode.name} ({change.letter}) needs a value: {mode.takes.value}."
        if mode.takes is Takes.MEMBER:
            return f'the mode {mode.name} is for members; use operators = ["NAME"] for accounts.'
    if len(settings.topic.encode("utf-8", "replace")) > limits.max_topic_bytes:
        return f"the topic is too long (limit {limits.max_topic_bytes} bytes)."
    for name in settings.operators:
        told = names.check_user_name(name, unicode_names=True)
        if told:
            return f"operators: {name}: {told}"
    return ""


def apply(context: Context, now: int) -> Iterator[Effect]:
    """Makes the channels that the settings define, and gives all of them what the settings say of them.

    A channel that they define no longer ends when the last member leaves, unless an account owns it. Raises StoreError.
    """
    wanted = {names.channel_key(settings.name): settings for settings in context.config.channels}
    for key, settings in wanted.items():
        # A channel of the same name that has ended is not this one: what was said there stays hidden.
        begins = 1 if key in context.state.channels else context.head(key) + 1
        yield from _define(context, key, settings, begins, now)
    for channel in list(context.state.channels.values()):
        if channel.defined and channel.key not in wanted:
            channel.defined, channel.appointed = False, frozenset()
            if not channel.stays:
                yield from persistent_channels.end(channel.key, channel.name, now)
            persistent_channels.clear(context, channel)


def auto_joined(context: Context) -> tuple[str, ...]:
    """The keys of the channels that everyone joins at login."""
    return tuple(names.channel_key(each.name) for each in context.config.channels if each.auto_join)


def _define(context: Context, key: str, settings: ChannelSettings, begins: int, now: int) -> Iterator[Effect]:
    channel = context.state.channels.get(key)
    if channel is None:
        channel = persistent_channels.make(context, settings.name, key)
        channel.begins, channel.created = begins, now
    channel.defined = True
    channel.appointed = frozenset(map(names.user_key, settings.operators))
    line = settings.modes if not settings.announce else f"+{_ANNOUNCE}{settings.modes.removeprefix('+')}"
    problems: list[Refused] = []
    done, _ = mode_changes.apply(context, channel, names.SERVER, modes.parse(line)[0], problems, now)
    for user in list(channel.members.values()):
        if membership.account(user) in channel.appointed and user not in channel.operators:
            channel.set_role(user, modes.OPERATOR, on=True)
            done += (Change(True, modes.OPERATOR, user.name),)
    yield Save(persistent_channels.record(channel), vital=False)
    if done:
        yield Broadcast(ModesChanged(now, channel.name, names.SERVER, done), channel.audience)
    topic = " ".join(settings.topic.split())
    if topic and topic != channel.topic:
        yield from _set_topic(channel, topic, now)


def _set_topic(channel: Channel, topic: str, now: int) -> Iterator[Effect]:
    channel.topic, channel.topic_by, channel.topic_at = topic, names.SERVER, now
    yield Save(TopicRecord(channel.key, channel.name, topic, names.SERVER, now), vital=False)
    yield Broadcast(TopicChanged(now, channel.name, topic, names.SERVER), channel.audience)
