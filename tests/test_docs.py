"""The documents say what the program does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from scripts.docs import updated

ROOT = Path(__file__).resolve().parents[1]
PROTOCOL = (ROOT / "PROTOCOL.md").read_text("utf-8")


def test_the_tables_of_the_protocol_are_up_to_date() -> None:
    assert updated(PROTOCOL) == PROTOCOL, "run python3 scripts/docs.py"


def codes() -> set[str]:
    """Every error code in the source: what stands where the refusals and last words take it."""
    place = {"Refused": 0, "Malformed": 1, "HungUp": 1, "Failed": 2}
    found = set()
    for path in (ROOT / "evchat").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                index = place.get(name)
                if index is not None and len(node.args) > index:
                    argument = node.args[index]
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        found.add(argument.value)
    return found


def test_every_error_code_is_explained() -> None:
    section = PROTOCOL.split("#### Error codes")[1].split("\n## ")[0]
    explained = set(re.findall(r"`([a-z-]+)`", section))
    assert codes() and codes() <= explained, codes() - explained


def test_every_file_that_the_documents_link_to_is_there() -> None:
    for document in ROOT.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8")):
            assert (ROOT / target).exists(), f"{document.name} links to {target}"
