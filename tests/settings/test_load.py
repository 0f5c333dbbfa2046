"""What a source gives is of the kind that the option says, or an error names the place and the kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.settings.errors import SettingsError
from evchat.settings.load import Kind, Option, from_arguments, from_environ, from_file, strays

OPTIONS = [Option(kind.name.lower(), kind, None, table="t" if kind is Kind.NUMBER else "") for kind in Kind]
OF_KIND: dict[Kind, Any] = {
    Kind.STRING: str,
    Kind.FLAG: bool,
    Kind.INTEGER: int,
    Kind.NUMBER: float,
    Kind.STRINGS: list,
    Kind.ADDRESSES: list,
    Kind.TABLE: dict,
    Kind.TABLES: dict,
    Kind.DIRECTORY: Path,
    Kind.FILE: Path,
}


@given(st.sampled_from(OPTIONS), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_of_a_variable_is_a_value_of_the_kind_or_an_error(option: Option, text: str) -> None:
    environ = {f"X_{option.name.upper()}": text}
    try:
        values = from_environ(OPTIONS, environ, "X_")
    except SettingsError as told:
        assert str(told).startswith(f"X_{option.name.upper()} must be ")
        assert option.kind.value in str(told) or "at least 0" in str(told)
    else:
        assert isinstance(values.pop(option.name), OF_KIND[option.kind]) and not values


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.sampled_from(OPTIONS), anything)
def test_any_value_of_an_argument_is_one_of_the_kind_or_an_error(option: Option, value: Any) -> None:
    try:
        values = from_arguments(OPTIONS, {option.name: value})
    except SettingsError as told:
        assert str(told).startswith(
            (f"--{option.name} must be {option.kind.value}", f"--{option.name} must be at least 0")
        )
    else:
        assert isinstance(values[option.name], OF_KIND[option.kind])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("number = 1", "there is no setting number. number belongs in the table [t]."),
        ("numbr = 1", "there is no setting numbr. Did you mean t.number?"),
        (
            "[t]\nstring = 1",
            "there is no setting t.string. string belongs at the top, above all [tables].",
        ),
        ("[t]\nzzz = 1", "there is no setting t.zzz. The settings here are: number."),
        ("zzz = 1", "there is no setting zzz. The settings here are: [t], addresses, "),
        ("tables = {a = 1}", 'tables must be tables of settings [tables."NAME"], not '),
        ("t = 1", "t must be a table: [t]."),
        ("table = 1", "table must be a table of strings [table], not 1."),
        ("[t]\nnumber = '1'", "t.number must be a number, not '1'."),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_place(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as found:
        from_file(OPTIONS, str(path))
    assert str(found.value).startswith(f"{path}: {told}")


def test_numbers_have_a_least_value_and_strings_a_choice() -> None:
    options = [Option("n", Kind.INTEGER, 5, least=2), Option("s", Kind.STRING, "a", choices=("a", "b"))]
    assert from_arguments(options, {"n": 2.0, "s": "b"}) == {"n": 2, "s": "b"}
    with pytest.raises(SettingsError, match=r"--n must be at least 2, not 1\."):
        from_arguments(options, {"n": 1})
    with pytest.raises(SettingsError, match=r"--s must be one of a, b, not 'c'\."):
        from_arguments(options, {"s": "c"})


def test_a_secret_stands_in_the_file_alone(tmp_path: Path) -> None:
    options = [Option("keys", Kind.TABLE, {}, file_only=True)]
    (tmp_path / "x.toml").write_text("[keys]\na = 'b'\n")
    assert from_file(options, str(tmp_path / "x.toml")) == {"keys": {"a": "b"}}
    with pytest.raises(SettingsError, match="only be set in a settings file"):
        from_environ(options, {"X_KEYS": "a=b"}, "X_")


def test_a_variable_that_means_nothing_is_told_unless_it_is_another_programs() -> None:
    assert strays(OPTIONS, {"X_STRING": "", "X_Y_ANYTHING": "", "HOME": "/"}, "X_", "X_Y_") == []
    told = strays(OPTIONS, {"X_STRIN": "", "X_PORT_9998_TCP_PROTO": "tcp"}, "X_", "X_Y_")
    assert told == [
        "X_PORT_9998_TCP_PROTO is ignored: there is no setting X_PORT_9998_TCP_PROTO.",
        "X_STRIN is ignored: there is no setting X_STRIN. Did you mean X_STRING?",
    ]
