"""labeled-response over all commands: one label comes back, on all that answers the command and on nothing else."""

from __future__ import annotations

import re
from typing import Any

from evchat.dialects.irc.commands import COMMANDS
from tests.irc.harness import Message, commands, expect, make_account, plain_blob
from tests.irc.ircv3.helpers import unwrap

CAPS = (
    "batch", "labeled-response", "echo-message", "message-tags", "server-time", "setname", "account-notify",
    "away-notify", "standard-replies", "extended-join", "invite-notify", "sasl", "draft/chathistory",
    "draft/read-marker", "draft/message-redaction", "draft/account-registration", "draft/multiline",
)  # fmt: skip

WORKS = {
    "PASS": ("PASS secret", "462"),
    "NICK": ("NICK oof", "NICK"),
    "USER": ("USER a 0 * :b", "462"),
    "CAP": ("CAP LIST", "CAP"),
    "CAP REQ": ("CAP REQ :invite-notify", "CAP"),
    "PING": ("PING x", "PONG"),
    "REGISTER": ("REGISTER * * longenough", "REGISTER ACCOUNT"),
    "PRIVMSG": ("PRIVMSG #c :hi", "PRIVMSG"),
    "PRIVMSG to a user": ("PRIVMSG bar :hi", "PRIVMSG 301"),
    "PRIVMSG to several": ("PRIVMSG #c,bar :hi", "PRIVMSG PRIVMSG 301"),
    "NOTICE": ("NOTICE #c :hi", "NOTICE"),
    "TAGMSG": ("@+typing=active TAGMSG #c", "TAGMSG"),
    "JOIN": ("JOIN #new", "JOIN 353 MARKREAD 366"),
    "JOIN of two": ("JOIN #new,#newer", "JOIN 353 MARKREAD 366 JOIN 353 MARKREAD 366"),
    "PART": ("PART #c :bye", "PART"),
    "JOIN 0": ("JOIN 0", "PART PART"),
    "TOPIC": ("TOPIC #c :new", "TOPIC"),
    "TOPIC asked": ("TOPIC #c", "332 333"),
    "NAMES": ("NAMES #c", "353 366"),
    "LIST": ("LIST #c", "321 322 323"),
    "MODE": ("MODE #c +m", "MODE"),
    "MODE of a member": ("MODE #c +v bar", "MODE"),
    "MODE asked": ("MODE #c", "324 329"),
    "MODE list": ("MODE #c b", "367 368"),
    "MODE of a user": ("MODE foo +i", "MODE"),
    "KICK": ("KICK #c bar :out", "KICK"),
    "KICK of two": ("KICK #c bar,baz :out", "KICK KICK"),
    "INVITE": ("INVITE bar #d", "341 301"),
    "WHO": ("WHO bar", "352 315"),
    "WHOIS": ("WHOIS bar", "311 319 312 301 317 318"),
    "WHOWAS": ("WHOWAS old", "314 312 369"),
    "USERHOST": ("USERHOST bar", "302"),
    "ISON": ("ISON bar", "303"),
    "MONITOR": ("MONITOR + bar", "730"),
    "MONITOR L": ("MONITOR L", "733"),
    "AWAY": ("AWAY :gone", "306"),
    "SETNAME": ("SETNAME :New Name", "SETNAME"),
    "OPER": ("OPER operuser operpassword", "381 MODE"),
    "KILL": ("KILL bar :out", "NOTICE"),
    "MUTE": ("MUTE #c bar 5", "NOTICE MODE"),
    "UNMUTE": ("UNMUTE #c bar", "NOTICE"),
    "KLINE": ("KLINE nobody!*@* :out", "NOTICE"),
    "UNKLINE": ("UNKLINE old!*@*", "NOTICE"),
    "KLINES": ("KLINES", "216 219"),
    "STATS": ("STATS k", "216 219"),
    "LUSERS": ("LUSERS", "251 252 253 254 255 265 266"),
    "MOTD": ("MOTD", "422"),
    "VERSION": ("VERSION", "351 005 005 005"),
    "TIME": ("TIME", "391"),
    "INFO": ("INFO", "371 371 371 374"),
    "ADMIN": ("ADMIN", "256 257 258 259"),
    "LINKS": ("LINKS", "364 365"),
    "USERS": ("USERS", "446"),
    "SUMMON": ("SUMMON x", "445"),
    "MARKREAD": ("MARKREAD #c", "MARKREAD"),
    "METADATA": ("METADATA * SET url :x", "761"),
    "METADATA SUB": ("METADATA * SUB url", "770"),
    "VERIFY": ("VERIFY foo code", "FAIL"),
    "QUIT": ("QUIT :bye", "QUIT ERROR"),
}  # fmt: skip
"""By what it shows: a line that does something, and the commands of all that answers it."""

