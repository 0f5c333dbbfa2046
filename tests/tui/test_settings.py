"""A setting comes from where it was said last; a wrong one is told with its place."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.names import check_user_name, user_key
from evchat.settings.errors import SettingsError
from evchat.settings.model import Config
from tui.model.options import OPTIONS
from tui.settings import Settings, account_name, dump, load


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "USER": "alice",
    }


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Where the settings are looked for if nothing is said."""
    path = tmp_path / "config" / "evchat" / "tui.toml"
    path.parent.mkdir(parents=True)
    return path


def test_with_nothing_said_all_is_as_by_default(environ: dict[str, str]) -> None:
    settings = load({}, environ)
    assert str(settings.address) == "127.0.0.1:9998"
    assert (settings.user, settings.channels, settings.theme) == ("alice", ("#main",), "auto")
    assert not settings.chosen
    assert settings.password is None


def test_passwords_come_from_where_they_are_said_and_go_into_no_file(
    environ: dict[str, str], config: Path
) -> None:
    config.write_text('password_command = "echo fromfile"\nserver_password_command = "echo gate"\n')
    settings = load({"server": "host"}, environ)
    assert (settings.password, settings.server_password) == ("fromfile", "gate")
    settings = load({"server": "tcp://:apple@host"}, environ)
    assert (settings.server_password, settings.address.short) == ("apple", "host")
    settings.save()
    assert "apple" not in config.read_text()
    environ |= {"EVCHAT_TUI_PASSWORD": "mine", "EVCHAT_TUI_SERVER_PASSWORD": "pear"}
    settings = load({"server": "tcp://:apple@host"}, environ)
    assert (settings.password, settings.server_password) == ("mine", "pear")


def test_arguments_go_before_the_environment_and_that_before_the_file(
    environ: dict[str, str], config: Path
) -> None:
    config.write_text('server = "file"\nuser = "file"\ntheme = "light"\n')
    environ |= {"EVCHAT_TUI_USER": "environ", "EVCHAT_TUI_SERVER": "environ"}
    settings = load({"server": "argument"}, environ)
    assert (settings.address.host, settings.user, settings.theme) == ("argument", "environ", "light")
    assert settings.chosen


def test_a_file_that_is_named_is_read_instead(environ: dict[str, str], config: Path, tmp_path: Path) -> None:
    config.write_text('user = "usual"')
    (tmp_path / "mine.toml").write_text('user = "mine"')
    assert load({}, environ, str(tmp_path / "mine.toml")).user == "mine"


def test_the_environment_says_lists_and_tables_and_truths(environ: dict[str, str]) -> None:
    environ |= {
        "EVCHAT_TUI_CHANNELS": "#a, #b",
        "EVCHAT_TUI_BELL": "no",
        "EVCHAT_TUI_ROOMS": "#a=none, #b = mentions",
        "EVCHAT_TUI_PASSWORD": "secret",
    }
    settings = load({}, environ)
    assert settings.channels == ("#a", "#b")
    assert settings.bell is False
    assert settings.rooms == {"#a": "none", "#b": "mentions"}
    assert settings.password == "secret"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("user = 1", "user must be a string, not 1"),
        ("bell = 1", "bell must be true or false"),
        ('channels = "#main"', "channels must be a list of strings"),
        ("channels = [1]", "channels must be a list of strings"),
        ("keys = 1", "keys must be a table of strings"),
        ("[keys]\na = 1", "keys must be a table of strings"),
        ("colour = 1", "there is no setting colour. The settings here are: "),
        ("user = ", "is not valid TOML"),
        ('user = "a b"', "user: 'a b'"),
        ('channels = ["main"]', "channels: 'main'"),
        ('server = "http://x"', "server: 'http://x'"),
        ('[rooms]\n"#a" = "loud"', "rooms: #a = 'loud'"),
    ],
)
def test_a_wrong_file_is_told_with_what_is_wrong_in_it(
    environ: dict[str, str], config: Path, text: str, words: str
) -> None:
    config.write_text(text)
    with pytest.raises(SettingsError) as told:
        load({}, environ)
    assert words in str(told.value)


def test_editors_that_write_a_byte_order_mark_are_borne(environ: dict[str, str], config: Path) -> None:
    config.write_bytes('\ufeffuser = "alice"\r\n'.encode())
    assert load({}, environ).user == "alice"
    config.write_bytes('user = "alice"\n'.encode("utf-16"))
    with pytest.raises(SettingsError, match="save it as UTF-8"):
        load({}, environ)


