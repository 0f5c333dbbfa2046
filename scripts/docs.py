"""Generates the tables of PROTOCOL.md, docs/protocol/ and ARCHITECTURE.md from the program itself.

python3 scripts/docs.py           writes them
python3 scripts/docs.py --check   exit code 1 if a document is not up to date
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from evchat.protocol.command import Command, Kind, Param  # noqa: E402  (after the path of the clone)
from evchat.protocol.commands import COMMANDS  # noqa: E402
from evchat.protocol.errors import CODES  # noqa: E402
from evchat.protocol.modes import CHANNEL_MODES  # noqa: E402
from evchat.settings.model import Limits  # noqa: E402
from reference import completions, irc, manual, page, tui  # noqa: E402
from reference.json.section import markdown  # noqa: E402

_KINDS = {
    Kind.TEXT: "text",
    Kind.WORD: "word",
    Kind.USER: "name",
    Kind.CHANNEL: "channel",
    Kind.PLACE: "channel or name",
    Kind.USERS: "list of names",
    Kind.WORDS: "word or list of words",
    Kind.CHANNELS: "channel or list of channels",
    Kind.NUMBER: "whole number",
    Kind.FLAG: "true or false",
    Kind.TYPING: "`active`, `paused` or `done`",
    Kind.ANY: "anything",
}


def _key(param: Param) -> str:
    text = f"`{param.key}`: {_KINDS[param.kind]}"
    return text if param.required else f"[{text}]"


def _command_row(command: Command) -> str:
    name = ", ".join(f"`{name}`" for name in (command.name, *command.aliases))
    keys = ", ".join(_key(param) for param in command.params)
    typed = f"`{command.usage}`" if command.usage else ""
    typed += "".join(f", `/{word}`" for word in (*command.words[1:], *command.slash_words))
    return f"| {name}{' ¹' if command.anyone else ''} | {keys} | {typed} | {command.summary} |".replace(
        "  ", " "
    )


def commands_table() -> str:
    """The table of commands."""
    rows = [_command_row(command) for command in COMMANDS]
    head = "| request | keys | typed | what it does |\n|---|---|---|---|"
    return "\n".join([head, *rows, "", "¹ allowed before login. Keys in brackets may be left out."])


def modes_table() -> str:
    """The table of channel modes."""
    rows = [f"| `{m.letter}` | {m.name} | {m.takes.value} | {m.summary} |" for m in CHANNEL_MODES]
    return "\n".join(["| letter | mode | takes | meaning |", "|---|---|---|---|", *rows])


def codes_table() -> str:
    """The table of error codes."""
    rows = [f"| `{code}` | {meaning} |" for code, meaning in CODES.items()]
    return "\n".join(["| code | what is wrong |", "|---|---|", *rows])


def _default(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float) else "none"


def limits_table() -> str:
    """The table of limits, with defaults and reasons."""
    rows = [f"| `{f.name}` | {_default(f.default)} | {f.metadata['reason']} |" for f in fields(Limits)]
    return "\n".join(["| limit | default | why |", "|---|---:|---|", *rows])


TOUR = {
    "ARCHITECTURE.md": "this page",
    "evchat/protocol/messages.py": "the request, the event, and the commands that people type",
    "evchat/server/ingress.py": "bytes become requests, one at a time",
    "evchat/core/dispatch.py": "a request finds its handler",
    "evchat/core/handlers/messages.py": "the handler: rules, effects",
    "evchat/server/transaction.py": "the effects of decisions, until they are committed",
    "evchat/server/fanout.py": "one event becomes bytes for many clients",
}
"""The files to read first, in the order in which a message passes through them."""

MAX_TOUR_LINES = 1_500
"""More than that is not read in one go."""


def tour_table() -> str:
    """The reading tour: each file of a message's way, with its number of lines."""
    lines = {name: (ROOT / name).read_text("utf-8").count("\n") for name in TOUR}
    rows = [f"| [{name}]({name}) | {what} | {lines[name]} |" for name, what in TOUR.items()]
    total = f"| | **together** | **{sum(lines.values()):,}** |"
    return "\n".join(["| file | what you see there | lines |", "|---|---|---:|", *rows, total])


def _refill(table: str, match: re.Match[str]) -> str:
    return f"{match[1]}{table}\n{match[2]}"


TABLES: dict[str, dict[str, Callable[[], str]]] = {
    "PROTOCOL.md": {
        "commands": commands_table,
        "modes": modes_table,
    },
    "docs/protocol/json.md": {"responses": markdown, "codes": codes_table},
    "docs/protocol/limits.md": {"limits": limits_table},
    "docs/protocol/irc.md": {
        "irc-commands": irc.commands_table,
        "irc-capabilities": irc.capabilities_table,
        "irc-tokens": irc.tokens_table,
        "irc-numerics": irc.numerics_table,
        "irc-modes": irc.modes_table,
    },
    "docs/tui-reference.md": {
        "keys": tui.keys_tables,
        "client-commands": tui.commands_table,
        "signs": tui.signs_table,
        "client-settings": tui.settings_table,
    },
    "ARCHITECTURE.md": {"tour": tour_table},
    "evchat/web/page/commands.mjs": {"commands": page.commands_table, "emoji": page.emoji_table},
}
"""The generated tables of each document, by the names of their markers."""


WHOLE: dict[str, Callable[[], str]] = {
    "docs/man/evchat-server.1": manual.server,
    "docs/man/evchat-tui.1": manual.client,
    "docs/man/evchat-admin.1": manual.admin,
    **{
        f"docs/completions/{name}": partial(shell, parser)
        for parser in manual.PARSERS
        for shell, name in (
            (completions.bash, f"{parser().prog}.bash"),
            (completions.zsh, f"_{parser().prog}"),
            (completions.fish, f"{parser().prog}.fish"),
        )
    },
}
"""The files that are generated as a whole."""


def updated(document: str, text: str) -> str:
    """`text` of a document with each table between its markers generated again."""
    if document in WHOLE:
        return WHOLE[document]()
    for name, table in TABLES[document].items():
        marked = re.compile(rf"(<!-- {name} -->\n).*?((?:// )?<!-- /{name} -->)", re.DOTALL)
        if not marked.search(text):
            raise SystemExit(f"{document} has no place for the table of {name}")
        text = marked.sub(partial(_refill, table()), text)
    return text


def main() -> int:
    """Writes or checks the documents."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="only say whether they are up to date")
    options = parser.parse_args()
    outdated = False
    for document in (*TABLES, *WHOLE):
        path = ROOT / document
        text = path.read_text("utf-8") if path.exists() else ""
        new = updated(document, text)
        if new == text:
            continue
        if options.check:
            outdated = True
            print(f"{document} is out of date: run python3 scripts/docs.py", file=sys.stderr)
        else:
            path.write_text(new, "utf-8")
    return int(outdated)


if __name__ == "__main__":
    sys.exit(main())
