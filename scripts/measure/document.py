"""BENCHMARKS.md: the part between its marks, which this script writes anew."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from measure.chart import chart
from measure.compare import Figures, table
from measure.subjects import SUBJECTS

_MARKS = ("<!-- figures -->", "<!-- /figures -->")
CHART = Path("docs/bench.svg")
"""Where the chart is, from the document's folder."""


def write(path: Path, figures: Figures, names: Sequence[str], repetitions: int, python: str) -> None:
    """Puts the figures between the marks of the document, and draws its chart. Raises ValueError without marks."""
    text = path.read_text()
    before, mark, rest = text.partition(_MARKS[0])
    _, end, after = rest.partition(_MARKS[1])
    if not mark or not end:
        raise ValueError(f"{path} has no {' … '.join(_MARKS)}")
    block = f"{_conditions(names, repetitions, python)}\n\n{table(figures, names)}"
    path.write_text(f"{before}{mark}\n{block}\n{end}{after}")
    (path.parent / CHART).write_text(chart(figures, names))


def _conditions(names: Sequence[str], repetitions: int, python: str) -> str:
    """When, where and with which versions the figures were measured."""
    versions = [f"evchat on {_python(python)}"]
    for name in names:
        if program := SUBJECTS[name].program:
            versions.append(f"{program} {_version(program)}")
    return (
        f"Measured on {date.today():%-d %B %Y}: {os.cpu_count()} cores of {_processor()}, Linux {platform.release()}. "
        f"{'; '.join(versions)}. Medians of {repetitions}, with the least and the most; × is how many times as good as "
        "the better of the other servers."
    )


def _python(python: str) -> str:
    """The version of a Python, its compiler, and how it was built, as far as it says so."""
    ask = (
        "import platform, sys, sysconfig; own = sys.base_prefix != '/usr'; "
        "optimized = 'enable-optimizations' in str(sysconfig.get_config_var('CONFIG_ARGS')); "
        "print(platform.python_version(), '(' + platform.python_compiler() + ',', "
        "('built with' if optimized else 'built without') + ' --enable-optimizations)' if own "
        "else 'of the distribution)')"
    )
    return "CPython " + _said(python, "-c", ask)


def _version(program: str) -> str:
    """What a program says of its version, or what Debian's package does."""
    said = _said(program, "--version")
    found = re.search(r"[0-9]+\.[0-9][0-9.]*|-([0-9]+)", said)
    return found[0].lstrip("-") if found else "of unknown version"


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1].strip() if found else platform.machine()


def _said(*command: str) -> str:
    environ = {**os.environ, "PATH": os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    except OSError:
        return ""
    return (done.stdout + done.stderr).strip()
