"""The server's certificate: loaded, proved, and loaded again when its files have changed."""

from __future__ import annotations

from pathlib import Path

from evchat import log
from evchat.net.layer import Layer, LayerError
from evchat.settings.model import Config

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl


class Certificates:
    """Makes the TLS layers of new connections, if the settings name a certificate.

    Raises OSError, with a sentence, if that is of no use.
    """

    def __init__(self, config: Config) -> None:
        self._certificate = config.tls_cert
        self._key = config.tls_key
        self.required = config.tls_required
        """Whether only this machine may connect without TLS."""
        self._context: ssl.SSLContext | None = None
        self.offered = config.tls_cert is not None
        """Whether clients may speak TLS where they need not."""
        self._seen: object = None
        """When the files were last changed, as of the last attempt to load them."""
        self._loaded = False
        """Whether that attempt was a success."""
        if config.tls_cert is not None:
            self._seen = _changed(config.tls_cert, config.tls_key)
            self._context = _load(config.tls_cert, config.tls_key)
            self._loaded = True

    def layer(self) -> Layer:
        """The layer of a new connection that speaks TLS."""
        from evchat.net.tls import Tls

        assert self._context is not None
        return Tls(self._context)

    def reconfigure(self, config: Config) -> None:
        """Loads the certificate that new settings name. If that fails, the old one stays, and the log says why."""
        self.required = config.tls_required
        if config.tls_cert is None:
            self.offered = False
            self._certificate = self._key = (
                None  # but where nothing else is spoken, the last one is still of use
            )
            return
        self._certificate, self._key = config.tls_cert, config.tls_key
        self._reload()

    def look(self) -> None:
        """Loads the certificate again if its files have changed, or could not be loaded the last time."""
        if self._certificate is not None and (
            not self._loaded or _changed(self._certificate, self._key) != self._seen
        ):
            self._reload()

    def _reload(self) -> None:
        assert self._certificate is not None
        seen = _changed(self._certificate, self._key)
        is_news = seen != self._seen or self._loaded
        self._seen = seen
        try:
            # A new context, never the one in use: between two files that do not belong together it would have none.
            self._context = _load(self._certificate, self._key)
        except OSError as problem:
            self._loaded = False
            if is_news:
                log.error("certificate not loaded: the old one stays", reason=str(problem))
            return
        self._loaded = self.offered = True
        log.info("certificate loaded", file=str(self._certificate))


def _changed(certificate: Path, key: Path | None) -> list[tuple[int, int] | None]:
    """What changes when the files do."""
    return [_identity(path) for path in (certificate, key or certificate)]


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


def _load(certificate: Path, key: Path | None) -> ssl.SSLContext:
    """A context with this certificate, which has shaken hands with itself. Raises OSError with a sentence."""
    from evchat.net import tls  # here, because it takes 10 ms and 3 MB, and most servers need none of it

    for path in (certificate, key):
        if path is not None:
            try:
                path.open("rb").close()
            except OSError as error:
                raise OSError(f"{path} can't be read: {error.strerror}.") from error
    try:
        context = tls.server_context(certificate, key)
        tls.shake_hands(context, tls.client_context(verify=False))
    except (OSError, LayerError) as error:
        files = f"{certificate} and {key}" if key else str(certificate)
        reason = getattr(error, "reason", None) or error
        raise OSError(f"{files}: no certificate with its key ({reason}).") from error
    return context


def problem(config: Config) -> str:
    """What is wrong with the certificate that the settings name, as a sentence; empty if nothing is."""
    try:
        Certificates(config)
    except OSError as error:
        return str(error)
    return ""
