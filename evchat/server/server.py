"""The composition root: joins the front half, the back half and the loop, one pass at a time.

In a pass the loop calls the front with what clients send, and the front calls the back, which decides. Before the loop
sleeps, the back commits and the front does what was decided, so nothing leaves before it is durable.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from evchat import __version__, log
from evchat.core.store import Store
from evchat.dialects.detect import METRICS
from evchat.dialects.registry import dialects
from evchat.net import peer_credentials
from evchat.net.loop import Loop
from evchat.net.systemd import Notifier
from evchat.server import wall_clock
from evchat.server.acceptor import Dialects
from evchat.server.back import Back
from evchat.server.certificates import Certificates, irc_over_tls
from evchat.server.front import Front
from evchat.server.guard import Guard
from evchat.server.service import Service
from evchat.settings.errors import SettingsError
from evchat.settings.model import Config
from evchat.web import site

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evchat.server.metrics import Metrics

_Front = TypeVar("_Front", bound=Front)

_COME_BACK = 0.5
"""Seconds that a server waits, after the last client has left, for one that reconnects."""

_SLOW_PASS = 2.0
"""Seconds that no pass and no commit should take."""
_BEHIND_FOR = 30.0
"""Seconds for which the server counts as behind after one that did."""

_STOPPING = "The server is going down."

_FIXED = ("listen", "data", "memory", "durability", "web", "log_file", "metrics")
"""Settings that can't change while the server runs."""


