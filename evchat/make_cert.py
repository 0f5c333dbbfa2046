"""`evchat-server --make-cert`: a self-signed certificate for servers that no authority can vouch for, as in a LAN.

The library of the extra `tls` makes it, or the openssl program; where there is neither, its command is printed.
"""

from __future__ import annotations

import datetime
import hashlib
import importlib.util
import ipaddress
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
    library = _has_cryptography()
    if not library and shutil.which(made[0]) is None:
        print(
            "This needs the openssl program, or pip install 'evchat[tls]'. On a machine that has openssl:\n"
            f"  {shlex.join(made)}",
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
        if library:
            _make_with_cryptography(certificate, key, own_names())
        else:
            done = subprocess.run(made, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"evchat-server: openssl failed: {done.stderr.strip()}", file=sys.stderr)
                return 1
    except OSError as error:
        print(f"evchat-server: {folder}: {error.strerror}.", file=sys.stderr)
        return 1
    finally:
        os.umask(before)
    der = ssl.PEM_cert_to_DER_cert(certificate.read_text())
    print(f'tls_cert = "{certificate.resolve()}"\ntls_key = "{key.resolve()}"')
    print(f"SHA-256 fingerprint, to compare: {hashlib.sha256(der).digest().hex(':').upper()}")
    return 0


def _has_cryptography() -> bool:
    """Whether the library of the extra `tls` is installed."""
    return importlib.util.find_spec("cryptography") is not None


def _make_with_cryptography(certificate: Path, key: Path, names: list[str]) -> None:
    """The same without the openssl program. Raises OSError."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    now = datetime.datetime.now(datetime.UTC)
    alternative = [
        x509.IPAddress(ipaddress.ip_address(name)) if _is_address(name) else x509.DNSName(name)
        for name in names
    ]
    identifier = x509.SubjectKeyIdentifier.from_public_key(private.public_key())
    made = (
        x509.CertificateBuilder(subject, subject, private.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(alternative), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(identifier, critical=False)
        .sign(private, hashes.SHA256())
    )
    form = serialization.Encoding.PEM
    key.write_bytes(
        private.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    certificate.write_bytes(made.public_bytes(form))
