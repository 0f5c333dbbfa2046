"""Drives the core as the server does, by its transaction; with a real store, a clock to turn, people by name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any, TypeVar

from evchat.core import changes, server_queries
from evchat.core import records as rec
from evchat.core.audience import Audience
from evchat.core.dispatch import Chat
from evchat.core.effects import Broadcast, Effect, Fetch, Hangup, Hash, Log, Post, Reply, Trust
from evchat.core.query import Query
from evchat.core.rules import persistent_channels
from evchat.core.store import StoreError
from evchat.protocol import names
from evchat.protocol.authentication import Register
from evchat.protocol.base import Answer, Event, Request
from evchat.protocol.basics import Done, Failed, Hello, HungUp, LocalReply, Stopping
from evchat.protocol.login import Expectations, Introduce, LoggedIn, Login
from evchat.protocol.messages import Message
from evchat.protocol.server_bans import ServerBan
from evchat.protocol.typed_lines import NamePrompt
from evchat.server.commits import Commits
from evchat.server.deliveries import Delivery
from evchat.server.transaction import HASHES
from evchat.settings.model import Config, Limits
from evchat.storage.memory import MemoryStore
from tests.cheap_passwords import cheap_passwords

E = TypeVar("E", bound=Event)

START = 1_800_000_000_000
"""When every play begins."""

EXPECTS = Expectations(
    starts_in_main=False, inbox_at_login=True, counts_at_login=True, directs_to_itself=True, events_in_history=True,
    letter_first=True, one_account=True, leads_back=False,
)  # fmt: skip
BEGIN = Introduce(expects=EXPECTS)
"""How the client of a dialect begins a login in parts that takes nothing for granted that a JSON client does."""

FOR_STRANGERS = (Answer, NamePrompt, HungUp, Stopping, LocalReply)
"""All that may be told to a session that is not logged in."""


class Disk:
    """A memory store whose commits and reads can fail: then nothing since the last commit is kept."""

    def __init__(self) -> None:
        self._kept: list[rec.Record] = []
        self._saved: list[rec.Record] = []
        self._memory = MemoryStore()
        self.reads_fail = False
        self.full = False
        """Whether commits fail."""
        self.asked: list[Query[Any]] = []

    def save(self, record: rec.Record) -> None:
        self._saved.append(record)
        self._memory.save(record)

    def fetch(self, query: Query[Any]) -> list[Any]:
        if self.reads_fail:
            raise StoreError("The disk can't be read.")
        self.asked.append(query)
        return self._memory.fetch(query)

    threaded = False

    def long_reader(self) -> Disk:
        return self

    def steps(self, query: Query[Any]) -> Iterator[list[Any] | None]:
        return self._memory.steps(query)

    def interrupt(self) -> None:
        pass

    def tidy(self, now: int) -> bool:
        return self._memory.tidy(now)

    def measure(self) -> tuple[int, int, int]:
        return self._memory.measure()

    def commit(self) -> None:
        if self.full:
            self.fail_to_commit()
            raise StoreError("The disk is full.")
        self._kept += self._saved
        self._saved.clear()

    def fail_to_commit(self) -> None:
        self._saved.clear()
        self._memory = MemoryStore()
        for record in self._kept:
            self._memory.save(record)

    @property
    def kept(self) -> tuple[rec.Record, ...]:
        """Every record that was committed, in order."""
        return tuple(self._kept)


def settings(config: Config = Config(), **given: Any) -> Config:  # noqa: B008  (a frozen value)
    """The settings with other values for some of them, or for some of the limits."""
    names_ = {field.name for field in fields(Limits)}
    limits = {name: given.pop(name) for name in list(given) if name in names_}
    return replace(config, limits=replace(config.limits, **limits), **given)


class Playbook:
    """A chat with its people. What is `given` of settings and limits overrides the defaults.

    With `deferred`, passwords wait for `hash_all`. `start` is the time of day at which it begins.
    """

    def __init__(
        self, *, deferred: bool = False, disk: Disk | None = None, start: int = START, **given: Any
    ) -> None:
        self.disk = disk or Disk()
        given.setdefault("reserved_names", ())  # `root` is whom many tests call an operator
        self.now = self._start = start
        self._set_by = 0
        self._chances = 0
        self.tokens: dict[str, str] = {}
        """With what the sessions can be resumed, by what the test calls them."""
        self.chat = Chat(settings(**given), self.disk.fetch, self._chance, self._monotonic)
        self.deferred = deferred
        self.hashes: list[Hash] = []
        self.heard: dict[int, list[Event]] = {}
        self.hung_up: dict[int, str] = {}
        self.logged: list[tuple[str, dict[str, object]]] = []
        self._sids: dict[str, int] = {}
        self._commits = Commits(self.disk, lambda _reason: None, self.chat.take_back)
        self._hashing: dict[int, Request] = {}
        """By session: the request whose password is with the worker."""
        self._gather(0, None, self.chat.start(self.now))
        self.commit()

    def _chance(self, size: int) -> bytes:
        """Other bytes each time, and the same in each play."""
        self._chances += 1
        return self._chances.to_bytes(8, "big").rjust(size, b"\0")[-size:]

    def _monotonic(self) -> int:
        return self.now - self._set_by - self._start

    def reload(self, **given: Any) -> None:
        """The settings are loaded again, with these values changed."""
        self._gather(0, None, self.chat.set_config(settings(self.chat.context.config, **given), self.now))
        self.commit()

    def set_clock(self, milliseconds: int) -> None:
        """The clock of the machine is set forward, or back; no time passes."""
        self.now += milliseconds
        self._set_by += milliseconds

    # ---- people -----------------------------------------------------------------------------------------------

    def connect(self, who: str, address: str = "192.0.2.1") -> int:
        """A connection comes, to be called `who` in the test."""
        sid = self._sids[who] = len(self.heard) + 1
        self.heard[sid] = []
        self._gather(sid, None, self.chat.connect(sid, address, self.now))
        return sid

    def enter(self, *people: str, full: bool = False, echo: bool = False) -> None:
        """People connect and log in under the names that the test calls them; nobody has heard anything then."""
        for who in people:
            self.connect(who)
            if full:
                self.ask(who, Hello(echo=echo))
            self.tell(who, Login(who), LoggedIn)
        self.forget()

    def register(self, *people: str, password: str = "secret") -> None:
        """People enter and register their names."""
        self.enter(*people)
        for who in people:
            self.tell(who, Register(password), Done)
        self.forget()

    def again(self, session: str, name: str, password: str = "secret", *, full: bool = False) -> None:
        """Another session of a registered user comes; nobody has heard anything then."""
        self.connect(session)
        if full:
            self.ask(session, Hello())
        self.tell(session, Login(name, password), LoggedIn)
        self.forget()

    def leave(self, who: str, reason: str = "Gone.") -> None:
        """A connection breaks, and the pass ends."""
        self.decide_leave(who, reason)
        self.commit()

    def decide_leave(self, who: str, reason: str = "Gone.") -> None:
        """A connection breaks; nothing is committed or told yet."""
        self._gather(0, None, self.chat.disconnect(self.sid(who), reason, self.now))

    def lose(self, who: str, reason: str = "The connection was lost.") -> None:
        """A connection is lost without a word, and the pass ends."""
        self.decide_lose(who, reason)
        self.commit()

    def decide_lose(self, who: str, reason: str = "The connection was lost.") -> None:
        """The same; nothing is committed or told yet."""
        self._gather(0, None, self.chat.disconnect(self.sid(who), reason, self.now, lost=True))

    def resume(self, who: str, name: str = "", *, token: str | None = None) -> list[Event]:
        """The client of `who` connects again and goes on with the session that it had; returns what it hears."""
        token = self.tokens[who] if token is None else token
        self.connect(who)
        self.ask(who, Hello(echo=False))
        self.hears(who)
        return self.ask(who, Login(name or who, resume=token))

    def configure(self, **given: Any) -> None:
        """The owner of the server changes settings or limits while it runs."""
        self._gather(0, None, self.chat.set_config(settings(self.chat.context.config, **given), self.now))

    def sid(self, who: str) -> int:
        return self._sids[who]

    # ---- requests ---------------------------------------------------------------------------------------------

    def decide(self, who: str, request: Request) -> list[Effect]:
        """The core decides; nothing is committed or told yet."""
        sid = self.sid(who)
        effects = self.chat.request(sid, request, self.now)
        if self._gather(sid, request, effects) & HASHES:
            self._hashing[sid] = request
        return effects

    def ask(self, who: str, request: Request) -> list[Event]:
        """One request is one pass; returns what its session hears by it."""
        before = len(self.heard[self.sid(who)])
        self.decide(who, request)
        self.commit()
        return self.heard[self.sid(who)][before:]

    def tell(self, who: str, request: Request, kind: type[E]) -> E:
        """The one event of this kind by which a request is answered."""
        heard = self.ask(who, request)
        found = [event for event in heard if isinstance(event, kind)]
        assert len(found) == 1, heard
        return found[0]

    def refusal(self, who: str, request: Request) -> str:
        """The code with which a request is refused, and nothing else is said; nobody else hears anything."""
        heard = {sid: len(events) for sid, events in self.heard.items()}
        answers = self.ask(who, request)
        assert len(answers) == 1, answers
        (failed,) = answers
        assert isinstance(failed, Failed), failed
        assert failed.reply_to == request.id
        assert failed.text.endswith((".", "?", "main")), "for the user: a sentence"
        heard[self.sid(who)] += 1
        assert heard == {sid: len(events) for sid, events in self.heard.items()}
        return failed.code

    def tick(self, milliseconds: int = 0) -> None:
        """Time passes, and the pass ends."""
        self.decide_tick(milliseconds)
        self.commit()

    def decide_tick(self, milliseconds: int) -> None:
        """Time passes; nothing is committed or told yet."""
        self.now += milliseconds
        self._gather(0, None, self.chat.tick(self.now))

    def stop(self) -> None:
        self._gather(0, None, self.chat.stop("The server is going down.", self.now))
        self.commit()

    def hash_all(self) -> None:
        """The worker is done with everything that waited, and the pass ends."""
        self.decide_hashes()
        self.commit()

    def decide_hashes(self) -> None:
        """The worker is done with everything that waited; nothing is committed or told yet."""
        waiting, self.hashes = self.hashes, []
        for effect in waiting:
            with cheap_passwords():
                result = effect.work()
            request = self._hashing.pop(effect.sid)
            self._gather(effect.sid, request, self.chat.hashed(effect.sid, result, self.now))

    def refuse_hashes(self) -> None:
        """The worker takes nothing on."""
        waiting, self.hashes = self.hashes, []
        for effect in waiting:
            self._gather(effect.sid, None, self.chat.not_hashed(effect.sid, self.now))
        self.commit()

    # ---- what is heard ----------------------------------------------------------------------------------------

    def hears(self, who: str) -> list[Event]:
        """What a session has heard since it was last asked this, or since `forget`."""
        events = self.heard[self.sid(who)]
        found = events[:]
        events.clear()
        return found

    def forget(self) -> None:
        """What was heard so far is of no interest."""
        for events in self.heard.values():
            events.clear()

    # ---- the pass ---------------------------------------------------------------------------------------------

    def _gather(self, sid: int, request: Request | None, effects: Iterable[Effect]) -> int:
        gathered = list(effects)
        for effect in gathered:
            if isinstance(effect, Broadcast | Post):
                assert isinstance(effect.to.sids, tuple), "who hears it must not change until it is told"
                self._check_hearers(effect)
            if isinstance(effect, Reply | Fetch | Post) and effect.sid in self.chat.state.sessions:
                self._check_reply(effect)
        return self._commits.open.add(sid, request, gathered)

    def _check_hearers(self, effect: Broadcast | Post) -> None:
        assert len(set(effect.to)) == len(effect.to), "nobody is told twice"
        event = effect.event if isinstance(effect, Broadcast) else effect.said
        if isinstance(event, FOR_STRANGERS):
            return
        for sid in effect.to:
            user = self.chat.state.sessions[sid].user
            assert user is not None, (event, sid)
            if isinstance(event, Message) and event.conversation.startswith("#"):
                assert event.conversation in user.channels
            elif isinstance(event, Message) and event.conversation != "*":
                assert user.key in event.conversation.split(" ")

    def _check_reply(self, effect: Reply | Fetch | Post) -> None:
        if self.chat.state.sessions[effect.sid].user is None:
            assert isinstance(effect, Reply), effect
            assert isinstance(effect.event, FOR_STRANGERS), effect

    def commit(self, *, fails: bool = False) -> None:
        """The pass ends: what was decided is kept and told; or it can't be kept, and is undone."""
        self.disk.full = fails
        effects = self._commits.commit(self.now)
        self.disk.full = False
        for effect in effects:
            self._carry_out(effect)
        if self.hashes and not self.deferred:
            self.hash_all()

    def _carry_out(self, effect: Effect | Delivery) -> None:
        match effect:
            case Reply(sid, event):
                self._hear(sid, event)
            case Post(said, to, sid, but):
                self._hear(sid, effect.acknowledgement())
                self._carry_out(Broadcast(said, to, but))
            case Broadcast(event, to, but):
                for sid in to:
                    if sid != but:
                        self._hear(sid, event)
            case Fetch(sid, query, answer, _):
                self._hear(sid, answer(self.disk.fetch(query)))
            case Hash():
                self.hashes.append(effect)
            case Trust():
                pass
            case Hangup(sid, reason):
                self.hung_up[sid] = reason
            case Log(event, facts):
                self.logged.append((event, dict(facts)))
            case _:
                raise AssertionError(effect)

    def _hear(self, sid: int, event: Event) -> None:
        if sid in self.chat.state.sessions:
            self.heard[sid].append(event)
            if isinstance(event, LoggedIn) and event.resume:
                self.tokens[next(who for who, its in self._sids.items() if its == sid)] = event.resume


