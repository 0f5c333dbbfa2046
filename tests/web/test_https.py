"""The page over TLS, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest

from tests import certificates
from tests.e2e.harness import Person, Server
from tests.web.chromium import Browser
from tests.web.person import Page

pytestmark = [pytest.mark.browser, certificates.needs_openssl]


def test_a_page_over_tls_talks_and_comes_back(browser: Browser, start: Callable[..., Server]) -> None:
    server = start("--insecure-no-limits", **certificates.settings())
    netcat = Person(server.connect())
    netcat.login("nora")
    with closing(Page(browser, server, scheme="https")) as page:
        page.come("pia")
        assert page.js("isSecureContext && location.protocol") == "https:"
        assert page.js("sockets.at(-1).url").startswith("wss://")
        page.type("hello through TLS")
        assert netcat.line("<pia> hello through TLS")
        netcat.type("hello from netcat")
        page.sees("hello from netcat")
        page.js("sockets.at(-1).close()")
        netcat.type("said meanwhile")
        page.sees("said meanwhile")
        page.type("and back")
        assert netcat.line("<pia> and back")
