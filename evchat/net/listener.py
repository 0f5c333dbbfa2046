"""Listening sockets: TCP over IPv4 and IPv6, and UNIX sockets. Accepted connections go to a callback."""

from __future__ import annotations

import errno
import os
import socket
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from evchat.net.loop import Loop, Timer
from evchat.net.sockets import INHERITED, Options, set_options

_BACKLOG = 4096
"""Connections that wait to be accepted; the kernel lowers it to its own limit (Linux: net.core.somaxconn)."""
_MOST_ACCEPTED = 64
"""Connections accepted in one pass, about 15 ms, so that a storm of them does not hold up those who are connected."""
_RETRY_AFTER = 1.0
"""Seconds until accepting is tried again when there was no descriptor or memory for a new connection."""
_PORT_TRIES = 16
"""How often a free port of one address is tried on the others."""
_FLEETING = frozenset(
    getattr(errno, name)
    for name in (
        "ECONNABORTED", "EPROTO", "EPERM", "ENOPROTOOPT", "EHOSTDOWN", "ENONET", "EHOSTUNREACH", "EOPNOTSUPP",
        "ENETDOWN", "ENETUNREACH", "ETIMEDOUT", "ECONNRESET",
    )
    if hasattr(errno, name)
)  # fmt: skip
"""Errors of the one connection that was to be accepted, which is gone; Linux's accept(2) lists them."""


class ListenError(OSError):
    """An address can't be listened on. The text is a sentence that says why and what to do."""


class Listener:
    """A listening socket in a loop. `where` is the real address: `host:port`, `[host]:port` or a path.

    `on_accept` gets each new socket, blocking as Python makes it, and the peer's IP address, or "unix". When
    there is no descriptor or memory for more, `on_exhausted` hears the error, once until a connection is
    accepted again; accepting goes on after `resume` or a second. The others wait in the kernel's queue
    meanwhile. The sockets accepted have the options that were last given to `set_options`.
    """

    def __init__(
        self,
        loop: Loop,
        sock: socket.socket,
        on_accept: Callable[[socket.socket, str], None],
        on_exhausted: Callable[[OSError], None],
        *,
        path: str | None = None,
        lent: bool = False,
    ) -> None:
        """Takes over a socket that is bound and listens; `path` is the file of a UNIX socket.

        Whoever has `lent` it keeps the file.
        """
        self._loop = loop
        self._sock = sock
        self._on_accept = on_accept
        self._on_exhausted = on_exhausted
        self._path = path
        self._file = _identity(path) if path is not None and not lent else None
        self._options: Options = ()
        """What is set on each accepted socket because it does not inherit it."""
        self._resting: Timer | None = None
        self._exhausted = False
        self._closed = False
        self.where = path if path is not None else _where(*sock.getsockname()[:2])
        sock.setblocking(False)
        loop.register(sock, self._accept, None)

    def set_options(self, options: Options) -> None:
        """Gives the sockets accepted from now on these options, where they are of TCP: no other sockets have them."""
        if self._path is not None:
            return
        if INHERITED:
            set_options(self._sock, options)
        else:
            self._options = options

    def _accept(self) -> None:
        for _ in range(_MOST_ACCEPTED):
            if self._closed:
                return
            try:
                sock, peer = self._sock.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                if error.errno in _FLEETING:
                    continue
                self._rest(error)
                return
            self._exhausted = False
            if self._options:
                set_options(sock, self._options)
            self._on_accept(sock, peer[0] if self._path is None else "unix")

    def _rest(self, error: OSError) -> None:
        """Accepts nothing for a while: the socket stays readable, and the loop would spin."""
        self._loop.watch(self._sock, False, False)
        self._resting = self._loop.call_later(_RETRY_AFTER, self.resume)
        if not self._exhausted:
            self._exhausted = True
            self._on_exhausted(error)

    def resume(self) -> None:
        """A descriptor may be free: accepts again if that had to stop. Costs next to nothing otherwise."""
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None
            self._loop.watch(self._sock, True, False)

    def close(self) -> None:
        """Accepts nothing more. Removes the file of a UNIX socket, unless it is another server's by now."""
        if self._closed:
            return
        self._closed = True
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None
        self._loop.unregister(self._sock)
        self._sock.close()
        if self._path is not None and self._file is not None and _identity(self._path) == self._file:
            with suppress(OSError):
                Path(self._path).unlink()


def listen_tcp(
    loop: Loop,
    host: str,
    port: int,
    on_accept: Callable[[socket.socket, str], None],
    on_exhausted: Callable[[OSError], None],
    *,
    backlog: int = _BACKLOG,
) -> list[Listener]:
    """Listens on every address that `host`, a name or an IP address, stands for on this machine.

    Port 0 picks a free one, the same for all. Of several addresses, those whose kind the machine lacks are
    left out. Raises ListenError; then nothing listens.
    """
    addresses = _resolve(host, port)
    for tries_left in reversed(range(_PORT_TRIES)):
        try:
            socks = _bind_all(addresses, backlog)
        except ListenError as error:
            if port == 0 and len(addresses) > 1 and error.errno == errno.EADDRINUSE and tries_left:
                continue
            raise
        break
    return [Listener(loop, sock, on_accept, on_exhausted) for sock in socks]


def listen_unix(
    loop: Loop,
    path: str,
    on_accept: Callable[[socket.socket, str], None],
    on_exhausted: Callable[[OSError], None],
    *,
    mode: int = 0o660,
    backlog: int = _BACKLOG,
) -> Listener:
    """Listens on a UNIX socket at `path`, with these permissions. The file of a dead server is replaced.

    Raises ListenError if a living server listens there, if something else is in the way, or if the platform
    has no UNIX sockets.
    """
    if not hasattr(socket, "AF_UNIX"):
        raise ListenError(_NO_UNIX)
    _clear_away(path)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.bind(path)
        # Nobody can connect before listen, so nobody can be faster than the permissions.
        Path(path).chmod(mode)
        sock.listen(backlog)
    except OSError as error:
        sock.close()
        raise _unusable(path, error) from error
    return Listener(loop, sock, on_accept, on_exhausted, path=path)


