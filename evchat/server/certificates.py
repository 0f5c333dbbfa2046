"""The server's certificate: loaded, proved, and loaded again when its files have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from evchat import log
from evchat.dialects.irc.transport import Sts
from evchat.net.layer import Layer, LayerError
from evchat.settings.address import parse_listen
from evchat.settings.model import Config

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl


def _none() -> Iterable[bytes]:
    return ()


class Certificates:
    """Makes the TLS layers of new connections, if the settings name a certificate.

    Raises OSError, with a sentence, if that is of no use.
    """

    def __init__(self, config: Config) -> None:
        self._certificate = config.tls_cert
        self._key = config.tls_key
        self._authorities = config.tls_client_ca
        self._of_users: Callable[[], Iterable[bytes]] = _none
        self._asks = any(parse_listen(url).certificates for url in config.listen)
        self.required = config.tls_required
        """Whether only this machine may connect without TLS."""
        self.sts = Sts()
        """What IRC clients are told of TLS."""
        self._duration = config.sts
        self._hostname = config.hostname
        self._context: ssl.SSLContext | None = None
        self._asking: ssl.SSLContext | None = None
        """The context of connections where clients are asked for a certificate."""
        self.offered = config.tls_cert is not None
        """Whether clients may speak TLS where they need not."""
        self._seen: object = None
        """When the files were last changed, as of the last attempt to load them."""
        self._loaded = False
        """Whether that attempt was a success."""
        if config.tls_cert is not None:
            self._seen = self._changed()
            self._load()
            self._loaded = True

    def layer(self) -> Layer:
        """The layer of a new connection that speaks TLS."""
        from evchat.net.tls import Tls

        assert self._context is not None
        return Tls(self._context)

    def asking_layer(self) -> Layer:
        """The same, where clients are asked for a certificate."""
        from evchat.net.tls import Tls

        assert self._asking is not None
        return Tls(self._asking)

    def follow(self, of_users: Callable[[], Iterable[bytes]]) -> None:
        """Trusts users' certificates (DER), these now and those that there are whenever the files are loaded again.

        Raises OSError if they can't be read.
        """
        self._of_users = of_users
        if self._asking is not None and self._authorities is None:
            _trust(self._asking, of_users())

    def trust(self, certificate: bytes) -> None:
        """From now on a user's certificate (DER) is taken where clients are asked for one, unless authorities decide.

        What is not trusted any more stays until the files are loaded again: it leads into no account.
        """
        if self._asking is not None and self._authorities is None:
            _trust(self._asking, [certificate])

    def reconfigure(self, config: Config) -> None:
        """Loads the certificate that new settings name. If that fails, the old one stays, and the log says why."""
        self.required = config.tls_required
        self._duration, self._hostname = config.sts, config.hostname
        self._authorities = config.tls_client_ca
        if config.tls_cert is None:
            self.offered = False
            self.sts.duration = 0
            self._certificate = self._key = (
                None  # but where nothing else is spoken, the last one is still of use
            )
            return
        self._certificate, self._key = config.tls_cert, config.tls_key
        self._reload()

    def look(self) -> None:
        """Loads the certificate again if its files have changed, or could not be loaded the last time."""
        if self._certificate is not None and (not self._loaded or self._changed() != self._seen):
            self._reload()

    def _changed(self) -> list[tuple[int, int] | None]:
        """What changes when the files do."""
        assert self._certificate is not None
        paths = [self._certificate, self._key or self._certificate]
        return [_identity(path) for path in (*paths, *([self._authorities] if self._authorities else []))]

    def _reload(self) -> None:
        assert self._certificate is not None
        seen = self._changed()
        is_news = seen != self._seen or self._loaded
        self._seen = seen
        try:
            self._load()
        except OSError as problem:
            self._loaded = False
            if is_news:
                log.error("certificate not loaded: the old one stays", reason=str(problem))
            return
        self._loaded = self.offered = True
        log.info("certificate loaded", file=str(self._certificate))

    def _load(self) -> None:
        """Makes new contexts, never changes the one in use: between two files that do not belong together it would
        have no certificate. Raises OSError.
        """
        assert self._certificate is not None
        context = _load(self._certificate, self._key)
        asking = None
        if self._asks:
            asking = _load(self._certificate, self._key)
            _ask(asking, self._authorities)
            if self._authorities is None:
                _trust(asking, self._of_users())
        self._context, self._asking = context, asking
        self.sts.duration = 0
        if self._duration:
            reason = _distrust(context, self._hostname)
            if reason:
                log.warning("sts is not announced: clients would be locked out", reason=reason)
            else:
                self.sts.duration = self._duration


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


def _check_readable(path: Path | None) -> None:
    if path is not None:
        try:
            path.open("rb").close()
        except OSError as error:
            raise OSError(f"{path} can't be read: {error.strerror}.") from error


def _load(certificate: Path, key: Path | None) -> ssl.SSLContext:
    """A context with this certificate, which has shaken hands with itself. Raises OSError with a sentence."""
    from evchat.net import tls  # here, because it takes 10 ms and 3 MB, and most servers need none of it

    _check_readable(certificate)
    _check_readable(key)
    try:
        context = tls.server_context(certificate, key)
        tls.shake_hands(context, tls.client_context(verify=False))
    except (OSError, LayerError) as error:
        files = f"{certificate} and {key}" if key else str(certificate)
        reason = getattr(error, "reason", None) or error
        raise OSError(
            f"{files}: this is no certificate with the key that belongs to it ({reason})."
        ) from error
    return context


def _ask(context: ssl.SSLContext, authorities: Path | None) -> None:
    """Has clients asked for a certificate. Raises OSError with a sentence."""
    from evchat.net import tls

    _check_readable(authorities)
    try:
        tls.ask_for_certificates(context, authorities)
    except OSError as error:
        raise OSError(f"{authorities}: no certificates in PEM ({error.strerror or error}).") from error


def _trust(context: ssl.SSLContext, certificates: Iterable[bytes]) -> None:
    """Has a context trust users' certificates."""
    import ssl

    from evchat.net import tls

    for certificate in certificates:
        try:
            tls.trust(context, certificate)
        except ssl.SSLError as error:  # it looked like one when it was added
            log.debug("a user's certificate is of no use", reason=str(error))


def _distrust(context: ssl.SSLContext, hostname: str) -> str:
    """Why clients that know the system's authorities alone do not trust the certificate; empty if they do."""
    from evchat.net import tls

    client = tls.client_context(verify=True)
    client.check_hostname = bool(hostname)
    try:
        tls.shake_hands(context, client, hostname or None)
    except (OSError, LayerError) as error:
        return str(error)
    return ""


def irc_over_tls(urls: Iterable[str]) -> int:
    """The port where IRC clients reach a server with TLS that listens at `urls` and has a certificate; 0: nowhere."""
    ports: dict[str, int] = {}
    for address in map(parse_listen, urls):
        if not address.certificates:
            ports.setdefault(address.scheme, address.port)
    best = [ports[scheme] for scheme in ("ircs", "tls", "tcp") if scheme in ports]
    return best[0] if best else 0


def problem(config: Config) -> str:
    """What is wrong with the certificate that the settings name, as a sentence; empty if nothing is.

    What is no error is logged.
    """
    try:
        Certificates(config)
    except OSError as error:
        return str(error)
    return ""
