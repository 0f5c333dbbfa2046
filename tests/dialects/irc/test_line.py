"""Lines are taken apart and put together without losing anything, and are never too long."""

from __future__ import annotations

import re

import irctokens
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.irc.line import (
    MAX_LINE,
    Line,
    cut,
    escape,
    fit,
    packed,
    parse,
    parse_tags,
    safe,
    split_lines,
    tagged,
    whole,
    write_tags,
    written,
)
from tests.dialects.anything import legal_texts, texts

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

long_texts = st.lists(
    st.one_of(legal_texts, st.sampled_from(["word " * 90, "x" * 700, "日本語" * 200, "é" * 300]))
).map("".join)
names = st.from_regex(r"\+?[a-z]{1,8}(/[a-z]{1,8})?", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("NICK alice", Line("NICK", ("alice",))),
        ("nick :alice", Line("NICK", ("alice",))),
        ("CAP LS :302 ", Line("CAP", ("LS", "302 "))),
        ("MODE #c  +b ", Line("MODE", ("#c", "+b"))),
        (":alice!a@b PRIVMSG bob :hi  there :)", Line("PRIVMSG", ("bob", "hi  there :)"))),
        ("PRIVMSG bob :", Line("PRIVMSG", ("bob", ""))),
        ("  PING x", Line("PING", ("x",))),
        ("@a=b;+c;d= TAGMSG bob", Line("TAGMSG", ("bob",), (("a", "b"), ("+c", ""), ("d", "")))),
        ("@a=1;a=2 PING x", Line("PING", ("x",), (("a", "2"),))),
        ("@a=b", None),
        (":alice", None),
        ("", None),
        ("   ", None),
    ],
)
def test_a_line_is_its_command_and_its_parameters(text: str, line: Line | None) -> None:
    assert parse(text) == line


@given(texts)
def test_any_line_is_one_or_none(text: str) -> None:
    line = parse(text)
    assert line is None or (line.command and line.command == line.command.upper())


@given(st.dictionaries(names, legal_texts.filter(str.isprintable) | st.just("\r\n; \\"), max_size=5))
def test_tags_that_are_written_are_read_again(tags: dict[str, str]) -> None:
    text = write_tags(tuple(tags.items()))
    assert not set(text) & set(" \r\n\0")
    assert dict(parse_tags(text)) == tags


@given(texts, texts)
def test_a_tag_holds_no_control_character_and_has_a_name_of_letters(name: str, text: str) -> None:
    told = write_tags(((name, text), ("+draft/react", text)))
    assert not CONTROLS.search(told)
    for tag in told.split(";"):
        assert re.fullmatch(r"\+?([A-Za-z0-9.-]+/)?[A-Za-z0-9-]+", tag.partition("=")[0])


@pytest.mark.parametrize("name", ["", "+", "a b", "+\x1b[2J", "+\u202eabc", "a/b/c", "/a", "é", "+a_b"])
def test_what_can_t_be_a_tag_s_name_is_not_told(name: str) -> None:
    assert write_tags(((name, "1"), ("+example.org/a-1", ""))) == "+example.org/a-1"


def test_a_lone_backslash_means_nothing() -> None:
    assert parse_tags("a=b\\;c=\\d\\") == (("a", "b"), ("c", "d"))
    assert escape("a; b\\\r\n") == "a\\:\\sb\\\\\\r\\n"


def test_one_more_tag_stands_before_the_others() -> None:
    assert tagged(":x PING", "a=b") == "@a=b :x PING"
    assert tagged("@c :x PING", "a=b") == "@a=b;c :x PING"


@given(
    long_texts,
    st.sampled_from([":a!b@c PRIVMSG #d :", ":" + "x" * 200 + " PRIVMSG #d :"]),
    st.sampled_from(["", "\x01"]),
)
def test_the_pieces_of_a_text_are_the_whole_of_it(text: str, head: str, tail: str) -> None:
    pieces = fit(head, text, tail)
    assert all(len(piece.encode()) <= MAX_LINE for piece in pieces)
    assert all(piece.startswith(head) and piece.endswith(tail) for piece in pieces)
    assert "".join(piece[len(head) : len(piece) - len(tail)] for piece in pieces) == text


