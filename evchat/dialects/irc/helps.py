"""What HELP tells."""

from __future__ import annotations

from typing import Final

HELP: Final[dict[str, tuple[str, ...]]] = {
    "": (
        "evchat: IRC clients, netcat, programs and terminals talk in the same channels.",
        "JOIN #main brings you where everyone starts; LIST shows the other channels.",
        "HELP index names the subjects.",
    ),
    "index": (
        "Subjects of HELP:",
        "accounts  channels  history  modes  operators",
    ),
    "accounts": (
        "A name becomes yours with an account:",
        "REGISTER * * PASSWORD registers the name that you have.",
        "Next time log in with SASL PLAIN, or with PASS NAME:PASSWORD before NICK.",
        "With an account you may be connected several times under one name.",
    ),
    "channels": (
        "JOIN #channel [key], PART, NAMES, TOPIC, INVITE nick #channel, KICK #channel nick [reason].",
        "Who comes first into a channel becomes its operator; who has an account owns it for good.",
        "What is said is kept: who joins is told what was said last.",
    ),
    "history": (
        "CHATHISTORY LATEST #channel * 50 and its like, for clients that know them; MARKREAD keeps how far you read.",
        "A message to somebody who is not here is kept in that person's inbox and told at the next login.",
    ),
    "modes": (
        "Of channels: b ban, e exception, I invitation, k key, l limit, i invite-only, m moderated,",
        "n members-only, t topic-locked, s secret, C no-ctcp, o operator, v voice.",
        "Of users: i invisible, B bot, w wallops, o operator.",
    ),
    "operators": (
        "OPER name password; then KILL, KLINE [minutes] mask [reason], UNKLINE mask, KLINES, WALLOPS.",
        "What operators do is written down.",
    ),
}
