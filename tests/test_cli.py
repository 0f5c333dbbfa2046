"""The command line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from evchat import __version__
from evchat.cli import read as load
from evchat.core.rules import passwords
from evchat.settings.errors import SettingsError
from evchat.settings.files import decoded
from evchat.settings.model import ChannelSettings, Config, Limits, unit
from tests import certificates

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
    assert all(f.name in text and f.metadata["reason"] for f in fields(Limits))


def imported(*arguments: str) -> set[str]:
    """The modules that a base installation has imported when it listens, or has ended."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from evchat.cli import main; sys.exit(main())"
    command = [sys.executable, "-I", "-S", "-X", "importtime", "-c", code, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        for line in server.stdout:
            if line.startswith("listening "):
                server.terminate()
        assert server.stderr is not None
        return {line.rpartition("|")[2].strip() for line in server.stderr if line.startswith("import time:")}


def test_a_start_imports_nothing_that_takes_long_and_is_not_needed() -> None:
    found = imported("--memory", "--listen", "tcp://127.0.0.1:0")
    assert "evchat.server.server" in found
    slow = {"asyncio", "email", "importlib.resources", "logging", "sqlite3", "ssl", "tempfile", "zipfile"}
    assert found & slow == set()


def test_help_does_not_wait_for_the_server_to_be_imported() -> None:
    found = imported("--help")
    assert "evchat.cli" in found and not any(name.startswith("evchat.core") for name in found)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--dance",),
        ("--listen", "gopher://localhost"),
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
    proved = run("--check-config", str(good))
    assert (proved.returncode, proved.stdout) == (0, f"{good}: OK\n")
    refused = run("--check-config", str(bad))
    assert refused.returncode == 2 and "Did you mean limits.max_clients?" in refused.stderr


@certificates.needs_openssl
def test_check_config_warns_of_what_would_lock_irc_clients_out(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    cert, key = certificates.certificate()
    file.write_text(f'tls_cert = "{cert}"\ntls_key = "{key}"\nsts = 3600\n')
    done = run("--check-config", str(file))
    assert done.returncode == 0 and done.stdout == f"{file}: OK\n"
    assert "sts is not announced" in done.stderr and "self-signed certificate" in done.stderr


def test_check_config_finds_what_the_start_would_refuse(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('listen = "unix:///does/not/exist/s"\nmemory = true\n')
    checked, started = run("--check-config", str(file)), run("--config", str(file))
    assert checked.returncode == 2 and "there is no directory /does/not/exist." in checked.stderr
    assert started.returncode == 1 and "/does/not/exist/s" in started.stderr


def test_a_start_says_what_the_settings_may_not_do_as_meant(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('listen = "tcp://[::]:9998"\nmemory = true\nmotd = "a\\nb"\n')
    assert "tcp://*:9998 takes IPv4 and IPv6" in run("--check-config", str(file)).stderr


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
    for wrong in ("secret", "scrypt$99$8$1$AAAA$AAAA"):
        file.write_text(f'[operators]\nroot = "{wrong}"\n')
        with pytest.raises(
            SettingsError, match=r"operators\.root is not a password hash\. .*--hash-password"
        ):
            load(file, {}, {})


def test_an_empty_password_is_not_hashed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "evchat", "--hash-password"],
        cwd=ROOT, input="\n", capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and done.stdout == ""


@pytest.mark.parametrize("page", ["README.md", "docs/quickstart-lan.md", "docs/settings.md"])
def test_the_settings_that_the_documents_show_are_valid(page: str, tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    secret = passwords.NOBODYS
    for index, block in enumerate(blocks):
        file = tmp_path / f"{index}.toml"
        whole = re.sub(r'"(scrypt\$[^"]*|PASTE THE HASH HERE)"', lambda _: f'"{secret}"', block)
        file.write_text(re.sub("^# (?=[a-z_]+ = )", "", whole, flags=re.MULTILINE), "utf-8")
        assert load(file, {}, {}).channels
    assert blocks


def test_the_settings_in_the_readme_can_be_pasted_as_they_are(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    file = tmp_path / "evchat.toml"
    file.write_text(block, "utf-8")
    assert run("--check-config", str(file)).stdout == f"{file}: OK\n"


def test_every_setting_is_explained() -> None:
    page = (ROOT / "docs/settings.md").read_text("utf-8")
    tables = {"limits", "operators", "channels"}
    assert all(f"| `{each.name}` |" in page for each in fields(Config) if each.name not in tables)
    assert all(f"| `{each.name}` |" in page for each in fields(ChannelSettings) if each.name != "name")


def test_a_message_of_the_day_that_names_a_file_is_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    for name in ("a.txt", "welcome.md", "/etc/motd", "../motd", "~/motd", "motd"):
        if name == "motd":
            (tmp_path / name).write_text("Be kind.")
        file.write_text(f'motd = "{name}"')
        with pytest.raises(SettingsError, match=f"looks like the name of a file.* --motd {name}"):
            load(file, {}, {})
        with pytest.raises(SettingsError, match="looks like the name of a file"):
            load(None, {"EVCHAT_MOTD": str(tmp_path / name)}, {})
    assert load(None, {}, {"motd": "a.txt"}).motd == "a.txt", "that is what stood in the file"
    for text in ("Be kind.", "Read http://example.org/rules.txt first", "No spam/ads"):
        file.write_text(f'motd = "{text}"')
        assert load(file, {}, {}).motd == text
    file.write_text(f'motd = """{"Be kind. " * 100}"""')
    assert load(file, {}, {}).motd.startswith("Be kind.")


def test_a_damaged_hash_of_a_password_is_no_password(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    others = ("$2b$12$abcdefghijklmnopqrstuv", "$6$rounds=5000$salt$hash", "$argon2id$v=19$m=1")
    for damaged in ("scrypt$14$8$1$…", passwords.NOBODYS[:-3], "scrypt$", *others):
        file.write_text(f'password = "{damaged}"', "utf-8")
        with pytest.raises(SettingsError, match="not a whole one"):
            load(file, {}, {})
    file.write_text(f'password = "{passwords.NOBODYS}"')
    assert load(file, {}, {}).password


def test_a_channel_that_can_not_be_made_is_told_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[channels."#a"]\nmodes = "+Z"\n')
    done = run("--check-config", str(file))
    assert done.returncode == 2 and 'channels."#a": there is no mode Z.' in done.stderr


def test_a_variable_that_is_no_setting_stops_nothing(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text("")
    done = run("--check-config", str(file), EVCHAT_PORT="tcp://10.0.0.1:9998")
    assert done.returncode == 0 and "EVCHAT_PORT is ignored: there is no setting EVCHAT_PORT." in done.stderr


def test_every_limit_has_a_unit_unless_it_is_a_count() -> None:
    units = {field.name: unit(field) for field in fields(Limits)}
    assert (units["max_clients"], units["ping_after"], units["output_hard"]) == ("", "s", "B")
    assert (units["command_rate"], units["stored_by_site_rate"], units["max_ban_minutes"]) == (
        "/s",
        "B/s",
        "min",
    )
    by_reason = {field.name for field in fields(Limits) if field.metadata["reason"].startswith("Bytes ")}
    assert all("B" in units[name] for name in by_reason)
