"""The shape of the house, as tests: who may import whom, how long a module may be, what every module has."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from evchat.protocol import catalog

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(path for package in ("evchat", "tui") for path in (ROOT / package).rglob("*.py"))
SCRIPTS = sorted((ROOT / "scripts").rglob("*.py"))

_BELOW_TUI = ("evchat.protocol", "evchat.dialects", "evchat.net", "evchat.settings", "evchat.__version__")

_BELOW_CORE = ("evchat.protocol", "evchat.settings", "evchat.__version__")
_CORE_FLOOR = (
    "evchat.core.audience", "evchat.core.context", "evchat.core.effects", "evchat.core.errors",
    "evchat.core.changes", "evchat.core.query", "evchat.core.records", "evchat.core.server_queries",
    "evchat.core.store", "evchat.core.state", "evchat.core.tables", "evchat.core.unfinished", *_BELOW_CORE,
)  # fmt: skip

MAY_IMPORT = {
    "evchat.protocol": ("evchat.protocol",),
    "evchat.settings": ("evchat.settings",),
    "evchat.dialects": ("evchat.dialects", "evchat.protocol", "evchat.settings"),
    "evchat.core": ("evchat.core", *_BELOW_CORE),
    "evchat.core.rules": ("evchat.core.rules", *_CORE_FLOOR),
    "evchat.core.handlers": (
        "evchat.core.handlers",
        "evchat.core.rules",
        "evchat.core.registry",
        *_CORE_FLOOR,
    ),
    "evchat.storage": (
        "evchat.storage",
        "evchat.protocol",
        "evchat.core.changes",
        "evchat.core.query",
        "evchat.core.records",
        "evchat.core.server_queries",
        "evchat.core.store",
        "evchat.settings",
    ),
    "evchat.net": ("evchat.net",),
    "evchat.admin": (
        "evchat.admin",
        "evchat.make_cert",
        "evchat.storage",
        "evchat.core",
        "evchat.net.addresses",
        "evchat.dialects",
        *_BELOW_CORE,
    ),
    "evchat": ("evchat",),
    "tui": ("tui", *_BELOW_TUI),
    "tui.text": ("tui.text", *_BELOW_TUI),
    "tui.model": ("tui.model", "tui.text", *_BELOW_TUI),
    "tui.layout": ("tui.layout", "tui.model", "tui.text", *_BELOW_TUI),
    "tui.update": ("tui.update", "tui.layout", "tui.model", "tui.text", *_BELOW_TUI),
    "tui.view": ("tui.view", "tui.layout", "tui.terminal.frame", "tui.model", "tui.text", *_BELOW_TUI),
    "tui.terminal": ("tui.terminal", "tui.model", "tui.text", *_BELOW_TUI),
    "tui.disk": ("tui.disk", "tui.model", *_BELOW_TUI),
    "tui.connection": ("tui.connection", "tui.disk", "tui.model", *_BELOW_TUI),
    "tui.plain": (
        "tui.plain",
        "tui.settings",
        "tui.disk.drafts",
        "tui.connection",
        "tui.terminal.keys",
        "tui.model",
        "tui.text",
        *_BELOW_TUI,
    ),  # fmt: skip
}
"""What a room may import of this project. `evchat` is what lies in no other room: the composition root."""

MAY_IMPORT_CURSES = ("tui.terminal.terminal", "tui.terminal.terminfo")
"""Who begins curses and asks terminfo; the screen is given the module, so that tests can give it another."""

THIRD_PARTY: dict[str, tuple[str, ...]] = {
    "evchat.admin.invitations": ("segno",),
    "evchat.core.rules.passwords": ("argon2",),
    "evchat.dialects.http": ("h11", "websockets"),
    "evchat.dialects.websocket": ("websockets",),
    "evchat.dialects.registry": ("h11", "websockets"),
    "evchat.make_cert": ("cryptography",),
    "evchat.server.metrics": ("prometheus_client",),
}
"""The packages from elsewhere that a module or a package may import. Each has its reason in CONTRIBUTING.md."""

PURE = (
    "evchat.protocol", "evchat.dialects", "evchat.core",
    "tui.text", "tui.model", "tui.layout", "tui.update", "tui.view",
)  # fmt: skip
IMPURE = {
    "asyncio", "datetime", "multiprocessing", "os", "pathlib", "random", "secrets", "select", "selectors", "signal",
    "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time",
}  # fmt: skip
"""Modules that do I/O, tell the time or roll dice: what a pure room gets as arguments."""
CLOCKLESS = {"evchat.dialects.times": {"datetime"}, "tui.text.times": {"time"}}
"""Exceptions, by module: how a given moment is written is their business, what time it is now is not."""

LONGEST = 500


def _name(path: Path) -> str:
    """The dotted name of the module in a file; a package's own is that of its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {_name(path) for path in MODULES}


