"""The documents say what the program does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from evchat.protocol.errors import CODES
from scripts.docs import MAX_TOUR_LINES, TOUR, WHOLE, updated
from scripts.docs import TABLES as GENERATED

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


@pytest.mark.parametrize("document", [*GENERATED, *WHOLE])
def test_the_generated_tables_are_up_to_date(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    assert updated(document, text) == text, "run python3 scripts/docs.py"


def test_the_reading_tour_is_short() -> None:
    assert sum((ROOT / name).read_text("utf-8").count("\n") for name in TOUR) <= MAX_TOUR_LINES


SOURCES = sorted((ROOT / "evchat").rglob("*.py"))
TABLES = {ROOT / "evchat/protocol/errors.py", ROOT / "evchat/dialects/irc/errors.py"}
"""What says something of each code, and raises none."""

TAKES_A_CODE = {"Refused": 0, "Malformed": 1, "HungUp": 1, "_WrongError": 1, "hang_up": 1, "Failed": 2}
"""Which argument of a call is an error code; everywhere, one named `code` is."""


def codes_given(nodes: Iterable[ast.AST]) -> set[str]:
    """The error codes that stand in calls."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            arguments = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            index = TAKES_A_CODE.get(name)
            if index is not None:
                arguments += node.args[index : index + 1]
            found |= {x.value for x in arguments if isinstance(x, ast.Constant) and isinstance(x.value, str)}
    return found


@cache
def codes_and_constants() -> tuple[dict[Path, set[str]], set[Any]]:
    """The error codes that each file gives, and all constants outside the tables of codes: one look at each file."""
    given: dict[Path, set[str]] = {}
    constants: set[Any] = set()
    for path in SOURCES:
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        given[path] = codes_given(nodes)
        if path not in TABLES:
            constants |= {node.value for node in nodes if isinstance(node, ast.Constant)}
    return given, constants


def test_every_error_code_is_one_of_the_table() -> None:
    given, _constants = codes_and_constants()
    assert {path: codes - set(CODES) for path, codes in given.items() if codes - set(CODES)} == {}
    assert len(set().union(*given.values())) > 30


def test_an_error_code_that_is_not_in_the_table_is_found() -> None:
    tree = ast.parse("raise Refused('nope', 'No.')\nHungUp(1, code='never', reason='')")
    assert codes_given(ast.walk(tree)) == {"nope", "never"}


def test_every_error_code_of_the_table_is_used() -> None:
    _given, constants = codes_and_constants()
    assert set(CODES) <= constants


def test_every_file_that_the_documents_link_to_is_there() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def headings(document: Path) -> set[str]:
    """The anchors that a page has on the web: its headings in small letters, with hyphens for spaces."""
    text = re.sub(r"^```.*?^```", "", document.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_section_that_the_documents_link_to_is_there() -> None:
    for document in DOCUMENTS:
        for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", document.read_text("utf-8")):
            page = document.parent / target if target else document
            assert anchor in headings(page), f"{document.name} links to {target}#{anchor}"
