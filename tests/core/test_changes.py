"""The law of changes: whoever was away, and asks for what changed since, knows the same as whoever stayed."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol import names
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import Hello
from evchat.protocol.channels import Entered
from evchat.protocol.editing import Edit, Edited
from evchat.protocol.history import DirectsListed, GetHistory, HistoryListed, ListDirects
from evchat.protocol.login import Login
from evchat.protocol.messages import Announce, Message, SendMessage
from evchat.protocol.people import Block
from evchat.protocol.redaction import Redact, Redacted
from tests.core.playbook import Playbook

CONVERSATIONS = {"#main": "#main", "alice carol": "alice", "bob carol": "bob", "*": "*"}
"""What the client asks for, by the conversations' keys."""
PAGE = 2

Step = Callable[[Playbook], None]


class Picture:
    """What a client knows: the messages by conversation and number, and the last change of each conversation."""

    def __init__(self) -> None:
        self.messages: dict[tuple[str, int], str] = {}
        self.revs = dict.fromkeys(CONVERSATIONS, 0)

    def hear(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Message):
                self.take(event)
            elif isinstance(event, Redacted | Edited):
                self.revs[event.conversation] = event.rev
                text = event.text if isinstance(event, Edited) else "(deleted)"
                if (event.conversation, event.seq) in self.messages:
                    self.messages[event.conversation, event.seq] = text

    def take(self, said: Message) -> None:
        self.messages[said.conversation, said.seq] = "(deleted)" if said.redacted else said.text

    def last(self, conversation: str) -> int:
        return max((seq for key, seq in self.messages if key == conversation), default=0)

    def catch_up(self, play: Playbook, who: str) -> None:
        """Asks for what was said since, and page by page for what has changed."""
        for key, to in CONVERSATIONS.items():
            for said in play.tell(who, GetHistory(to, 1_000, after=self.last(key)), HistoryListed).messages:
                self.take(said)
            more = True
            while more:
                asked = GetHistory(to, PAGE, changed_after=self.revs[key])
                told = play.tell(who, asked, HistoryListed)
                for said in told.messages:
                    assert said.rev > self.revs[key]
                    self.revs[key] = said.rev
                    if (key, said.seq) in self.messages:
                        self.take(said)
                more = told.more
            assert self.revs[key] <= told.rev
            self.revs[key] = told.rev


def ask(who: str, request: Request) -> Step:
    return lambda play: play.decide(who, request)


def come_back(play: Playbook, session: str) -> list[Event]:
    play.connect(session)
    play.ask(session, Hello())
    return play.ask(session, Login("carol", "secret"))


others = st.sampled_from(["alice", "bob"])
places = st.sampled_from(["#main", "carol"])
numbers = st.integers(1, 6)
steps = st.one_of(
    st.builds(ask, others, st.builds(SendMessage, st.sampled_from(["hi", "ho"]), places)),
    # The history of broadcasts leaves out whom one has blocked, and whoever stayed has heard bob before.
    st.builds(ask, st.just("alice"), st.builds(Announce, st.just("all"))),
    st.builds(ask, others, st.builds(Redact, places | st.just("*"), numbers)),
    st.builds(ask, others, st.builds(Redact, places | st.just("*"), numbers)),
    st.builds(ask, others, st.builds(Edit, places, numbers, st.sampled_from(["hey", "ha"]))),
    st.just(Playbook.commit),
    st.just(lambda play: play.commit(fails=True)),
    st.just(ask("stays", Block("bob"))),
)


@given(st.lists(steps, max_size=40), st.lists(steps, max_size=40))
def test_whoever_was_away_knows_the_same_as_whoever_stayed(before: list[Step], meanwhile: list[Step]) -> None:
    play = Playbook()
    play.enter("alice", "bob", full=True)
    play.register("carol")
    play.leave("carol")
    stayed, was_away = Picture(), Picture()
    for session in ("stays", "leaves"):
        come_back(play, session)
    play.forget()
    for step in before:
        step(play)
    play.commit()
    for session, picture in (("stays", stayed), ("leaves", was_away)):
        picture.hear(play.hears(session))
    assert was_away.messages == stayed.messages and was_away.revs == stayed.revs
    play.leave("leaves")
    for step in meanwhile:
        step(play)
    play.commit()
    stayed.hear(play.hears("stays"))
    told = come_back(play, "returns")
    revs = {event.channel: event.rev for event in told if isinstance(event, Entered)}
    rows = play.tell("returns", ListDirects(), DirectsListed).directs
    revs |= {names.pair_key("carol", row.name): row.rev for row in rows}
    known = dict(was_away.revs)
    was_away.catch_up(play, "returns")
    assert was_away.messages == stayed.messages
    for conversation, rev in revs.items():
        assert was_away.revs[conversation] == rev >= known[conversation]
