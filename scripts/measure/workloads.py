"""What is measured: how many clients do what, and how they say it in each dialect."""

from __future__ import annotations

from dataclasses import dataclass

DIALECTS = ("irc", "json", "text", "websocket", "irc-tls", "json-tls")
"""`websocket` is JSON in frames, as browsers speak it."""


def has_tls(dialect: str) -> bool:
    """Whether the client comes with TLS."""
    return dialect.endswith("-tls")


def inside(dialect: str) -> str:
    """What is spoken within TLS, if that is spoken."""
    return dialect.removesuffix("-tls")


PAYLOAD = "~" + "x" * 63
"""The text of a message where only its size matters; nothing else that a server sends contains it."""


@dataclass(frozen=True, slots=True)
class Workload:
    """Clients are spread over channels in turn. A round is one message of each sender, times the window.

    With `direct` each sender writes to its neighbour and not to its channel. With `visitors` nobody sends: a round is
    that many clients that connect, join the first channel, take other names, leave it, are kicked from it when they
    have joined again, and quit.
    """

    name: str
    text: str
    clients: int
    channels: int
    senders: int
    window: int = 1
    direct: bool = False
    visitors: int = 0

    def channel(self, client: int) -> str:
        """The channel of a client."""
        return f"#c{client % self.channels}"

    @property
    def messages(self) -> int:
        """Messages in a round."""
        return self.senders * self.window

    def deliveries(self, echo: bool) -> int:
        """Copies of the messages of a round that reach a client; with `echo`, senders get their own as well."""
        if self.direct:
            return self.messages * (1 + echo)
        members = [len(range(number, self.clients, self.channels)) for number in range(self.channels)]
        return self.window * sum(members[sender % self.channels] - 1 + echo for sender in range(self.senders))


WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload("W1", "1 channel of 100, 10 send", 100, 1, 10),
        Workload("W1p", "1 channel of 100, 10 send 16 at a time", 100, 1, 10, window=16),
        Workload("W2", "1 channel of 1,000, 10 send", 1000, 1, 10),
        Workload("W3", "100 channels of 10, all send", 1000, 100, 1000),
        Workload("W7", "direct messages, 500 pairs", 1000, 100, 1000, direct=True),
        Workload(
            "W5", "connect, log in, join a channel of 50, nick, part, kick, quit", 50, 1, 0, visitors=20
        ),
    )
}


def small(workload: Workload, clients: int = 200) -> Workload:
    """The same with fewer clients: channels keep their size.

    For valgrind, which makes everything fifty times slower.
    """
    if workload.clients <= clients:
        return workload
    share = clients / workload.clients
    return Workload(
        workload.name,
        workload.text,
        clients,
        max(1, int(workload.channels * share)),
        max(1, int(workload.senders * share)),
        workload.window,
        workload.direct,
        workload.visitors,
    )


# ---- how each dialect says it ---------------------------------------------------------------------------------

ECHO = {"irc": False, "json": False, "text": True, "websocket": False}
"""Whether a sender gets its own message back."""


_UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: evchat.json\r\n\r\n"
)
_MASK = b"mask"


def _in_frames(lines: bytes) -> bytes:
    """Lines as text messages of a client, one each (RFC 6455)."""
    frames = b""
    for line in lines.splitlines():
        size = bytes((0x80 | len(line),)) if len(line) < 126 else b"\xfe" + len(line).to_bytes(2, "big")
        frames += b"\x81" + size + _MASK + bytes(byte ^ _MASK[place % 4] for place, byte in enumerate(line))
    return frames


def login(dialect: str, name: str) -> bytes:
    """The bytes that log a client in, from its first one on."""
    dialect = inside(dialect)
    if dialect == "websocket":
        return _UPGRADE + _in_frames(login("json", name))
    if dialect == "irc":
        return f"NICK {name}\r\nUSER u 0 * :bench\r\n".encode()
    if dialect == "json":
        hello = '{"request":"hello","content":{"version":1,"client":"bench"}}'
        return f'{hello}\n{{"request":"login","content":"{name}"}}\n'.encode()
    return f"{name}\n".encode()