def _room(module: str) -> str:
    """The most special room that a module lies in."""
    return max((room for room in MAY_IMPORT if _within(module, room)), key=len)


def _within(module: str, room: str) -> bool:
    return module == room or module.startswith(room + ".")


def _imports(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Everything that nodes import: modules, and `package.name` of names that are no modules."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            assert node.module is not None
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in NAMES or node.module == "evchat" else node.module


class _Facts(NamedTuple):
    """What the rules ask of a file. The trees are not kept: they would make every later collection of garbage slow."""

    imports: list[str]
    """Everything imported, at any depth."""
    used: frozenset[str]
    """The names of attributes, and what is imported from other modules."""
    lines: int
    explained: bool
    """Whether it has a docstring."""
    limits: list[str]
    """The constants, of the file and of its classes, that are called the most of something."""


@cache
def _facts(path: Path) -> _Facts:
    """Reads and parses a file, once."""
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {
        alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return _Facts(
        list(_imports(nodes)),
        frozenset(used),
        len(source.splitlines()),
        bool(ast.get_docstring(tree)),
        list(_limits(tree)),
    )


def _forbidden(module: str, imports: Iterable[str]) -> list[str]:
    """The imports of a module that break a rule."""
    room = _room(module)
    wrong = []
    for target in imports:
        top = target.partition(".")[0]
        if top in ("evchat", "tui"):
            if not any(_within(target, allowed) for allowed in MAY_IMPORT[room]):
                wrong.append(
                    f"{module} imports {target}: {room} may import only {', '.join(MAY_IMPORT[room])}"
                )
        elif top == "curses":
            if module not in MAY_IMPORT_CURSES:
                wrong.append(f"{module} imports {target}: only {', '.join(MAY_IMPORT_CURSES)} may")
        elif top not in sys.stdlib_module_names and not _from_elsewhere(module, top):
            wrong.append(f"{module} imports {target}, which is not in the standard library")
        if room in PURE and top in IMPURE - CLOCKLESS.get(module, set()):
            wrong.append(
                f"{module} imports {target}: {room} does no I/O, and times and chance are its arguments"
            )
    return wrong


def _from_elsewhere(module: str, top: str) -> bool:
    """Whether a module may import a package that is neither ours nor in the standard library."""
    return any(top in allowed for within, allowed in THIRD_PARTY.items() if _within(module, within))


def _circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that import each other, directly or through others (Tarjan's algorithm)."""
    found: list[list[str]] = []
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for target in graph[module] & graph.keys():
            if target not in index:
                visit(target)
                low[module] = min(low[module], low[target])
            elif target in stack:
                low[module] = min(low[module], index[target])
        if low[module] == index[module]:
            at = stack.index(module)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for module in graph:
        if module not in index:
            visit(module)
    return found


def _graph(package: str) -> dict[str, set[str]]:
    """What each module of a package imports, for the type checker alone included."""
    return {_name(path): set(_facts(path).imports) for path in MODULES if _within(_name(path), package)}


def test_there_are_modules_in_every_room() -> None:
    assert {_room(name) for name in NAMES} == MAY_IMPORT.keys()


def test_imports_only_point_downwards() -> None:
    assert [wrong for path in MODULES for wrong in _forbidden(_name(path), _facts(path).imports)] == []


def test_only_one_module_normalises_and_folds_case() -> None:
    """Both must be bounded, or a text of nothing but combining marks stops everybody: see that module."""
    doing = {_name(p) for p in MODULES if _facts(p).used & {"normalize", "is_normalized", "casefold"}}
    assert doing == {"evchat.protocol.text"}


@pytest.mark.parametrize("package", ["evchat", "tui"])
def test_no_modules_import_each_other(package: str) -> None:
    assert _circles(_graph(package)) == []


def test_a_circle_of_imports_is_found() -> None:
    graph = {"a": {"b"}, "b": {"c", "os"}, "c": {"b"}, "d": {"a", "d"}}
    assert _circles(graph) == [["b", "c"]]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("evchat.protocol.new", "from evchat.core import records"),
        ("evchat.dialects.new", "import evchat.net.loop"),
        ("evchat.core.new", "import time"),
        ("evchat.core.handlers.new", "from evchat.core.dispatch import Chat"),
        ("evchat.core.rules.new", "from evchat.core.handlers import messages"),
        ("evchat.core.rules.new", "from evchat.core.registry import Handlers"),
        ("evchat.core.new", "def f():\n    from evchat.storage.memory import MemoryStore"),
        ("evchat.storage.new", "from evchat.core.dispatch import Chat"),
        ("evchat.storage.new", "from evchat.core import dispatch"),
        ("evchat.net.new", "from evchat.protocol import names"),
        ("evchat.net.new", "from evchat.settings import model"),
        ("evchat.settings.new", "from evchat.protocol import names"),
        ("evchat.new", "import tui.text.cells"),
        ("evchat.new", "import requests"),
        ("tui.new", "from evchat.server.server import Server"),
        ("tui.new", "from evchat import server"),
        ("tui.new", "import curses.ascii"),
        ("tui.terminal.screen", "import curses"),
        ("tui.update.new", "from tui.view.view import View"),
        ("tui.view.new", "from tui.update import rooms"),
        ("tui.model.new", "from tui.layout.screen import Layout"),
        ("tui.update.new", "import time"),
    ],
)
def test_an_import_that_points_upwards_is_found(module: str, source: str) -> None:
    assert len(_forbidden(module, _imports(ast.walk(ast.parse(source))))) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("evchat.core.new", "import hashlib\nfrom evchat.protocol import names"),
        ("evchat.storage.new", "import sqlite3\nfrom evchat.core import records as rec"),
        ("evchat.new", "from evchat.core.dispatch import Chat\nfrom evchat import __version__"),
        (
            "tui.new",
            "from evchat import __version__\nfrom evchat.net.loop import Loop\nimport tui.text.cells",
        ),
        ("tui.terminal.terminal", "import curses"),
    ],
)
def test_an_import_that_points_downwards_is_allowed(module: str, source: str) -> None:
    assert _forbidden(module, _imports(ast.walk(ast.parse(source)))) == []


