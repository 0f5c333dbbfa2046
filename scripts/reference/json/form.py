"""One response in the reference of the JSON protocol, and how it is written in Markdown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """A response, or the answer to the requests of this name: what it means, its content, its own keys, and examples.

    `parts` are the keys of the object that the content is, or of each object in its list.
    """

    name: str
    meaning: str
    content: str
    keys: dict[str, str]
    examples: tuple[str, ...]
    parts: dict[str, str] | None = None


def row(form: Form) -> tuple[str, ...]:
    """The row of a response."""
    names = form.name if "`" in form.name else "`" + form.name.replace(", ", "`, `") + "`"
    parts = "" if form.parts is None else "{" + keys(form.parts) + "}"
    return names, form.meaning, form.content.replace("{}", parts), keys(form.keys)


def keys(known: dict[str, str]) -> str:
    """Keys and what they mean."""
    return ", ".join(f"`{key}`" + (f" ({meaning})" if meaning else "") for key, meaning in known.items())


def examples(forms: tuple[Form, ...]) -> list[str]:
    """The examples of some responses."""
    return ["```json", *(f"← {example}" for form in forms for example in form.examples), "```"]
