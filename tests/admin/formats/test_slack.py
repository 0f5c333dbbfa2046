"""Exports of Slack."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from evchat.admin.errors import AdminError
from evchat.admin.formats import slack
from evchat.admin.formats.line import Line


def export(path: Path, *rows: dict[str, Any], **files: str) -> Path:
    """An export with one channel of a day."""
    people = [
        {"id": "U1", "name": "bob", "profile": {"display_name": "Bob B."}},
        {"id": "U2", "name": "alice"},
    ]
    inside = {
        "users.json": json.dumps(people),
        "channels.json": json.dumps([{"id": "C1", "name": "general"}]),
        "general/2026-11-28.json": json.dumps(
            [{"type": "message", "ts": "1795256109.000200", **row} for row in rows]
        ),
        "elsewhere/2026-11-28.json": json.dumps(
            [{"type": "message", "ts": "1.0", "user": "U1", "text": "no"}]
        ),
        **files,
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in inside.items():
            archive.writestr(name, text)
    return path


def test_what_was_said_is_read_with_its_names_and_links(tmp_path: Path) -> None:
    path = export(
        tmp_path / "x.zip",
        {
            "user": "U1",
            "text": "<@U2> see <https://example.org|the page> &amp; <#C1|old> &lt;now&gt; <!here>",
        },
        {"user": "U2", "text": "waves", "subtype": "me_message"},
        {"user": "U2", "text": "has joined", "subtype": "channel_join"},
        {"username": "Build Bot", "text": "done", "subtype": "bot_message"},
        {"user": "U9", "text": "from nowhere", "ts": "nonsense"},
        {"user": "U2", "text": ""},
    )
    at = 1795256109000
    assert list(slack.read(path)) == [
        Line(at, "Bob_B_", "#general", "@alice see the page (https://example.org) & #general <now> @here"),
        Line(at, "alice", "#general", "waves", True),
        Line(at, "Build_Bot", "#general", "done"),
    ]


@pytest.mark.parametrize(
    ("files", "why"), [({"users.json": "{"}, "damaged"), ({"general/1.json": "nonsense"}, "damaged")]
)
def test_a_damaged_export_is_refused(tmp_path: Path, files: dict[str, str], why: str) -> None:
    with pytest.raises(AdminError, match=why):
        list(slack.read(export(tmp_path / "x.zip", **files)))


def test_another_zip_file_is_no_export(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(AdminError, match="not an export of Slack"):
        list(slack.read(tmp_path / "x.zip"))
    (tmp_path / "y.zip").write_bytes(b"PK nonsense")
    with pytest.raises(AdminError, match="not an export of Slack"):
        list(slack.read(tmp_path / "y.zip"))