def test_a_relative_import_is_found() -> None:
    with pytest.raises(AssertionError, match="relative"):
        list(_imports(ast.walk(ast.parse("from . import names"))))


def test_every_module_says_what_it_is_for() -> None:
    assert [str(path) for path in MODULES + SCRIPTS if not _facts(path).explained] == []


def test_every_module_is_short_enough_to_hold_in_the_head() -> None:
    long = [str(path) for path in MODULES + SCRIPTS if _facts(path).lines > LONGEST]
    assert long == [], f"it has more than {LONGEST} lines: split it by purpose"


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=_name)
def test_an_init_file_holds_only_a_docstring(path: Path) -> None:
    _docstring, *rest = ast.parse(path.read_text("utf-8")).body
    if _name(path) == "evchat":
        version = rest.pop()
        assert isinstance(version, ast.Assign) and ast.unparse(version.targets[0]) == "__version__"
    assert rest == []


def test_every_folder_of_code_is_a_package() -> None:
    assert {path.parent for path in MODULES} == {
        path.parent for path in MODULES if path.name == "__init__.py"
    }


OVERFLOW = ("_order", "_people", "_parts")
"""Ends of names that say only that another file had become too long."""


def test_a_file_is_split_by_subject_and_never_by_length() -> None:
    assert {name for name in NAMES if name.endswith(OVERFLOW)} == set()


UNTESTED = {
    "evchat.dialects.base", "evchat.dialects.irc.local_requests", "evchat.dialects.irc.numerics",
    "evchat.settings.errors",
}  # fmt: skip
"""Modules whose tests lie elsewhere so far; there must be no more."""

