"""How often accounts are registered from one address: at once, in the long run, and in a day."""

from __future__ import annotations

from evchat.core.context import Context
from evchat.core.errors import Refused
from evchat.core.state import Session
from evchat.settings.model import milliseconds

_DAY = 24 * 3_600_000


def begin(context: Context, session: Session, now: int) -> int:
    """Counts a registration; returns in how many milliseconds its turn is. Raises Refused (too-many-registrations)."""
    if session.shared:
        return 0
    limits, address = context.limits, session.address
    daily = limits.registration_daily
    of_day = context.state.registrations_of_day.tune(daily, daily / _DAY, limits.max_known_sites)
    if daily and of_day.of(address, now).level(now) < 1:
        raise _refusal("today")
    rate = limits.registration_rate / 1000
    bucket = context.state.registrations.tune(limits.registration_burst, rate, limits.max_known_sites).of(
        address, now
    )
    delay = bucket.reserve(now)
    if delay > milliseconds(limits.registration_wait):
        bucket.give_back()
        raise _refusal("at the moment")
    if daily:
        of_day.of(address, now).take(now)
    return int(delay)


def _refusal(when: str) -> Refused:
    text = f"Too many accounts were registered from your address {when}. Try again later."
    return Refused("too-many-registrations", text)
