"""The `ok` of the requests by which a server is administered, and people's own data are fetched."""

from __future__ import annotations

from typing import Final

from reference.json.form import Form

_AT = '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}'

ADMINISTRATION: Final = (
    Form(
        "status",
        "",
        "a sentence",
        {
            "users": "how many are online",
            "strangers": "connections that have not logged in",
            "channels": "how many there are",
            "stored": "bytes in the database",
            "free": "bytes free on its disk",
            "storing": "false if the last commit failed",
            "up": "milliseconds since the start",
            "messages": "how many are stored",
        },
        (
            '{"response":"ok","reply_to":"s1","sender":"server","users":3,"strangers":0,"channels":2,"stored":4096000,'
            '"free":50000000000,"storing":true,"up":7260000,"messages":1204,"content":"Online: 3. Not logged in: 0. '
            'Channels: 2. Messages: 1,204. Stored: 3 MiB; free: 47,683 MiB. Running for 2 h 1 min.",' + _AT,
        ),
    ),
    Form(
        "invitecode",
        "The code is told once, and only a hash of it is kept.",
        "a sentence",
        {"code": "the code", "uses": "how many people can register with it", "until": "when it ends"},
        (
            '{"response":"ok","reply_to":"s3","sender":"server","code":"7KQ2-M4XZ-0H8P-VW3T","uses":30,'
            '"until":1795860909000,"content":"The invitation code is 7KQ2-M4XZ-0H8P-VW3T.",' + _AT,
        ),
    ),
    Form(
        "certificate",
        "All of one's certificates, after what was asked for.",
        "a sentence",
        {"certificates": "list of fingerprints (SHA-256, in hexadecimal)"},
        (
            '{"response":"ok","reply_to":"s6","sender":"server","certificates":["3f9a0c5d2e7b41886a90d1c4f7e2b35a'
            '0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f"],"content":"Your certificates: 3f9a0c5d2e7b4188.",' + _AT,
        ),
    ),
    Form(
        "export",
        "All but messages comes with the first page.",
        "a sentence",
        {
            "rows": "list of objects, as `evchat-admin export` writes them: each has a `kind`, such as `message`",
            "more": "whether there is another page",
            "after": "what to ask for it with",
        },
        (
            '{"response":"ok","reply_to":"s5","sender":"server","rows":[{"kind":"account","name":"alice",'
            '"at":1795256000000}],"more":true,"after":1204,"content":"1 things that are stored about you",'
            + _AT,
        ),
    ),
    Form(
        "invitecodes",
        "Those that can still be used.",
        "a sentence",
        {
            "codes": "list of objects, with `code` (the first eight digits of its hash), `by`, `at`, `until` and `uses`"
        },
        (
            '{"response":"ok","reply_to":"s4","sender":"server","codes":[{"code":"9f86d081","by":"root",'
            '"at":1795256000000,"until":1795860909000,"uses":30}],"content":"9f86d081: 30 uses, 7 days, by root.",'
            + _AT,
        ),
    ),
    Form(
        "accounts",
        "In the order of their names; those that were given up are left out.",
        "a sentence",
        {
            "accounts": "list of objects, with `name` and `at`: when it was registered",
            "more": "whether there are more, to be asked for with `after`",
        },
        (
            '{"response":"ok","reply_to":"s2","sender":"server","accounts":[{"name":"alice","at":1795256000000}],'
            '"more":false,"content":"alice",' + _AT,
        ),
    ),
)
