"""Times in these tests are those of UTC."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from evchat.dialects import times


@pytest.fixture(scope="session", autouse=True)
def utc() -> Iterator[None]:
    """Sets the process's time zone, where that can be done, and forgets what was written in another one."""
    if not hasattr(time, "tzset"):
        pytest.skip("the time zone of a process can't be set here")
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    times._iso.cache_clear()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()
    times._iso.cache_clear()
