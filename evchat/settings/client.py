"""The limits of the client: what it keeps, sends and shows, whatever a server or a person gives it.

They are the same for everybody: none of them needs to be set. Times are milliseconds.
"""

from __future__ import annotations

# ---- the connection -------------------------------------------------------------------------------------------

MAX_SERVER_LINE_BYTES = 16 * 1024 * 1024
"""One line from the server: what no answer reaches, not even the names of everybody on a large one."""

MAX_UNSENT_BYTES = 8 << 20
"""Bytes that may wait to be sent: more than all that is under way at a time. A server that lets more wait is left."""

MAX_REQUEST_BYTES = 65_536
"""One request, if the server does not say: the least that `max_object_bytes` can be."""

SEND_WINDOW = 16
"""Lines under way at a time: below the burst of requests that a server takes at once (`command_burst`)."""

RETRY_FIRST = 2_000
RETRY_MAX = 60_000
"""Time until a line is sent once more that the server could not take at the moment: doubled each time."""

RECEIPT_AGE = 23 * 3_600_000
"""For so long a repeated id is surely known to the server, which keeps it for `receipt_age`, at least a day."""

PING_EVERY = 60_000
"""Between two signs of life that are asked for: the most one wakes while nothing happens."""

PING_TIMEOUT = 30_000
"""Without a byte, after having asked, until the connection counts as dead."""

ANSWER_TIMEOUT = 600_000
"""The same though bytes do come, one by one: what a slow line needs for a long answer before ours."""

AWAKE_TIMEOUT = 5_000
"""The same when this computer has slept: then the connection is most likely dead, and somebody waits for it."""

# ---- what is asked of the server ------------------------------------------------------------------------------

HISTORY_PAGE = 1_000
"""Messages asked for at a time: the server gives no more (`history_max`)."""

MAX_MISSED = 10_000
"""Messages fetched to fill a gap. Of a longer one the newest are fetched; the rest is there to be scrolled back to."""

MAX_HELD = 20_000
"""Messages held back; a server that never fills the gap before them has none to fill it with."""

MAX_REFRESHED = 50
"""Direct conversations, the latest, of which what is new is fetched when one is back; below what fills a minute."""

MAX_CHANNELS = 1_000
"""Channels one can be in: far more than a server allows."""

MAX_JOINS_AT_ONCE = 8
"""Requests to come back into channels, below what a server takes at once together with the rest."""

MAX_WATCHED = 100
"""Users watched at a time, as servers of ours have it (`max_watched`)."""

# ---- what is kept ---------------------------------------------------------------------------------------------

MAX_STREAMS = 5_000
"""Rooms of which it is remembered what has arrived: more than anybody is in."""

MAX_ROOMS = 500
"""Rooms at once; beyond them that conversation goes which has been there longest and is not in use."""

MAX_PEOPLE = 20_000
"""Names remembered per room; the others are only counted."""

MAX_SPEAKERS = 500
"""Speakers remembered per room, for completion and for whose joins and parts are shown."""

MAX_REMEMBERED = 1_000
"""Entries of a dictionary of small facts, where nothing else is said."""

MAX_TYPING = 20
"""Of those who are typing in a room; more are not counted."""

MAX_LOG_ENTRIES = 100_000
"""Entries kept per room; older ones are let go and can be fetched from the server again."""

MAX_LOG_CHARS = 32_000_000
"""Characters kept per room, about as many bytes: far above what a room takes that is not flooded."""

MAX_TYPED_ENTRIES = 1_000
"""Texts kept of what was typed in a room: half a year of a busy one, and read in a millisecond."""

MAX_TYPED_BYTES = 1 << 20
"""The file of what was typed, above which its older half is let go."""

MAX_LINKS = 4_096
"""Hyperlinks that are remembered at once: more than all the screens one scrolls through in a while."""

# ---- what is typed --------------------------------------------------------------------------------------------

MAX_DRAFT_CHARS = 1 << 18
"""Characters that one may write at once: four times the longest message of the protocol."""

MAX_PASTE_CHARS = 1 << 20
"""Characters kept of one paste: more than anybody sends in a chat, and a bound on what we hold."""

MAX_PIPED_LINE_BYTES = 1 << 20
"""One line of a pipe: more than servers take, and a bound on what we hold of input that has no line break."""

MAX_KILLS = 30
"""Pieces of text that were cut and can be put back."""

MAX_UNDO = 100
"""Steps that can be undone."""

MAX_CANDIDATES = 200
"""Completions: as many as anybody would leaf through; typing one more letter is quicker."""

MAX_MESSAGE_BYTES = 60_000
"""One message: what fits into the protocol's object of 64 KiB with its names."""

MAX_PARTS = 20
"""Messages that one text may become: beyond that it is a file, and nobody reads it in a chat."""

MAX_UNSENT_LINES = 500
"""Lines that wait to be sent above which no more are read: a file of any size takes little room on the disk."""

# ---- what is shown --------------------------------------------------------------------------------------------

MAX_SHOWN_CHARS = 100_000
"""Characters of a message that are shown; a server of ours takes no longer ones."""

MAX_PENDING_SHOWN = 20
"""Lines that wait to be sent and are shown; more are counted."""

MAX_NAMES_SHOWN = 8
"""Names in one line about several people."""

MAX_CHANGES_SHOWN = 50
"""Changes of modes in one event; a server of ours makes no more (`max_mode_changes`)."""
