"""Keys of metadata."""

from __future__ import annotations

import pytest

from evchat.protocol.metadata import is_key


@pytest.mark.parametrize("key", ["url", "display-name", "im.xmpp", "a/b:c_d", "x" * 32])
def test_legal_keys(key):
    assert is_key(key)


@pytest.mark.parametrize("key", ["", ":x", "URL", "a b", "$url$", "é", "x" * 33, "x\n"])
def test_what_is_no_key(key):
    assert not is_key(key)
