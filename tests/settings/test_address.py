"""An address is what a person would write, and a wrong one is told with how to write it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evchat.settings.address import (
    DEFAULT_PORT,
    Address,
    endpoints,
    is_among,
    is_loopback,
    parse_connect,
    parse_listen,
    parse_range,
)
from evchat.settings.errors import SettingsError


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
    address = parse_connect(text)
    assert (address.host, address.port, address.path) == (host, port, path)
    assert parse_connect(str(address)) == address


@pytest.mark.parametrize(
    "text",
    ["", " ", ":1", "host:", "host:0", "host:65536", "host:x", "host:-1", "host:١", "a b", "host/path", "user@host",
     "http://host", "text://host", "unix://", "unix://relative", "[::1", "[::1]1", "[::1]:x", "tcp://"],
)  # fmt: skip
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(SettingsError, match=r"[.]$|[A-Z]$"):
        parse_connect(text)


@pytest.mark.parametrize("parse", [parse_listen, parse_connect])
def test_ipv6_in_a_url_needs_its_brackets(parse: Callable[[str], Address]) -> None:
    with pytest.raises(SettingsError, match=r"needs brackets, as in tcp://\[::1\]"):
        parse("tcp://::1:9998")


@pytest.mark.parametrize("text", ["::1:9998", "fe80::1:12312", "2001:db8::2:6667"])
def test_what_looks_like_a_port_behind_ipv6_is_asked_about(text: str) -> None:
    before, _, port = text.rpartition(":")
    with pytest.raises(SettingsError, match="needs brackets if a port follows") as told:
        parse_connect(text)
    assert f"[{before}]:{port}" in str(told.value)
    assert f"[{text}]" in str(told.value)
    assert parse_connect(f"[{text}]").host == text


@pytest.mark.parametrize("text", ["::1", "fe80::1:2", "2001:db8::beef", "2001:db8:0:0:0:0:0:9998"])
def test_other_ipv6_needs_none(text: str) -> None:
    assert parse_connect(text).host == text


def test_what_a_listener_takes_is_known_by_numbers() -> None:
    assert endpoints(parse_listen("tcp://LOCALHOST:5")) == {("127.0.0.1", 5), ("::1", 5)}
    assert endpoints(parse_listen("tcp://*:5")) == {("0.0.0.0", 5), ("::", 5)}
    assert endpoints(parse_listen("tcp://[0:0::1]:5")) == {("::1", 5)}
    assert endpoints(parse_listen("tcp://Example.org:5")) == {("example.org", 5)}
    assert endpoints(parse_listen("wholast://127.0.0.1:5?chat=6")) == {("127.0.0.1", 5), ("127.0.0.1", 6)}
    assert endpoints(parse_listen("unix:///s")) == {("/s", 0)} and not endpoints(parse_listen("tcp://h:0"))


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


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "path"),
    [
        ("tcp://127.0.0.1", "tcp", "127.0.0.1", DEFAULT_PORT, ""),
        ("TEXT://[::1]:5/", "text", "::1", 5, ""),
        ("irc://localhost:0", "irc", "localhost", 0, ""),
        ("unix:///run/x.sock", "unix", "", 0, "/run/x.sock"),
        ("room://0.0.0.0", "room", "0.0.0.0", 12312, ""),
        ("chatapp://0.0.0.0", "chatapp", "0.0.0.0", 6666, ""),
        ("letschat://0.0.0.0", "letschat", "0.0.0.0", 1337, ""),
        ("letschat://0.0.0.0:5", "letschat", "0.0.0.0", 5, ""),
        ("wholast://localhost:1234", "wholast", "localhost", 1234, ""),
    ],
)
def test_a_server_listens_where_a_url_says(url: str, scheme: str, host: str, port: int, path: str) -> None:
    address = parse_listen(url)
    assert (address.scheme, address.host, address.port, address.path) == (scheme, host, port, path)


@pytest.mark.parametrize(
    "url",
    ["tcp://", "tcp://h:", "tcp://h:x", "tcp://h:65536", "tcp://h:1/path", "tcp://h:1?x", "tcp://a@h:1", "tcp://a\0b",
     "unix://x", "unix:///a\0b", "irc6://h", "127.0.0.1:9998", ""],
)  # fmt: skip
def test_what_is_no_url_to_listen_on_is_told(url: str) -> None:
    with pytest.raises(SettingsError, match="Use, for example"):
        parse_listen(url)


@pytest.mark.parametrize(
    ("address", "among"),
    [
        ("10.1.2.3", True),
        ("11.1.2.3", False),
        ("::ffff:10.1.2.3", True),
        ("192.0.2.7", True),
        ("192.0.2.8", False),
        ("2001:db8:9:9::/64", True),
        ("2001:db9::/64", False),
        ("fe80::1%eth0", False),
        ("unix", False),
    ],
)
def test_a_range_holds_the_addresses_in_it(address: str, among: bool) -> None:
    ranges = tuple(parse_range(text) for text in ("10.0.0.0/8", "192.0.2.7", "2001:db8::1/32"))
    assert is_among(address, ranges) is among
    assert is_among(address, (*ranges, "unix")) is (among or address == "unix")


@pytest.mark.parametrize("text", ["", "example.org", "10.0.0.0/33", "UNIX", "10.0.0"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="not an address or an address range"):
        parse_range(text)


def test_wholast_has_a_second_port_which_is_125_unless_its_url_says_so() -> None:
    assert parse_listen("wholast://127.0.0.1:1234").chat_port == 125
    assert parse_listen("wholast://127.0.0.1:1234?chat=1235").chat_port == 1235
    assert parse_listen("wholast://[::1]:0/?chat=0").chat_port == 0
    assert parse_listen("WHOLAST://127.0.0.2:9998").port == 9998
    assert parse_listen("tcp://127.0.0.1:1234").chat_port == -1


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("wholast://127.0.0.1", "needs a port"),
        ("wholast://[::1]", "needs a port"),
        ("wholast://127.0.0.1:1?chat=", "chat=PORT"),
        ("wholast://127.0.0.1:1?chat=x", "chat=PORT"),
        ("wholast://127.0.0.1:1?chat=65536", "chat=PORT"),
        ("wholast://127.0.0.1:1?port=5", "chat=PORT"),
        ("wholast://0.0.0.0:1", "only listen on this machine"),
        ("wholast://192.0.2.1:1?chat=2", "only listen on this machine"),
        ("wholast://[::]:1?chat=2", "only listen on this machine"),
        ("wholast://example.org:1?chat=2", "only listen on this machine"),
        ("room://127.0.0.1:1?chat=2", "is not a port"),
    ],
)
def test_a_url_of_wholast_that_is_wrong_is_explained(url: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        parse_listen(url)


def test_only_this_machines_addresses_are_loopback() -> None:
    for host in ("127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST."):
        assert is_loopback(Address(host, 1))
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org", "127.0.0.1.example.org", "999.1.1.1"):
        assert not is_loopback(Address(host, 1))
    assert is_loopback(Address(path="/run/x"))
