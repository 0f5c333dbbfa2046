"""`evchat-admin invite`: a code with which somebody can register, a link that has it, and the link as a QR code."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from evchat.admin.link import to_either
from evchat.net.addresses import own_addresses
from evchat.protocol.invitation_codes import MakeInvitationCode
from evchat.settings.address import parse_listen
from evchat.settings.model import Config

_PAGES = {"http": "http", "https": "https", "tcp": "", "tls": "https"}
"""The schemes of addresses that serve the page, and of the links to it; "" hangs on whether there is TLS."""


def invite(directory: Path, config: Config, uses: int, days: int, url: str) -> None:
    """Makes a code and prints what to send. Raises AdminError."""
    with to_either(directory, config) as link:
        told = link.ask(MakeInvitationCode(uses, days))
    print(told["content"])
    if config.registration != "invited":
        print('It is of use once the settings say: registration = "invited"')
    page = url or page_of(config)
    if not page:
        return
    address = f"{page.rstrip('/')}/#invite={told['code']}"
    print(address)
    if find_spec("segno") is None:
        print("pip install 'evchat[admin]' shows the link as a QR code as well.")
    elif sys.stdout.isatty():
        import segno

        segno.make(address, micro=False).terminal(compact=True)


def page_of(config: Config) -> str:
    """Where the server's page is, as far as its settings tell; empty if there is none."""
    for url in config.listen if config.web else ():
        listen = parse_listen(url)
        if listen.scheme not in _PAGES:
            continue
        scheme = _PAGES[listen.scheme] or ("https" if config.tls_cert else "http")
        host = config.hostname or _host(listen.host)
        port = "" if listen.port == {"https": 443, "http": 80}[scheme] else f":{listen.port}"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}{port}"
    return ""


def _host(host: str) -> str:
    """An address of this machine, where it listens on all of them."""
    if host not in ("0.0.0.0", "::", "*"):  # noqa: S104  (compared, not bound)
        return host
    return next(iter(own_addresses()), "127.0.0.1")
