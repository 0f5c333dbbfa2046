"""A server that has started says how others join it, each fact once, and to whom it is open."""

from __future__ import annotations

from pathlib import Path

import pytest

from evchat.server.invitations import lines
from evchat.settings.model import Config

OWN = ("192.168.1.20", "10.8.0.3", "2001:db8::5")


def told(*urls: str, own: tuple[str, ...] = OWN, config: Config = Config()) -> list[str]:  # noqa: B008
    return list(lines(urls, config, own))


def commands(*urls: str) -> list[str]:
    return [line.strip().partition("   ")[0] for line in told(*urls)[1:] if line.startswith("  ")]


def test_a_listener_on_all_addresses_is_joined_by_the_address_that_others_see() -> None:
    assert commands("tcp://0.0.0.0:9998") == [
        "http://192.168.1.20:9998/",
        "nc 192.168.1.20 9998",
        "irssi -c 192.168.1.20 -p 9998",
        "evchat-tui 192.168.1.20",
        '{"request": "login", "content": "bot"}',
    ]
    assert "This machine is also 10.8.0.3." in told("tcp://0.0.0.0:9998")


def test_an_address_of_the_other_family_is_not_named() -> None:
    assert commands("tcp://[::]:9999")[:4] == [
        "http://[2001:db8::5]:9999/",
        "nc 2001:db8::5 9999",
        "irssi -c 2001:db8::5 -p 9999",
        "evchat-tui [2001:db8::5]:9999",
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("irc://0.0.0.0:6667", ["irssi -c 192.168.1.20"]),
        ("irc://h:7000", ["irssi -c h -p 7000"]),
        ("text://192.0.2.1:23", ["nc 192.0.2.1 23"]),
        ("json://h:5", ["evchat-tui h:5", '{"request": "login", "content": "bot"}']),
        ("http://0.0.0.0:8080", ["http://192.168.1.20:8080/"]),
        ("room://0.0.0.0", ["room: 192.168.1.20 12312"]),
        ("wholast://127.0.0.1:1234?chat=1235", ["wholast: 127.0.0.1 1234"]),
        ("unix:///run/evchat.sock", ["nc -U /run/evchat.sock", "evchat-tui unix:///run/evchat.sock"]),
    ],
)
def test_each_kind_of_listener_is_joined_only_by_what_it_speaks(url: str, expected: list[str]) -> None:
    assert commands(url) == expected


def test_no_browser_is_named_where_none_is_served() -> None:
    assert not any("http" in line for line in told("tcp://0.0.0.0:9998", config=Config(web=False)))


def test_what_two_listeners_have_in_common_is_said_once() -> None:
    both = told("tcp://0.0.0.0:9998", "tcp://[::]:9998", "irc://0.0.0.0:6667")
    assert sum("any other IRC client" in line for line in both) == 1
    assert sum(line.startswith("  nc") for line in both) == 1 and both[-1].startswith("Open to everyone")
    assert "This machine is also 10.8.0.3, 2001:db8::5." in both


@pytest.mark.parametrize(
    "url", ["tcp://127.0.0.1:9998", "tcp://[::1]:9998", "unix:///run/x", "irc://localhost:6667"]
)
def test_what_only_this_machine_can_join_says_how_others_could(url: str) -> None:
    assert told(url)[-1] == "Only this machine can join. --listen tcp://0.0.0.0:9998 lets others in."


def test_in_one_line_it_says_what_is_open_to_whom() -> None:
    assert told("tcp://0.0.0.0:1")[-1] == (
        "Open to everyone who can reach it: guests may log in, no password is needed, nothing is encrypted (no TLS)."
    )
    closed = told("tcp://0.0.0.0:1", config=Config(password="x", guests=False))
    assert "accounts only, everyone needs the server's password" in closed[-1]


@pytest.mark.parametrize("url", ["tcp://0.0.0.0:9998", "tcp://[::]:9998"])
def test_a_machine_without_a_network_is_not_said_to_be_closed(url: str) -> None:
    assert told(url, own=())[-1].startswith(
        "This machine is in no network now. Once it is, this is open to everyone who can reach it: guests"
    )
    both = told(url, "tcp://192.0.2.1:5", own=())
    assert both[-1].startswith("Open to everyone who can reach it")


def test_how_to_join_with_a_password_is_told_and_the_password_is_not() -> None:
    lines = told("tcp://0.0.0.0:9998", config=Config(password="apple"))
    text = "\n".join(lines)
    assert "irssi -c 192.168.1.20 -p 9998 -w PASSWORD" in text
    assert '{"request": "pass", "password": "PASSWORD"}' in text
    for command in ("http:", "nc ", "evchat-tui "):
        (line,) = (each for each in lines if each.strip().startswith(command))
        assert "the server's password" in line
    assert "apple" not in text
    encrypted = Config(password="apple", tls_cert=Path("c.pem"), tls_required=True)
    text = "\n".join(told("tcp://0.0.0.0:9998", config=encrypted))
    assert "/connect -tls 192.168.1.20 9998 PASSWORD" in text and "openssl s_client" in text


def test_a_machine_without_a_network_still_names_itself() -> None:
    assert told("tcp://0.0.0.0:9998", own=())[1].startswith("  http://127.0.0.1:9998/")


def test_no_line_is_wider_than_the_widest_command_and_its_note() -> None:
    assert all(len(line) <= 120 for line in told("tcp://0.0.0.0:9998", "unix:///run/evchat.sock"))
