"""Certificates for tests, made by the openssl program once for all tests of a process."""

from __future__ import annotations

import atexit
import base64
import hashlib
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl program")


def certificate(name: str = "localhost") -> tuple[Path, Path]:
    """A self-signed certificate for localhost and this machine, and its key. Another `name` makes another one."""
    return _made(name)


@cache
def _made(name: str) -> tuple[Path, Path]:
    folder = Path(tempfile.mkdtemp(prefix="evchat-tls-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    cert, key = folder / "cert.pem", folder / "key.pem"
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
         "-keyout", key, "-out", cert, "-subj", f"/CN={name}", "-addext", names],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


def issued(name: str, authority: str) -> tuple[Path, Path]:
    """A certificate that the one called `authority` has issued, and its key."""
    cert, key = certificate(authority)
    files = cert.parent / f"{name}.pem", cert.parent / f"{name}-key.pem"
    request = cert.parent / f"{name}.csr"
    subprocess.run(
        ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-keyout", files[1], "-out", request, "-subj", f"/CN={name}"],
        check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run(
        [
            "openssl",
            "x509",
            "-req",
            "-in",
            request,
            "-CA",
            cert,
            "-CAkey",
            key,
            "-days",
            "30",
            "-out",
            files[0],
        ],
        check=True,
        capture_output=True,
    )
    return files


def spki(name: str = "localhost") -> str:
    """The SHA-256 of a certificate's public key in base64, by which Chromium is told to trust it."""
    key = subprocess.run(
        ["openssl", "x509", "-in", certificate(name)[0], "-pubkey", "-noout"], check=True, capture_output=True
    ).stdout
    der = subprocess.run(
        ["openssl", "pkey", "-pubin", "-outform", "der"], input=key, check=True, capture_output=True
    )
    return base64.b64encode(hashlib.sha256(der.stdout).digest()).decode()


def settings() -> dict[str, str]:
    """The environment of a server with that certificate."""
    cert, key = certificate()
    return {"EVCHAT_TLS_CERT": str(cert), "EVCHAT_TLS_KEY": str(key)}
