"""Admission: a limit in all and one for each address, where loopback is free and an IPv6 /64 is one address."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.server.connection_limits import ConnectionLimits, is_public, site


def fill(connection_limits: ConnectionLimits, *addresses: str) -> None:
    for address in addresses:
        assert connection_limits.refuse(address) is None
        connection_limits.add(address)


def code(connection_limits: ConnectionLimits, address: str) -> str | None:
    refusal = connection_limits.refuse(address)
    return refusal and refusal[0]


def test_an_address_gets_its_connections_and_no_more_and_the_sentence_names_the_limit() -> None:
    connection_limits = ConnectionLimits(100, 2)
    fill(connection_limits, "192.0.2.1", "192.0.2.1")
    refusal = connection_limits.refuse("192.0.2.1")
    assert refusal is not None
    assert refusal[0] == "too-many-connections" and "2 connections" in refusal[1]
    assert code(connection_limits, "192.0.2.2") is None


def test_who_leaves_makes_room() -> None:
    connection_limits = ConnectionLimits(2, 1)
    fill(connection_limits, "192.0.2.1", "192.0.2.2")
    assert code(connection_limits, "192.0.2.3") == "server-full"
    connection_limits.remove("192.0.2.1")
    fill(connection_limits, "192.0.2.1")


def test_a_full_server_takes_nobody_not_even_from_this_machine_and_the_sentence_names_the_limit() -> None:
    connection_limits = ConnectionLimits(1, 0)
    fill(connection_limits, "192.0.2.1")
    for address in ("192.0.2.1", "127.0.0.1", "::1", "unix"):
        refusal = connection_limits.refuse(address)
        assert refusal is not None and refusal[0] == "server-full" and "1 connections" in refusal[1]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "unix"], ids=str
)
def test_this_machine_is_free(address: str) -> None:
    connection_limits = ConnectionLimits(100, 1)
    fill(connection_limits, *[address] * 50)
    for _ in range(50):
        connection_limits.remove(address)
    fill(connection_limits, *[address] * 100)
    assert code(connection_limits, address) == "server-full"


def test_no_limit_for_addresses_is_possible() -> None:
    connection_limits = ConnectionLimits(100, 0)
    fill(connection_limits, *["192.0.2.1"] * 100)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8::1", "2001:db8::2"),
        ("2001:db8:0:0::", "2001:db8::ffff:ffff:ffff:ffff"),
        ("2001:DB8::1", "2001:0db8:0000:0000:0000:0000:0000:0001"),
        ("fe80::1%eth0", "fe80::2%eth1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::2", "::3"),
    ],
)
def test_these_count_as_one_address(one: str, other: str) -> None:
    connection_limits = ConnectionLimits(100, 1)
    fill(connection_limits, one)
    assert code(connection_limits, other) == "too-many-connections"
    connection_limits.remove(one)
    fill(connection_limits, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8::1", "2001:db8:0:1::1"),
        ("192.0.2.1", "192.0.2.2"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
        ("192.0.2.1", "2001:db8::1"),
    ],
)
def test_these_count_as_two(one: str, other: str) -> None:
    fill(ConnectionLimits(100, 1), one, other)


def test_new_limits_hold_for_connections_to_come() -> None:
    connection_limits = ConnectionLimits(10, 10)
    fill(connection_limits, *["192.0.2.1"] * 5)
    connection_limits.max_per_ip = 3
    assert code(connection_limits, "192.0.2.1") == "too-many-connections"
    connection_limits.max_clients = 5
    assert code(connection_limits, "192.0.2.2") == "server-full"
    for _ in range(3):
        connection_limits.remove("192.0.2.1")
    fill(connection_limits, "192.0.2.1")


hosts = st.sampled_from(
    [
        "192.0.2.1",
        "192.0.2.2",
        "127.0.0.1",
        "2001:db8::1",
        "2001:db8::2",
        "2001:db8:0:1::",
        "::ffff:192.0.2.1",
    ]
)


def naive_host(address: str) -> str:
    """Everything this law counts by, written down as text."""
    ip = ipaddress.ip_address(address)
    if address.startswith("::ffff:"):
        return address.removeprefix("::ffff:")
    return str(ip) if ip.version == 4 else ip.exploded[:19]


@given(st.integers(1, 6), st.integers(0, 3), st.lists(st.tuples(st.booleans(), hosts), max_size=60))
def test_admission_agrees_with_counting_the_connections_that_there_are(
    max_clients: int, max_per_ip: int, story: list[tuple[bool, str]]
) -> None:
    connection_limits = ConnectionLimits(max_clients, max_per_ip)
    inside: list[str] = []
    for comes, address in story:
        if not comes:
            if address in inside:
                inside.remove(address)
                connection_limits.remove(address)
            continue
        same = sum(naive_host(one) == naive_host(address) for one in inside)
        if len(inside) >= max_clients:
            expected = "server-full"
        elif max_per_ip and same >= max_per_ip and address != "127.0.0.1":
            expected = "too-many-connections"
        else:
            expected = None
            inside.append(address)
        assert code(connection_limits, address) == expected
        if expected is None:
            connection_limits.add(address)


@given(st.lists(hosts, max_size=20))
def test_when_everybody_has_left_it_is_as_at_the_beginning(addresses: list[str]) -> None:
    connection_limits = ConnectionLimits(20, 20)
    fill(connection_limits, *addresses)
    for address in reversed(addresses):
        connection_limits.remove(address)
    connection_limits.max_clients, connection_limits.max_per_ip = 1, 1
    for address in set(addresses):
        fill(connection_limits, address)
        assert code(connection_limits, address) == "server-full"
        connection_limits.remove(address)


def test_browsers_files_are_counted_apart_from_those_who_stay() -> None:
    connection_limits = ConnectionLimits(100, 1, 2)
    assert code(connection_limits, "192.0.2.1") is None
    for _ in range(2):
        connection_limits.add("192.0.2.1")
        assert connection_limits.visit("192.0.2.1") is None
    assert code(connection_limits, "192.0.2.1") is None  # those do not count against the chat's
    assert connection_limits.stay("192.0.2.1") is None
    assert code(connection_limits, "192.0.2.1") == "too-many-connections"
    assert connection_limits.stay("192.0.2.1") == (
        "too-many-connections",
        "Your address has 1 connections already, the most.",
    )
    connection_limits.remove("192.0.2.1")
    connection_limits.remove("192.0.2.1")
    assert code(connection_limits, "192.0.2.1") is None


def test_there_is_a_most_of_them_too() -> None:
    connection_limits = ConnectionLimits(100, 0, 1)
    for address, is_welcome in (
        ("192.0.2.1", True),
        ("192.0.2.1", False),
        ("192.0.2.2", True),
        ("127.0.0.1", True),
    ):
        connection_limits.add(address)
        assert (connection_limits.visit(address) is None) is is_welcome
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2", "127.0.0.1"):
        connection_limits.remove(address, visiting=True)


def test_an_address_that_many_share_has_no_most() -> None:
    connection_limits = ConnectionLimits(100, 1, 1)
    for _ in range(3):
        connection_limits.add("192.0.2.1")
        assert connection_limits.visit("192.0.2.1", shared=True) is None
        assert connection_limits.stay("192.0.2.1", shared=True) is None


def test_a_connection_that_moves_counts_where_it_is_now() -> None:
    connection_limits = ConnectionLimits(3, 1, 0)
    for _ in range(3):
        connection_limits.add("192.0.2.1")
        connection_limits.visit("192.0.2.1")
    for _ in range(2):
        connection_limits.move("192.0.2.1", "192.0.2.2")
    refused = [connection_limits.stay(f"192.0.2.{number}") is not None for number in (1, 2, 2)]
    assert refused == [False, False, True]
    for number in (1, 2, 2):
        connection_limits.remove(f"192.0.2.{number}")
    assert connection_limits.is_empty


@given(
    st.lists(
        st.tuples(
            st.integers(0, 5),
            st.sampled_from(["192.0.2.1", "192.0.2.2", "2001:db8::1", "127.0.0.1", "unix"]),
            st.booleans(),
        ),
        max_size=60,
    )
)
def test_whatever_connections_do_the_counts_are_right(
    acts: list[tuple[int, str, bool]],
) -> None:
    """Each act is of the connection of this number: it comes, moves, changes over, or goes."""
    connection_limits = ConnectionLimits(1000, 2, 2)
    there: dict[int, tuple[str, bool]] = {}
    for number, address, goes in acts:
        if number not in there:
            connection_limits.add(address)
            there[number] = address, False
        elif goes:
            old, visiting = there.pop(number)
            connection_limits.remove(old, visiting=visiting)
        elif address == there[number][0]:
            old, visiting = there[number]
            refusal = (connection_limits.stay if visiting else connection_limits.visit)(address)
            there[number] = address, not visiting
            alike = sum(site(a) == site(address) and v is not visiting for a, v in there.values())
            assert (refusal is not None) == (site(address) is not None and alike > 2)
        elif there[number][1]:
            connection_limits.move(there[number][0], address)
            there[number] = address, True
    for old, visiting in there.values():
        connection_limits.remove(old, visiting=visiting)
    assert connection_limits.is_empty


def test_only_addresses_of_the_internet_are_public() -> None:
    assert all(map(is_public, ("8.8.8.8", "2600::1")))
    private = ("127.0.0.1", "::1", "192.168.1.2", "10.0.0.1", "172.16.0.1", "fe80::1%eth0", "fd00::1", "unix")
    assert not any(map(is_public, private))