WELCOME = {"irc": b" 001 ", "json": b'"ok"', "text": b"* Hello ", "websocket": b'"ok"'}
"""What the server's answer to logging in contains."""


def join(dialect: str, channel: str) -> bytes:
    """The bytes that join a channel."""
    if dialect == "websocket":
        return _in_frames(join("json", channel))
    return {
        "irc": f"JOIN {channel}\r\n",
        "json": f'{{"request":"join","content":"{channel}"}}\n',
        "text": f"/join {channel}\n",
    }[dialect].encode()


def joined(dialect: str, channel: str) -> bytes:
    """What the server's last line about a join contains."""
    dialect = inside(dialect)
    if dialect == "websocket":
        return joined("json", channel)
    return {
        "irc": f"{channel} :End of ",
        "json": f'"ok","sender":"server","channels":["{channel}"]',
        "text": f"* You are in {channel}",
    }[dialect].encode()


def message(dialect: str, to: str, text: str = PAYLOAD) -> bytes:
    """The bytes that send a text to a channel or a user."""
    if dialect == "websocket":
        return _in_frames(message("json", to, text))
    return {
        "irc": f"PRIVMSG {to} :{text}\r\n",
        "json": f'{{"request":"msg","to":"{to}","content":"{text}"}}\n',
        "text": f"/msg {to} {text}\n",
    }[dialect].encode()


def nick(dialect: str, name: str) -> bytes:
    """The bytes that take another name."""
    if dialect == "websocket":
        return _in_frames(nick("json", name))
    return {
        "irc": f"NICK {name}\r\n",
        "json": f'{{"request":"nick","content":"{name}"}}\n',
        "text": f"/nick {name}\n",
    }[dialect].encode()


def renamed(dialect: str, name: str) -> bytes:
    """What the server's line to the client that has taken a name contains."""
    if dialect == "websocket":
        return renamed("json", name)
    return {"irc": f" NICK {name}\r\n", "json": f'"name":"{name}"', "text": f"You are now called {name}."}[
        dialect
    ].encode()


def kick(dialect: str, channel: str, name: str) -> bytes:
    """The bytes by which an operator kicks somebody from a channel."""
    if dialect == "websocket":
        return _in_frames(kick("json", channel, name))
    return {
        "irc": f"KICK {channel} {name}\r\n",
        "json": f'{{"request":"kick","to":"{channel}","content":"{name}"}}\n',
        "text": f"/kick {channel} {name}\n",
    }[dialect].encode()


def kicked(dialect: str, channel: str, name: str) -> bytes:
    """What the server's line to the one who is kicked contains."""
    if dialect == "websocket":
        return kicked("json", channel, name)
    return {"irc": f" KICK {channel} {name}", "json": f'"name":"{name}"', "text": f"kicked {name} "}[
        dialect
    ].encode()


def part(dialect: str, channel: str) -> bytes:
    """The bytes that leave a channel."""
    if dialect == "websocket":
        return _in_frames(part("json", channel))
    return {
        "irc": f"PART {channel}\r\n",
        "json": f'{{"request":"part","content":"{channel}"}}\n',
        "text": f"/part {channel}\n",
    }[dialect].encode()


def parted(dialect: str, name: str, channel: str) -> bytes:
    """What the server's line to the client that leaves contains, and no line of another's leaving."""
    if dialect == "websocket":
        return parted("json", name, channel)
    return {"irc": f":{name}!", "json": '"response":"ok"', "text": "* You left "}[dialect].encode()


def leave(dialect: str) -> bytes:
    """The bytes that end the session, after which the server closes the connection."""
    if dialect == "websocket":
        return _in_frames(leave("json"))
    return {"irc": b"QUIT\r\n", "json": b'{"request":"quit"}\n', "text": b"/quit\n"}[dialect]
