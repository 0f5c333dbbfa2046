"""What clients may ask: each for itself, and together with those of the same address and of the same account.

What is shared is not renewed by a new connection. Of an address that many share who have nothing to do with each other
(`shared_addresses`, a proxy), nothing is counted.
"""

from __future__ import annotations

from evchat.core.rules.token_bucket import TokenBuckets
from evchat.server.client import Throttle
from evchat.settings.address import is_among
from evchat.settings.model import Limits


class Allowances:
    """Makes throttles, and knows what addresses and accounts have used. `limits` may be replaced at any time."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._sites = TokenBuckets()
        self._accounts = TokenBuckets()
        self._connects = TokenBuckets()

    def is_shared(self, address: str) -> bool:
        """Whether many share an address who have nothing to do with each other."""
        limits = self.limits
        shared = limits.shared_addresses and is_among(address, limits.shared_addresses)
        return bool(shared) or bool(limits.trusted_proxies and is_among(address, limits.trusted_proxies))

    def is_proxy(self, address: str) -> bool:
        """Whether an address is that of a proxy that may say whom it stands for."""
        proxies = self.limits.trusted_proxies
        return bool(proxies) and is_among(address, proxies)

    def connect(self, address: str, now: float) -> float | None:
        """Seconds that a new connection of an address waits for its turn; None if too many wait already."""
        limits = self.limits
        if self.is_shared(address):
            return 0.0
        connects = self._connects.tune(limits.connect_burst, limits.connect_rate, limits.max_known_sites).of(
            address, now
        )
        delay = connects.reserve(now)
        if delay > limits.connect_wait:
            connects.give_back()
            return None
        return delay

    def throttle(self, address: str, now: float) -> Throttle:
        """The allowance of a new client from an address."""
        limits = self.limits
        site = None
        if not self.is_shared(address):
            sites = self._sites.tune(limits.site_burst, limits.site_rate, limits.max_known_sites)
            site = sites.of(address, now)
        return Throttle(limits.command_burst, limits.command_rate, now, site)

    def log_in(self, throttle: Throttle, account: str, now: float) -> None:
        """The client is logged in to an account (its key), or to none (""): it shares the account's allowance."""
        limits = self.limits
        accounts = self._accounts.tune(limits.account_burst, limits.account_rate, limits.max_known_sites)
        throttle.account = accounts.of(account, now) if account else None
