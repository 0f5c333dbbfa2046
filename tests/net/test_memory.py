"""Large blocks go back to the system when they are freed."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROBE = """
import hashlib, re, threading
from evchat.net.memory import return_large_blocks

def resident():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmRSS:\\s+(\\d+)", status.read())[1]) * 1024

def hash_some():
    return_large_blocks()
    for number in range(4):
        hashlib.scrypt(b"x", salt=b"y", n=2**14, r=8, p=1, maxmem=2**26)

before = resident()
thread = threading.Thread(target=hash_some)
thread.start()
thread.join()
print(resident() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_what_scrypt_takes_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", _PROBE], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 8 * 1024 * 1024