def said(events: Iterable[Event]) -> list[str]:
    """The texts of the messages among the events, `own` copies in brackets."""
    return [f"[{x.text}]" if x.own else x.text for x in events if isinstance(x, Message)]


def kinds(events: Iterable[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


def snapshot(chat: Chat) -> dict[str, Any]:
    """Everything that the core knows, as plain values; but when somebody was last active, which any request changes."""
    return {
        "sessions": {
            sid: {
                "address": x.address, "user": x.user and x.user.key, "current": x.current, "full": x.full,
                "echo": x.echo, "admitted": x.admitted, "pending": x.pending, "draft": x.draft and replace(x.draft),
                "metadata_keys": list(x.metadata_keys), "token": x.token,
                "exchange": x.exchange and (x.exchange.account, x.exchange.proved),
            }
            for sid, x in chat.state.sessions.items()
        },
        "users": {
            key: (
                x.name, x.key, x.since, x.away, set(x.proved), set(x.blocked_by), list(x.sids), list(x.channels),
                x.audience, x.who, x.operator, x.wallops, x.invisible,
                list(x.absences), dict(x.metadata), set(x.screens), [other.key for other in x.written_to],
                [channel.key for channel in x.invitations],
            )
            for key, x in chat.state.users.items()
        },
        "channels": {
            key: (
                x.name, x.key, list(x.members), x.topic, x.topic_by, x.topic_at, x.audience, x.created, x.founder,
                x.begins, {user.key for user in x.operators},
                {user.key for user in x.voiced}, set(x.flags), x.join_key, x.limit,
                dict(x.metadata),
                {letter: dict(entries) for letter, entries in x.lists.items() if entries},
            )
            for key, x in chat.state.channels.items()
        },
        "entry_ends": dict(chat.state.entry_ends),
        "banished": (dict(chat.state.server_bans), dict(chat.state.ban_ends)),
        "owned": dict(chat.state.owned),
        "shares": (dict(chat.state.made), dict(chat.state.listed), chat.state.listed_in_all),
        "operators": {user.key for user in chat.state.operators},
        "screened": {user.key for user in chat.state.screened},
        "heads": dict(chat.state.heads),
        "revs": dict(chat.state.revs),
        "waiting": dict(chat.state.waiting),
        "seen_saved": {user.key: due for user, due in chat.state.seen_saved.items()},
        "wrong": dict(chat.state.guess_limits._tries),
        "online": chat.state.online,
        "most": chat.state.most_users,
        "watchers": {key: chat.state.watchlist.of(key) for x in chat.state.sessions.values() for key in x.watching},
        "signals": chat.state.signals,
        "past": len(chat.state.name_history),
    }  # fmt: skip


def check_against_store(chat: Chat) -> None:
    """What the core holds of what is kept must be what the store would answer."""
    for conversation, seq in chat.state.heads.items():
        assert [seq] == (chat.context.fetch(rec.HeadOf(conversation)) or [0]), conversation
    for conversation, rev in chat.state.revs.items():
        assert [rev] == (chat.context.fetch(changes.RevOf(conversation)) or [0]), conversation
    for key, user in chat.state.users.items():
        blockers = (set(chat.context.fetch(rec.BlockersOf(name))) for name in (key, *user.former))
        assert user.blocked_by == set().union(*blockers)
        assert user.registered == bool(chat.context.fetch(rec.AccountOf(key)))
        assert all(chat.context.fetch(rec.AccountOf(proved)) for proved in user.proved)
    topics = {x.channel: (x.text, x.by, x.at) for x in chat.context.fetch(rec.AllTopics())}
    assert topics == {
        key: (x.topic, x.topic_by, x.topic_at)
        for key, x in chat.state.channels.items()
        if x.topic and x.stays
    }
    kept = {x.channel: x for x in chat.context.fetch(rec.AllChannels())}
    stay = {key for key, x in chat.state.channels.items() if x.stays} - {names.MAIN}
    kept = {key: record for key, record in kept.items() if '"begins":0}' not in record.modes}
    assert kept.keys() - {names.MAIN} == stay
    for key, record in kept.items():
        assert _facts(record) == _facts(persistent_channels.record(chat.state.channels[key]))
    bans = {
        x.key: ServerBan(x.whom, x.by, x.at, x.until, x.reason)
        for x in chat.context.fetch(server_queries.AllServerBans())
    }
    assert bans == chat.state.server_bans


def _facts(record: rec.ChannelRecord) -> object:
    facts = json.loads(record.modes)
    facts["lists"] = {letter: sorted(entries) for letter, entries in facts["lists"].items()}
    return record.channel, record.name, record.founder, record.created, facts


def check_invariants(chat: Chat) -> None:
    """What must hold between any two requests."""
    shares: list[Counter[str]] = [Counter(), Counter(), Counter()]
    for channel in chat.state.channels.values():
        shares[0 if channel.founder else 1][channel.founder or channel.origin] += 1
        shares[2][channel.founder or channel.origin] += sum(map(len, channel.lists.values()))
    for share, table in zip(shares, (chat.state.owned, chat.state.made, chat.state.listed), strict=True):
        assert {key: count for key, count in share.items() if key and count} == table
    assert chat.state.listed_in_all == shares[2].total()
    for key, user in chat.state.users.items():
        assert user.key == key
        assert user.places
        assert user.audience == Audience(key, user.sids)
        for sid, session in zip(user.sids, user.sessions, strict=True):
            assert chat.state.sessions[sid] is session
            assert session.user is user
            assert sid not in chat.state.waiting
        for name, channel in user.channels.items():
            assert chat.state.channels[name] is channel
            assert channel.members[key] is user
    for session in chat.state.sessions.values():
        if session.user is not None:
            assert chat.state.users[session.user.key] is session.user
            assert session in session.user.sessions
    for name, channel in chat.state.channels.items():
        assert channel.key == name
        assert channel.members or channel.stays
        assert channel.operators | channel.voiced <= set(channel.members.values())
        assert sum(map(len, channel.lists.values())) <= chat.context.limits.max_list_entries
        for key, user in channel.members.items():
            assert chat.state.users[key] is user
            assert user.channels[name] is channel
        hearers = {sid for user in channel.members.values() for sid in user.sids}
        assert set(channel.audience) == hearers and channel.audience.topic == name
        assert len(channel.audience) == len(hearers)
        told = [(member.name, member.roles, member.who) for member in channel.roster.all()]
        assert sorted(told, key=str) == sorted(
            ((user.name, channel.roles(user), user.who) for user in channel.members.values()), key=str
        )
        assert [name.lower() for name, _, _ in told] == sorted(name.lower() for name, _, _ in told)
    assert sorted(map(id, chat.state.absences)) == sorted(
        id(lost) for user in chat.state.users.values() for lost in user.absences
    )
    assert all(chat.state.users[user.key] is user for user in chat.state.absences.values())
    assert chat.state.absent_from == Counter(lost.address for lost in chat.state.absences)
    assert max(chat.state.absent_from.values(), default=0) <= chat.context.limits.max_absent
    assert chat.state.online.topic == names.EVERYONE
    assert sorted(chat.state.online) == sorted(
        sid for sid, x in chat.state.sessions.items() if x.user is not None
    )
    assert set(chat.state.seen_saved) == set(chat.state.users.values())
    assert set(chat.state.waiting) <= set(chat.state.sessions)
    assert chat.state.invisible == {user for user in chat.state.users.values() if user.invisible}
    assert chat.state.operators == {user for user in chat.state.users.values() if user.operator}
    assert len(chat.state.users) <= chat.state.most_users
    watching = {(key, sid) for sid, session in chat.state.sessions.items() for key in session.watching}
    assert all(sid in chat.state.watchlist.of(key) for key, sid in watching)
    assert len(chat.state.watchlist) == len(watching)
    assert all(session.user is not None for session in chat.state.sessions.values() if session.watching)
    assert len(chat.state.name_history) <= chat.context.limits.names_remembered
    assert chat.state.owned == Counter(
        channel.founder for channel in chat.state.channels.values() if channel.founder
    )
    assert names.MAIN in chat.state.channels
    assert {(key, user) for key, users in chat.state.former_names.items() for user in users} == {
        (key, user) for user in chat.state.users.values() for key in user.former
    }
    assert all(chat.state.former_names.values())
    assert len(chat.state.last_times) <= chat.context.limits.max_heads
    assert chat.state.entry_ends.keys() == {
        (channel.key, letter, key)
        for channel in chat.state.channels.values()
        for letter, entries in channel.lists.items()
        for key, entry in entries.items()
        if entry.until
    }
    assert chat.state.ban_ends.keys() == {key for key, ban in chat.state.server_bans.items() if ban.until}
