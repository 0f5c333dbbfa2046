"""What was said before: batches, playback, marks."""

from __future__ import annotations

import pytest

from evchat.dialects.irc import caps
from evchat.dialects.irc.line import Line
from evchat.protocol.base import Event, Identity
from evchat.protocol.basics import RequestContext
from evchat.protocol.channels import Entered
from evchat.protocol.history import GetHistory, HistoryListed, InboxListed
from evchat.protocol.messages import Message
from evchat.protocol.read_markers import ReadMarkerMoved, ReadMarkerTold
from tests.dialects.irc.wire import HOST, dialect, lines

AT = 1_795_256_109_000
WHO = Identity("~al", HOST)
SAID = Message(AT, "#tea", 7, "alice", "#tea", "hi", who=WHO)
WAVES = Message(AT, "#tea", 8, "alice", "#tea", "waves", True, who=WHO)
RECENT = HistoryListed(AT + 1000, None, "#tea", (SAID, WAVES), 8, recent=True)


def told(event: Event, mask: int = 0, **settings: object) -> list[str]:
    return [line[0] for line in lines(dialect(mask, **settings).answer(event))]


def test_what_is_played_to_a_simple_client_has_its_time_in_the_text() -> None:
    by = f":alice!~al@{HOST} PRIVMSG #tea :"
    assert told(RECENT) == [
        ":evchat.local NOTICE #tea :-- said before you joined --",
        f"{by}[10:15] hi",
        f"{by}\x01ACTION [10:15] waves\x01",
        ":evchat.local NOTICE #tea :-- until here --",
    ]


def test_a_client_that_may_show_its_own_time_is_told_where_the_past_begins_and_ends() -> None:
    first, *rows, last = told(RECENT, caps.SERVER_TIME)
    assert first.endswith("NOTICE #tea :-- said before you joined --") and last.endswith(":-- until here --")
    assert [row.partition("#tea :")[2] for row in rows] == ["hi", "\x01ACTION waves\x01"]


def test_what_was_missed_is_framed_too_and_an_empty_inbox_is_not() -> None:
    direct = Message(AT, "alice bob", 7, "alice", "bob", "hi", who=WHO)
    missed = InboxListed(AT, None, (direct,), False)
    first, row, last = told(missed, caps.SERVER_TIME)
    assert first.endswith(":-- sent while you were away --") and last.endswith(":-- until here --")
    assert row.endswith("PRIVMSG bob :hi")
    assert len(told(missed, caps.SERVER_TIME | caps.BATCH)) == 1


def test_who_knows_times_and_batches_gets_them() -> None:
    rows = told(RECENT, caps.SERVER_TIME | caps.BATCH)
    assert rows[0].startswith(":evchat.local BATCH +") and rows[0].endswith(" chathistory #tea")
    assert all(row.startswith("@batch=") and ";time=2026-11-21T10:15:09" in row for row in rows[1:-1])
    assert all("[10:15]" not in row for row in rows) and " BATCH -" in rows[-1]


@pytest.mark.parametrize(("mask", "settings"), [(caps.CHATHISTORY, {}), (0, {"irc_playback": False})])
def test_nothing_is_played_to_those_who_can_ask_or_where_it_is_off(
    mask: int, settings: dict[str, object]
) -> None:
    assert told(RECENT, mask, **settings) == []


def test_nothing_is_played_to_a_bot() -> None:
    client = dialect()
    bot = Identity("~al", HOST, bot=True)
    client.answer(Entered(AT, None, "alice", "#tea", "", "", 0, ("alice",), 8, 0, who=bot))
    assert client.answer(RECENT) == b""


def test_what_was_taken_back_is_not_told_again() -> None:
    gone = Message(AT, "#tea", 7, "alice", "#tea", "", redacted=True, who=WHO)
    assert told(HistoryListed(AT, None, "#tea", (gone,), 7, recent=True)) == []


def test_the_batch_of_an_answer_is_named_as_it_was_asked_for() -> None:
    client = dialect(caps.BATCH | caps.CHATHISTORY)
    client.answer(
        RequestContext(0, GetHistory("#TEA", 10, context=Line("CHATHISTORY", ("LATEST", "#TEA", "*", "10"))))
    )
    first, *_, last = lines(client.answer(HistoryListed(AT, None, "#tea", (), 8)))
    assert first["params"].split()[1:] == ["chathistory", "#TEA"] and last["command"] == "BATCH"


def test_marks_are_times() -> None:
    assert told(ReadMarkerTold(AT, None, "#tea", 7, AT)) == [
        ":evchat.local MARKREAD #tea timestamp=2026-11-21T10:15:09.000Z"
    ]
    assert told(ReadMarkerTold(AT, None, "#tea", 0, 0)) == [":evchat.local MARKREAD #tea *"]
    assert told(ReadMarkerMoved(AT, "#tea", 7, AT)) == []
    assert len(told(ReadMarkerMoved(AT, "#tea", 7, AT), caps.READ_MARKER)) == 1
