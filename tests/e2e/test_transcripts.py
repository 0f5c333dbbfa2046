"""The transcripts of docs/protocol/, word for word."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.harness import Client, Full, Person, Plain, Server

PAGES = Path(__file__).resolve().parents[2] / "docs/protocol"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (PAGES / page).read_text("utf-8"), re.DOTALL)


def test_the_text_transcript_is_what_a_person_sees(start: Callable[..., Server]) -> None:
    (transcript,) = blocks("text.md", "text")
    server = start("--memory", listen=("text://127.0.0.1:0",))
    bob, carol, alice = (Person(server.connect()) for _ in range(3))
    for someone, name in ((bob, "bob"), (carol, "carol")):
        someone.login(name)
    for line in transcript.splitlines():
        spoken = re.sub(r"^\d\d:\d\d ", "HH:MM ", line)
        if spoken == line and not line.startswith("Welcome"):
            alice.type(line)
            continue
        if spoken.startswith("HH:MM (private) <bob> "):
            bob.type("/msg alice " + spoken.removeprefix("HH:MM (private) <bob> "))
        assert alice.line(lambda _: True) == spoken


def test_the_greeting_comes_with_the_first_line_on_a_detecting_port(person: Callable[..., Person]) -> None:
    alice = person()
    alice.type("alice")
    assert alice.line(lambda _: True) == "Welcome to evchat."
    assert (
        alice.line(lambda _: True)
        == "HH:MM * Hello alice, you are alone in #main. /help shows what you can do."
    )


def test_an_empty_first_line_just_asks(person: Callable[..., Person]) -> None:
    alice = person()
    alice.type("")
    assert alice.line(lambda _: True) == "Welcome to evchat. What is your name?"
    alice.type("alice")
    assert "Hello alice" in alice.line(lambda _: True)


def test_a_text_port_greets_at_once(start: Callable[..., Server]) -> None:
    server = start("--memory", listen=("text://127.0.0.1:0",))
    client = Client(server.connect())
    client.read_until(lambda data: data == b"Welcome to evchat. What is your name?\n")
    client.close()


def test_the_json_transcript_is_what_a_plain_client_hears(plain: Callable[..., Plain]) -> None:
    transcript = blocks("json.md", "json")[0]
    client = plain()
    for line in transcript.splitlines():
        direction, _, text = line.partition(" ")
        if direction == "→":
            client.send(text)
            continue
        raw = client.sock.recv(4096).decode()
        stamp = r'"timestamp": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"'
        assert re.search(stamp, raw)
        assert re.sub(stamp, "T", raw) == re.sub(stamp, "T", text) + "\n"


def contains(whole: Any, part: Any) -> bool:
    """Whether a value has everything that an example shows of it."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and contains(whole[key], value) for key, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and len(whole) == len(part) and all(map(contains, whole, part))
    return bool(whole == part)


def test_the_walk_through_is_what_a_full_client_hears(start: Callable[..., Server]) -> None:
    server = start("--memory")
    client = Client(server.connect())
    for line in "".join(blocks("tutorial.md", "json")).splitlines():
        direction, _, text = line.partition(" ")
        if direction == "→":
            client.send(text + "\n")
            continue
        client.read_until(lambda data: b"\n" in data)
        raw, client.buffer = client.buffer.split(b"\n", 1)
        assert contains(json.loads(raw), json.loads(text)), f"{raw!r} is not {text}"
    client.close()


def test_every_json_example_of_the_reference_is_json() -> None:
    for block in [block for page in PAGES.iterdir() for block in blocks(page.name, "json")]:
        for line in block.splitlines():
            json.loads(line.lstrip("→← "))


def test_one_conversation_is_seen_rightly_in_every_dialect(
    person: Callable[..., Person], full: Callable[..., Full], plain: Callable[..., Plain]
) -> None:
    alice, bob = person("alice"), person("bob")
    carol, dave = plain("carol"), full("dave")
    alice.type("hello")
    carol.until(lambda event: event["content"] == "hello")
    carol.put("msg", "from {json}")
    assert dave.event("message", content="from {json}")["sender"] == "carol"
    dave.request("msg", "from dave\nin two lines", to="#main")
    assert bob.line("hello") == "HH:MM #main <alice> hello"
    for someone in (alice, bob):
        assert someone.line("json") == "HH:MM #main <carol> from {json}"
        assert someone.line("dave>") == "HH:MM #main <dave> from dave"
        assert someone.line("dave>") == "HH:MM #main <dave> in two lines"
    told = [carol.until(lambda event: event["sender"] == "dave")["content"] for _ in range(2)]
    assert told == ["from dave", "in two lines"]
    assert [event["seq"] for event in dave.request("history", to="#main")["content"]] == [1, 2, 3]
