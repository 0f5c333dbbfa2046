"""scripts/bench.py beside other servers: the load that checks every delivery, the medians, the table, the chart."""

from __future__ import annotations

import socket
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest

from measure import engine
from measure.chart import chart
from measure.compare import MEASURES, Sample, figures, ratio, table, wrongs
from measure.document import write
from measure.engine import Engine
from measure.generator import Generator, Peer, Wrong, load
from measure.subjects import SUBJECTS, started
from measure.workloads import Workload

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measures with epoll and /proc")

needs_compiler = pytest.mark.skipif(not engine.is_there(), reason="needs a C compiler")

ROOM = Workload("room", "2 channels of 4", 8, 2, 8)
WINDOW = Workload("window", "1 channel of 4", 4, 1, 2, window=2)
PAIRS = Workload("pairs", "2 pairs", 4, 1, 4, direct=True)
PADDING = "x" * 50


def _line(sender: int, number: int, target: str = "#c0", text: str = PADDING) -> bytes:
    return f":u{sender}!~u@host PRIVMSG {target} :~{sender:05x}.{number:06x}~{text}\r\n".encode()


@needs_compiler
@pytest.mark.parametrize(
    ("data", "heard", "wrong"),
    [
        (_line(2, 1) + _line(4, 1) + _line(2, 2), 3, Wrong()),
        (_line(2, 1) + _line(2, 1), 1, Wrong(doubled=1)),
        (_line(2, 2) + _line(2, 1), 1, Wrong(disordered=1, doubled=1)),
        (_line(2, 1, text="y" * 50), 0, Wrong(mangled=1)),
        (_line(2, 1, text=PADDING + "y"), 0, Wrong(mangled=1)),
        (_line(2, 1, text=PADDING[1:]), 0, Wrong(mangled=1)),
        (_line(2, 1).replace(b"~00002", b"~0000g"), 0, Wrong(mangled=1)),
        (_line(2, 3), 0, Wrong(mangled=1)),
        (_line(1, 1), 0, Wrong(strayed=1)),
        (_line(0, 1), 0, Wrong(strayed=1)),
        (b":server NOTICE u0 :~hello~\r\n" + _line(2, 1), 1, Wrong()),
    ],
)
def test_what_is_wrong_with_deliveries_is_found(data: bytes, heard: int, wrong: Wrong) -> None:
    """Every sender of the room sends two messages; the server answers the first client with `data`, and nobody else."""
    workload = replace(ROOM, window=2)
    pairs = [socket.socketpair() for _ in range(workload.clients)]
    for server, _ in pairs:
        server.setblocking(False)
    peers = [Peer(number, workload.channel(number), ours) for number, (_, ours) in enumerate(pairs)]
    drive = Engine(load(workload, "irc", peers))
    pairs[0][0].send(data)
    result, _ = drive.run(0.001, 0.05)
    found = Wrong()
    found.add(result)
    assert result.sent == 16
    assert pairs[1][0].recv(4096) == b"".join(
        f"PRIVMSG #c1 :~00001.{number:06x}~{PADDING}\r\n".encode() for number in (1, 2)
    )
    assert (result.heard, found) == (heard, replace(wrong, lost=48 - heard))
    for pair in pairs:
        for sock in pair:
            sock.close()


@needs_compiler
@pytest.mark.e2e
@pytest.mark.parametrize("name", ["evchat", "evchat-json", "evchat-sqlite"])
@pytest.mark.parametrize("workload", [ROOM, WINDOW, PAIRS], ids=lambda workload: workload.name)
def test_everything_that_was_sent_arrives(name: str, workload: Workload) -> None:
    subject = SUBJECTS[name]
    with started(subject, sys.executable, None) as server:
        clients = Generator(workload, subject.dialect, server.port)
        clients.connect()
        sent = clients.closed_loop(0.01)
        assert clients.heard == sent * workload.deliveries(echo=False) // workload.messages > 0
        clients.at_rate(1000, 0.01)
        assert len(clients.latencies) == 10 * workload.deliveries(echo=False) // workload.messages
        assert clients.wrong == Wrong() and server.cpu() > 0 and server.rss() > 1 << 20
        clients.close()


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="did not start"), started(SUBJECTS["evchat"], "/bin/false", None):
        pass


SAMPLES = [
    Sample("evchat", "W1", 0, {"W1": 3000.0}, 0),
    Sample("evchat", "W1", 1, {"W1": 4000.0}, 0),
    Sample("evchat", "W1", 2, {"W1": 9000.0}, 0),
    Sample("inspircd", "W1", 0, {"W1": 2000.0}, 0),
    Sample("inspircd", "W1", 1, {"W1": 1.0}, 3, "3 deliveries did not come"),
    Sample("inspircd", "crowd", 0, {"memory": 3.0}, 0),
    Sample("evchat", "crowd", 0, {"memory": 2.0}, 0),
]


def test_figures_are_medians_of_the_good_runs() -> None:
    found = figures(SAMPLES)
    assert (found["W1"]["evchat"].median, found["W1"]["evchat"].least) == (4000, 3000)
    assert ratio(found, "W1", "evchat") == 2 and ratio(found, "memory", "evchat") == 1.5
    assert ratio(found, "W7", "evchat") is None
    assert wrongs(SAMPLES) == ["inspircd W1: 3 wrong deliveries. 3 deliveries did not come"]


def test_the_table_shows_what_was_measured_and_how_many_times_as_good_it_is() -> None:
    shown = table(figures(SAMPLES), ["inspircd", "evchat"])
    assert "| 2.0 | **×2.00** 4.0 (3.0–9.0) |" in shown and "| 3.00 | **×1.50** 2.00 |" in shown
    assert MEASURES["W7"].text not in shown


def test_the_chart_is_an_svg_with_a_bar_for_each_figure() -> None:
    drawn = ElementTree.fromstring(chart(figures(SAMPLES), ["inspircd", "evchat"]))
    bars = [e for e in drawn.iter("{http://www.w3.org/2000/svg}rect") if float(e.get("y", "0")) > 50]
    assert len(bars) == 4
    assert "prefers-color-scheme: dark" in ElementTree.tostring(drawn, "unicode")


def test_only_what_is_between_the_marks_of_the_document_is_written(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    document = tmp_path / "BENCHMARKS.md"
    document.write_text("before\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n")
    write(document, figures(SAMPLES), ["inspircd", "evchat"], 3, sys.executable)
    text = document.read_text()
    assert text.startswith("before\n<!-- figures -->\n") and text.endswith("\n<!-- /figures -->\nafter\n")
    assert "old" not in text and "×2.00" in text and "CPython 3" in text
    assert (tmp_path / "docs" / "bench.svg").exists()
