"""What a full JSON client hears, for those who write one: every response, every key, and an example each.

The section of PROTOCOL.md is made from these tables, and a test holds them against what is really sent.
"""

from __future__ import annotations

from typing import Final

from evchat.dialects import json_reference_order as order
from evchat.dialects.json_form import Form, examples, row, table
from evchat.dialects.json_parts import (
    BROADCAST,
    CHANNEL,
    COMMAND,
    DIRECT,
    EVERYWHERE,
    MESSAGE,
    PERSON,
    WELCOME,
)
from evchat.dialects.json_people import PEOPLE_ANSWERS, PEOPLE_RESPONSES
from evchat.dialects.json_reference_order import ROLES

_DUPLICATE = {"duplicate": "true if this request was done before, and not again"}
_MORE = {"more": "true if the limit cut the list"}
_OMITTED = {"omitted": "how many more there are"}
_TOPIC = {"to": "the channel", "by": "who set it", "set_at": "when, 0 if never"}

RESPONSES: Final = (
    Form(
        "welcome",
        "The answer to `hello`.",
        "{}",
        {},
        (
            '{"response":"welcome","reply_to":"h1","sender":"server","content":{"server":"evchat","version":"1.0",'
            '"protocol":1,"limits":{"object_bytes":65536},"features":["history"],"motd":"Be kind."},'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
        WELCOME,
    ),
    Form(
        "error",
        "A request was refused, or the connection is closed by the server.",
        "a sentence",
        {
            "code": "a stable short word",
            "about": "the name or word that was wrong, where there are several",
            "closing": "true if the connection closes",
        },
        (
            '{"response":"error","reply_to":"r7","sender":"server","code":"name-taken","content":"The name bob is '
            'taken. Choose another one.","at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"error","reply_to":"m7","sender":"server","code":"banned","about":"#ops","content":"You are '
            'banned from #ops.","at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"error","sender":"server","code":"login-deadline","closing":true,"content":"Nobody logged in '
            'within 30 seconds.","at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "message",
        "Somebody said something.",
        "the text",
        MESSAGE,
        (
            '{"response":"message","sender":"alice","to":"#main","seq":42,"content":"hi all","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09","id":"b7f3-1"}',
            '{"response":"message","sender":"alice","to":"bob","seq":7,"content":"waves","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09","action":true}',
            '{"response":"message","sender":"alice","to":"*","seq":3,"content":"lunch!","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09","broadcast":true}',
            '{"response":"message","sender":"alice","to":"#ops","role":"o","content":"careful","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09","notice":true}',
            '{"response":"message","sender":"alice","to":"#main","seq":41,"content":"","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09","redacted":true}',
        ),
    ),
    Form(
        "joined",
        "`sender` came into a channel. The keys behind `to` are there only if that is you: then `topic`, `names` "
        "(unless the channel is very large) and `history` (unless there is none) follow.",
        '""',
        {
            "to": "the channel",
            "seq": "its last message",
            "read": "the last one that you have read",
            "users": "how many are in it",
            "current": "whether messages without `to` go there",
            "login": "whether this is part of a login",
        },
        (
            '{"response":"joined","sender":"bob","to":"#main","content":"","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"joined","sender":"alice","to":"#ops","seq":42,"read":40,"users":2,"current":true,'
            '"login":false,"content":"","at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "left",
        "`sender` left a channel.",
        "the reason",
        {"to": "the channel"},
        (
            '{"response":"left","sender":"bob","to":"#ops","content":"bye","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "quit",
        "`sender` is gone from the server; told once, whatever you shared.",
        "the reason",
        {"channels": "where `sender` was"},
        (
            '{"response":"quit","sender":"bob","channels":["#main","#ops"],"content":"Closed the connection.",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "renamed",
        "`sender`, the old name, has another one.",
        "the new name",
        {"old": "the old name", "new": "the new name"},
        (
            '{"response":"renamed","sender":"bob","old":"bob","new":"rob","content":"rob","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "topic",
        "A channel's topic: `sender` has set it, or you have come in.",
        'the topic, "" for none',
        _TOPIC,
        (
            '{"response":"topic","sender":"bob","to":"#ops","by":"bob","set_at":1795256109000,"content":"on call: bob",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"topic","sender":"server","to":"#ops","by":"","set_at":0,"content":"",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "names",
        "Who is in a channel that you have come into.",
        "list of names",
        {
            "to": "the channel",
            "seq": "its last message",
            "read": "the last one that you have read",
            "users": "how many are in it",
            **ROLES,
        },
        (
            '{"response":"names","sender":"server","to":"#ops","seq":42,"read":40,"users":2,"operators":["bob"],'
            '"voiced":[],"content":["alice","bob"],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "history",
        "The last messages of a channel that you have come into, oldest first.",
        "list of messages",
        {"to": "the channel", "seq": "the last message that can be in it", **_MORE},
        (
            '{"response":"history","sender":"server","to":"#main","seq":42,"more":true,"content":[{"response":"message",'
            '"sender":"alice","to":"#main","seq":42,"content":"hi all","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09","id":"b7f3-1"}],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "presence",
        "`sender` is away, or back.",
        "why, or empty",
        {"away": "why, or null if back"},
        (
            '{"response":"presence","sender":"bob","away":"lunch","content":"lunch","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"presence","sender":"bob","away":null,"content":"","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "read",
        "Another session of yours has read a conversation.",
        '""',
        {"to": "the channel or user", "seq": "up to this message", "read_at": "up to this time"},
        (
            '{"response":"read","sender":"server","to":"#main","seq":42,"read_at":1795256108000,"content":"","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "ping",
        "The server asks for a sign of life; any bytes are one.",
        "a token, for `pong`",
        {},
        (
            '{"response":"ping","sender":"server","content":"17","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "info",
        "The server tells its users something.",
        "a sentence",
        {},
        (
            '{"response":"info","sender":"server","content":"Maintenance at noon.","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "stopping",
        "The server goes down.",
        "the reason",
        {},
        (
            '{"response":"stopping","sender":"server","content":"The server is going down.","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    *PEOPLE_RESPONSES,
    *order.RESPONSES,
)
"""The responses other than `ok`, in the order of their importance."""

ANSWERS: Final = (
    Form(
        "login",
        "Then `joined`, `topic`, `names`, `history` for each channel.",
        "a sentence",
        {
            "name": "your name",
            "registered": "whether it has a password",
            "to": "the current channel",
            "unread": "messages in the inbox",
            "motd": "message of the day, if `welcome` did not tell it",
        },
        (
            '{"response":"ok","reply_to":"r1","sender":"server","name":"alice","registered":false,"to":"#main",'
            '"unread":3,"content":"Login successful. Welcome, alice.","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "logout, quit",
        "",
        "a sentence",
        {"closing": "whether the connection closes"},
        (
            '{"response":"ok","reply_to":"r2","sender":"server","closing":false,"content":"You are logged out.",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "msg, me, notice",
        "The message is kept (one to holders of a role is only told).",
        '""',
        {
            "to": "the channel or user",
            "seq": "its number",
            "kept": "true if the user is not online and finds it in the inbox",
            "away": "why the user is away, if so",
            **_DUPLICATE,
        },
        (
            '{"response":"ok","reply_to":"b7f3-1","sender":"server","to":"#main","seq":42,"content":"",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"ok","reply_to":"b7f3-2","sender":"server","to":"bob","seq":7,"content":"",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09","kept":true,"away":"lunch","duplicate":true}',
        ),
    ),
    Form(
        "broadcast",
        "",
        "{}",
        {"seq": "its number, if it went to everyone", **_DUPLICATE},
        (
            '{"response":"ok","reply_to":"b7f3-3","sender":"server","seq":3,"duplicate":true,"content":{"delivered":2,'
            '"missed":["carol"]},"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
        BROADCAST,
    ),
    Form(
        "`register`, `nick`, `join`, `part`, `away`, `block`, `unblock`, `read`, `topic` and `mode` with content, "
        "`op`, `deop`, `voice`, `devoice`, `ban`, `unban`, `kick`, `kill`, `banish`, `pardon`, `wallops`",
        "What follows from it comes as an event.",
        "a sentence, or empty",
        {
            "name": "of `nick`: your new name",
            "channels": "of `join`, `part`: the channels",
            "to": "of `read`: the conversation",
            "seq": "of `read`: up to this message",
        },
        (
            '{"response":"ok","reply_to":"r3","sender":"server","name":"alicia","content":"","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"ok","reply_to":"r4","sender":"server","channels":["#ops"],"content":"You left #ops.",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"ok","reply_to":"r16","sender":"server","to":"#ops","seq":42,"content":"","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "`topic` without content",
        "",
        'the topic, "" for none',
        _TOPIC,
        (
            '{"response":"ok","reply_to":"r5","sender":"server","to":"#ops","by":"bob","set_at":1795256109000,'
            '"content":"on call: bob","at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "channels",
        "Those with the most users first.",
        "list of {}",
        _OMITTED,
        (
            '{"response":"ok","reply_to":"r6","sender":"server","omitted":0,"content":[{"name":"#main",'
            '"topic":"anything","users":2}],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
        CHANNEL,
    ),
    Form(
        "names",
        "",
        "list of names",
        {"to": "the channel", **ROLES},
        (
            '{"response":"ok","reply_to":"r8","sender":"server","to":"#main","operators":["alice"],"voiced":["bob"],'
            '"content":["alice","bob"],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "who, whoelse, wholast",
        "",
        "list of {}",
        {**_OMITTED, "minutes": "those of `wholast`"},
        (
            '{"response":"ok","reply_to":"r9","sender":"server","omitted":0,"minutes":5,"content":[{"name":"bob",'
            '"online":true,"registered":false,"since":1795256000000,"seen":1795256109000,"idle":120000,"away":"lunch",'
            '"channels":["#main"],"sessions":1,"account":"","bot":false,"operator":false,"realname":""}],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
        PERSON,
    ),
    Form(
        "whois",
        "",
        "{}",
        {},
        (
            '{"response":"ok","reply_to":"r10","sender":"server","content":{"name":"bob","online":false,'
            '"registered":true,"since":0,"seen":1795256000000,"idle":0,"away":null,"channels":[],"sessions":0,"account":"","bot":false,"operator":false,"realname":""},'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
        PERSON,
    ),
    Form(
        "history",
        "Oldest first.",
        "list of messages",
        {"to": "the conversation", "seq": "its last message", **_MORE},
        (
            '{"response":"ok","reply_to":"r11","sender":"server","to":"bob","seq":7,"more":false,"content":[{"response":'
            '"message","sender":"alice","to":"bob","seq":7,"content":"waves","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09","action":true}],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "inbox, search",
        "Oldest first.",
        "list of messages",
        _MORE,
        (
            '{"response":"ok","reply_to":"r12","sender":"server","more":false,"content":[],"at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "directs",
        "The latest first.",
        "list of {}",
        {"omitted": "true if there are more than a list holds"},
        (
            '{"response":"ok","reply_to":"r17","sender":"server","omitted":false,"content":[{"name":"bob","seq":7,'
            '"read":4,"unread":2,"waiting":1,"last":1795256000000}],"at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
        DIRECT,
    ),
    Form(
        "blocked",
        "",
        "list of names",
        {},
        (
            '{"response":"ok","reply_to":"r13","sender":"server","content":["mallory"],"at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "ping",
        "",
        "the same back",
        {},
        (
            '{"response":"ok","reply_to":"r14","sender":"server","content":[1,"two"],"at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "help",
        "",
        "list of {}",
        {},
        (
            '{"response":"ok","reply_to":"r15","sender":"server","content":[{"request":"nick","aliases":[],"summary":'
            '"Takes another name.","keys":[{"key":"content","kind":"user","required":true}],"typed":"/nick name",'
            '"words":["nick"]}],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
        COMMAND,
    ),
    *PEOPLE_ANSWERS,
    *order.ANSWERS,
)
"""The `ok` of each request."""


def markdown() -> str:
    """The section of the reference, in Markdown."""
    return "\n".join(
        [
            "#### Responses",
            "",
            "Every object has the keys of the first table; `ok`, `error` and `welcome` also `reply_to`, if the request "
            "had an `id`. Clients should ignore responses and keys that they do not know.",
            "",
            *table(("key", "meaning"), [(f"`{key}`", meaning) for key, meaning in EVERYWHERE.items()]),
            "",
            *table(("response", "meaning", "content", "further keys"), list(map(row, RESPONSES))),
            "",
            *examples(RESPONSES),
            "",
            "`ok` is the outcome of a request:",
            "",
            *table(("request", "meaning", "content", "further keys"), list(map(row, ANSWERS))),
            "",
            *examples(ANSWERS),
        ]
    )
