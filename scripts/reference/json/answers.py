"""The `ok` of each request as full JSON clients hear it: meaning, keys, and an example each."""

from __future__ import annotations

from typing import Final

from reference.json.administration import ADMINISTRATION
from reference.json.form import Form
from reference.json.objects import (
    ACT,
    BANISHED,
    BROADCAST,
    CHANGE,
    CHANNEL,
    COMMAND,
    CONVERSATION,
    COUNTS,
    DIRECT,
    DUPLICATE,
    ENTRY,
    FOUND,
    MORE,
    OMITTED,
    PAST,
    PERSON,
    ROLES,
    TOPIC,
    WATCHED,
)

_OK = '{"response":"ok","reply_to":'
_AT = '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}'
_BOB = (
    '"name":"bob","online":true,"registered":false,"since":1795256000000,"seen":1795256109000,"idle":120000,'
    '"away":"lunch","channels":["#main"],"sessions":1,"account":"","bot":false,"operator":false,"realname":"","host":"evchat"'
)

PLAIN_OK: Final = "All other requests"
"""The name of the form of what has nothing to tell but that it is done."""

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
            "resumed": "true if this goes on with a session that was lost",
            "resume": "the token with which this session can be resumed, once; missing where none can",
            "resume_for": "for how many milliseconds after the connection was lost",
        },
        (
            '{"response":"ok","reply_to":"r1","sender":"server","name":"alice","registered":false,"to":"#main",'
            '"unread":3,"resume":"Zb3kXw7aQn2LdR0vTg5YpA","resume_for":20000,'
            '"content":"Login successful. Welcome, alice.",' + _AT,
            '{"response":"ok","reply_to":"r4","sender":"server","name":"alice","registered":false,"to":"#main",'
            '"unread":1,"resumed":true,"resume":"q8LmT1cVb6ZsE9xJfH4uKw","resume_for":20000,'
            '"content":"Login successful. Welcome, alice.",' + _AT,
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
            "kept": "true if the user is not online, or held, and finds it in the inbox",
            "away": "why the user is away, if so",
            **DUPLICATE,
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
        {"seq": "its number, if it went to everyone", **DUPLICATE},
        (
            '{"response":"ok","reply_to":"b7f3-3","sender":"server","seq":3,"duplicate":true,"content":{"delivered":2,'
            '"missed":["carol"]},"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
        BROADCAST,
    ),
    Form(
        PLAIN_OK,
        "What follows from it comes as an event.",
        "a sentence, or empty",
        {
            "name": "of `nick`: your new name",
            "channels": "of `join`, `part`: the channels",
            "to": "of `read`, `redact`, `edit`: the conversation",
            "seq": "of `read`: up to this message; of `redact`, `edit`: the message",
            "rev": "of `redact`, `edit`: the change",
        },
        (
            '{"response":"ok","reply_to":"r3","sender":"server","name":"alicia","content":"","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"ok","reply_to":"r4","sender":"server","channels":["#ops"],"content":"You left #ops.",'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"ok","reply_to":"r16","sender":"server","to":"#ops","seq":42,"content":"","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"ok","reply_to":"r17","sender":"server","to":"#main","seq":42,"rev":8,"content":"The message '
            'was deleted.","at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "`topic` without content",
        "",
        'the topic, "" for none',
        TOPIC,
        (
            '{"response":"ok","reply_to":"r5","sender":"server","to":"#ops","by":"bob","set_at":1795256109000,'
            '"content":"on call: bob","at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "channels",
        "Those with the most users first.",
        "list of {}",
        OMITTED,
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
        {**OMITTED, "minutes": "those of `wholast`"},
        (
            '{"response":"ok","reply_to":"r9","sender":"server","omitted":0,"minutes":5,"content":[{"name":"bob",'
            '"online":true,"registered":false,"since":1795256000000,"seen":1795256109000,"idle":120000,"away":"lunch",'
            '"channels":["#main"],"sessions":1,"account":"","bot":false,"operator":false,"realname":"","host":"evchat"}],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
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
        {key: meaning for key, meaning in PERSON.items() if key != "host"},
    ),
    Form(
        "history",
        "Oldest first; with `changed_after`, by `rev`.",
        "list of messages",
        {
            "to": "the conversation",
            "seq": "its last message",
            "rev": "its last change",
            "gone_before": "the number below which no messages are kept any more; missing where all are",
            **MORE,
        },
        (
            '{"response":"ok","reply_to":"r11","sender":"server","to":"bob","seq":7,"rev":0,"more":false,"content":[{'
            '"response":"message","sender":"alice","to":"bob","seq":7,"content":"waves","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09","action":true}],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
            '{"response":"ok","reply_to":"h1","sender":"server","to":"#main","seq":42,"rev":10,"more":false,'
            '"gone_before":30,"content":[{"response":"message","sender":"alice","to":"#main","seq":41,"content":"","at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09","redacted":true,"rev":8},{"response":"message","sender":"alice",'
            '"to":"#main","seq":42,"content":"hi everybody","at":1795256109000,"timestamp":"2026-11-21T10:15:09",'
            '"reply":40,"edited":1795256109000,"rev":10}],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "inbox, search",
        "Oldest first.",
        "list of messages",
        MORE,
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
            '"read":4,"unread":2,"waiting":1,"last":1795256000000,"rev":3}],"at":1795256109000,'
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
            '"Changes your name.","keys":[{"key":"content","kind":"user","required":true}],"typed":"/nick name",'
            '"words":["nick"]}],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
        COMMAND,
    ),
    Form(
        "authenticate",
        "Whatever name you go by.",
        '""',
        {"account": "the one that is proved to be yours"},
        (f'{_OK}"r30","sender":"server","account":"alice","content":"",{_AT}',),
    ),
    Form(
        "find",
        "",
        "list of {}",
        {"omitted": "how many more there are"},
        (
            f'{_OK}"r21","sender":"server","omitted":0,"content":[{{{_BOB},"channel":"#main","roles":"o"}}],{_AT}',
        ),
        FOUND,
    ),
    Form(
        "look",
        "",
        "list of {}",
        {},
        (f'{_OK}"r22","sender":"server","content":[{{{_BOB}}}],{_AT}',),
        PERSON,
    ),
    Form(
        "whowas",
        "The latest first.",
        "list of {}",
        {},
        (
            f'{_OK}"r23","sender":"server","content":[{{"name":"bob","until":1795256000000,"account":"bob",'
            f'"realname":"Bob B."}}],{_AT}',
        ),
        PAST,
    ),
    Form(
        "count",
        "",
        "{}",
        {},
        (
            f'{_OK}"r24","sender":"server","content":{{"users":5,"invisible":1,"operators":0,"channels":2,'
            f'"strangers":0,"most":9}},{_AT}',
        ),
        COUNTS,
    ),
    Form(
        "watch, watched",
        "`watch` tells of those named only.",
        "{}",
        {},
        (f'{_OK}"r25","sender":"server","content":{{"online":[{{{_BOB}}}],"offline":["carol"]}},{_AT}',),
        WATCHED,
    ),
    Form(
        "usermode",
        "With content, those that have changed.",
        "letters, such as `i` or `+i-w`",
        {"name": "your name"},
        (
            f'{_OK}"r26","sender":"server","name":"alice","content":"iB",{_AT}',
            f'{_OK}"r27","sender":"server","name":"alice","content":"+i-w",{_AT}',
        ),
    ),
    Form(
        "`mark`, `read` with `until`",
        "",
        '""',
        {"to": "the conversation", "seq": "the last message read", "read_at": "up to when"},
        (f'{_OK}"r28","sender":"server","to":"#main","seq":42,"read_at":1795256108000,"content":"",{_AT}',),
    ),
    Form(
        "conversations",
        "",
        "list of {}",
        {},
        (f'{_OK}"r29","sender":"server","content":[{{"name":"#main","last":1795256108000}}],{_AT}',),
        CONVERSATION,
    ),
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
            '"mallory!*@*","by":"bob","at":1795256109000,"until":0,"whom":""}],"at":1795256109000,'
            '"timestamp":"2026-11-21T10:15:09"}',
        ),
        ENTRY,
    ),
    Form(
        "pins",
        "In the order in which they were pinned.",
        "list of messages",
        {"to": "the channel", "pins": "list of {`seq`, `by`, `at`}: who pinned each message, and when"},
        (
            '{"response":"ok","reply_to":"m2","sender":"server","to":"#main","pins":[{"seq":42,"by":"bob","at":'
            '1795256109000}],"content":[{"response":"message","sender":"alice","to":"#main","seq":42,"content":'
            '"Lunch at noon","at":1795256108000,"timestamp":"2026-11-21T10:15:08"}],"at":1795256109000,"timestamp":'
            '"2026-11-21T10:15:09"}',
        ),
    ),
    Form(
        "metadata, setmetadata, clearmetadata",
        "What was asked for, or what it is now; null is no value.",
        "list of {`to`, `key`, `value`}",
        {
            "to": "the channel or user",
            "later": "a large channel's values are not told at the join; ask for them",
        },
        (
            '{"response":"ok","reply_to":"r28","sender":"server","to":"bob","later":false,"content":[{"to":"bob","key":"url",'
            '"value":"https://example.org"}],"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
        {"to": "whose value it is", "key": "its key", "value": "the value, or null"},
    ),
    Form(
        "subscribe",
        "Of the keys that you named, or all.",
        "list of keys",
        {"on": "false: you no longer subscribe to them"},
        (
            '{"response":"ok","reply_to":"r29","sender":"server","on":true,"content":["url","avatar"],'
            '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
        ),
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
            '{"response":"ok","reply_to":"m4","sender":"server","operator":"root","content":"You are now a server '
            'operator.","at":1795256109000,"timestamp":"2026-11-21T10:15:09"}',
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
    *ADMINISTRATION,
)
