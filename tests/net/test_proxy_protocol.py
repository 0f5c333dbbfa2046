"""The header of the PROXY protocol names the client, or nobody; what is malformed is never half believed."""

from __future__ import annotations

import ipaddress
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.net.layer import LayerError
from evchat.net.proxy_protocol import parse

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def version_1(source: str, destination: str = "", family: int = 4) -> bytes:
    other = destination or ("::1" if family == 6 else "127.0.0.1")
    return f"PROXY TCP{family} {source} {other} 56324 9998\r\n".encode()


def version_2(
    source: str, command: int = 0x21, family: int | None = None, extra: bytes = b"", size: int | None = None
) -> bytes:
    ip = ipaddress.ip_address(source)
    body = ip.packed + ip.packed + struct.pack("!HH", 1, 2) + extra
    kind = (0x11 if ip.version == 4 else 0x21) if family is None else family
    return SIGNATURE + bytes([command, kind]) + struct.pack("!H", len(body) if size is None else size) + body


@given(st.ip_addresses(), st.booleans(), st.binary(max_size=20))
def test_the_address_and_the_length_are_found_whatever_follows(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address, second: bool, rest: bytes
) -> None:
    header = version_2(str(ip)) if second else version_1(str(ip), family=ip.version)
    assert parse(header + rest) == (len(header), str(ip))
    for end in range(len(header)):
        assert parse(header[:end]) is None


@pytest.mark.parametrize(
    "header",
    [
        b"PROXY UNKNOWN\r\n",
        b"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n",
        version_2("192.0.2.1", command=0x20),
        version_2("192.0.2.1", family=0x00),
        version_2("192.0.2.1", family=0x31, extra=bytes(204)),
        SIGNATURE + b"\x20\x00\x00\x00",
    ],
)
def test_a_proxy_may_speak_for_itself(header: bytes) -> None:
    assert parse(header) == (len(header), "")


def test_fields_that_follow_the_addresses_are_passed_over() -> None:
    header = version_2("192.0.2.1", extra=b"\x20\x00\x05hello")
    assert parse(header) == (len(header), "192.0.2.1")


@pytest.mark.parametrize(
    "begun", [b"{", b"NICK x\r\n", b"\x16\x03", b"PROXYS\n", b"ann\n", b"\r\nann", b"GET / HTTP/1.1"]
)
def test_what_begins_otherwise_has_no_header(begun: bytes) -> None:
    assert parse(begun) == (0, "")


@pytest.mark.parametrize(
    "begun",
    [
        b"PROXY \r\n",
        b"PROXY TCP4\r\n",
        b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n",
        version_1("::1"),
        version_1("1.2.3.4", family=6),
        version_1("1.2.3.400"),
        version_1("fe80::1%eth0", family=6),
        b"PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n",
        b"PROXY TCP4 1.2.3.4 1.2.3.4 -1 2\r\n",
        b"PROXY TCP4 1.2.3.4 1.2.3.4 \xb2 2\r\n",
        b"PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n",
        b"PROXY " + b"x" * 101,
        b"PROXY UNKNOWN " + b"x" * 92 + b"\r\n",
        version_2("1.2.3.4", command=0x11),
        version_2("1.2.3.4", command=0x22),
        version_2("1.2.3.4", size=11),
        version_2("::1", size=35),
        version_2("1.2.3.4", size=521),
    ],
)
def test_what_begins_as_a_header_and_is_none_is_an_error(begun: bytes) -> None:
    with pytest.raises(LayerError):
        parse(begun)


@given(st.sampled_from([b"", b"PROXY ", SIGNATURE]), st.binary(max_size=700))
def test_never_more_than_a_header_is_waited_for(start: bytes, data: bytes) -> None:
    try:
        found = parse(start + data)
    except LayerError:
        return
    assert found is not None or len(start + data) < 536