REFUSED = {
    "NICK": ("NICK bar", "433"),
    "NICK that is none": ("NICK *", "432"),
    "NICK without one": ("NICK", "431"),
    "USER": ("USER a", "461"),
    "CAP": ("CAP NONSENSE", "410"),
    "CAP REQ": ("CAP REQ :nonsense", "CAP"),
    "PING": ("PING", "461"),
    "REGISTER": ("REGISTER * * x", "FAIL"),
    "CERTIFICATE": ("CERTIFICATE", "NOTICE"),
    "PASSWORD": ("PASSWORD wrong longenough", "NOTICE"),
    "UNREGISTER": ("UNREGISTER wrong", "NOTICE"),
    "RESETPASSWORD": ("RESETPASSWORD bar longenough", "481"),
    "PRIVMSG": ("PRIVMSG #none :hi", "404"),
    "PRIVMSG to nobody": ("PRIVMSG nobody :hi", "401"),
    "TAGMSG": ("@+typing=active TAGMSG #none", "404"),
    "JOIN": ("JOIN :#a b", "403"),
    "REJOIN": ("REJOIN", "NOTICE"),
    "PART": ("PART #none", "442"),
    "TOPIC": ("TOPIC #none :x", "403"),
    "NAMES": ("NAMES #none", "366"),
    "MODE": ("MODE #c +Y", "472"),
    "MODE in part": ("MODE #c +Ym", "472 MODE"),
    "MODE without a value": ("MODE #c +k", "696"),
    "MODE of another": ("MODE bar +i", "502"),
    "KICK": ("KICK #c nobody", "401"),
    "INVITE": ("INVITE bar #c", "443"),
    "WHOIS": ("WHOIS nobody", "401 318"),
    "WHOWAS": ("WHOWAS nobody", "406 369"),
    "OPER": ("OPER operuser wrong", "464"),
    "KILL": ("KILL nobody", "401"),
    "REDACT": ("REDACT #c nonsense", "FAIL"),
    "MARKREAD": ("MARKREAD #c nonsense", "FAIL"),
    "CHATHISTORY": ("CHATHISTORY LATEST #none * 10", "FAIL"),
    "AUTHENTICATE": ("AUTHENTICATE NONSENSE", "908 904"),
    "BATCH": ("BATCH -none", "FAIL"),
    "METADATA": ("METADATA * DESTROY", "FAIL"),
    "METADATA SET": ("METADATA bar SET url :x", "FAIL"),
    "NS": ("NS IDENTIFY secret", "421"),
    "NONSENSE": ("NONSENSE", "421"),
}
"""A line that is refused, and the commands of what says so."""

NOTHING = {
    "NICK": "NICK foo",
    "PONG": "PONG x",
    "ERROR": "ERROR :x",
    "NOTICE": "NOTICE nobody :hi",
    "JOIN": "JOIN #c",
    "TOPIC": "TOPIC #c :old",
    "MODE": "MODE #c +n",
    "MODE of a user": "MODE foo -i",
    "MONITOR -": "MONITOR - bar",
    "MONITOR C": "MONITOR C",
    "SETNAME": "SETNAME :Realname",
    "CAP END": "CAP END",
    "METADATA SUBS": "METADATA * SUBS",
    "WALLOPS": "WALLOPS :all",
}
"""A line that changes nothing, or whose success has no words: the answer is ACK."""


