"""`evchat-admin import`: what others have written down of conversations becomes messages, each once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from evchat.admin.errors import USAGE, AdminError
from evchat.admin.formats import irc_logs, jsonl, slack
from evchat.admin.formats.line import Line
from evchat.core import records as rec
from evchat.core.rules import persistent_channels
from evchat.core.state import Channel
from evchat.protocol import names
from evchat.protocol.messages import Message
from evchat.settings.model import Config
from evchat.storage.sqlite.store import SqliteStore

_COMMITTED_AT_ONCE = 2_000
_PAGE = 1_000
_BYTES = 16 * 1024 * 1024
"""Text of a page of what is there already."""

Said = tuple[int, str, str]
"""By what a message is known again: its time, its sender, its text."""


def bring_in(directory: Path, config: Config, source: Path, channel: str, owner: str) -> None:
    """`import FILE`. The server must not run: its directory is held. Raises AdminError, StoreError."""
    if channel:
        channel = channel if channel.startswith("#") else f"#{channel}"
        problem = names.check_channel_name(channel)
        if problem:
            raise AdminError(problem, USAGE)
    by_place: dict[str, list[Line]] = defaultdict(list)
    for line in _lines(source, channel):
        by_place[_conversation(line)].append(line)
    if not by_place:
        raise AdminError(f"{source} holds no messages.")
    with closing(SqliteStore(directory, config.durability, config.limits)) as store:
        _check_owner(store, owner)
        kept = {record.channel for record in store.fetch(rec.AllChannels()) if _stays(record)}
        missing = [key for key in by_place if names.is_channel(key) and key not in kept and key != names.MAIN]
        if missing and not owner:
            raise AdminError(
                f"{missing[0]} is no channel that stays when it is empty. --owner NAME gives it, and others that are "
                "missing, to an account.",
                USAGE,
            )
        for key, lines in by_place.items():
            if key in missing:
                _make_channel(store, key, lines[0].to, owner)
            new = _keep(store, key, lines)
            print(f"{lines[0].to}: {len(lines):,} messages, {len(lines) - new:,} of them were there already.")
        while store.tidy(0):
            pass


def _lines(source: Path, channel: str) -> Iterator[Line]:
    """What a file holds, by what it looks like."""
    if not source.is_file():
        raise AdminError(f"There is no file {source}.")
    try:
        with source.open("rb") as file:
            head = file.read(4096)
        if head.startswith(b"PK"):
            yield from slack.read(source)
            return
        first = head.decode("utf-8-sig", "replace")
        with source.open(encoding="utf-8-sig", errors="replace") as text:
            if first.lstrip().startswith("{"):
                yield from jsonl.read(text)
            elif irc_logs.looks_like_irssi(first):
                yield from irc_logs.read_irssi(text, _needed(channel))
            elif irc_logs.looks_like_weechat(first):
                yield from irc_logs.read_weechat(text, _needed(channel))
            else:
                raise AdminError(
                    f"{source} is neither an export of evchat or Slack nor a log of irssi or WeeChat.", USAGE
                )
    except OSError as error:
        raise AdminError(f"{source} can't be read: {error.strerror}.") from error


def _needed(channel: str) -> str:
    if not channel:
        raise AdminError("A log does not say of which channel it is: --channel NAME does.", USAGE)
    return channel


def _conversation(line: Line) -> str:
    if names.is_channel(line.to):
        return names.channel_key(line.to)
    if line.to == names.EVERYONE:
        return names.EVERYONE
    return names.pair_key(names.user_key(line.sender), names.user_key(line.to))


def _check_owner(store: SqliteStore, owner: str) -> None:
    if owner:
        accounts = store.fetch(rec.AccountOf(names.user_key(owner)))
        if not accounts or not accounts[0].secret:
            raise AdminError(
                f"Nobody has registered the name {owner}. evchat-admin user add does that.", USAGE
            )


def _stays(record: rec.ChannelRecord) -> bool:
    return '"begins":0' not in record.modes


def _make_channel(store: SqliteStore, key: str, name: str, owner: str) -> None:
    """A channel that the owner has. What was said under its name before, in one that has ended, is not told in it."""
    channel = Channel(name, key)
    channel.founder = names.user_key(owner)
    channel.begins = 1 + max(store.fetch(rec.HeadOf(key)), default=0)
    store.save(persistent_channels.record(channel))
    store.commit()


def _keep(store: SqliteStore, key: str, lines: Iterable[Line]) -> int:
    """Saves what is not there yet; returns how many messages that were."""
    there = Counter(_there(store, key))
    seq, new = max(store.fetch(rec.HeadOf(key)), default=0), 0
    last = 0
    for line in sorted(lines, key=lambda line: line.at):
        at = last = max(line.at, last + 1)  # no two have the same time: history is asked for by it
        known: Said = (at, line.sender, line.text)
        if there[known] > 0:
            there[known] -= 1
            continue
        seq, new = seq + 1, new + 1
        store.save(Message(at, key, seq, line.sender, line.to, line.text, line.action, notice=line.notice))
        if new % _COMMITTED_AT_ONCE == 0:
            store.commit()
    store.commit()
    return new


def _there(store: SqliteStore, key: str) -> Iterator[Said]:
    after, viewer = 0, key.partition(" ")[0]
    while page := store.fetch(rec.HistoryOf(key, viewer, _PAGE, after=after, max_bytes=_BYTES)):
        for said in page:
            yield said.at, said.sender, said.text
        after = page[-1].seq