def adopt(
    loop: Loop,
    sock: socket.socket,
    on_accept: Callable[[socket.socket, str], None],
    on_exhausted: Callable[[OSError], None],
) -> Listener:
    """Accepts connections from a socket that somebody else, as systemd, has bound and listens on."""
    is_unix = sock.family == getattr(socket, "AF_UNIX", None)
    path = os.fsdecode(sock.getsockname()) if is_unix else None
    return Listener(loop, sock, on_accept, on_exhausted, path=path, lent=True)


def check_tcp(host: str) -> None:
    """Raises ListenError if `host` is no address of this machine. Takes no port that a server may be listening on."""
    problem: ListenError | None = None
    for address in _resolve(host, 0):
        try:
            _bind_all([address], 1)[0].close()
        except ListenError as error:
            problem = problem or error
        else:
            return
    raise problem or ListenError(f"{host} is no address.")


def check_unix(path: str) -> None:
    """Raises ListenError if there can be no UNIX socket at `path`. A server may be listening there."""
    if not hasattr(socket, "AF_UNIX"):
        raise ListenError(_NO_UNIX)
    folder = Path(path).parent
    if not folder.is_dir():
        raise ListenError(f"Can't listen on {path}: there is no directory {folder}. Make it first.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ListenError(f"Can't listen on {path}: you may not write to {folder}. Choose another path.")
    if len(os.fsencode(path)) > _SUN_PATH:
        raise ListenError(f"Can't listen on {path}: the path is too long. Choose another path.")
    if Path(path).exists() and not Path(path).is_socket():
        raise ListenError(_not_a_socket(path))


_NO_UNIX = "This platform has no UNIX sockets. Listen on a tcp:// address instead."
_SUN_PATH = 107 if sys.platform == "linux" else 103
"""Bytes of the path of a UNIX socket: unix(7)."""


def _not_a_socket(path: str) -> str:
    return f"{path} exists and is not a socket. Remove it, or choose another path."


def _resolve(host: str, port: int) -> list[tuple[int, str, int]]:
    """The addresses of a host (`*`: all), each once, as family, address (with an IPv6 zone) and port."""
    try:
        found = socket.getaddrinfo(
            None if host == "*" else host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (socket.gaierror, UnicodeError) as error:
        raise ListenError(f"Unknown host {host!r} ({error}). Use an address of this machine.") from error
    families = (socket.AF_INET, socket.AF_INET6)
    addresses = [(family, str(at[0]), int(at[1])) for family, _, _, _, at in found if family in families]
    return list(dict.fromkeys(addresses))


def _bind_all(addresses: list[tuple[int, str, int]], backlog: int) -> list[socket.socket]:
    socks: list[socket.socket] = []
    missing: OSError | None = None
    try:
        for family, host, port in addresses:
            try:
                socks.append(_bind(family, host, socks[0].getsockname()[1] if socks else port, backlog))
            except OSError as error:
                if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                    raise _explained(error, host, port) from error
                missing = missing or _explained(error, host, port)
        if not socks:
            raise missing or ListenError("There is no address to listen on.")
    except ListenError:
        for sock in socks:
            sock.close()
        raise
    return socks


def _bind(family: int, host: str, port: int, backlog: int) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # Lets a server start again while connections of its predecessor are in TIME_WAIT. On Windows it
            # would let two servers share a port.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((host, port))
        sock.listen(backlog)
    except OSError:
        sock.close()
        raise
    return sock


def _explained(error: OSError, host: str, port: int) -> ListenError:
    """What went wrong with an address, in words; keeps the error's number."""
    where = _where(host, port)
    if error.errno == errno.EADDRINUSE:
        text = f"{where} is in use by another program. Stop that one, or listen on another port."
    elif error.errno in (errno.EACCES, errno.EPERM):
        text = f"Listening on {where} is not permitted. Ports below 1024 need privileges: use a higher one."
    elif error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        text = f"{host} is not an address of this machine. Use one that is, or 0.0.0.0 or [::] for all."
    else:
        text = f"Can't listen on {where}: {error.strerror or error}."
    explained = ListenError(text)
    explained.errno = error.errno
    return explained


def _where(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _unusable(path: str, error: OSError) -> ListenError:
    return ListenError(f"Can't listen on {path}: {error.strerror or error}. Choose another path.")


def _clear_away(path: str) -> None:
    """Removes the socket file of a server that has ended. Raises ListenError if something else is at `path`."""
    try:
        mode = Path(path).lstat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unusable(path, error) from error
    if not stat.S_ISSOCK(mode):
        raise ListenError(_not_a_socket(path))
    if sys.platform == "win32":
        raise ListenError("Python has no UNIX sockets on this system.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)  # a living server whose queue is full says EAGAIN
        try:
            probe.connect(path)
        except (ConnectionRefusedError, FileNotFoundError):
            Path(path).unlink(missing_ok=True)
            return
        except PermissionError as error:
            raise ListenError(f"{path} belongs to somebody else. Choose another path.") from error
        except BlockingIOError:
            pass
    raise ListenError(f"Another server is listening on {path}. Stop it, or choose another path.")


def _identity(path: str) -> tuple[int, int] | None:
    """What tells a file from another one that took its place."""
    try:
        status = Path(path).lstat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
