"""`evchat-server --make-cert`: a self-signed certificate for servers that no authority can vouch for, as in a LAN.

The openssl program makes it; where there is none, its command is printed.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
from pathlib import Path

from evchat.net.addresses import own_addresses

CERTIFICATE, KEY = "evchat-cert.pem", "evchat-key.pem"
_DAYS = 3650


def command(folder: Path, names: list[str]) -> list[str]:
    """The command that makes a certificate for these host names and addresses, and its key, in a folder."""
    alternative = ",".join(f"IP:{name}" if _is_address(name) else f"DNS:{name}" for name in names)
    return [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-days", str(_DAYS), "-subj", f"/CN={names[0][:64]}", "-addext", f"subjectAltName={alternative}",
        "-keyout", str(folder / KEY), "-out", str(folder / CERTIFICATE),
    ]  # fmt: skip


def _is_address(name: str) -> bool:
    return ":" in name or name.replace(".", "").isdecimal()


def own_names() -> list[str]:
    """The names and addresses by which others may know this machine."""
    hosts = [socket.gethostname(), "localhost"]
    addresses = [address.partition("%")[0] for address in (*own_addresses(), "127.0.0.1", "::1")]
    return list(dict.fromkeys([host for host in hosts if host] + addresses))


def make(folder: Path) -> int:
    """Makes both files, readable for their owner alone, and prints the fingerprint. Returns the exit code."""
    made = command(folder, own_names())
    if shutil.which(made[0]) is None:
        print(
            f"This needs the openssl program. On a machine that has it:\n  {shlex.join(made)}",
            file=sys.stderr,
        )
        return 1
    certificate, key = folder / CERTIFICATE, folder / KEY
    for path in (certificate, key):
        if path.exists():
            print(f"evchat-server: {path} exists. Remove it first, or name another folder.", file=sys.stderr)
            return 2
    before = os.umask(0o077)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(made, capture_output=True, text=True, check=False)
    except OSError as error:
        print(f"evchat-server: {folder}: {error.strerror}.", file=sys.stderr)
        return 1
    finally:
        os.umask(before)
    if done.returncode:
        print(f"evchat-server: openssl failed: {done.stderr.strip()}", file=sys.stderr)
        return 1
    der = ssl.PEM_cert_to_DER_cert(certificate.read_text())
    print(f'tls_cert = "{certificate.resolve()}"\ntls_key = "{key.resolve()}"')
    print(f"SHA-256 fingerprint, to compare: {hashlib.sha256(der).digest().hex(':').upper()}")
    return 0
