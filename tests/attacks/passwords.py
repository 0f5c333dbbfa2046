"""Attacks on passwords and on what checks them."""

from __future__ import annotations

import base64

from tests.attacks.siege import Siege, objects
from tests.attacks.table import attack

HELLO = objects({"request": "hello", "content": {"version": 1, "client": "x"}})


@attack(
    "password guesses",
    "Dozens of guesses at one account at once, by login, by SASL and while logged in; its owner still logs in.",
)
def password_guesses(siege: Siege) -> None:
    owner = siege.guest("owner", site=0)
    assert owner.request("register", password="a secret")["response"] == "ok"
    guess = HELLO + objects({"request": "login", "content": "owner", "password": "wrong"})
    plain = base64.b64encode(b"\0owner\0wrong")
    sasl = (
        b"CAP REQ :sasl\r\nNICK g\r\nUSER g 0 * :g\r\nAUTHENTICATE PLAIN\r\nAUTHENTICATE " + plain + b"\r\n"
    )
    guessers = [siege.connect() for _ in range(60 * siege.size)]
    siege.flood(guessers, lambda place: sasl if place % 2 else guess)
    siege.flood(
        siege.guests(4), objects({"request": "authenticate", "content": "owner", "password": "wrong"}) * 20
    )
    again = siege.connect(
        HELLO + objects({"request": "login", "content": "owner", "password": "a secret", "id": "A"}), site=0
    )
    again.read_until(lambda heard: b'"reply_to":"A"' in heard.replace(b": ", b":"))


@attack("operator guesses", "Guesses at the passwords of the server and of its operators.")
def operator_guesses(siege: Siege) -> None:
    said = objects(
        {"request": "oper", "content": "root", "password": "x"}, {"request": "pass", "password": "x" * 60_000}
    )
    siege.flood(siege.guests(), said * 10)
    siege.flood([siege.irc(f"oper{number}") for number in range(4)], b"OPER root guess\r\n" * 20)


@attack("registrations", "Guests that register accounts all at once and disconnect before the answer.")
def registrations(siege: Siege) -> None:
    guests = siege.guests(40)
    siege.flood(guests[:30], objects({"request": "register", "password": "a password"}))
    siege.reset(guests)


@attack("long passwords", "Passwords of 60 KB, of combining marks, and that are not text at all.")
def long_passwords(siege: Siege) -> None:
    wrong: list[object] = ["p" * 60_000, "a" + "\u0301" * 28_000, "", 5, None, "\0", "\u202e" * 9_000]
    said = objects(
        *(
            {"request": word, "content": "x", "password": each}
            for each in wrong
            for word in ("register", "authenticate")
        )
    )
    siege.flood(siege.guests(8), said)
    siege.flood(
        [siege.connect() for _ in range(8)],
        HELLO + objects({"request": "login", "content": "x", "password": "p" * 7_000}),
    )
