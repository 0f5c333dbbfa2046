"""The linear mode between pipes: what goes in is said once, what is read comes out, and the exit code tells."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.harness import DEADLINE, Full, Server
from tests.tui.clients import Clients
from tests.waiting import until_files

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends programs by signals")

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(clients: Clients) -> Iterator[Start]:
    """Starts the client in the linear mode, between pipes."""
    running: list[subprocess.Popen[str]] = []

    def one(server: Server | str, user: str, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        running.append(
            subprocess.Popen(
                clients.argv(server, user, *arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=clients.environ(user, **environ),
            )
        )
        return running[-1]

    yield one
    for client in running:
        client.kill()
        client.wait()
        for pipe in (client.stdin, client.stdout, client.stderr):
            if pipe is not None and not pipe.closed:
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass  # what was still to be written, to one that is gone


def run(client: subprocess.Popen[str], text: str) -> tuple[int, str, str]:
    """Gives the client all that it gets; its exit code, and what it printed."""
    out, errors = client.communicate(text, timeout=DEADLINE)
    return client.returncode, out, errors


def write(client: subprocess.Popen[str], text: str) -> None:
    assert client.stdin is not None
    client.stdin.write(text)
    client.stdin.flush()


def line(client: subprocess.Popen[str], wanted: str = "") -> str:
    """The next line that the client prints and that holds what is wanted."""
    assert client.stdout is not None
    while wanted not in (found := client.stdout.readline()):
        assert found, "it has ended"
    return found


def said(server: Server, name: str = "witness", to: str = "#main") -> list[str]:
    """All that was said in a channel."""
    witness = Full(server.connect(), name)
    if to != "#main":
        witness.request("join", to)
    found, after = [], 0
    while True:
        answer = witness.request("history", to=to, after=after, limit=1000)
        found += [message["content"] for message in answer["content"]]
        if not answer["more"]:
            witness.request("quit")
            return found
        after = answer["content"][-1]["seq"]


def test_a_line_is_sent_and_that_is_the_end(server: Server, start: Start) -> None:
    assert run(start(server, "bot", "--plain"), "hi\n") == (0, "", "")
    assert said(server) == ["hi"]


def test_a_script_is_told_how_to_give_what_is_missing(server: Server, start: Start, friend: Full) -> None:
    code, out, errors = run(start(server, "bob", "--plain"), "hi\n")
    assert (code, out) == (1, "") and "is taken" in errors and "--user" in errors
    friend.request("register", password="s3kret")
    code, out, errors = run(start(server, "bob", "--plain"), "s3kret\n")
    assert (code, out) == (1, "") and "EVCHAT_TUI_PASSWORD" in errors and "password_command" in errors
    assert run(start(server, "bob", "--plain", EVCHAT_TUI_PASSWORD="s3kret"), "hi\n") == (0, "", "")
    assert said(server) == ["hi"]


def test_a_server_with_a_password_lets_a_script_in_that_has_it(start: Start) -> None:
    guarded = Server("--memory", "--insecure-no-limits", EVCHAT_PASSWORD="apple")
    try:
        code, out, errors = run(start(guarded, "bot", "--plain"), "/pass apple\nhi\n")
        assert (code, out) == (1, "") and "EVCHAT_TUI_SERVER_PASSWORD" in errors
        code, out, errors = run(start(guarded, "bot", EVCHAT_TUI_SERVER_PASSWORD="apple"), "hi\n")
        assert (code, out, errors) == (0, "", "")
    finally:
        guarded.stop()


def test_a_pipe_is_enough_to_mean_the_linear_mode(server: Server, start: Start) -> None:
    assert run(start(server, "bot"), "hi\n") == (0, "", "")
    assert said(server) == ["hi"]


def test_nothing_at_all_is_sent_as_well(server: Server, start: Start) -> None:
    assert run(start(server, "bot"), "") == (0, "", "")


def test_many_lines_arrive_in_their_order_and_the_last_needs_no_line_break(
    server: Server, start: Start
) -> None:
    lines = [f"line {number} grüße 😀" for number in range(900)]
    assert run(start(server, "bot"), "\n".join(lines)) == (0, "", "")
    assert said(server) == lines


def test_a_byte_order_mark_in_front_of_a_line_is_no_part_of_it(
    server: Server, start: Start, friend: Full
) -> None:
    friend.request("join", "#ops")
    assert run(start(server, "bot", "--channel", "ops"), "\ufeff/me waves\r\n\ufeffhi") == (0, "", "")
    assert said(server, to="#ops") == ["waves", "hi"]


def test_lines_go_to_the_channel_that_is_named(server: Server, start: Start, friend: Full) -> None:
    friend.request("join", "#ops")
    assert run(start(server, "bot", "--channel", "ops"), "hi\r\n\n/me waves\n") == (0, "", "")
    assert said(server, to="#ops") == ["hi", "waves"]
    assert run(start(server, "bot", "--channel", "#ops"), "/history\n/msg nobody x\n")[0] == 1


def test_the_answers_to_commands_are_printed(server: Server, start: Start, friend: Full) -> None:
    code, out, errors = run(start(server, "bot"), "/who\n")
    assert (code, errors) == (0, "")
    title, *rows = [row.partition("* ")[2] for row in out.splitlines()]
    assert title == "2 users online:"
    assert [row.partition(",")[0] for row in rows] == ["bob", "bot"]
    assert all(", in #main" in row for row in rows)


def test_what_is_refused_is_told_and_not_kept(server: Server, start: Start) -> None:
    code, out, errors = run(start(server, "bot"), "/msg nobody psst\n/dance\nhi\n")
    assert (code, out) == (1, "")
    assert "psst" in errors and "nobody" in errors and "/dance" in errors
    assert said(server) == ["hi"]
    assert run(start(server, "bot"), "") == (0, "", ""), "nothing is left to complain about"


def test_where_no_server_runs_nothing_is_read(start: Start) -> None:
    code, out, errors = run(start("127.0.0.1:1", "bot"), "hi\n")
    assert (code, out) == (1, "")
    assert errors == "evchat-tui: No server is running at 127.0.0.1:1.\n"


def test_a_name_that_is_taken_is_told(server: Server, start: Start, friend: Full) -> None:
    code, _, errors = run(start(server, "bob"), "hi\n")
    assert code == 1
    assert "The name bob is taken" in errors


def test_a_password_comes_from_the_environment(server: Server, start: Start, friend: Full) -> None:
    friend.request("register", password="secret")
    assert run(start(server, "bob", EVCHAT_TUI_PASSWORD="secret"), "hi\n") == (0, "", "")
    code, _, errors = run(start(server, "bob", EVCHAT_TUI_PASSWORD="guess"), "hi\n")
    assert code == 1
    assert "password" in errors


def test_a_terminal_or_pipe_without_our_letters_gets_others(server: Server, start: Start) -> None:
    run(start(server, "bot"), "grüße\n")
    reader = start(server, "reader", "--tail", "#main", PYTHONIOENCODING="ascii")
    assert "gr??e" in line(reader) or "gr?" in line(reader)


# ---- where a line goes ----------------------------------------------------------------------------------------


def test_a_line_behind_a_join_goes_to_the_channel_joined(server: Server, start: Start, friend: Full) -> None:
    friend.request("join", "#ops")
    text = "here\n/join #ops\nthere\n/part #ops\nback\n/join #ops\n/join #main\nagain"
    assert run(start(server, "bot"), text)[::2] == (0, "")
    assert said(server) == ["here", "back", "again"]
    assert said(server, to="#ops") == ["there"]


def test_what_was_meant_for_a_channel_that_one_may_not_join_is_said_nowhere(
    server: Server, start: Start, friend: Full
) -> None:
    friend.request("join", "#ops")
    friend.request("join", "#locked")
    friend.request("mode", "+k sesame", to="#locked")
    code, _, errors = run(start(server, "bot"), "/join #locked\nsecret\n/join #ops\nhi\n/msg #main open\n")
    assert code == 1
    assert "key" in errors and "Not sent: secret: You are not in #locked." in errors
    assert (said(server), said(server, to="#ops")) == (["open"], ["hi"])


def test_a_line_behind_another_name_is_said_under_it(server: Server, start: Start, friend: Full) -> None:
    assert run(start(server, "bot"), "one\n/nick robot\ntwo\n/login machine\nthree\n")[0] == 0
    told = [(friend.event("message")["sender"], word) for word in ("one", "two", "three")]
    assert told == [("bot", "one"), ("robot", "two"), ("machine", "three")]


def test_a_login_that_is_refused_ends_it_and_nothing_is_said_as_anybody(
    server: Server, start: Start, friend: Full
) -> None:
    code, _, errors = run(start(server, "bot"), "one\n/login bob\ntwo\n")
    assert code == 1
    assert "The name bob is taken" in errors
    assert said(server) == ["one"]


def test_quit_ends_it_after_what_stands_before_it(server: Server, start: Start) -> None:
    client = start(server, "bot")
    write(client, "".join(f"{number}\n" for number in range(40)) + "/quit\nnever\n")
    assert client.wait(DEADLINE) == 0, "the pipe is still open"
    assert said(server) == [str(number) for number in range(40)]


def test_lines_are_said_as_they_are(server: Server, start: Start) -> None:
    lines = [
        "--- a/file", "+++ b/file", "-who", "--who", "---", "-----BEGIN PGP MESSAGE-----", "---quit---", "- item",
        "  indented", "\ttab", "tab\tinside", "blanks behind  ", " /who", "\\", "*", "#main",
    ]  # fmt: skip
    assert run(start(server, "bot"), "\n\n".join(lines) + "\n//slash\n   \n")[0] == 0
    assert said(server) == [*lines, "/slash"]


def test_a_line_that_is_too_long_is_told_and_the_others_are_said(server: Server, start: Start) -> None:
    code, _, errors = run(start(server, "bot"), f"one\n{'x' * 100_000}\ntwo\n{'y' * 3_000_000}\nthree")
    assert code == 1
    assert "too long for the server" in errors and "more than 1 MiB" in errors
    assert len(errors) < 1_000
    assert said(server) == ["one", "two", "three"]


def test_lines_are_said_although_nobody_reads_the_answers(server: Server, start: Start) -> None:
    client = start(server, "bot")
    assert client.stdout is not None
    client.stdout.close()
    write(client, "one\n/who\n/help\ntwo\n")
    assert client.stdin is not None
    client.stdin.close()
    assert client.wait(DEADLINE) == 0
    assert said(server) == ["one", "two"]


def test_thousands_of_lines_take_the_time_that_the_server_gives_them(start: Start, tmp_path: Path) -> None:
    config = tmp_path / "evchat.toml"
    config.write_text(
        "[limits]\nstored_by_site_burst = 0\n"
        + "".join(f"{whose}_rate = 1000.0\n{whose}_burst = 40\n" for whose in ("command", "site"))
    )
    server = Server("--data", str(tmp_path / "data"), "--config", str(config))
    lines = [f"line {number}" for number in range(1_200)]
    assert run(start(server, "bot"), "\n".join(lines)) == (0, "", "")
    assert said(server) == lines
    server.stop()


# ---- nothing is lost ------------------------------------------------------------------------------------------


def outbox(clients: Clients, user: str) -> bytes:
    """What is on the disk of what the user has to say."""
    return b"".join(path.read_bytes() for path in (clients.home / user).rglob("*.outbox"))


def until_outbox(clients: Clients, user: str, fits: Callable[[bytes], bool]) -> None:
    """Waits until what is on the disk is as it should be."""
    until_files(lambda: fits(outbox(clients, user)), clients.home / user, f"an outbox of {user} that fits")


def test_what_a_killed_client_has_read_is_sent_by_the_next_one_once(
    start: Start, clients: Clients, tmp_path: Path
) -> None:
    settings = tmp_path / "evchat.toml"
    settings.write_text("[limits]\nabsent_for = 1\n", "utf-8")  # the next one waits so long for its name
    server = Server("--memory", "--insecure-no-limits", "--config", str(settings))
    friend = Full(server.connect(), "friend")
    client = start(server, "bot")
    write(client, "line 0\n")
    friend.event("message", content="line 0")
    server.process.send_signal(signal.SIGSTOP)
    write(client, "".join(f"line {number}\n" for number in range(1, 50)))
    until_outbox(clients, "bot", lambda kept: b"line 49" in kept)
    client.kill()
    client.wait()
    server.process.send_signal(signal.SIGCONT)
    assert run(start(server, "bot"), "") == (0, "", "")
    assert said(server) == [f"line {number}" for number in range(50)]
    server.stop()


def test_lines_survive_a_server_that_is_killed_in_the_middle(start: Start, tmp_path: Path) -> None:
    arguments = ("--data", str(tmp_path / "data"), "--insecure-no-limits")
    first = Server(*arguments)
    client = start(first, "bot")
    lines = [f"line {number}" for number in range(5_000)]
    write(client, "".join(f"{text}\n" for text in lines[:1000]))
    watcher = Full(first.connect(), "watcher")
    watcher.event("message", content="line 99")
    first.kill()
    port = first.urls[0].rpartition(":")[2]
    second = Server(*arguments, listen=(f"tcp://127.0.0.1:{port}",))
    write(client, "".join(f"{text}\n" for text in lines[1000:]))
    code, out, errors = run(client, "")
    assert (code, out) == (0, "")
    assert errors
    assert said(second) == lines
    second.stop()


def test_who_interrupts_is_told_what_is_left_and_finds_it_sent_the_next_time(
    server: Server, start: Start, clients: Clients, friend: Full
) -> None:
    client = start(server, "bot")
    write(client, "one\n")
    friend.event("message", content="one")
    until_outbox(clients, "bot", lambda kept: kept == b"")
    server.process.send_signal(signal.SIGSTOP)
    write(client, "two\n")
    until_outbox(clients, "bot", lambda kept: b'"two"' in kept)
    client.send_signal(signal.SIGINT)
    code, _, errors = run(client, "")
    server.process.send_signal(signal.SIGCONT)
    assert code == 1
    assert errors == "evchat-tui: 1 line is not sent yet. It will be sent when you are here again as bot.\n"
    friend.event("quit", sender="bot")
    assert run(start(server, "bot"), "") == (0, "", "")
    assert said(server) == ["one", "two"]


# ---- reading --------------------------------------------------------------------------------------------------


def test_a_room_is_read_with_what_was_said_before(server: Server, start: Start, friend: Full) -> None:
    friend.request("msg", "before")
    reader = start(server, "reader", "--plain", "--tail", "#main")
    assert line(reader).endswith("#main <bob> before\n")
    friend.event("joined", sender="reader")
    friend.request("msg", "now\nand here")
    friend.request("msg", "not for this room", to="reader")
    friend.request("me", "waves")
    assert [line(reader)[20:] for _ in range(3)] == [
        "#main <bob> now\n",
        "#main <bob> and here\n",
        "#main * bob waves\n",
    ]


def test_a_room_that_can_not_be_followed_is_told_and_ends_it(
    server: Server, start: Start, friend: Full
) -> None:
    for name, modes in (
        ("#locked", "+k sesame"),
        ("#few", "+l 1"),
        ("#ours", "+i"),
        ("#banned", "+b reader!*@*"),
    ):
        friend.request("join", name)
        friend.request("mode", modes, to=name)
        code, out, errors = run(start(server, "reader", "--plain", "--tail", name), "")
        assert (code, out) == (1, "")
        assert errors.startswith("evchat-tui: ") and name in errors


def test_a_channel_to_go_to_that_is_refused_is_told(server: Server, start: Start, friend: Full) -> None:
    friend.request("join", "#locked")
    friend.request("mode", "+k sesame", to="#locked")
    code, _, errors = run(start(server, "bot", "--channel", "#locked"), "")
    assert code == 1
    assert "key" in errors


@pytest.mark.parametrize("name", ["#", "#a b", "b b", "-x"])
def test_what_can_be_no_room_is_a_mistake_in_the_arguments(server: Server, start: Start, name: str) -> None:
    code, out, errors = run(start(server, "reader", "--plain", f"--tail={name}"), "")
    assert (code, out) == (2, "")
    assert errors.startswith("evchat-tui: ")


def test_who_is_put_out_of_the_room_that_is_read_is_told(server: Server, start: Start, friend: Full) -> None:
    friend.request("join", "#ops")
    reader = start(server, "reader", "--tail", "#ops")
    friend.event("joined", sender="reader", to="#ops")
    friend.request("kick", "reader", to="#ops", reason="enough")
    code, _, errors = run(reader, "")
    assert code == 1
    assert "#ops" in errors and "bob" in errors


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_reading_ends_when_one_says_so(server: Server, start: Start, friend: Full, number: int) -> None:
    reader = start(server, "reader", "--tail", "#main")
    friend.event("joined", sender="reader")
    friend.request("msg", "hi")
    line(reader)
    reader.send_signal(number)
    assert run(reader, "") == (0, "", "")


def test_reading_ends_when_nobody_reads_what_was_read(server: Server, start: Start, friend: Full) -> None:
    reader = start(server, "reader", "--tail", "#main")
    friend.event("joined", sender="reader")
    assert reader.stdout is not None
    reader.stdout.close()
    friend.request("msg", "hi")
    assert reader.wait(DEADLINE) == 0
    assert reader.stderr is not None
    assert reader.stderr.read() == ""


def test_a_conversation_with_one_user_is_read_too(server: Server, start: Start, friend: Full) -> None:
    run(start(server, "reader"), "/msg bob first\n")
    reader = start(server, "reader", "--tail", "Bob")
    assert line(reader).endswith("-> bob: <reader> first\n")
    friend.event("joined", sender="reader")
    friend.request("msg", "not this one")
    friend.request("msg", "psst", to="reader")
    assert line(reader).endswith("(private) <bob> psst\n")


def test_reading_goes_on_when_the_server_is_back_and_misses_nothing(start: Start, tmp_path: Path) -> None:
    arguments = ("--data", str(tmp_path / "data"), "--insecure-no-limits")
    first = Server(*arguments)
    talker = Full(first.connect(), "bob")
    reader = start(first, "reader", "--tail", "#main")
    talker.event("joined", sender="reader")
    talker.request("msg", "0")
    assert line(reader).endswith("<bob> 0\n")
    port = first.urls[0].rpartition(":")[2]
    first.stop()
    second = Server(*arguments, listen=(f"tcp://127.0.0.1:{port}",))
    talker = Full(second.connect(), "carol")
    for number in range(1, 100):
        talker.request("msg", str(number))
    assert [line(reader).split()[-1] for _ in range(1, 100)] == [str(number) for number in range(1, 100)]
    reader.send_signal(signal.SIGTERM)
    reader.wait(DEADLINE)
    second.stop()


def test_who_reads_slowly_gets_everything(server: Server, start: Start, friend: Full) -> None:
    reader = start(server, "reader", "--tail", "#main")
    friend.event("joined", sender="reader")
    for number in range(900):
        friend.put({"request": "msg", "content": f"{number} " + "x" * 2_000})
    friend.request("ping")
    assert [line(reader, "<bob>").split()[4] for _ in range(900)] == [str(number) for number in range(900)]