MIRRORED = (
    "evchat.admin", "evchat.core", "evchat.dialects", "evchat.net", "evchat.protocol", "evchat.server",
    "evchat.settings", "evchat.storage", "tui",
)  # fmt: skip
"""The rooms that `tests` mirrors file by file."""


DECLARED = {subject.__name__ for subject in catalog.SUBJECTS}
"""Modules of values and tables alone: `tests/protocol/test_commands.py` and `test_catalog.py` try them all."""


def _test_of(path: Path) -> Path:
    """Where a module's tests lie: `tests` mirrors `evchat`, and `tests/tui` the client."""
    parts = path.relative_to(ROOT).parts
    return ROOT.joinpath("tests", *parts[parts[0] == "evchat" : -1], f"test_{parts[-1]}")


def test_every_module_has_its_test_file() -> None:
    without = {
        _name(path)
        for path in MODULES
        if any(_within(_name(path), room) for room in MIRRORED)
        and not path.stem.startswith("__")
        and not _test_of(path).exists()
        and _name(path) not in DECLARED
    }
    assert without - UNTESTED == set()


BOUNDS = {
    "evchat.core.errors._LONGEST_QUOTE": "how much of a client's text an error repeats",
    "evchat.core.errors._LONGEST_ABOUT": "how much of a client's text an error repeats",
    "evchat.core.rules.passwords._MOST_KIB": "what one argon2 may take, whatever cost a secret names",
    "evchat.core.rules.passwords._MOST_PASSES": "what one argon2 may take, whatever cost a secret names",
    "evchat.core.rules.passwords._MOST_MEMORY": "what one scrypt may take, whatever cost a secret names",
    "evchat.dialects.detect._MOST": "the bytes that detection holds before it decides",
    "evchat.dialects.irc.line.MAX_LINE": "IRC's own: 512 bytes with CR LF (RFC 1459)",
    "evchat.dialects.irc.line.MAX_TAGS": "IRC's own: tags of clients (IRCv3 message-tags)",
    "evchat.dialects.irc.line.MAX_TAGS_TOLD": "IRC's own: tags of both sides (IRCv3 message-tags)",
    "evchat.dialects.irc.line._MAX_MIDDLE": "how much of a parameter an answer repeats",
    "evchat.dialects.irc.sasl._MOST": "the bytes of an exchange that are held",
    "evchat.dialects.json.scanner.MAX_DEPTH": "the recursion of the decoder",
    "evchat.dialects.text.telnet.MAX_OPTION": "the bytes of a telnet option that are held",
    "evchat.dialects.unframed.dialect.LONGEST": "what the clients of older systems read at a time",
    "evchat.log._MOST_WAITING": "the lines that wait for whoever reads the log",
    "evchat.log._MOST_QUOTAS": "the memory of how often a line was written",
    "evchat.net.connection._MOST_READ": "the work of one pass",
    "evchat.net.connection._MOST_DISCARDED": "the work for a connection that is closing",
    "evchat.net.listener._MOST_ACCEPTED": "the work of one pass",
    "evchat.net.output._MOST_MERGED": "the copying of one pass",
    "evchat.net.proxy_protocol._MOST_V1": "what a header holds, as its specification says",
    "evchat.net.proxy_protocol._MOST_V2": "what a header holds, as its specification says",
    "evchat.net.tls._MOST_HANDSHAKE": "the memory of a handshake",
    "evchat.net.tls._MOST_RECORDS": "the work of one turn",
    "evchat.net.loop._LONGEST_SLEEP": "what selectors take",
    "evchat.dialects.irc.commands._MOST_MASKS": "the work of one LIST: channels times masks",
    "evchat.dialects.http.dialect._LONGEST_NAME": "the longest host (RFC 1035)",
    "evchat.dialects.http.dialect._MOST_LINES": "the work for one head",
    "evchat.dialects.http.resources._MOST_HOPS": "the work for one header",
    "evchat.dialects.websocket._MOST_ACTIONS": "the memory of what one message means",
    "evchat.dialects.websocket._MOST_FRAGMENTS": "the work for one message",
    "evchat.dialects.websocket._MOST_REASON": "what a control frame holds (RFC 6455)",
    "evchat.protocol.lines.MAX_NUMBER": "what JSON readers keep exactly (RFC 8259)",
    "evchat.protocol.lines._MOST_DIGITS": "fewer than MAX_NUMBER has",
    "evchat.protocol.names.MAX_USER_BYTES": "what a legal name is, on every server alike",
    "evchat.protocol.names.MAX_CHANNEL_BYTES": "what a legal name is, on every server alike",
    "evchat.protocol.names._MOST_KEYED": "the work of folding a text that may be no name",
    "evchat.protocol.suggestions._LONGEST": "the work for one unknown word",
    "evchat.protocol.text.MAX_MARKS": "what a line of a terminal can show",
    "evchat.protocol.text._MAX_JOINED": "the emoji of the longest sequence (UTS #51)",
    "evchat.dialects.irc.dialect._MAX_ORDINARY": "a cache",
    "evchat.server.fanout._MAX_PLANNED": "a cache",
    "evchat.server.fanout._MAX_DEPARTED": "of a cache, what is of no more use",
    "evchat.server.second_connections._MOST_STRANGERS": "connections that have not said whose they might be",
    "evchat.storage.sqlite.conversations.Conversations._MOST": "a cache",
    "evchat.storage.pages._LONGEST_LINE": "the estimate of what a line of text takes",
    "tui.layout.rooms._MOST": "the digits of a count",
    "tui.model.fuzzy.MAX_LENGTH": "the work for one candidate",
    "tui.text.links.MAX_HOST": "the longest host (RFC 1035)",
    "tui.text.links.MAX_URI": "what terminals take (VTE)",
    "tui.model.record.MOST": "no limit: a number above all others",
}
"""Constants that bound an algorithm or come from a standard. Whatever else is a limit is a setting."""


