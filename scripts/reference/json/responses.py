"""The responses that full JSON clients hear, other than `ok`: meaning, keys, and an example each."""

from __future__ import annotations

from typing import Final

from reference.json.form import Form
from reference.json.objects import CHANGE, MESSAGE, MORE, ROLES, TOPIC, WELCOME

_AT = '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}'

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
            "suggestion": "a free name, where the one wanted is taken",
            "closing": "true if the connection closes",
        },
        (
            '{"response":"error","reply_to":"r7","sender":"server","code":"name-taken","suggestion":"bob2","content":'
            '"The name bob is taken. Choose another one: bob2 is free.","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"error","reply_to":"m7","sender":"server","code":"banned","about":"#ops","content":"You are '
            'banned from #ops.","at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"error","sender":"server","code":"login-deadline","closing":true,"content":"No login '
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
            '"timestamp":"2026-11-21T10:15:09","redacted":true,"rev":8}',
            '{"response":"message","sender":"alice","to":"#main","seq":42,"content":"hi everybody","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09","reply":40,"edited":1795256109000,"rev":10}',
        ),
    ),
    Form(
        "joined",
        "`sender` joined a channel. The keys after `to` are there only if that is you: then `topic`, `names` "
        "(unless the channel is very large) and `history` (unless there is none) follow.",
        '""',
        {
            "to": "the channel",
            "seq": "its last message",
            "rev": "its last change, 0 if there was none",
            "read": "the last one that you have read",
            "users": "how many are in it",
            "current": "whether messages without `to` go there",
            "login": "whether this is part of a login",
        },
        (
            '{"response":"joined","sender":"bob","to":"#main","content":"","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"joined","sender":"alice","to":"#ops","seq":42,"rev":7,"read":40,"users":2,"current":true,'
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
        "`sender` left the server; sent once, however many channels you shared.",
        "the reason; `Quit: ` and the words that `sender` gave, if any",
        {"channels": "where `sender` was"},
        (
            '{"response":"quit","sender":"bob","channels":["#main","#ops"],"content":"Closed the connection.",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "renamed",
        "`sender`, the old name, changed names.",
        "the new name",
        {"old": "the old name", "new": "the new name"},
        (
            '{"response":"renamed","sender":"bob","old":"bob","new":"rob","content":"rob","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "topic",
        "A channel's topic: `sender` has set it, or you have joined.",
        'the topic, "" for none',
        TOPIC,
        (
            '{"response":"topic","sender":"bob","to":"#ops","by":"bob","set_at":1795256109000,"content":"on call: bob",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"topic","sender":"server","to":"#ops","by":"","set_at":0,"content":"",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "names",
        "The users in a channel that you have joined.",
        "list of names",
        {
            "to": "the channel",
            "seq": "its last message",
            "rev": "its last change, 0 if there was none",
            "read": "the last one that you have read",
            "users": "how many are in it",
            **ROLES,
        },
        (
            '{"response":"names","sender":"server","to":"#ops","seq":42,"rev":7,"read":40,"users":2,"operators":["bob"],'
            '"voiced":[],"content":["alice","bob"],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "history",
        "The last messages of a channel that you have joined, oldest first.",
        "list of messages",
        {"to": "the channel", "seq": "the last message that can be in it", **MORE},
        (
            '{"response":"history","sender":"server","to":"#main","seq":42,"more":true,"content":[{"response":"message",'
            '"sender":"alice","to":"#main","seq":42,"content":"hi all","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09","id":"b7f3-1"}],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "presence",
        "`sender` went away, or is back.",
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
        "Another session of yours read a conversation.",
        '""',
        {"to": "the channel or user", "seq": "up to this message", "read_at": "up to this time"},
        (
            '{"response":"read","sender":"server","to":"#main","seq":42,"read_at":1795256108000,"content":"","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "ping",
        "The server asks whether you are still there; any bytes are an answer.",
        "a token, for `pong`",
        {},
        (
            '{"response":"ping","sender":"server","content":"17","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "info",
        "A notice from the server to its users.",
        "a sentence",
        {},
        (
            '{"response":"info","sender":"server","content":"Maintenance at noon.","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "stopping",
        "The server is going down.",
        "the reason",
        {},
        (
            '{"response":"stopping","sender":"server","content":"The server is going down.","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "metadata",
        "`sender` has changed a value of a channel or user, under a key that you subscribe to.",
        "the value; empty if it was removed",
        {"to": "the channel or user", "key": "the key"},
        (
            '{"response":"metadata","sender":"alice","to":"#main","key":"url","content":"https://example.org",'
            + _AT,
        ),
    ),
    Form(
        "appeared",
        "`sender`, whom you watch, is online.",
        '""',
        {},
        ('{"response":"appeared","sender":"bob","content":"",' + _AT,),
    ),
    Form(
        "vanished",
        "`sender`, whom you watch, is no longer online under this name.",
        '""',
        {},
        ('{"response":"vanished","sender":"bob","content":"",' + _AT,),
    ),
    Form(
        "realname",
        "`sender` has another real name.",
        "the real name",
        {},
        ('{"response":"realname","sender":"bob","content":"Bob B.",' + _AT,),
    ),
    Form(
        "account",
        "`sender` is logged in to an account, or no longer.",
        "the account, or empty",
        {},
        ('{"response":"account","sender":"bob","content":"bob",' + _AT,),
    ),
    Form(
        "typing",
        "`sender` is typing, has paused, or has stopped.",
        "`active`, `paused` or `done`",
        {"to": "the channel or user"},
        ('{"response":"typing","sender":"bob","to":"#main","content":"active",' + _AT,),
    ),
    Form(
        "pinned",
        "`sender` pinned a message of the channel.",
        "the message's text",
        {"to": "the channel", "seq": "the message", "name": "who wrote it"},
        (
            '{"response":"pinned","sender":"bob","to":"#main","seq":42,"name":"alice","content":"Lunch at noon",'
            + _AT,
        ),
    ),
    Form(
        "unpinned",
        "`sender` removed a pin.",
        "",
        {"to": "the channel", "seq": "the message"},
        ('{"response":"unpinned","sender":"bob","to":"#main","seq":42,"content":"",' + _AT,),
    ),
    Form(
        "redacted",
        "`sender` deleted a message, their own or another's.",
        "the reason",
        {
            "to": "the channel, the user, or `*`",
            "seq": "the message",
            "rev": "the number of this change",
            "sent_at": "when it was sent",
        },
        (
            '{"response":"redacted","sender":"bob","to":"#main","seq":42,"rev":8,"sent_at":1795256108000,'
            '"content":"a slip",' + _AT,
        ),
    ),
    Form(
        "edited",
        "`sender` gave a message another text.",
        "the text",
        {
            "to": "the channel or user",
            "seq": "the message",
            "rev": "the number of this change",
            "sent_at": "when it was sent",
        },
        (
            '{"response":"edited","sender":"alice","to":"#main","seq":42,"rev":10,"sent_at":1795256108000,'
            '"content":"hi everybody",' + _AT,
        ),
    ),
    Form(
        "moded",
        "`sender` changed a channel's modes; `server` gives its owner the role of operator.",
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
        "`sender` kicked a user from a channel, perhaps you.",
        "the reason",
        {"to": "the channel", "by": "who did it", "name": "who is out"},
        (
            '{"response":"kicked","sender":"bob","to":"#ops","by":"bob","name":"carol","content":"spam",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "invited",
        "`sender` invited a user to a channel: you, or somebody else to one where you are an operator.",
        '""',
        {"to": "the channel", "by": "who invites", "name": "who is invited"},
        (
            '{"response":"invited","sender":"bob","to":"#ops","by":"bob","name":"alice","content":"",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "wallops",
        "A message from `sender`, a server operator, to the operators.",
        "the text",
        {},
        (
            '{"response":"wallops","sender":"bob","content":"Restart at noon.","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
)
