"""An address is what a person would write, and a wrong one is told with how to write it."""

from __future__ import annotations

import pytest

from tui.connection.address import DEFAULT_PORT, Address, BadAddress, parse


@pytest.mark.parametrize(
    ("text", "host", "port", "path"),
    [
        ("example.org", "example.org", DEFAULT_PORT, ""),
        ("example.org:1234", "example.org", 1234, ""),
        (" tcp://example.org:1234/ ", "example.org", 1234, ""),
        ("TCP://example.org", "example.org", DEFAULT_PORT, ""),
        ("json://example.org:1", "example.org", 1, ""),
        ("127.0.0.1:65535", "127.0.0.1", 65535, ""),
        ("::1", "::1", DEFAULT_PORT, ""),
        ("[::1]", "::1", DEFAULT_PORT, ""),
        ("[fe80::1%eth0]:1234", "fe80::1%eth0", 1234, ""),
        ("unix:///run/evchat.sock", "", 0, "/run/evchat.sock"),
    ],
)
def test_an_address_is_read(text: str, host: str, port: int, path: str) -> None:
    address = parse(text)
    assert (address.host, address.port, address.path) == (host, port, path)
    assert parse(str(address)) == address


@pytest.mark.parametrize(
    "text",
    ["", " ", ":1", "host:", "host:0", "host:65536", "host:x", "host:-1", "host:١", "a b", "host/path", "user@host",
     "http://host", "text://host", "unix://", "unix://relative", "[::1", "[::1]1", "[::1]:x", "tcp://"],
)  # fmt: skip
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(BadAddress, match=r"[.]$|[A-Z]$"):
        parse(text)


def test_only_names_have_to_be_looked_up() -> None:
    assert Address("localhost").numbers == ("127.0.0.1", "::1")
    assert Address("LOCALHOST.").numbers == ("127.0.0.1", "::1")
    assert Address("::1").numbers == ("::1",)
    assert Address("10.0.0.1").numbers == ("10.0.0.1",)
    assert Address("10.example.org").numbers == ()


def test_a_title_shows_what_is_worth_showing() -> None:
    assert Address("127.0.0.1").short == "localhost"
    assert Address("example.org").short == "example.org"
    assert Address("example.org", 1).short == "example.org:1"
    assert Address(path="/s").short == "unix:///s"