def _limits(module: ast.Module) -> Iterator[str]:
    """The constants of a module and of its classes that are called the most of something."""
    for owner in (module, *(node for node in module.body if isinstance(node, ast.ClassDef))):
        inside = f"{owner.name}." if isinstance(owner, ast.ClassDef) else ""
        for node in owner.body:
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AnnAssign)
                else []
            )
            for target in targets:
                if isinstance(target, ast.Name) and re.search("MOST|MAX|LONGEST", target.id):
                    yield f"{inside}{target.id}"


def test_every_limit_is_a_setting_unless_it_bounds_an_algorithm() -> None:
    found = {
        f"{_name(path)}.{limit}"
        for path in MODULES
        if not _within(_name(path), "evchat.settings")
        for limit in _facts(path).limits
    }
    assert found - set(BOUNDS) == set(), "a limit belongs into evchat/settings/model.py or client.py"
    assert set(BOUNDS) - found == set(), "it is gone"


FRONT = (
    "acceptor",
    "client",
    "connection_limits",
    "fanout",
    "front",
    "ingress",
    "request_cost",
    "slow_clients",
)
BACK = ("back", "deliveries", "transaction")
"""The modules of the server's two halves. The front knows connections, the back knows what is said over them."""

FOREIGN_TO_FRONT = ("evchat.core.dispatch", "evchat.core.handlers", "evchat.core.state", "evchat.storage")
FOREIGN_TO_BACK = (
    "evchat.dialects", "evchat.net.connection", "evchat.net.listener", *(f"evchat.server.{name}" for name in FRONT),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "foreign"),
    [(name, FOREIGN_TO_FRONT) for name in FRONT] + [(name, FOREIGN_TO_BACK) for name in BACK],
    ids=[*FRONT, *BACK],
)
def test_each_half_of_the_server_keeps_to_its_own(name: str, foreign: tuple[str, ...]) -> None:
    imports = _facts(ROOT / "evchat" / "server" / f"{name}.py").imports
    assert not [target for target in imports if any(_within(target, room) for room in foreign)]


def test_the_shell_of_the_client_changes_the_model_by_events_only() -> None:
    tree = ast.parse((ROOT / "tui" / "app.py").read_text("utf-8"))
    stores = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Subscript)]
    written = [ast.unparse(node) for node in stores if isinstance(node.ctx, ast.Store)]
    assert [name for name in written if "model." in name] == []


def test_the_core_knows_no_word_of_irc() -> None:
    core = [path for path in MODULES if _within(_name(path), "evchat.core")]
    assert [str(p) for p in core if re.search(r"\bIRC|\birc_|\\x01", p.read_text("utf-8"))] == []