def test_a_text_is_cut_between_words_where_that_costs_little() -> None:
    pieces = fit("", "word " * 300)
    assert all(piece.endswith("word ") for piece in pieces)
    assert len(fit("", "x" * (2 * MAX_LINE))) == 2


@given(st.text(max_size=400), st.integers(0, 1200))
def test_what_is_cut_ends_with_a_whole_character(text: str, most: int) -> None:
    data = text.encode()
    short = whole(data, most)
    assert data.startswith(short) and len(short) <= most
    short.decode()
    assert len(data) <= most or len(short) > most - 4


@given(long_texts)
def test_a_line_that_is_cut_is_the_beginning_of_it(text: str) -> None:
    assert text.startswith(cut(text)) and len(cut(text).encode()) <= MAX_LINE


@given(st.lists(st.text("abcé", min_size=1, max_size=100), max_size=60), st.sampled_from([" ", ","]))
def test_all_words_are_in_the_lines(words: list[str], between: str) -> None:
    head = ":evchat.local 353 alice = #main :"
    lines = packed(head, words, between)
    assert lines and all(line.startswith(head) and len(line.encode()) <= MAX_LINE for line in lines)
    assert [word for line in lines for word in line[len(head) :].split(between) if word] == words


@given(texts)
def test_nobody_can_make_a_query_of_a_line_of_a_message(text: str) -> None:
    for line in [*split_lines(text), safe(text)]:
        assert not set(line) & set("\0\r\n\x01")


@given(
    st.lists(
        st.one_of(texts, long_texts, long_texts.map(lambda text: f"@{escape(text) or 'a'} :x")), max_size=4
    )
)
def test_whatever_is_written_is_as_many_lines_none_too_long(lines: list[str]) -> None:
    data = written(lines)
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r") == len(lines) and b"\0" not in data
    for row in data.split(b"\r\n"):
        body = row.partition(b" ")[2] if row.startswith(b"@") else row
        assert len(body) <= MAX_LINE and len(row) - len(body) <= 8191
        row.decode()


# ---- against a parser of another hand (irctokens) --------------------------------------------------------------

middles = st.from_regex(r"[^\0\r\n :][^\0\r\n ]*", fullmatch=True).filter(lambda word: word.isprintable())
trailing = legal_texts.map(lambda text: re.sub("[\0\r\n]", "", text))
commands = st.from_regex(r"[A-Za-z]{1,12}", fullmatch=True)


@st.composite
def foreign_lines(draw: st.DrawFn) -> irctokens.Line:
    """Any line that is legal for a client, with what irctokens takes it for."""
    params = draw(st.lists(middles, max_size=5)) + draw(st.lists(trailing, max_size=1))
    tags = draw(st.none() | st.dictionaries(names, legal_texts.map(lambda text: text.replace("\0", ""))))
    return irctokens.build(draw(commands), params, draw(st.none() | middles), tags)


@given(foreign_lines())
def test_a_line_that_irctokens_writes_is_read_as_it_was_meant(line: irctokens.Line) -> None:
    read = parse(line.format())
    assert read is not None
    assert (read.command, list(read.params)) == (line.command.upper(), line.params)
    assert dict(read.tags) == (line.tags or {})


@given(foreign_lines())
def test_irctokens_reads_a_line_as_we_do(line: irctokens.Line) -> None:
    theirs, ours = irctokens.tokenise(line.format()), parse(line.format())
    assert ours is not None
    assert (theirs.command, theirs.params, theirs.tags or {}) == (
        ours.command,
        list(ours.params),
        dict(ours.tags),
    )


@given(st.dictionaries(names, st.text(st.characters(exclude_categories=["C"]))))
def test_irctokens_reads_the_tags_that_we_write(tags: dict[str, str]) -> None:
    before = f"@{write_tags(tuple(tags.items()))} " if tags else ""
    assert (irctokens.tokenise(f"{before}TAGMSG bob").tags or {}) == tags
