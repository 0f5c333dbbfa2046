"""The section of docs/protocol/json.md about the responses that full JSON clients hear."""

from __future__ import annotations

from reference.json.answers import ANSWERS
from reference.json.form import examples, row
from reference.json.objects import EVERYWHERE
from reference.json.responses import RESPONSES
from reference.markdown import table


def markdown() -> str:
    """The section of the reference, in Markdown."""
    return "\n".join(
        [
            "#### Responses",
            "",
            "Every object has the keys of the first table; `ok`, `error` and `welcome` also `reply_to`, if the request "
            "had an `id`. Clients should ignore responses and keys that they do not know.",
            "",
            *table(("key", "meaning"), [(f"`{key}`", meaning) for key, meaning in EVERYWHERE.items()]),
            "",
            *table(("response", "meaning", "content", "further keys"), list(map(row, RESPONSES))),
            "",
            *examples(RESPONSES),
            "",
            "`ok` is the outcome of a request:",
            "",
            *table(("request", "meaning", "content", "further keys"), list(map(row, ANSWERS))),
            "",
            *examples(ANSWERS),
        ]
    )
