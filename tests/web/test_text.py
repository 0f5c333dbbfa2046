"""The page makes the same of texts, names, links and typed lines as the server and the terminal client."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from evchat.dialects.json.requests import write_request
from evchat.protocol import names
from evchat.protocol import text as protocol_text
from evchat.protocol.basics import Malformed
from evchat.protocol.commands import BY_WORD
from evchat.protocol.lines import parse_line
from tests.web import node
from tests.web.node import needs_node
from tui.text import links
from tui.text.emoji import EMOJI

pytestmark = needs_node

several = settings(max_examples=3, phases=[Phase.explicit, Phase.generate])
"""Each example is a list, which node gets at once. Nothing is shrunk: that would start node a thousand times."""

# Characters that have been in Unicode for long: node and Python know different versions of it.
_CHARS = st.one_of(
    st.characters(max_codepoint=0x2FF),
    st.characters(min_codepoint=0x300, max_codepoint=0x52F, exclude_categories=["Cn"]),
    st.sampled_from("аеорсухіјѕһԁԛԝӏвкмнтгүѵօսհցյզոıɑɡɩǀロニカエハトータヘßſςΣİKÅﬀａ𝐚"),
    st.sampled_from(
        "\u200b\u200c\u200d\u200e\u202a\u202e\u2066\u2069\ufeff\ufe0f\u20e3\u034f\u115f\u3164\U000e0041"
    ),
    st.sampled_from("\u094d\u0915\u0937\u0633\u0646❤👍🏽👩🚀🇩🇪\u2028\u2029\u3000\ue000\x85\x9b"),
    st.sampled_from("가각ᄀ\u1161\u11a8\u0301\u0300\u05b7"),
)
_TEXTS = st.text(_CHARS, max_size=40)
_LISTS = st.lists(_TEXTS, min_size=50, max_size=50)


def _same(function: str, texts: list[str], wanted: list[Any], module: str = "text.mjs") -> None:
    found = node.call(module, function, [[text] for text in texts])
    for text, one, other in zip(texts, found, wanted, strict=True):
        assert one == other, (function, text, ascii(text))


@several
@given(_LISTS)
def test_what_others_wrote_is_made_harmless_alike(texts: list[str]) -> None:
    _same("harmless", texts, [protocol_text.harmless(text) for text in texts])
    _same("legible", texts, [protocol_text.legible(text) for text in texts])
    _same("lines", texts, [protocol_text.lines(text) for text in texts])


@several
@given(_LISTS)
def test_names_have_the_same_keys(texts: list[str]) -> None:
    _same("userKey", texts, [names.user_key(text) for text in texts])
    channels = ["#" + text for text in texts]
    _same("roomKey", channels, [names.channel_key(text) for text in channels])
    _same("isLegalChannel", channels, [names.check_channel_name(text) is None for text in channels])


_LINKS = st.lists(
    st.sampled_from([
        "http://", "HTTPS://", "www.", "example.org", "münchen.example", "a", "/", "(", ")", "[", "]", ".", ",", "!",
        "?x=1&y=2", "#f", " ", "\n", "user@", ":8080", "『", "「", "」", "…", "“", "x", "javascript:", "<", ">",
        "'", "*", "%20",
    ]),
    max_size=12,
).map("".join)  # fmt: skip


@several
@given(st.lists(_LINKS, min_size=50, max_size=50))
def test_links_are_found_alike(texts: list[str]) -> None:
    for text, pieces in zip(texts, node.call("text.mjs", "pieces", [[text] for text in texts]), strict=True):
        assert "".join(piece if isinstance(piece, str) else piece["text"] for piece in pieces) == text
        known = {text[link.start : link.end] for link in links.find(text)}
        for piece in pieces:
            if not isinstance(piece, str):
                assert piece["text"] in known, text
                assert piece["href"].startswith(("http://", "https://"))


@needs_node
def test_a_link_that_hides_where_it_leads_is_found_out() -> None:
    texts = [
        "http://good.example@evil.example/",
        "http://аррӏе.example/",
        "http://example.org/",
        "HTTP://Example.ORG",
    ]
    found = [pieces[0]["host"] for pieces in node.call("text.mjs", "pieces", [[text] for text in texts])]
    assert found == ["evil.example", "xn--80ak6aa92e.example", "", ""]


def test_a_row_of_ten_thousand_brackets_or_beginnings_takes_no_time() -> None:
    for text in ("http://" + ")" * 50_000, "xhttp://" * 20_000, "www." * 20_000, "http://a/" + "(" * 50_000):
        (pieces,) = node.call("text.mjs", "pieces", [[text]])
        assert "".join(piece if isinstance(piece, str) else piece["text"] for piece in pieces) == text


def test_an_invite_link_names_a_channel() -> None:
    fragments = [
        "#join=%23tea",
        "#join=tea",
        "#a=b&join=tea",
        "#join=",
        "#join=a%20b",
        "#join=%",
        "",
        "#tea",
        "#join=%F0%9F%8D%B5",
    ]
    assert node.call("text.mjs", "invited", [[each] for each in fragments]) == [
        "#tea", "#tea", "#tea", "", "", "", "", "", "#🍵",
    ]  # fmt: skip


def test_a_link_with_an_invitation_has_its_code() -> None:
    fragments = [
        "#invite=7KQ2-M4XZ-0H8P-VW3T",
        "#join=tea&invite=abcd",
        "#invite=",
        "#invite=a b",
        "#reinvite=x",
        "",
    ]
    assert node.call("text.mjs", "invitation", [[each] for each in fragments]) == [
        "7KQ2-M4XZ-0H8P-VW3T", "abcd", "", "", "", "",
    ]  # fmt: skip


# ---- commands -----------------------------------------------------------------------------------------------------

_OWN = {
    "query",
    "close",
    "wc",
    "back",
    "find",
    "grep",
    "urls",
    "theme",
    "login",
    "quit",
    "logout",
    "exit",
    "reconnect",
}
"""Words that mean something of the page's own."""
_ELSEWHERE = {
    "help",
    "h",
    "?",
    "pass",
    "authenticate",
    "inbox",
    "disconnect",
    "ch",
    "send",
    "broadcast",
    "me",
    "msg",
    "pm",
    "w",
}
"""Words that clients have their own meanings for."""

