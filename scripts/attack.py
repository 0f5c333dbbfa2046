"""What hostile clients try, at full size, and what everybody else notices of it: a table for SECURITY.md.

    python scripts/attack.py                every attack on a server of its own; prints the table
    python scripts/attack.py scram inbox    only attacks with these words in their names
    python scripts/attack.py --write        writes the rows of those carried out into the table in SECURITY.md

For each attack: the worst round trip of three canaries (JSON, text, IRC), and the memory and the CPU time that the
server used. Exit code 1 if a canary lost anything, or the server did not give back what it used. Needs Linux.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.attacks.every import ATTACKS, Attack  # noqa: E402  (after the path of the clone)
from tests.attacks.siege import Siege, Verdict  # noqa: E402

_SIZE = 10
_HEAD = "| attack | what is tried | worst canary | memory | CPU |\n|---|---|---:|---:|---:|"
_TABLE = re.compile(r"(<!-- attacks -->\n)(.*?)<!-- /attacks -->", re.DOTALL)


def row(attack: Attack, verdict: Verdict) -> str:
    """A row of the table."""
    return f"| {attack.name} | {attack.tried} | {verdict.worst:.0f} ms | {verdict.peak:.0f} MiB | {verdict.cpu:.1f} s |"


def besiege(attack: Attack, size: int) -> Verdict:
    """Carries an attack out against a server of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="evchat-attack-") as folder,
        closing(Siege(attack.server, Path(folder), size)) as siege,
    ):
        return siege.endure(attack.run)


def updated(text: str, rows: dict[str, str]) -> str:
    """`text` with these rows, by the names of their attacks, in its table; of attacks that are gone no row stays."""
    found = _TABLE.search(text)
    if found is None:
        raise SystemExit("SECURITY.md has no place for the table of attacks")
    known = {line.split("|")[1].strip(): line for line in found[2].splitlines()} | rows
    table = [_HEAD, *(known[attack.name] for attack in ATTACKS if attack.name in known)]
    return text[: found.start(2)] + "\n".join(table) + "\n" + text[found.end(2) :]


def main() -> int:
    """Reads the arguments and does it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("words", nargs="*", help="only attacks in whose names one of these words occurs")
    parser.add_argument("--size", type=int, default=_SIZE, help=f"1 is what the tests do ({_SIZE})")
    parser.add_argument("--write", action="store_true", help="write the table into SECURITY.md")
    options = parser.parse_args()
    chosen = [
        attack
        for attack in ATTACKS
        if not options.words or any(word.lower() in attack.name.lower() for word in options.words)
    ]
    rows, wrong = {}, 0
    print(_HEAD)
    for attack in chosen:
        verdict = besiege(attack, options.size)
        rows[attack.name] = row(attack, verdict)
        print(rows[attack.name], flush=True)
        for fault in verdict.faults:
            wrong += 1
            print(f"{attack.name}: {fault}", file=sys.stderr, flush=True)
    if options.write and not wrong:
        path = ROOT / "SECURITY.md"
        path.write_text(updated(path.read_text("utf-8"), rows), "utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
