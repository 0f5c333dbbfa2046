"""What is written is what is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evchat.settings.dump import dump
from evchat.settings.load import Kind, Option, from_file

text = st.text(st.characters(codec="utf-8"), max_size=20)
OPTIONS = [
    Option("table", Kind.TABLE, {}, "A table, which has to come last."),
    Option("string", Kind.STRING, "", "A string."),
    Option("flag", Kind.FLAG, False, "A flag."),
    Option("strings", Kind.STRINGS, [], "Strings."),
]
VALUES = st.fixed_dictionaries(
    {
        "string": text,
        "flag": st.booleans(),
        "strings": st.lists(text, max_size=3),
        "table": st.dictionaries(text, text, max_size=3),
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES)
def test_what_is_written_is_what_is_read(tmp_path: Path, values: dict[str, Any]) -> None:
    path = tmp_path / "x.toml"
    path.write_text(dump(OPTIONS, values), "utf-8", newline="")
    defaults = {option.name: option.default for option in OPTIONS}
    assert defaults | from_file(OPTIONS, str(path)) == values


def test_each_option_is_explained_and_a_default_commented_out() -> None:
    assert dump(OPTIONS[1:3], {"flag": True}) == '\n# A string.\n# string = ""\n\n# A flag.\nflag = true\n'