_WORDS = sorted(set(BY_WORD) - _OWN - _ELSEWHERE)
_ARGUMENTS = st.lists(
    st.sampled_from(
        [
            "#ops",
            "#tea,#milk",
            "bob",
            "bob, carol",
            "5",
            "7 8",
            "spam spam",
            "+o",
            "x",
            "123456789012345678",
            "-",
        ]
    ),
    max_size=4,
).map(" ".join)


@several
@given(st.lists(st.tuples(st.sampled_from(_WORDS), _ARGUMENTS), min_size=100, max_size=100))
def test_typed_commands_mean_the_same(typed: list[tuple[str, str]]) -> None:
    lines = [f"/{word} {arguments}".strip() for word, arguments in typed]
    for line, found in zip(
        lines, node.call("commands.mjs", "parse", [[line, ""] for line in lines]), strict=True
    ):
        request = parse_line(line)
        if isinstance(request, Malformed):
            assert found.keys() & {"mistake", "secrets"}, line
        else:
            written = write_request(request)
            assert json.loads(json.dumps(written)) == found["request"], line


def test_a_command_applies_to_the_current_room_and_lacks_secrets_alone() -> None:
    lines = [
        "/topic tea",
        "/part",
        "/kick bob",
        "/names",
        "/history",
        "/register",
        "/password old",
        "/nosuch x",
    ]
    found = node.call("commands.mjs", "parse", [[line, "#ops"] for line in lines])
    assert [one.get("request") for one in found] == [
        {"request": "topic", "content": "tea", "to": "#ops"},
        {"request": "part", "content": ["#ops"]},
        {"request": "kick", "content": "bob", "to": "#ops"},
        {"request": "names", "content": "#ops"},
        {"request": "history", "to": "#ops"},
        {"request": "register"},
        {"request": "password", "old": "old"},
        None,
    ]
    assert [[param["key"] for param in one.get("secrets", ())] for one in found[5:]] == [
        ["password"],
        ["password"],
        [],
    ]
    assert "/nosuch" in found[7]["mistake"]


def test_the_page_knows_all_emoji() -> None:
    table = (node.PAGE / "commands.mjs").read_text("utf-8")
    assert all(f"{name} {sign}" in table for name, sign in EMOJI.items())
