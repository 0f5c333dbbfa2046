"""The reference of what full clients hear is complete and true."""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import Any

import pytest

from evchat.dialects.json import full as json_full
from evchat.dialects.json.dialect import JsonDialect
from evchat.protocol.basics import Hello
from evchat.protocol.commands import COMMANDS
from reference.json.answers import ANSWERS
from reference.json.form import Form
from reference.json.objects import EVERYWHERE, MESSAGE
from reference.json.requests import HELLO, REQUESTS
from reference.json.responses import RESPONSES
from reference.json.section import markdown
from tests.dialects.anything import EVENTS
from tests.dialects.samples import SAMPLES

WITH_ID = {"ok", "error", "welcome"}


def sent() -> list[str]:
    """The lines that full clients hear of all samples."""
    return [line for sample in SAMPLES for line in json_full.encode(sample).decode().splitlines()]


def test_there_is_a_sample_of_every_event() -> None:
    assert {type(sample) for sample in SAMPLES} == set(EVENTS)


def test_the_examples_are_what_is_sent() -> None:
    examples = [example for form in RESPONSES + ANSWERS for example in form.examples]
    assert sorted(examples) == sorted(set(sent()))


def test_every_response_is_in_the_reference() -> None:
    assert {json.loads(line)["response"] for line in sent()} - {"ok"} == {form.name for form in RESPONSES}


def _keys(value: Any) -> set[str]:
    """The keys of an object, or of the objects in a list."""
    if isinstance(value, list):
        return {key for item in value for key in _keys(item)}
    return set(value) if isinstance(value, dict) else set()


@pytest.mark.parametrize("form", RESPONSES + ANSWERS, ids=lambda form: form.name)
def test_the_keys_are_those_of_the_examples(form: Form) -> None:
    examples = [json.loads(example) for example in form.examples]
    keys = {key for example in examples for key in example} - EVERYWHERE.keys()
    if examples[0]["response"] in WITH_ID:
        keys -= {"reply_to"}
    optional = {"motd"} if form.name == "login" else set()
    assert keys == form.keys.keys() - optional
    for example in examples:
        inside = _keys(example["content"])
        if form.content == "list of messages":
            assert inside <= EVERYWHERE.keys() | MESSAGE.keys()
        elif form.name != "ping":
            assert inside == (form.parts or {}).keys()


def test_every_request_has_an_example() -> None:
    assert REQUESTS.keys() == {form.name for form in ANSWERS}
    shown = {request["request"] for requests in REQUESTS.values() for request in requests} | {
        HELLO["request"]
    }
    assert shown == {command.name for command in COMMANDS}


@pytest.mark.parametrize("example", [HELLO, *chain.from_iterable(REQUESTS.values())], ids=json.dumps)
def test_an_example_is_a_request_with_all_its_keys(example: dict[str, Any]) -> None:
    dialect = JsonDialect()
    hello, request = dialect.receive((json.dumps(HELLO) + json.dumps(example)).encode())
    command = next(command for command in COMMANDS if command.name == example["request"])
    assert type(hello) is Hello
    assert type(request) is command.request
    keys = {param.key.partition(".")[0] for param in command.params}
    assert example.keys() - {"request"} <= keys


def test_an_example_bears_the_id_of_the_answer_behind_it() -> None:
    for block in re.findall(r"```json\n(.*?)```", markdown(), re.DOTALL):
        asked = [json.loads(line[2:]).get("id") for line in block.splitlines() if line.startswith("→")]
        told = [json.loads(line[2:]).get("reply_to") for line in block.splitlines() if line.startswith("←")]
        assert not asked or asked[: len(told)] == told[: len(asked)]


def test_the_section_of_the_document_holds_every_example() -> None:
    section = markdown()
    assert all(f"← {line}\n" in section for line in sent())
    assert {row.count("|") for row in section.splitlines() if row.startswith("|")} == {3}