def test_a_file_that_is_named_and_missing_is_told(environ: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml"):
        load({}, environ, str(tmp_path / "none.toml"))


def test_a_wrong_truth_in_the_environment_is_told(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="EVCHAT_TUI_BELL"):
        load({}, environ | {"EVCHAT_TUI_BELL": "perhaps"})


def test_keys_are_bound_and_wrong_ones_told(environ: dict[str, str]) -> None:
    settings = load({}, environ | {"EVCHAT_TUI_KEYS": "next-room=ctrl-n"})
    assert settings.keymap.keys("next-room") == ("ctrl-n",)
    with pytest.raises(SettingsError, match="keys: "):
        _ = load({}, environ | {"EVCHAT_TUI_KEYS": "dance=ctrl-n"}).keymap


@given(st.text(max_size=50))
def test_the_name_of_any_account_becomes_a_legal_one(name: str) -> None:
    assert check_user_name(account_name({"USER": name})) is None


@pytest.mark.parametrize("name", ["root", "Admin", "nickserv", *Config().reserved_names])
def test_an_account_whose_name_servers_reserve_does_not_lend_it(name: str) -> None:
    reserved = set(map(user_key, Config().reserved_names))
    assert user_key(account_name({"USER": name})) not in reserved
    assert account_name({"LOGNAME": name, "USER": "bob"}) == "bob"


def test_an_account_without_a_name_in_the_environment_has_the_one_that_the_system_knows() -> None:
    assert account_name({}) == account_name({})
    assert check_user_name(account_name({})) is None
    assert account_name({"LOGNAME": "", "USER": "øæå", "USERNAME": "J. Doe"}) == "J--Doe"


values = {
    str: st.text(st.characters(codec="utf-8"), max_size=20),
    bool: st.booleans(),
    list: st.lists(st.text(st.characters(codec="utf-8"), max_size=10), max_size=3),
    dict: st.dictionaries(
        st.text(st.characters(codec="utf-8"), max_size=10),
        st.text(st.characters(codec="utf-8"), max_size=10),
        max_size=3,
    ),
}


@given(st.fixed_dictionaries({option.name: values[type(option.default)] for option in OPTIONS}))
def test_what_is_written_is_what_is_read(written: dict[str, Any]) -> None:
    found = tomllib.loads(dump(written))
    assert {option.name: found.get(option.name, option.default) for option in OPTIONS} == written


def test_a_written_file_explains_each_setting_and_says_nothing_that_holds_anyway(
    environ: dict[str, str], config: Path
) -> None:
    assert str(config) in load({"user": "eve"}, environ).save(theme="dark")
    text = config.read_text()
    assert tomllib.loads(text) == {"user": "eve", "theme": "dark"}
    assert all(option.reason in text for option in OPTIONS)
    assert load({}, environ).user == "eve"


def test_what_can_not_be_written_is_told(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file")
    assert "Can't save the settings" in load({}, environ).save()
    (tmp_path / "state").write_text("a file")
    assert "can't be saved" in load({}, environ).remember("#main", "hi")


def test_what_is_typed_and_said_is_kept_for_the_user_on_the_server(environ: dict[str, str]) -> None:
    settings = load({"user": "Alice"}, environ)
    assert settings.remember("#main", "hi") == ""
    settings.outbox.add("#main", "hi", 1)
    settings.outbox.close()
    same, other = load({"user": "alice"}, environ), load({"user": "bob"}, environ)
    assert same.state.typed()["#main"] == ("hi",)
    assert [line.text for line in same.outbox.lines.values()] == ["hi"]
    assert other.state.typed() == {}
    assert other.outbox.lines == {}
    same.outbox.close()


def test_several_servers_are_each_used_once_with_their_own_password(environ: dict[str, str]) -> None:
    given = {
        "server": "tcp://:first@a.example",
        "servers": ["tcp://:second@b.example", "a.example", "b.example:9998"],
    }
    settings = load(given, {**environ, "EVCHAT_TUI_PASSWORD": "mine"})
    assert (settings.address.short, settings.server_password, settings.password) == (
        "a.example",
        "first",
        "mine",
    )
    assert [(one.address.short, one.server_password, one.password) for one in settings.others] == [
        ("b.example", "second", None)
    ]
    assert settings.values["servers"] == ["tcp://b.example", "a.example", "b.example:9998"]
    assert settings.others[0].channels == ("#main",)


def test_the_first_of_several_servers_is_the_main_one_if_none_is_named(environ: dict[str, str]) -> None:
    settings = load({"servers": ["a.example", "b.example"]}, environ)
    assert settings.chosen
    assert [settings.address.short, *(one.address.short for one in settings.others)] == [
        "a.example",
        "b.example",
    ]


def test_a_wrong_address_among_several_is_told(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="server: 'http://b'"):
        _ = load({"servers": ["a.example", "http://b"]}, environ).others


def test_every_option_has_a_value_that_is_right(environ: dict[str, str]) -> None:
    settings = Settings({option.name: option.default for option in OPTIONS}, environ)
    assert set(settings.values) == {option.name for option in OPTIONS}


def test_without_a_name_one_is_who_one_was_last_and_a_name_that_is_given_goes_before_that(
    environ: dict[str, str],
) -> None:
    first = load({}, environ)
    assert first.user == "alice"
    first.renamed("alice2")
    first.state.save("session", {"channels": ["#dev"]})
    again = load({}, environ)
    assert (again.user, again.state.load("session")) == ("alice2", {"channels": ["#dev"]})
    given = load({"user": "alice"}, environ)
    assert (given.user, given.state.load("session")) == ("alice", {"channels": ["#dev"]})
    assert load({}, environ, piped=True).user == "alice", "a script has one name"
    assert load({"server": "elsewhere"}, environ).user == "alice"
    again.renamed("alice")
    assert load({}, environ).user == "alice"


def test_a_name_that_is_given_is_not_what_the_next_run_without_one_takes(environ: dict[str, str]) -> None:
    load({"user": "bot"}, environ).renamed("bot2")
    assert load({}, environ).user == "alice"
    assert load({"user": "bot2"}, environ).state.directory == load({"user": "bot"}, environ).state.directory


def test_guests_without_a_name_find_what_the_last_one_has_left(environ: dict[str, str]) -> None:
    nameless = environ | {"USER": "root", "LOGNAME": "root", "USERNAME": "root"}
    first = load({}, nameless)
    if not first.user.startswith("guest"):
        pytest.skip("the system knows a name")
    first.renamed(first.user)
    first.state.save("session", {"channels": ["#dev"]})
    assert load({}, nameless).state.load("session") == {"channels": ["#dev"]}
    assert "guest" in first.state.directory and first.user not in first.state.directory
    first.renamed("nora")
    again = load({}, nameless)
    assert (again.user, again.state.load("session")) == ("nora", {"channels": ["#dev"]})
