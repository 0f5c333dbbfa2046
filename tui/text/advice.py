"""What to do after a refused login, in a sentence: by error code, or by what was asked for."""

from __future__ import annotations

_ADVICE = {
    "server-password": "/pass asks for the server's password again.",
    "name": "/nick NAME takes another name.",
    "password": "/login asks for the password again, /nick NAME takes another name.",
    "too-many-tries": "Then /login asks for the password again; /nick NAME takes another name.",
    "banished": "Only the people who run this server can change that.",
    "certificate": "/login shows the certificate again.",
    "wrong-server": "Is the address right? To use another server: evchat-tui HOST:PORT",
}


def advice(what: str) -> str:
    """The sentence for an error code, or for what the user was asked for (`session_events`)."""
    return _ADVICE.get(what, "/login tries again, /nick NAME takes another name.")
