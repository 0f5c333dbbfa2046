"""Links are found whole, lead where they say, and can do nothing to the terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.text import harmless
from evchat.settings.client import MAX_LINKS
from tui.text.links import (
    MAX_URI,
    OSC8_END,
    LinkTable,
    ascii_host,
    ascii_uri,
    find,
    osc8,
    real_host,
    shown_host,
    warning,
)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see http://example.org/x.", "http://example.org/x"),
        ("(http://example.org)", "http://example.org"),
        ("http://en.wikipedia.org/wiki/Foo_(bar)", "http://en.wikipedia.org/wiki/Foo_(bar)"),
        ("(see http://en.wikipedia.org/wiki/Foo_(bar)).", "http://en.wikipedia.org/wiki/Foo_(bar)"),
        ("<http://example.org/a>", "http://example.org/a"),
        ('"http://example.org/a"', "http://example.org/a"),
        ("http://example.org/a?b=c,d&e=[1]!", "http://example.org/a?b=c,d&e=[1]"),
        ("HTTPS://Example.org", "HTTPS://Example.org"),
        ("really? https://example.org/?!", "https://example.org/"),
        ("日本語http://example.jp/日本。", "http://example.jp/日本"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("ircs://irc.example.org:6697/#c", "ircs://irc.example.org:6697/#c"),
        ("http://blåbær.no/øl", "http://blåbær.no/øl"),
        ("http://user:pw@example.org/", "http://user:pw@example.org/"),
        ("it's at 'http://example.org/it''", "http://example.org/it"),
    ],
)
def test_a_link_is_found_without_the_sentence_around_it(text: str, link: str) -> None:
    (found,) = find(text)
    assert text[found.start : found.end] == link == found.uri


def test_what_begins_with_www_leads_to_https() -> None:
    (link,) = find("go to www.example.org/x, now")
    assert (link.start, link.end, link.uri) == (6, 23, "https://www.example.org/x")


@pytest.mark.parametrize(
    "text",
    ["http://", "http:///x", "www.", "www.?", "x://example.org", "javascript://x", "awww.x"],
)
def test_what_is_no_link_is_left_alone(text: str) -> None:
    assert find(text) == []


def test_all_links_of_a_text_are_found_in_order() -> None:
    assert [link.uri for link in find("http://a.b and (http://c.d), www.e.f")] == [
        "http://a.b",
        "http://c.d",
        "https://www.e.f",
    ]


@pytest.mark.parametrize(
    ("uri", "host", "doubt"),
    [
        ("http://example.org/x", "example.org", ""),
        ("http://blåbær.no/", "blåbær.no", ""),
        ("http://москва.рф/", "москва.рф", ""),
        ("http://日本テスト.jp/", "日本テスト.jp", ""),
        ("http://pаypal.com/", "xn--pypal-4ve.com", "xn--pypal-4ve.com"),
        ("http://аррӏе.com/", "xn--80ak6aa92e.com", "xn--80ak6aa92e.com"),
        ("http://paypal.com@evil.example/", "evil.example", "evil.example"),
        ("http://a@b@c.d/", "c.d", "c.d"),
        ("mailto:x", "", ""),
    ],
)
def test_the_real_host_is_told_where_the_look_deceives(uri: str, host: str, doubt: str) -> None:
    assert real_host(uri) == host
    assert warning(uri) == doubt


def test_hosts_go_to_the_name_system_in_punycode() -> None:
    assert ascii_host("Blåbær.NO") == "xn--blbr-roah.no"
    assert shown_host("EXAMPLE.org") == "EXAMPLE.org"


def test_a_uri_becomes_plain_ascii() -> None:
    assert ascii_uri("HTTP://blåbær.no:80/øl?a;b#c d") == "http://xn--blbr-roah.no:80/%C3%B8l?a%3Bb#c%20d"
    assert ascii_uri("http://x/" + "a" * MAX_URI) == ""
    assert ascii_uri("no uri") == ""


anything = st.text(
    st.one_of(st.sampled_from("htp:/w.a(b)[]@;é日\x1b\x07\\ "), st.characters(exclude_categories=()))
)
near_links = st.tuples(st.sampled_from(["http://", "www.", "https://a@", " "]), anything, anything).map(
    "".join
)


@given(near_links)
def test_no_sequence_holds_anything_but_its_own_controls(text: str) -> None:
    for uri in [text, *(link.uri for link in find(harmless(text)))]:
        sequence = osc8(uri)
        assert sequence == "" or re.fullmatch(r"\x1b\]8;id=[0-9a-f]{8};[!-:<-~]+\x1b\\", sequence)


@given(near_links)
def test_links_lie_in_the_text_in_order_and_can_be_opened(text: str) -> None:
    text = harmless(text)
    end = 0
    for link in find(text):
        assert end <= link.start < link.end <= len(text)
        assert link.uri.endswith(text[link.start : link.end])
        assert real_host(link.uri)
        end = link.end


def test_all_pieces_of_a_link_have_one_id_and_other_links_another() -> None:
    assert osc8("http://a.b/") == osc8("http://a.b/")
    assert osc8("http://a.b/").split(";")[1] != osc8("http://a.c/").split(";")[1]
    assert OSC8_END == "\x1b]8;;\x1b\\"


def test_closing_brackets_without_end_are_read_in_one_pass() -> None:
    (link,) = find("http://a.b/" + ")" * 50_000)
    assert link.uri == "http://a.b/"


def test_a_host_that_is_too_long_to_exist_is_no_link() -> None:
    uri = "http://" + "é" * 60_000 + "/"
    assert find(uri) == []
    assert ascii_uri(uri) == warning(uri) == osc8(uri) == ""


def test_the_table_gives_each_uri_a_number_and_forgets_the_oldest() -> None:
    table = LinkTable()
    first = table.number("http://first/")
    assert first > 0
    assert table.number("http://first/") == first
    assert table.uri(first) == "http://first/"
    numbers = {table.number(f"http://{n}/") for n in range(MAX_LINKS)}
    assert len(numbers) == MAX_LINKS
    assert first not in numbers
    assert table.uri(first) == ""
    assert table.number("http://first/") not in numbers
    assert table.uri(0) == ""
