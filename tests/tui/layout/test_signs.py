"""Every sign has one meaning, which the help tells, and no name can be one."""

from __future__ import annotations

from evchat.protocol.names import check_user_name
from tests.tui.scenes import morning
from tui.layout import signs
from tui.text.rows import plain

SENDERS = (signs.ACTION, signs.NEWS, signs.PRESENCE, signs.PRIVATE, signs.FAILED)


def test_no_two_things_have_the_same_sign() -> None:
    used = (*SENDERS, signs.QUEUED, signs.SENT, signs.MENTION)
    assert len(set(used)) == len(used)


def test_nobody_can_be_called_like_a_sign() -> None:
    for sign in SENDERS:
        assert check_user_name(sign, unicode_names=True)


def test_the_help_explains_every_sign() -> None:
    scene = morning()
    scene.line("/help signs")
    assert scene.model.page is not None
    page = "\n".join(
        plain([(text, scene.model.theme["text"]) for text, _ in row]) for row in scene.model.page.rows
    )
    for sign in (*SENDERS, signs.QUEUED, signs.SENT, signs.MENTION):
        assert sign in page
    for _, meaning in signs.LEGEND:
        assert meaning in page
