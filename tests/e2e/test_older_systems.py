"""The clients of four older systems work unchanged: their words, in their segments, beside everybody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.harness import Client, Full, Person, Server
from tests.e2e.older import LISTEN, connect, wholast

TIME = r"\(\d\d:\d\d\) "


@pytest.fixture
def server(start: Callable[..., Server]) -> Server:
    return start("--insecure-no-limits", listen=LISTEN, EVCHAT_PACE="0.01")


def test_room(server: Server, person: Callable[..., Person]) -> None:
    nina = person("nina")
    rob = connect(server, "room")
    rob.hear("Welcome to evchat[.] What is your name[?]")
    rob.says("nina", "The name nina is taken.*What is your name[?]")
    rob.says("rob", "Hello rob, you are in #main with nina[.] /help shows what you can do[.]")
    rob.says("hi all", TIME + "rob: hi all")
    nina.line("#main <rob> hi all")
    rob.says("two\nlines", TIME + "rob: two", TIME + "rob: lines")
    nina.type("and so do I")
    rob.hear(TIME + "nina: and so do I")
    tom = person("tom")
    rob.hear(TIME + "tom joined #main[.]")
    tom.type("/quit")
    rob.hear(TIME + r"tom left the server( \(Quit\))?[.]")
    rob.says("---quit---", "Goodbye[.]")
    nina.line("rob left the server")
    rob.check_segments()
    assert rob.is_open()


def test_what_the_closing_window_of_room_sends_is_a_goodbye(
    server: Server, person: Callable[..., Person]
) -> None:
    nina = person("nina")
    rob = connect(server, "room")
    rob.hear("Welcome")
    rob.send("rob")
    nina.line("rob joined")
    rob.send("---quit---")
    rob.close()
    nina.line("rob left the server")


def test_chatapp(server: Server, person: Callable[..., Person]) -> None:
    nina = person("nina")
    carl = connect(server, "chatapp")
    carl.hear("NAME")
    carl.says("nina", "INVALID_NAME")
    carl.says("two words", "INVALID_NAME")
    carl.says("carl", "Hello carl, you are in #main with nina[.] /help shows what you can do[.]")
    carl.says("hi all", r"\[main\] carl: hi all")
    nina.line("#main <carl> hi all")
    carl.says("-help", "Commands: .*/help with one of them explains it[.]")
    carl.says("-help pm", "/msg name text   Sends a direct message to a user, or a message to a channel[.]")
    carl.says("-pm nina psst", "-> nina: psst")
    nina.line("(private) <carl> psst")
    nina.type("/pm carl what?")
    carl.hear(r"\[private\] nina: what[?]")
    carl.says("-list", "carl,.*nina,.*#main")
    carl.says("-list main", "#main: carl, nina")
    carl.says("-ch dev", "You are in #dev, alone[.] What you type now goes there[.]")
    carl.says("in here", r"\[dev\] carl: in here")
    nina.type("/join #dev")
    carl.hear(r"\[dev\] nina joined!")
    nina.type("/part #dev")
    carl.hear(r"\[dev\] nina left!")
    carl.says("-ch", "#main, members: 2; #dev, members: 1")
    carl.says("-ch main", "You are in #main with nina[.] What you type now goes there[.]")
    carl.says("-broadcast lunch", "Your broadcast reached 1 user[.]", r"\[broadcast\] carl: lunch")
    nina.line("(broadcast) <carl> lunch")
    tom = person("tom")
    carl.hear("tom joined!")
    tom.type("/quit")
    carl.hear("tom left!")
    nina.type("DISCONNECT")
    carl.hear(r"\[main\] nina: DISCONNECT")
    carl.says("-disconnect", "DISCONNECT")
    nina.line("carl left the server")
    carl.check_segments()
    assert carl.is_open()


def test_chatapp_is_disconnected_by_a_word_when_the_server_stops_or_is_full(
    start: Callable[..., Server],
) -> None:
    server = start("--max-clients", "1", listen=LISTEN)
    carl = connect(server, "chatapp")
    carl.hear("NAME")
    carl.says("carl", "Hello carl, you are alone in #main[.] /help shows what you can do[.]")
    assert connect(server, "chatapp").read_to_end() == b"DISCONNECT"
    server.stop(close=False)
    carl.hear("The server is going down[.]", "DISCONNECT")


def test_chatapp_is_disconnected_by_a_word_behind_a_limit(start: Callable[..., Server]) -> None:
    server = start(listen=LISTEN, EVCHAT_LOGIN_DEADLINE="0.1")
    carl = connect(server, "chatapp")
    carl.hear("NAME", "No login within 0 seconds[.]", "DISCONNECT")
    carl.check_segments()
    assert carl.is_open()


def test_letschat(server: Server, person: Callable[..., Person]) -> None:
    nina = person("nina")
    lea = connect(server, "letschat")
    lea.hear("Welcome to evchat[.] What is your name[?]")
    lea.says("lea", "Hello lea, you are in #main with nina[.] /help shows what you can do[.]")
    lea.send("hi all")
    nina.line("#main <lea> hi all")
    nina.type("hello lea")
    lea.hear("nina: hello lea")  # and not what she has said herself
    lea.says("/msg nina psst", "-> nina: psst")
    nina.type("/msg lea yes?")
    lea.hear(r"\[private\] nina: yes[?]")
    lea.check_segments()


def test_wholast(server: Server, person: Callable[..., Person]) -> None:
    nina = person("nina")
    will = connect(server, "wholast")
    will.hear("1800.0")
    will.says("nina", "The name nina is taken")
    will.read_until(lambda data: data.endswith(b"."))
    will.buffer = b""
    will.says("will", "successful")
    will.says("any password", "successful")
    chat = connect(server, "wholast", second=True)
    chat.says(
        "hi",
        "Hello will, you are in #main with nina[.] /help shows what you can do[.]",
        "Your name is not registered, so anybody can take it[.] To keep it: register PASSWORD",
    )
    will.says("whoelse", r"nina, online, since \d\d:\d\d, in #main")
    will.says(
        "wholast 5", r"nina, online, since .* will, online, since .*, in #main, connects from 127[.]0[.]0[.]1"
    )
    will.says("send nina psst", "Sent to nina[.]")
    nina.line("(private) <will> psst")
    will.says("send nobody psst", "Nobody named nobody has been here yet[.]|[A-Z][^.]*nobody[^.]*[.]")
    will.says("broadcast message hello", "Your broadcast reached 1 user[.]")
    nina.line("(broadcast) <will> hello")
    tom = person("tom")
    chat.hear("tom joined #main[.]")
    will.says("broadcast user nina tom message you two", "Your broadcast reached 2 users[.]")
    nina.line("(broadcast) <will> you two")
    tom.line("(broadcast) <will> you two")
    will.says("inbox", "Your inbox is empty[.] /directs lists your conversations, /history NAME shows one[.]")
    will.says("msg #main hi", "Sent to #main[.]")
    nina.line("#main <will> hi")
    nina.type("hi will")
    chat.hear("nina: hi will")
    nina.type("/msg will psst")
    chat.hear(r"\[private\] nina: psst")
    will.says(
        "dance", "There is no command dance: help lists the commands; to talk in #main, use: msg #main TEXT"
    )
    will.says("logout", "Goodbye[.]")
    nina.line("will left the server")
    assert will.is_open() and chat.is_open()
    chat.check_segments()


def test_a_registered_name_of_wholast_needs_its_password_for_which_there_are_tries(
    server: Server, person: Callable[..., Person]
) -> None:
    owner = person("will")
    owner.type("/register secret99")
    owner.line("registered")
    owner.type("/quit")
    owner.read_to_end()
    will = connect(server, "wholast")
    will.hear("1800.0")
    will.says("will", "successful")
    will.says("secret", "invalid password")
    will.says("sesame", "invalid password")
    will.says("secret99", "successful")
    chat = connect(server, "wholast", second=True)
    chat.says("hi", "Hello will, you are alone in #main")
    will.says("whoelse", "Nobody else is online[.]")


def test_what_came_while_will_was_away_is_in_the_inbox_of_wholast(
    server: Server, person: Callable[..., Person]
) -> None:
    nina = person("nina")
    will, chat = wholast(server, "will")
    will.says("logout", "Goodbye[.]")
    will.close()
    nina.line("will left the server")
    nina.type("/msg will one")
    nina.type("/msg will two")
    nina.line("will is offline")
    nina.line("will is offline")
    will, chat = wholast(server, "will")
    chat.hear("You missed 2 messages[.] /inbox shows them[.]", "Your name is not registered.* PASSWORD")
    will.says("inbox", "2 messages[.]")
    chat.hear(r"\[private\] nina: one", r"\[private\] nina: two")


def test_second_connections_find_their_clients_one_after_the_other(
    server: Server, person: Callable[..., Person]
) -> None:
    nina = person("nina")
    first, second = connect(server, "wholast"), connect(server, "wholast")
    for client, name in ((first, "ann"), (second, "ben")):
        client.hear("1800.0")
        client.says(name, "successful")
    first.says("x", "successful")
    second.send("x")
    nina.sync()
    assert second.is_open() and second.buffer == b""  # its answer waits: two would be expected otherwise
    second.sock.settimeout(20)
    chat = connect(server, "wholast", second=True)
    chat.says("hi", "Hello ann")
    second.hear("successful")
    other = connect(server, "wholast", second=True)
    other.says("hi", "Hello ben")


def test_one_who_opens_no_second_connection_holds_the_others_up_for_a_while_only(
    start: Callable[..., Server],
) -> None:
    server = start("--insecure-no-limits", listen=LISTEN, EVCHAT_PAIR_DEADLINE="0.3")
    lost, gone, third = (connect(server, "wholast") for _ in range(3))
    for number, client in enumerate((lost, gone, third)):
        client.hear("1800.0")
        client.says(f"user{number}", "successful")
        client.send("x")
    lost.hear("successful")
    gone.close()
    third.hear("successful")
    connect(server, "wholast", second=True).says("hi", "Hello user2")


def test_a_second_connection_that_nobody_expects_is_closed(server: Server) -> None:
    chat = connect(server, "wholast", second=True)
    chat.send("hi")
    assert chat.read_to_end() == b""
    will = connect(server, "wholast")
    will.hear("1800.0")
    will.says("will", "successful")
    will.says("x", "successful")
    liar = connect(server, "wholast", second=True)
    liar.send("GET / HTTP/1.1\r\n\r\n")
    assert liar.read_to_end() == b""
    connect(server, "wholast", second=True).says("hi", "Hello will")


def test_the_second_port_can_only_be_on_this_machine(start: Callable[..., Server]) -> None:
    with pytest.raises(AssertionError, match="wholast can only listen on this machine"):
        start(listen=("wholast://0.0.0.0:0?chat=0",))


def test_all_of_them_talk_with_each_other_and_with_everybody_else(
    server: Server, person: Callable[..., Person], full: Callable[..., Full], clients: list[Client]
) -> None:
    nina = person("nina")
    irc = Client(server.connect())
    clients.append(irc)
    irc.send("NICK ivy\r\nUSER ivy 0 * :Ivy\r\nJOIN #main\r\n")
    irc.read_until(lambda data: b" 366 " in data)
    jim = full("jim")
    rob, carl, lea = (connect(server, scheme) for scheme in ("room", "chatapp", "letschat"))
    for client, name in ((rob, "rob"), (carl, "carl"), (lea, "lea")):
        client.read_until(lambda data: data.endswith((b"?", b"NAME")))
        client.buffer = b""
        client.send(name)
        client.read_until(lambda data: b"can do." in data)
        client.buffer = b""
    will, chat = wholast(server, "will")
    speakers = {
        "nina": nina.type,
        "ivy": lambda text: irc.send(f"PRIVMSG #main :{text}\r\n"),
        "jim": lambda text: jim.put({"request": "msg", "content": text}),
        "rob": rob.send,
        "carl": carl.send,
        "lea": lea.send,
        "will": lambda text: will.send(f"msg #main {text}"),
    }
    hearers = {"nina": nina, "ivy": irc, "jim": jim, "rob": rob, "carl": carl, "lea": lea, "will": chat}
    for speaker, say in speakers.items():
        text = f"said by {speaker} <é👍>"
        say(text)
        for name, hearer in hearers.items():
            if name != speaker:
                hearer.read_until(lambda data, text=text: text.encode() in data)
    private = {
        "nina": lambda to: nina.type(f"/msg {to} for you from nina"),
        "ivy": lambda to: irc.send(f"PRIVMSG {to} :for you from ivy\r\n"),
        "jim": lambda to: jim.put({"request": "msg", "content": "for you from jim", "to": to}),
        "rob": lambda to: rob.send(f"/msg {to} for you from rob"),
        "carl": lambda to: carl.send(f"-pm {to} for you from carl"),
        "lea": lambda to: lea.send(f"/msg {to} for you from lea"),
        "will": lambda to: will.send(f"send {to} for you from will"),
    }
    names = list(private)
    for number, (name, say) in enumerate(private.items()):
        to = names[(number + 1) % len(names)]
        say(to)
        hearers[to].read_until(lambda data, name=name: f"for you from {name}".encode() in data)


def test_a_megabyte_and_half_a_name_hurt_nobody(start: Callable[..., Server]) -> None:
    server = start(listen=LISTEN, EVCHAT_LINGER="0.1")
    nina = Client(server.connect())
    nina.send("nina\n")
    for scheme in ("room", "chatapp", "letschat", "wholast"):
        half = connect(server, scheme)
        half.send("é".encode()[:1])
        flood = connect(server, scheme)
        try:
            flood.send(b"x" * (1 << 20))
            flood.read_to_end()
        except OSError:
            pass  # the server had heard enough
        half.send("é".encode()[1:])
    nina.send("/ping done\n")
    nina.read_until(lambda data: b"done" in data)
    assert b"xxxx" not in nina.buffer
