"""What a full JSON client hears about people, closely, and about what becomes of messages: a part of the reference."""

from __future__ import annotations

from typing import Final

from evchat.dialects.json_form import Form
from evchat.dialects.json_parts import CONVERSATION, COUNTS, FOUND, PAST, PERSON, WATCHED

_OK = '{"response":"ok","reply_to":'
_AT = '"at":1795256109000,"timestamp":"2026-11-21T10:15:09"}'
_BOB = (
    '"name":"bob","online":true,"registered":false,"since":1795256000000,"seen":1795256109000,"idle":120000,'
    '"away":"lunch","channels":["#main"],"sessions":1,"account":"","bot":false,"operator":false,"realname":""'
)

PEOPLE_RESPONSES: Final = (
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
        "`sender` has proved to own an account, or does so no longer.",
        "the account, or empty",
        {},
        ('{"response":"account","sender":"bob","content":"bob",' + _AT,),
    ),
    Form(
        "typing",
        "`sender` is typing, pauses, or is done with it.",
        "`active`, `paused` or `done`",
        {"to": "the channel or user"},
        ('{"response":"typing","sender":"bob","to":"#main","content":"active",' + _AT,),
    ),
    Form(
        "redacted",
        "`sender` took a message back, be it one's own or not.",
        "the reason",
        {"to": "the channel, the user, or `*`", "seq": "the message", "sent_at": "when it was sent"},
        (
            '{"response":"redacted","sender":"bob","to":"#main","seq":42,"sent_at":1795256108000,"content":"a slip",'
            + _AT,
        ),
    ),
)
"""Further responses other than `ok`."""

PEOPLE_ANSWERS: Final = (
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
)
"""The `ok` of further requests."""
