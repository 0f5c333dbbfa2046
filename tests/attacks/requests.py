"""Attacks by requests that are right, many at once, and dear for others."""

from __future__ import annotations

import threading

from evchat.settings.model import DEFAULTS
from tests.attacks.siege import Siege, objects
from tests.attacks.table import attack

PLACES = [f"#p{number}" for number in range(99)]


@attack("name flood", "Guests that change their names as fast as they can, in front of everybody.")
def name_flood(siege: Siege) -> None:
    siege.flood(
        siege.guests(),
        lambda place: objects(*({"request": "nick", "content": f"n{place}x{n}"} for n in range(100))),
    )


@attack(
    "churn", "Guests that go away, come back, type, change real names, log out and log in without a pause."
)
def churn(siege: Siege) -> None:
    said = objects(
        {"request": "away", "content": "gone"}, {"request": "away"}, {"request": "realname", "content": "other"},
        {"request": "typing", "to": "#main", "content": "active"}, {"request": "logout"},
    )  # fmt: skip
    siege.flood(
        siege.guests(), lambda place: (said + objects({"request": "login", "content": f"back{place}"})) * 20
    )


@attack("join flood", "Guests that join and leave a hundred channels at a time.")
def join_flood(siege: Siege) -> None:
    said = objects({"request": "join", "content": PLACES}, {"request": "part", "content": PLACES})
    siege.flood(siege.guests(), said * 10)


@attack(
    "dear questions",
    "Sixteen guests that ask for the longest history, searches and lists again and again.",
)
def dear_questions(siege: Siege) -> None:
    guests = siege.guests()
    siege.flood(guests, objects(*({"request": "msg", "content": f"common word{n} " * 50} for n in range(15))))
    said = objects(
        {"request": "history", "limit": 1000}, {"request": "search", "content": "common", "limit": 1000},
        {"request": "search", "content": "w"}, {"request": "channels"}, {"request": "who"}, {"request": "directs"},
        {"request": "find", "content": "*?*?*?*a*?*"}, {"request": "wholast", "content": 500_000}, {"request": "count"},
        {"request": "inbox"}, {"request": "help"}, {"request": "names"},
    )  # fmt: skip
    siege.flood(guests, said * 20)


@attack("broadcasts", "Guests that broadcast to everybody online and to a hundred names.")
def broadcasts(siege: Siege) -> None:
    names = [f"guest{number}" for number in range(16)] + [f"nobody{number}" for number in range(84)]
    said = objects(
        {"request": "broadcast", "content": "x" * 1000}, {"request": "broadcast", "content": "y", "to": names}
    )
    siege.flood(siege.guests(), said * 10)


@attack("large messages", "Guests that fill a channel with messages as large as they may be.")
def large_messages(siege: Siege) -> None:
    siege.flood(siege.guests(), objects({"request": "msg", "content": "x" * 60_000}) * 10)


@attack(
    "full disk",
    "Sixteen guests of one address who store as much as they can, in their own and in others' inboxes.",
)
def full_disk(siege: Siege) -> None:
    guests = [siege.guest(f"guest{number}", site=0) for number in range(16)]
    before = siege.kept()
    names = [f"guest{number}" for number in range(16)]
    siege.flood(guests, objects({"request": "broadcast", "content": "x" * 29_000, "to": names}) * 20)
    siege.flood(guests, objects({"request": "msg", "content": "x" * 60_000}) * 20)
    most = 4 * DEFAULTS.stored_by_site_burst
    assert siege.kept() - before < most, f"{siege.kept() - before} bytes were stored"


@attack("full inbox", "Guests that fill the inbox of a user who is offline, who then logs in and reads it.")
def full_inbox(siege: Siege) -> None:
    siege.guest("absent").request("quit")
    siege.flood(siege.guests(), objects({"request": "msg", "to": "absent", "content": "x" * 300}) * 20)
    siege.flood([siege.guest("absent")], objects({"request": "inbox"}, {"request": "directs"}) * 10)