class Server:
    """A running evchat: give it a store and settings, `open`, then `run`.

    `reload` loads the settings again, for SIGHUP. `administration` is the path of the socket for `evchat-admin`, if
    there is to be one. `on_bug` is called after a bug in our own code was logged.
    Raises StoreError if the store can't be read, OSError if the certificate can't.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        *,
        reload: Callable[[], Config] | None = None,
        administration: str = "",
        on_bug: Callable[[BaseException], None] | None = None,
    ) -> None:
        self._config = config
        self._web = config.web
        self._reload = reload
        self._administration = administration
        self._started = wall_clock.now()
        self._stopping = False
        self.metrics_urls: list[str] = []
        self._ending = False
        """Whether the server stops soon, if nobody comes."""
        self.loop = Loop()
        self._guard = Guard(on_bug)
        self._certificates = Certificates(config)
        self._slow_pass = -_BEHIND_FOR
        """When a pass last took too long, in the loop's time."""
        self._metrics: Metrics | None = None
        if config.metrics:
            self.front, self.back = self._make_measured(config, store)
        else:
            self.back = Back(self.loop, config, store, self._guard)
            self.front = self._make_front(Front, config, self.back)
        self._certificates.follow(self.back.certificates)
        self._service = Service(self.loop, Notifier(os.environ), lambda: self.back.commit_began)
        self.loop.before_sleep.append(self._before_sleep)

    def _make_front(self, kind: type[_Front], config: Config, back: Back) -> _Front:
        return kind(self.loop, config.limits, self._dialects(config), back, self._guard, self._certificates)

    def _make_measured(self, config: Config, store: Store) -> tuple[Front, Back]:
        """Both halves, such that they count what they do. Raises OSError where the library for that is missing."""
        try:
            from evchat.server import metrics
        except ImportError as problem:
            raise OSError("The setting metrics needs libraries: pip install 'evchat[metrics]'.") from problem
        self._metrics = measuring = metrics.Metrics(self.loop)
        back = metrics.MeasuredBack(self.loop, config, store, self._guard)
        front = self._make_front(metrics.MeasuredFront, config, back)
        measuring.attach(front, back)
        return front, back

    def _dialects(self, config: Config) -> Dialects:
        resources = site.resources() if self._web else None
        made = dialects(config, __version__, self._started, resources, self._health, self._certificates.sts)
        if self._metrics is not None:
            made[METRICS] = self._metrics.maker(config)
        return made

    def _health(self) -> str:
        """What is wrong, in a word: `stopping`, `storage` (commits fail) or `behind` (passes or commits take long)."""
        if self._stopping:
            return "stopping"
        if self.back.failing:
            return "storage"
        now, began = self.loop.time(), self.back.commit_began
        is_late = now - self._slow_pass < _BEHIND_FOR or (began and now - began > _SLOW_PASS)
        return "behind" if is_late else ""

    def open(self) -> list[str]:
        """Listens on all addresses; returns their URLs, with the real ports. Raises OSError.

        `metrics_urls` are then those of the listener for a monitoring system.

        From here on signals are heeded: whoever sees an address may send one at once.
        """
        urls = [real for url in self._config.listen for real in self.front.open(url)]
        self._certificates.sts.port = irc_over_tls(urls)
        for name in ("SIGTERM", "SIGINT"):
            self.loop.handle_signal(getattr(signal, name), partial(self.stop, _STOPPING))
        if hasattr(signal, "SIGHUP"):
            self.loop.handle_signal(signal.SIGHUP, self._reload_config)
        if hasattr(signal, "SIGUSR1"):
            self.loop.handle_signal(signal.SIGUSR1, partial(self._guard.run, 0, "state", self._log_again))
        if self._config.metrics:
            self.metrics_urls = self.front.open(self._config.metrics, METRICS)
        self._look_at_certificate()
        self._open_for_administrators()
        return urls

    def _open_for_administrators(self) -> None:
        """Lets `evchat-admin` reach the server, where the system says who is at the other end of a socket."""
        if not self._administration:
            return
        if not peer_credentials.AVAILABLE:
            log.info("evchat-admin can't reach the server: this system does not say who connects")
            return
        try:
            self.front.open_for_administrators(self._administration)
        except OSError as error:
            log.warning("evchat-admin can't reach the server", reason=str(error))

    def _look_at_certificate(self) -> None:
        """Loads the certificate again if its files have changed, from time to time."""
        self._guard.run(0, "certificate", self._certificates.look)
        again = self._config.limits.tls_reload
        if self._certificates.offered and again:
            self.loop.call_later(again, self._look_at_certificate)

    def run(self) -> int:
        """Serves until told to stop; returns the exit code: 0, or 1 if something could not be kept at the end."""
        self._service.ready(f"{self._config.name}, evchat {__version__}")
        if self._config.stop_when_empty:
            self.loop.call_later(self._config.limits.first_client, self._stop_if_nobody_came)
        if self._config.insecure_no_limits:
            log.warning("rate limits and address limits are off")
        # What was made so far stays, and what a message makes is gone by the end of its pass: the collector need not
        # look at the one again and again, nor at the other before it is many passes' worth.
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        gc.enable()
        try:
            self.loop.run()
        finally:
            self._close()
        log.summarise(at_once=True)
        log.info("stopped")
        return 1 if self.back.failing else 0

    def _before_sleep(self) -> None:
        """The end of a pass. The order is the promise: commit first, then queue what was decided, then send."""
        self.front.remove_closed()
        if self._config.stop_when_empty and self._is_deserted:
            self._stop_when_empty()
        if self.back.commit_ended():
            self.front.commit_ended()
        self.front.carry_out(self.back.settle())
        self.front.flush()
        self.back.upkeep()
        if self.loop.time() - self.loop.now > _SLOW_PASS:
            self._slow_pass = self.loop.time()
        if self._metrics is not None:
            self._metrics.observe_pass()
        if self._stopping and not self.front.output_pending:
            self.loop.stop()

    @property
    def _is_deserted(self) -> bool:
        """Whether everybody has left, and nobody is held who may come back."""
        return self.front.is_deserted and not self.back.holds

    def _stop_when_empty(self) -> None:
        """Stops soon, unless somebody comes back meanwhile."""
        if not self._ending:
            self._ending = True
            self.loop.call_later(_COME_BACK, self._stop_if_empty)

    def _stop_if_empty(self) -> None:
        self._ending = False
        if self._is_deserted:
            self.stop("Everyone has left.")

    def _stop_if_nobody_came(self) -> None:
        """Stops if the client that has started this server was killed before it could connect."""
        if not self.front.ever_connected:
            self.stop("Nobody has connected.")

    def _log_again(self) -> None:
        """SIGUSR1: goes on in a new file, because the old one was moved away (logrotate(8)), with what is going on."""
        log.reopen()
        log.info("state", clients=len(self.front.clients), **self.back.counts())

    def stop(self, reason: str) -> None:
        """Stops accepting, tells everyone, sends what is pending for a while, then lets `run` return."""
        if self._stopping:
            return
        self._stopping = True
        log.info("stopping", reason=reason)
        self._service.stopping()
        self.front.stop_accepting()
        self.back.stop(reason)
        self.loop.call_later(self._config.limits.stop_flush, self.loop.stop)

    def _close(self) -> None:
        self.front.close(_STOPPING)
        self.back.close()
        self.loop.close()

    def _reload_config(self) -> None:
        """SIGHUP: takes over every setting that can change while the server runs."""
        if self._reload is not None:
            self._service.reloading()
            self._guard.run(0, "reload", self._take_over, self._reload)
            self._service.reloaded()

    def _take_over(self, reload: Callable[[], Config]) -> None:
        try:
            config = reload()
        except SettingsError as problem:
            log.error("settings not reloaded", reason=str(problem))
            return
        for name in _FIXED:
            if getattr(config, name) != getattr(self._config, name):
                log.warning("takes effect only when the server is started again", setting=name)
        self._config = config
        self.back.set_config(config)
        self._certificates.reconfigure(config)
        self.front.reconfigure(config, self._dialects(config))
        log.set_up(
            config.log_level, config.log_format, limited=not config.insecure_no_limits, file=log.sink.file
        )
        log.info("settings reloaded")
