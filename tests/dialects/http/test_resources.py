"""The rules for hosts, origins and proxies: what a browser may be made to do by a page from elsewhere."""

from __future__ import annotations

import pytest

from evchat.dialects.http.resources import Web, host_name

WEB = Web(
    {},
    {},
    hosts=frozenset({"chat.school.lan"}),
    origins=frozenset({"https://portal.example"}),
    proxies=("10.0.0.0/8", "2001:db8::/32"),
)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:9998",
        "127.0.0.1",
        "[::1]:9998",
        "[2001:db8::7]",
        "localhost:80",
        "a.localhost",
        "CHAT.school.lan.:80",
    ],
)
def test_addresses_and_known_names_are_ours(host: str) -> None:
    assert WEB.allows_host(host)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "chat", "[::1"]
)
def test_a_name_that_nobody_has_set_is_not(host: str) -> None:
    assert WEB.allows_host(host) == (host == "[::1")


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("http://127.0.0.1:9998", "127.0.0.1:9998", True),
        ("https://chat.school.lan", "chat.school.lan", True),
        ("http://chat.school.lan", "chat.school.lan:80", True),
        ("https://chat.school.lan:443", "Chat.School.Lan", True),
        ("https://portal.example", "chat.school.lan", True),
        ("HTTPS://Portal.Example", "chat.school.lan", True),
        ("http://portal.example", "chat.school.lan", False),
        ("http://127.0.0.1:9999", "127.0.0.1:9998", False),
        ("http://evil.example", "127.0.0.1:9998", False),
        ("null", "127.0.0.1:9998", False),
        ("", "127.0.0.1:9998", False),
        ("file://", "", False),
        ("ftp://127.0.0.1", "127.0.0.1", False),
    ],
)
def test_a_page_may_speak_if_it_is_ours_or_was_let_in(origin: str, host: str, allowed: bool) -> None:
    assert WEB.allows_origin(origin, host) is allowed


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7, 10.0.0.3", "203.0.113.7"),
        ("203.0.113.7, [2001:db8::1]", "203.0.113.7"),
        ("203.0.113.7:51234", "203.0.113.7"),
        ("[2001:DBA::0:1]:443, 10.0.0.1:80", "2001:dba::1"),
        ("fe80::1%eth0 level=error", "fe80::1"),
        ("unknown, 10.0.0.3", "10.0.0.3"),
        ("10.0.0.9, 10.0.0.3", "10.0.0.9"),
        ("", ""),
        ("nonsense", ""),
        ("203.0.113.7, nonsense", ""),
        ("1.1.1.1," * 5000 + "203.0.113.7", "203.0.113.7"),
    ],
)
def test_the_client_is_the_last_whom_no_trusted_proxy_is(header: str, address: str) -> None:
    assert WEB.forwarded(header) == address


@pytest.mark.parametrize(
    ("host", "name"),
    [("A.B:80", "a.b"), ("[::1]:80", "::1"), (" x ", "x"), ("x.", "x"), ("", ""), (":80", "")],
)
def test_a_host_is_named_without_port_and_brackets(host: str, name: str) -> None:
    assert host_name(host) == name