@attack("topics left behind", "Guests that open channels, set their topics, and leave them empty.")
def topics_left_behind(siege: Siege) -> None:
    def said(place: int) -> bytes:
        rooms = [f"#left{place}x{number}" for number in range(99)]
        asked = [{"request": "topic", "to": room, "content": "spam " * 70} for room in rooms]
        return objects({"request": "join", "content": rooms}, *asked, {"request": "part", "content": rooms})

    siege.flood(siege.guests(), said)


@attack(
    "full lists",
    "Lists of bans, blocks, watched names and invitations, filled up to their limits.",
)
def full_lists(siege: Siege) -> None:
    masks = " ".join(f"{number:02}{'x' * 92}!{'y' * 50}@{'z' * 50}" for number in range(50))
    names = [f"nobody{number}" for number in range(100)]

    def said(place: int) -> bytes:
        room = f"#full{place}"
        return objects(
            {"request": "join", "content": room},
            {"request": "mode", "to": room, "content": f"+{'b' * 50} {masks}"},
            {"request": "mode", "to": room, "content": "b"},
            {"request": "watch", "content": names},
            *({"request": "block", "content": name} for name in names),
            *({"request": "invite", "to": room, "content": f"guest{number}"} for number in range(16)),
        )

    siege.flood(siege.guests(), said)


@attack("order flood", "A channel operator who changes modes, kicks, bans, pins and redacts without a pause.")
def order_flood(siege: Siege) -> None:
    guests = siege.guests()
    for guest in guests:
        guest.request("join", "#order")
    said = objects(
        *(
            {"request": request, "to": "#order", "content": content}
            for request, content in (
                ("mode", "+mnist-mnist"), ("topic", "x"), ("msg", "x"), ("ban", "guest1"), ("unban", "guest1"),
                ("voice", "guest2"), ("kick", "guest15"),
            )
        ),
        {"request": "pin", "to": "#order"}, {"request": "redact", "to": "#order", "seq": 1},
    )  # fmt: skip
    siege.flood(guests, said * 20)


@attack("masks", "Masks of stars and question marks, as bans, in searches for people and in lists.")
def masks(siege: Siege) -> None:
    mask = "*a?" * 60 + "b"
    guests = siege.guests()
    said = objects(
        {"request": "find", "content": mask}, {"request": "join", "content": "#masks"},
        {"request": "ban", "to": "#masks", "content": mask}, {"request": "msg", "to": "#masks", "content": "x"},
    )  # fmt: skip
    siege.flood(guests, said * 10)
    siege.flood(
        [siege.irc(f"masks{number}") for number in range(8)], f"LIST {mask}\r\nWHO {mask}\r\n".encode() * 20
    )


@attack(
    "strangers",
    "Clients that have not logged in and ask for help, try bad names, and ask for what needs a login.",
)
def strangers(siege: Siege) -> None:
    said = objects(
        {"request": "help"}, {"request": "login", "content": "-"}, {"request": "history"}, {"request": "ping"}
    )
    for _ in range(3 * siege.size):
        siege.flood(
            [siege.connect() for _ in range(30)], lambda place: said * 20 if place % 2 else b"/help\n#\n" * 20
        )


@attack("all at once", "A crowd of guests that joins one channel, speaks and vanishes in the same moment.")
def all_at_once(siege: Siege) -> None:
    crowd = siege.guests(60 * min(siege.size, 4))
    siege.flood(
        crowd,
        objects({"request": "join", "content": "#crowd"}, {"request": "msg", "to": "#crowd", "content": "x"}),
    )
    ready = threading.Barrier(len(crowd[:8]))

    def leave(number: int) -> None:
        ready.wait()
        crowd[number].close()

    threads = [threading.Thread(target=leave, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    siege.reset(crowd[8:])
