"""Capabilities: a list, all of a request or nothing, and what each of them changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.irc import caps
from evchat.dialects.irc.dialect import IrcDialect
from evchat.dialects.irc.transport import MECHANISMS
from evchat.protocol.basics import LocalReply, ReplyLocally
from evchat.settings.model import Config, Limits
from tests.dialects.irc.wire import dialect, lines

masks = st.integers(0, (1 << len(caps.NAMES)) - 1)
requests = st.lists(st.sampled_from([*caps.NAMES, *(f"-{name}" for name in caps.NAMES)]))


def ask(client: IrcDialect, line: str) -> list[str]:
    """What the client is answered by the dialect itself."""
    asked = [
        request for request in client.receive(line.encode() + b"\r\n") if isinstance(request, ReplyLocally)
    ]
    told = b"".join(client.answer(LocalReply(0, request.payload)) for request in asked)
    return [match[0] for match in lines(told)]


def test_the_names_are_sorted_and_each_has_a_bit_of_its_own() -> None:
    assert list(caps.NAMES) == sorted(caps.NAMES)
    assert len(set(caps.BIT.values())) == len(caps.NAMES)
    assert set(caps.values(Limits(), MECHANISMS)) <= set(caps.NAMES)


@given(masks, requests)
def test_a_request_turns_on_and_off_what_it_names(mask: int, words: list[str]) -> None:
    changed = caps.change(mask, " ".join(words))
    assert changed is not None
    last = {word.lstrip("-"): not word.startswith("-") for word in words}
    for name in caps.NAMES:
        assert bool(changed & caps.BIT[name]) is last.get(name, bool(mask & caps.BIT[name]))
    assert caps.held(changed) == tuple(name for name in caps.NAMES if changed & caps.BIT[name])


@given(masks, requests)
def test_one_unknown_name_refuses_all_of_it(mask: int, words: list[str]) -> None:
    assert caps.change(mask, " ".join([*words, "teapot"])) is None


def test_the_list_has_values_for_those_who_understand_them() -> None:
    client = IrcDialect(Config())
    (old,) = ask(client, "CAP LS")
    assert old.startswith(":evchat.local CAP * LS :") and "=" not in old
    assert " ".join(old.partition(" :")[2].split()) == " ".join(caps.NAMES)
    told = ask(client, "CAP LS 302")
    assert all(row.startswith(":evchat.local CAP * LS ") for row in told)
    listed = [word for row in told for word in row.partition(" :")[2].split()]
    assert [word.partition("=")[0] for word in listed] == list(caps.NAMES)
    assert [" * " in row.partition(" LS")[2].partition(":")[0] for row in told] == [
        *[True] * (len(told) - 1),
        False,
    ]


def test_a_request_is_answered_with_its_own_words() -> None:
    client = dialect()
    assert ask(client, "CAP REQ :echo-message  batch ")[0].endswith("CAP alice ACK :echo-message  batch ")
    assert client.client.caps == caps.ECHO_MESSAGE | caps.BATCH
    assert ask(client, "CAP REQ :-batch teapot")[0].endswith("CAP alice NAK :-batch teapot")
    assert client.client.caps == caps.ECHO_MESSAGE | caps.BATCH
    assert ask(client, "CAP LIST") == [":evchat.local CAP alice LIST :batch echo-message"]
    assert ask(client, "CAP teapot")[0].startswith(":evchat.local 410 alice TEAPOT :")


def test_those_that_change_the_news_make_variants() -> None:
    assert dialect(caps.LABELED_RESPONSE).variant == dialect().variant
    assert dialect(caps.SERVER_TIME).variant != dialect().variant
