"""A setting comes from where it was said last; a wrong one is told with its place and what to do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from evchat.settings.errors import SettingsError
from evchat.settings.model import ChannelSettings
from evchat.settings.server import OPTIONS, data_directory, load, misleading, strays


def test_arguments_come_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text(
        'name = "file"\nmotd = "file"\nlog_level = "debug"\n[limits]\nmax_clients = 1\nmax_per_ip = 1\n'
    )
    config = load(
        file, {"EVCHAT_NAME": "env", "EVCHAT_MOTD": "env", "EVCHAT_MAX_CLIENTS": "2"}, {"name": "argument"}
    )
    assert (config.name, config.motd, config.log_level) == ("argument", "env", "debug")
    assert (config.limits.max_clients, config.limits.max_per_ip) == (2, 1)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("limits = 5", "limits"),
        ("[limits]\nmax_clients = true", "max_clients"),
        ("[limits]\nmax_clients = 1.5", "max_clients"),
        ("[limits]\npace = nan", "pace"),
        ("[limits]\nmax_clients = inf", "max_clients"),
        ("[limits]\nmax_clients = nan", "max_clients"),
        ("[limits]\nkeepalive_idle = 9007199254740992", "keepalive_idle"),
        ('data = "~nosuchuser/x"', "data"),
        ('listen = ["unix:///a\\u0000b"]', "path"),
        ("[limits]\npause_above = 2000000", "pause_above"),
        ("[limits]\nping_after = 200", "dead_after"),
        ("listen = []", "listen"),
        ("listen = [5]", "listen"),
        ("memory = 1", "memory"),
        ("data = 5", "data"),
        ("name = 5", "name"),
        ('durability = "half"', "durability"),
        ('log_level = "loud"', "log_level"),
        ("nonsense = 1", "nonsense"),
        ("operators = 5", r"\[operators\]"),
        ('[operators]\n"a b" = ""', "a b"),
        ("= 1", "TOML"),
        ("max_clients = 5", r"max_clients belongs in the table \[limits\]"),
        ('[operators]\n[limits]\nlisten = ""', r"listen belongs at the top"),
        ("password = ''", "password is empty"),
        ('listen = ["tcp://127.0.0.1:5", "irc://127.0.0.1:5"]', "are the same address"),
        ('listen = ["unix:///a", "unix:///a"]', "are the same address"),
        ('listen = ["irc://127.0.0.1:5", "tcp://0.0.0.0:5"]', "part of tcp://0.0.0.0:5 already"),
        ('listen = ["tcp://127.0.0.1:5", "irc://localhost:5"]', "are the same address"),
        ('listen = ["tcp://[::1]:5", "irc://[0::1]:5"]', "are the same address"),
        ('listen = ["irc://[::1]:5", "tcp://[::]:5"]', r"part of tcp://\[::\]:5 already"),
        ('listen = ["tcp://*:5", "tcp://0.0.0.0:5"]', "are the same address"),
        ('listen = ["wholast://127.0.0.1:5?chat=6", "tcp://127.0.0.1:6"]', "are the same address"),
        ('listen = ["systemd:", "systemd:"]', "are the same address"),
        ("[limit]\nmax_clients = 5", r"Did you mean \[limits\]\?"),
        ("port = 1", r"The settings here are: \[limits\], channels, .*listen.*operators"),
        ("channels = 5", r'\[channels\."NAME"\]'),
        (
            '[channels."#a"]\nautojoin = true',
            r'channels\."#a": there is no setting autojoin. Did you mean auto_join',
        ),
        ('[channels."#a"]\nauto_join = 1', "true or false"),
        ("[limits]\nmax_client = 5", r"Did you mean limits\.max_clients\?"),
        ('hostnam = "x"', r"Did you mean hostname\?"),
        ("name = ['" + "x" * 1000 + "']", "…"),
    ],
)
def test_a_wrong_setting_is_named(text: str, named: str, tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=named):
        load(file, {}, {})


def test_environment_values_are_read_by_their_kind() -> None:
    config = load(
        None, {"EVCHAT_MEMORY": "yes", "EVCHAT_LISTEN": "json://[::1]:1 text://h:2", "EVCHAT_PACE": "0"}, {}
    )
    assert config.memory and config.listen == ("json://[::1]:1", "text://h:2") and config.limits.pace == 0
    for name, value in (("EVCHAT_MEMORY", "perhaps"), ("EVCHAT_PACE", "fast")):
        with pytest.raises(SettingsError, match=name):
            load(None, {name: value}, {})


def test_a_variable_that_is_no_setting_is_told_and_stops_nothing() -> None:
    environ = {"EVCHAT_PORT": "tcp://10.0.0.1:9998", "EVCHAT_MAX_CLIENT": "1", "EVCHAT_TUI_ANYTHING": "x"}
    assert load(None, environ, {}) == load(None, {}, {})
    mistyped, port = strays(environ)
    assert mistyped.endswith("Did you mean EVCHAT_MAX_CLIENTS?") and port.startswith("EVCHAT_PORT is ignored")


def test_listeners_on_free_ports_or_of_two_families_do_not_clash() -> None:
    urls = ["tcp://127.0.0.1:0", "tcp://127.0.0.1:0", "tcp://0.0.0.0:5", "tcp://[::1]:5", "irc://0.0.0.0:6"]
    assert load(None, {}, {"listen": urls}).listen == tuple(urls)
    both = ["tcp://0.0.0.0:5", "tcp://[::]:5"]
    assert load(None, {}, {"listen": both}).listen == tuple(both)


def test_a_listener_for_ipv6_alone_says_so() -> None:
    assert misleading(load(None, {}, {"listen": ["tcp://[::]:5"]})) == [
        "listen: [::]:5 takes IPv6 only. tcp://*:5 takes IPv4 and IPv6."
    ]
    for urls in (["tcp://[::]:5", "tcp://0.0.0.0:5"], ["tcp://*:5"], ["tcp://[::1]:5"]):
        assert misleading(load(None, {}, {"listen": urls})) == []


def test_a_channel_is_defined_by_a_table_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text(
        '[channels."#news"]\ntopic = "x"\nauto_join = true\noperators = ["nora"]\n[channels."#b"]\n'
    )
    news = ChannelSettings(name="#news", topic="x", auto_join=True, operators=("nora",))
    assert load(file, {}, {}).channels == (news, ChannelSettings(name="#b"))


def test_memory_as_an_argument_overrides_data_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('data = "somewhere"')
    assert load(file, {}, {"memory": True}).data is None


def test_operators_stand_in_the_file_alone(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="only be set in a settings file"):
        load(None, {"EVCHAT_OPERATORS": "root"}, {})


def test_no_two_options_have_the_same_name() -> None:
    names = [option.name for option in OPTIONS]
    assert len(names) == len(set(names))


@pytest.mark.skipif(sys.platform != "linux", reason="has customs of its own")
def test_data_lie_where_the_platform_says_and_a_relative_path_is_ignored() -> None:
    assert data_directory({"XDG_DATA_HOME": "/d"}) == Path("/d/evchat")
    assert data_directory({"XDG_DATA_HOME": "d"}) == data_directory({})
