"""The limits of the client: what it keeps, sends and shows, whatever a server or a person gives it.

They are constants, because nobody needs to change them. Times are in milliseconds.
"""

from __future__ import annotations

# ---- the connection -------------------------------------------------------------------------------------------

MAX_SERVER_LINE_BYTES = 16 * 1024 * 1024
"""One line from the server: longer than any answer, even the names of everybody on a large server."""

MAX_UNSENT_BYTES = 8 << 20
"""Bytes that may wait to be sent: more than is ever in flight. Beyond it, the client disconnects."""

MAX_REQUEST_BYTES = 65_536
"""One request, if the server does not say: the least possible `max_object_bytes`."""

SEND_WINDOW = 16
"""Lines in flight at once: below the burst of requests that a server accepts (`command_burst`)."""

RETRY_FIRST = 2_000
RETRY_MAX = 60_000
"""Time before a line that the server could not accept yet is sent again; it doubles each time."""

RECEIPT_AGE = 23 * 3_600_000
"""How long a repeated id is surely known to the server, which keeps it for `receipt_age`, at least a day."""

PING_EVERY = 60_000
"""Time between two pings: how often the client wakes up while nothing happens."""

PING_TIMEOUT = 30_000
"""Time without a byte after a ping before the connection counts as dead."""

ANSWER_TIMEOUT = 600_000
"""The same if bytes do arrive, but no pong: a slow link may need this long for a large answer before it."""

AWAKE_TIMEOUT = 5_000
"""The same after this computer has slept: the connection is probably dead, and the user is waiting for it."""

MAX_SERVERS = 20
"""Servers at once: more than anybody follows, and the bounds on memory are shared among them."""

# ---- requests to the server ------------------------------------------------------------------------------

HISTORY_PAGE = 1_000
"""Messages per history request: the server sends no more (`history_max`)."""

MAX_MISSED = 10_000
"""Messages fetched to fill a gap. In a longer gap, the newest are fetched; scrolling back fetches the rest."""

MAX_HELD = 20_000
"""Messages held back behind a gap; a server that has not filled it by then never will."""

MAX_HELD_CHARS = 32_000_000
"""Characters of messages held back in all rooms together; beyond them, what is held back is shown with its gaps."""

MAX_REFRESHED = 50
"""Latest direct conversations to refresh after a reconnect; takes less than a minute."""

MAX_CHANNELS = 1_000
"""Channels that the user can be in: far more than a server allows."""

MAX_JOINS_AT_ONCE = 8
"""Requests to rejoin channels in flight; together with the rest below what a server accepts at once."""

MAX_WATCHED = 100
"""Users watched at once, the server's default (`max_watched`)."""

# ---- what is kept ---------------------------------------------------------------------------------------------

MAX_STREAMS = 5_000
"""Rooms for which received messages are tracked: more than anybody is in."""

MAX_ROOMS = 500
"""Rooms at once; beyond that, the oldest conversation not in use is closed."""

MAX_PEOPLE = 20_000
"""Names remembered per room; the others are only counted."""

MAX_PEOPLE_IN_ALL = 200_000
"""Names remembered in all rooms together."""

MAX_SPEAKERS = 500
"""Speakers remembered per room, for completion and for whose joins and parts are shown."""

MAX_REMEMBERED = 1_000
"""Entries of a dictionary of small facts, unless it has a limit of its own."""

MAX_TYPING = 20
"""Users shown as typing in a room; more are not counted."""

MAX_LOG_ENTRIES = 100_000
"""Entries kept per room; older ones are dropped and can be fetched from the server again."""

MAX_LOG_CHARS = 32_000_000
"""Characters kept per room, about as many bytes: far more than a room needs unless it is flooded."""

MAX_LOGS_BYTES = 256_000_000
"""All rooms' logs together; beyond it, the oldest half of the largest goes: only a flood in many rooms gets there."""

MAX_TYPED_ENTRIES = 1_000
"""Entries of the input history per room: half a year of a busy one, and read in a millisecond."""

MAX_TYPED_BYTES = 1 << 20
"""Size of the input history file above which its older half is dropped."""

MAX_FILE_NAME_CHARS = 200
"""Characters of the name of a log that come from its room's: file systems take 255 bytes."""

MAX_LINKS = 4_096
"""Hyperlinks remembered at once: more than fill many screens."""

# ---- what is typed --------------------------------------------------------------------------------------------

MAX_DRAFT_CHARS = 1 << 18
"""Characters in the input line: four times the longest message of the protocol."""

MAX_PASTE_CHARS = 1 << 20
"""Characters kept of one paste: more than anybody sends in a chat, and a bound on memory."""

MAX_PIPED_LINE_BYTES = 1 << 20
"""One line of piped input: more than servers accept, and a bound on memory for input without line breaks."""

MAX_KILLS = 30
"""Pieces of cut text that can be pasted again."""

MAX_UNDO = 100
"""Steps that can be undone."""

MAX_CANDIDATES = 200
"""Completions: as many as anybody would page through; typing one more letter is quicker."""

MAX_MESSAGE_BYTES = 60_000
"""One message: what fits in the protocol's 64 KiB object together with names."""

MAX_PARTS = 20
"""Messages that one text may be split into: beyond that it is a file, which nobody reads in a chat."""

MAX_UNSENT_LINES = 500
"""Unsent lines above which no more piped input is read, so a file of any size takes little disk space."""

# ---- what is shown --------------------------------------------------------------------------------------------

MAX_SHOWN_CHARS = 100_000
"""Characters of a message that are shown; an evchat server accepts no more."""

MAX_LABEL_CHARS = 1_000
"""Characters of a name, a topic or a reason that are kept; servers of ours take at most 390 bytes by default."""

MAX_PENDING_SHOWN = 20
"""Unsent lines that are shown; further ones are counted."""

MAX_NAMES_SHOWN = 8
"""Names in one line about several people."""

MAX_CHANGES_SHOWN = 50
"""Mode changes in one event; an evchat server sends no more (`max_mode_changes`)."""
