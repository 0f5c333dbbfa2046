"""The command line and the settings."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from evchat import __version__
from evchat.cli import read as load
from evchat.core.rules import passwords
from evchat.settings.address import parse_listen
from evchat.settings.errors import SettingsError
from evchat.settings.files import decoded
from evchat.settings.model import Config, Limits, without_limits

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "evchat", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, **environ},
    )


def test_version_and_help() -> None:
    assert run("--version").stdout == f"evchat {__version__}\n"
    text = run("--help").stdout
    assert all(f.name in text and f.metadata["why"] for f in fields(Limits))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--dance",),
        ("--listen", "http://localhost"),
        ("--listen", "tcp://localhost:99999"),
        ("--listen", "unix://"),
        ("--max-clients", "many"),
        ("--max-clients", "0"),
        ("--config", "/does/not/exist.toml"),
        ("--motd", "/does/not/exist"),
        ("--memory", "--data", "x"),
        ("--name", "\x1b[2J"),
    ],
)
def test_bad_usage_ends_with_2_and_one_clear_sentence(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr and done.stderr.strip()


def test_an_address_in_use_ends_with_1(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("--memory", "--listen", f"tcp://127.0.0.1:{taken.getsockname()[1]}")
    assert done.returncode == 1 and "Traceback" not in done.stderr and "127.0.0.1" in done.stderr


def test_check_config_proves_a_file(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text('name = "x"\n[limits]\nmax_clients = 5\nidle_timeout = 1.5\n')
    bad.write_text("[limits]\nmax_client = 5\n")
    assert run("--check-config", str(good)).returncode == 0
    refused = run("--check-config", str(bad))
    assert refused.returncode == 2 and "limits.max_client" in refused.stderr


def test_editors_that_write_a_byte_order_mark_are_borne(tmp_path: Path) -> None:
    file, motd = tmp_path / "c.toml", tmp_path / "motd"
    file.write_bytes('\ufeffname = "x"\r\n'.encode())
    assert load(file, {}, {}).name == "x"
    file.write_bytes('name = "x"'.encode("utf-16"))
    with pytest.raises(SettingsError, match="save it as UTF-8"):
        load(file, {}, {})
    assert decoded("\ufeffgrüezi\r\nmitenand\r".encode()) == "grüezi\nmitenand\n"
    motd.write_bytes("grüezi".encode("utf-16"))
    refused = run("--memory", "--motd", str(motd))
    assert refused.returncode == 2 and "save it as UTF-8" in refused.stderr


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
        ('log_level = "loud"', "log-level"),
        ("nonsense = 1", "nonsense"),
        ("operators = 5", r"\[operators\]"),
        ('[operators]\nroot = "secret"', "--hash-password"),
        ('[operators]\nroot = "scrypt$99$8$1$AAAA$AAAA"', "operators.root"),
        ('[operators]\n"a b" = ""', "a b"),
        ("= 1", "TOML"),
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
    for name, value in (("EVCHAT_MEMORY", "perhaps"), ("EVCHAT_PACE", "fast"), ("EVCHAT_NONSENSE", "1")):
        with pytest.raises(SettingsError, match=name):
            load(None, {name: value}, {})


def test_memory_as_an_argument_overrides_data_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('data = "somewhere"')
    assert load(file, {}, {"memory": True}).data is None


def test_listen_urls() -> None:
    assert parse_listen("tcp://127.0.0.1").port == 9998
    assert parse_listen("text://[::1]:5").host == "::1"
    assert parse_listen("unix:///run/x.sock").path == "/run/x.sock"
    for url in (
        "tcp://",
        "tcp://h:x",
        "tcp://h:1/path",
        "unix://x",
        "irc6://h",
        "127.0.0.1:9998",
        "tcp://a@h:1",
    ):
        with pytest.raises(SettingsError):
            parse_listen(url)


def test_every_limit_has_a_reason_and_reaches_the_rules_or_the_server() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "evchat").rglob("*.py"))
    pending = {
        "max_reason_bytes", "max_username_bytes", "max_key_bytes", "max_invitations", "max_mode_changes",
        "max_member_limit", "max_ban_minutes", "max_wholast_minutes", "recent_bytes", "inbox_bytes", "max_unread",
        "max_events", "max_event_bytes", "max_event_conversations", "max_events_total", "max_heads", "max_guessers",
        "max_id_chars", "max_line_bytes", "max_multiline_bytes", "max_multiline_lines", "max_targets", "max_joins",
    }  # fmt: skip
    """Limits that are named but still stand as constants where they hold."""
    for limit in fields(Limits):
        if limit.name in pending:
            continue
        assert limit.metadata["why"].endswith((".", "off.", ")"))
        assert f"limits.{limit.name}" in source, limit.name


def test_no_limits_lifts_what_stands_in_the_way_of_a_load_test() -> None:
    limits = without_limits(Config()).limits
    assert limits.max_per_ip == 0 and limits.login_deadline == 0 and limits.command_rate > 1e6


def test_a_hashed_password_makes_an_operator(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "evchat", "--hash-password"],
        cwd=ROOT, input="secret\nmore\n", capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    secret = done.stdout.strip()
    assert passwords.matches("secret", secret) and passwords.is_secret(secret)
    file = tmp_path / "c.toml"
    file.write_text(f'[operators]\nroot = "{secret}"\n')
    assert load(file, {}, {}).operators == (("root", secret),)
    with pytest.raises(SettingsError, match="file of settings only"):
        load(None, {"EVCHAT_OPERATORS": "root"}, {})


def test_an_empty_password_is_not_hashed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "evchat", "--hash-password"],
        cwd=ROOT, input="\n", capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and done.stdout == ""
