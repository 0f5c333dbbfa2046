"""The section of docs/protocol/json.md about the requests of full JSON clients and what they hear."""

from __future__ import annotations

import json

from reference.json.answers import ANSWERS, PLAIN_OK
from reference.json.form import Form
from reference.json.objects import EVERYWHERE
from reference.json.requests import HELLO, REQUESTS
from reference.json.responses import RESPONSES
from reference.markdown import table


def markdown() -> str:
    """The section of the reference, in Markdown."""
    parts = [
        "### Responses",
        "",
        "Every object has the keys of this table; `ok`, `error` and `welcome` also `reply_to`, if the request had an",
        "`id`. Clients should ignore responses and keys that they do not know.",
        "",
        *table(("key", "meaning"), [(f"`{key}`", meaning) for key, meaning in EVERYWHERE.items()]),
        "",
    ]
    for form in RESPONSES:
        parts += _part(form, [HELLO] if form.name == "welcome" else [])
    parts += [
        "### Requests and their answers",
        "",
        "The answer to a request is `error`, or an `ok` as shown here; what else follows from it comes as an event.",
        "The keys of each request are in [the table of commands](../../PROTOCOL.md#the-commands).",
        "",
    ]
    for form in ANSWERS:
        if form.name != PLAIN_OK:
            parts += _part(form, list(REQUESTS[form.name]))
    (plain,) = (form for form in ANSWERS if form.name == PLAIN_OK)
    return "\n".join([*parts, *_part(plain, list(REQUESTS[PLAIN_OK]))][:-1])


def _part(form: Form, requests: list[dict[str, object]]) -> list[str]:
    """A form with its keys, the requests that it answers, and examples."""
    title = (
        form.name
        if "`" in form.name or form.name == PLAIN_OK
        else "`" + form.name.replace(", ", "`, `") + "`"
    )
    ids = [json.loads(example).get("reply_to") for example in form.examples]
    asked = [
        {**request, "id": number} if number else request
        for request, number in zip(requests, ids + [None] * len(requests), strict=False)
    ]
    content = form.content.replace("{}", "an object").replace("list of an object", "a list of objects")
    rows = [("content", content if form.parts is None else f"{content}, with:")]
    rows += [(f"… {key}", meaning) for key, meaning in (form.parts or {}).items()]
    rows += list(form.keys.items())
    return [
        f"#### {title}",
        "",
        *([form.meaning, ""] if form.meaning else []),
        *table(
            ("key", "meaning"), [(_key(key), meaning) for key, meaning in rows if key != "content" or meaning]
        ),
        "",
        "```json",
        *(f"→ {json.dumps(request, ensure_ascii=False)}" for request in asked),
        *(f"← {example}" for example in form.examples),
        "```",
        "",
    ]


def _key(key: str) -> str:
    return f"… `{key[2:]}`" if key.startswith("… ") else f"`{key}`"
