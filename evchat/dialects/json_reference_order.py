"""The part of the JSON reference that is about keeping order: modes, kicks, invitations, operators."""

from __future__ import annotations

from typing import Final

from evchat.dialects.json_form import Form

CHANGE: Final = {"mode": "its name", "letter": "", "on": "true if set", "value": "or null"}
ENTRY: Final = {"mask": "", "by": "who set it", "at": "when"}
BANISHED: Final = {
    "whom": "",
    "by": "who set it",
    "at": "when",
    "until": "when it ends, 0 for never",
    "reason": "",
}
ACT: Final = {
    "at": "when",
    "by": "the operator",
    "act": "a word",
    "target": "whom or what",
    "detail": "more of it",
}

ROLES: Final = {"operators": "those who keep order in it", "voiced": "those with a voice"}

RESPONSES: Final = (
    Form(
        "moded",
        "`sender` changed a channel's modes; `server` gives its owner the role that is due.",
        "the changes as a line, as `mode` takes it",
        {
            "to": "the channel",
            "by": "who changed them",
            "changes": "list of {" + ", ".join(f"`{key}`" for key in CHANGE) + "}",
        },
        (
            '{"response":"moded","sender":"bob","to":"#ops","by":"bob","changes":[{"mode":"moderated","letter":"m",'
            '"on":true,"value":null},{"mode":"voice","letter":"v","on":true,"value":"alice"}],"content":"+mv alice",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "kicked",
        "`sender` put a user out of a channel, perhaps you.",
        "the reason",
        {"to": "the channel", "by": "who did it", "name": "who is out"},
        (
            '{"response":"kicked","sender":"bob","to":"#ops","by":"bob","name":"carol","content":"spam",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "invited",
        "`sender` invited a user into a channel: you, or somebody else into one where you are an operator.",
        '""',
        {"to": "the channel", "by": "who invites", "name": "who is invited"},
        (
            '{"response":"invited","sender":"bob","to":"#ops","by":"bob","name":"alice","content":"",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "wallops",
        "`sender`, an operator of the server, tells the operators something.",
        "the text",
        {},
        (
            '{"response":"wallops","sender":"bob","content":"Restart at noon.","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
)

ANSWERS: Final = (
    Form(
        "`mode` without content",
        "A key is told to members only.",
        "the modes as a line",
        {
            "to": "the channel",
            "created": "when it was made",
            "changes": "list of {" + ", ".join(f"`{key}`" for key in CHANGE) + "}",
        },
        (
            '{"response":"ok","reply_to":"m1","sender":"server","to":"#ops","created":1795256109000,"changes":[{"mode":'
            '"members-only","letter":"n","on":true,"value":null},{"mode":"limit","letter":"l","on":true,"value":"20"}],'
            '"content":"+nl 20","at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "`bans`, `mode` with the letter of a list",
        "",
        "list of {}",
        {"to": "the channel", "mode": "the name of the list"},
        (
            '{"response":"ok","reply_to":"m2","sender":"server","to":"#ops","mode":"ban","content":[{"mask":'
            '"mallory!*@*","by":"bob","at":1795256109000}],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
        ENTRY,
    ),
    Form(
        "invite",
        "",
        "a sentence",
        {"to": "the channel", "name": "who is invited", "away": "why the user is away, or null"},
        (
            '{"response":"ok","reply_to":"m3","sender":"server","to":"#ops","name":"alice","away":null,"content":'
            '"alice is invited.","at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "oper",
        "",
        "a sentence",
        {"operator": "as which one you are known"},
        (
            '{"response":"ok","reply_to":"m4","sender":"server","operator":"root","content":"You are an operator of '
            'the server now.","at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "banished",
        "",
        "list of {}",
        {},
        (
            '{"response":"ok","reply_to":"m5","sender":"server","content":[{"whom":"192.0.2.0/24","by":"bob",'
            '"at":1795256109000,"until":0,"reason":"spam"}],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
        BANISHED,
    ),
    Form(
        "audit",
        "The latest last.",
        "list of {}",
        {},
        (
            '{"response":"ok","reply_to":"m6","sender":"server","content":[{"at":1795256109000,"by":"root","act":"kill",'
            '"target":"mallory","detail":"spam"}],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
        ACT,
    ),
)