BY_OPERATORS = ("KILL", "WALLOPS", "KLINE", "UNKLINE", "KLINES", "STATS")
"""Commands that work for operators of the server."""

ELSEWHERE = {"AUTHENTICATE", "BATCH", "CHATHISTORY", "REDACT", "INBOX", "HELP", "HELPOP"}
"""Commands whose answers are batches, or whose lines need more than a table has; they have tests of their own."""


def own_names(line: str, number: int) -> str:
    """A line of the tables with the names and channels of this case."""
    line = re.sub(r"#(c|d|new|newer|none)\b", rf"#\g<1>{number}", line)
    return re.sub(r"\b(foo|bar|baz|old|oof)\b", rf"\g<1>{number}", line)


def answer_to(server: Any, line: str, number: int) -> list[Message]:
    """All that answers a line of the tables, which must bear its label once, and beside which nothing comes.

    foo keeps order in the channel #c, which has a topic and a ban, and where bar, who is away, and baz are.
    """

    def named(text: str) -> str:
        return own_names(text, number)

    foo, bar, baz = (server.client(named(name), CAPS) for name in ("old", "bar", "baz"))
    foo.ask("NICK " + named("foo"), *map(named, ("JOIN #c", "TOPIC #c :old", "MODE #c +b x!*@*", "JOIN #d")))
    if line.partition(" ")[0] in BY_OPERATORS:
        foo.ask("OPER operuser operpassword", named("KLINE old!*@* :out"))
    for other in (bar, baz):
        other.ask(named("JOIN #c"))
    bar.ask("AWAY :out")
    foo.collect()
    tag = f"@label=l{number}"
    foo.send(f"{tag};{named(line[1:])}" if line.startswith("@") else f"{tag} {named(line)}")
    heard = foo.closed() if line.startswith("QUIT") else foo.collect()
    heard = [message for message in heard if message.nick not in (named("bar"), named("baz"))]
    assert [message.tags.get("label") for message in heard].count(f"l{number}") == 1, (line, heard)
    for other in (bar, baz):
        if not line.startswith("KILL") or other is baz:
            assert not [message for message in other.collect() if "label" in message.tags], line
    if line.partition(" ")[0] in BY_OPERATORS:
        foo.ask(named("UNKLINE old!*@*"), "UNKLINE nobody!*@*")
    for client in (foo, bar, baz):
        client.close()
    return unwrap(heard, "labeled-response") if len(heard) > 1 else heard


def test_a_command_that_works_is_answered_with_its_label(staffed):
    answers = {
        line: " ".join(commands(answer_to(staffed, line, number)))
        for number, (line, _) in enumerate(WORKS.values())
    }
    assert answers == dict(WORKS.values())


def test_a_command_that_is_refused_is_answered_with_its_label(staffed):
    answers = {
        line: " ".join(commands(answer_to(staffed, line, number)))
        for number, (line, _) in enumerate(REFUSED.values())
    }
    assert answers == dict(REFUSED.values())


def test_a_command_without_an_answer_is_acknowledged(staffed):
    for number, line in enumerate(NOTHING.values()):
        (answer,) = answer_to(staffed, line, number)
        expect(answer, "ACK", tags={"label": f"l{number}"})


def test_every_command_is_in_the_tables():
    tried = {key.split(" ")[0] for key in (*WORKS, *REFUSED, *NOTHING)}
    assert tried | ELSEWHERE >= set(COMMANDS)


def test_logging_in_to_an_account_by_sasl_bears_the_label_of_the_last_piece(server, irc):
    make_account(server, "jilles")
    foo = irc("foo", CAPS)
    foo.ask("AUTHENTICATE PLAIN")
    answer = unwrap(foo.ask(f"@label=x AUTHENTICATE {plain_blob('jilles', 'sesame')}"), "labeled-response")
    assert commands(answer) == ["900", "903", "ACCOUNT"]
