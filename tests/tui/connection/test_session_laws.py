"""Whatever breaks, and whenever: each line is said once, and everyone who is there sees each line once, in order."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.profiles import examples
from tests.tui.world import Client, World

USERS = ("alice", "bob")
ROOMS = ("#main", "#ops", "bob", "*")

users = st.sampled_from(range(len(USERS)))
sizes = st.one_of(st.none(), st.integers(0, 200))

steps = st.one_of(
    st.tuples(st.just("say"), users, st.sampled_from(ROOMS), st.sampled_from((1, 1, 2, 20))),
    st.tuples(st.just("heard"), users),
    st.tuples(st.just("heard"), users),
    st.tuples(st.just("round"), users),
    st.tuples(st.just("connect"), users),
    st.tuples(st.just("up"), users, sizes),
    st.tuples(st.just("down"), users, sizes),
    st.tuples(st.just("commit"), st.booleans()),
    st.tuples(st.just("break"), users),
    st.tuples(st.just("kill"), users),
    st.tuples(st.just("restart")),
    st.tuples(st.just("wait"), st.sampled_from((10, 3_000, 120_000))),
    st.tuples(st.just("settle")),
)


class Play:
    """Two users, and a server that gives little history at a time, to whom anything may happen."""

    def __init__(self, directory: Path) -> None:
        self.world = World(directory, recent_messages=3, history_max=7, absent_for=1.0)
        self.people = [self.world.client(user, "#main", "#ops") for user in USERS]
        self.world.settle()  # both have been here, so that each can write to the other
        self.gone: list[Client] = []
        self.count = 0

    def run(self, step: tuple[object, ...]) -> None:
        name, *arguments = step
        act: Callable[..., None] = getattr(self, f"do_{name}")
        act(*arguments)

    def do_say(self, who: int, room: str, times: int) -> None:
        if room == USERS[who]:
            room = USERS[1 - who]
        for _ in range(times):
            self.count += 1
            self.world.say(self.people[who], room, f"line {self.count}")

    def do_connect(self, who: int) -> None:
        self.world.connect(self.people[who])

    def do_heard(self, who: int) -> None:
        """The server hears all that one has to say; nobody hears the answers yet."""
        self.world.connect(self.people[who])
        self.world.up(self.people[who])
        self.world.commit()

    def do_round(self, who: int) -> None:
        self.do_heard(who)
        self.world.down(self.people[who])

    def do_up(self, who: int, size: int | None) -> None:
        self.world.up(self.people[who], size)

    def do_down(self, who: int, size: int | None) -> None:
        self.world.down(self.people[who], size)

    def do_commit(self, fails: bool) -> None:
        self.world.commit(fails=fails)

    def do_break(self, who: int) -> None:
        self.world.break_(self.people[who])

    def do_kill(self, who: int) -> None:
        self.gone.append(self.people[who])
        self.people[who] = self.world.kill(self.people[who])

    def do_restart(self) -> None:
        self.world.restart()

    def do_wait(self, milliseconds: int) -> None:
        self.world.pass_time(milliseconds)

    def do_settle(self) -> None:
        self.world.settle()

    # ---- what must hold ---------------------------------------------------------------------------------------

    def check(self) -> None:
        world = self.world
        world.settle()
        for person in self.people:
            assert person.session.pending() == []
        for conversation in ("#main", "#ops", "*", "alice bob"):
            said = [message.text for message in world.said(conversation)]
            wanted = [line.text for line in world.lines if self._conversation(line.room) == conversation]
            assert sorted(said) == sorted(wanted), "each line is said once, and none is lost"
            for person in self.people:
                self._check_screen(person, conversation)
            for person in self.gone:
                numbers = [seq for seq, _ in person.shown(self._room(conversation, person))]
                assert len(numbers) == len(set(numbers)), "no line is shown twice"

    def _conversation(self, room: str) -> str:
        return room if room[0] in "#*" else "alice bob"

    def _room(self, conversation: str, person: Client) -> str:
        if " " not in conversation:
            return conversation
        return next(user for user in USERS if user != person.user)

    def _check_screen(self, person: Client, conversation: str) -> None:
        kept = {message.seq: message.text for message in self.world.said(conversation)}
        shown = person.shown(self._room(conversation, person))
        numbers = [seq for seq, _ in shown]
        assert len(numbers) == len(set(numbers)), "no line is shown twice"
        assert all(kept[seq] == text for seq, text in shown)
        heard = [
            facts["seq"]
            for facts in person.of("message")
            if facts["room"] == self._room(conversation, person)
        ]
        assert heard == sorted(heard), "what others said comes in order"
        if conversation.startswith("#") and heard:
            # A screen begins with some messages of before, and has everything from there on. What a client that was
            # killed had said before that comes besides.
            assert set(numbers) >= set(range(heard[0], max(kept) + 1)), "none is missing"


@examples(150)
@given(st.lists(steps, max_size=60))
def test_each_line_appears_once_and_none_is_lost(played: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        play = Play(Path(directory))
        for step in played:
            play.run(step)
        play.check()
        for person in play.people:
            person.outbox.close()
