"""The header of the PROXY protocol, versions 1 and 2, by which a proxy says for whom it has connected.

Source: https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt
"""

from __future__ import annotations

import ipaddress

from evchat.net.layer import LayerError

_V1 = b"PROXY "
_V2 = b"\r\n\r\n\x00\r\nQUIT\n"
_MOST_V1 = 107
"""The longest header of version 1, its line end included (section 2.1)."""
_MOST_V2 = 536
"""The longest header of version 2 that is taken: what every sender may expect to fit into one segment (section 2.2)."""
_HEAD_V2 = 16
_LOCAL, _PROXY = 0x20, 0x21
"""Version 2 with the command LOCAL (the proxy speaks for itself), and with PROXY."""
_ADDRESSES = {0x11: 4, 0x21: 16}
"""The bytes of an address, by the families of TCP."""
_PORTS = 4


def parse(begun: bytes) -> tuple[int, str] | None:
    """The length of the header that a connection begins with, 0 if there is none, and the client's address in it, empty
    if it names none. None while that is not clear.

    Raises LayerError for what begins as a header and is none.
    """
    if begun.startswith(_V2):
        return _version_2(begun)
    if begun.startswith(_V1):
        return _version_1(begun)
    return None if _V1.startswith(begun) or _V2.startswith(begun) else (0, "")


def _version_1(begun: bytes) -> tuple[int, str] | None:
    end = begun.find(b"\r\n", 0, _MOST_V1)
    if end < 0:
        if len(begun) >= _MOST_V1:
            raise LayerError("A PROXY header of more than 107 bytes.")
        return None
    match begun[:end].split(b" "):
        case [_, b"UNKNOWN", *_]:
            return end + 2, ""
        case [_, b"TCP4" | b"TCP6" as family, source, destination, source_port, destination_port]:
            address = _address(source, family)
            _address(destination, family)
            if all(
                port.isdigit() and len(port) <= 5 and int(port) < 65536
                for port in (source_port, destination_port)
            ):
                return end + 2, address
    raise LayerError("A malformed PROXY header.")


def _address(text: bytes, family: bytes) -> str:
    try:
        address = ipaddress.ip_address(text.decode("ascii"))
    except ValueError:
        raise LayerError("A PROXY header without a valid address.") from None
    if f"TCP{address.version}".encode() != family or "%" in str(address):
        raise LayerError("A PROXY header with an address of another family.")
    return str(address)


def _version_2(begun: bytes) -> tuple[int, str] | None:
    if len(begun) < _HEAD_V2:
        return None
    command, family = begun[12], begun[13]
    size = _HEAD_V2 + int.from_bytes(begun[14:_HEAD_V2], "big")
    if command not in (_LOCAL, _PROXY):
        raise LayerError("A PROXY header of an unknown version or command.")
    if size > _MOST_V2:
        raise LayerError(f"A PROXY header of more than {_MOST_V2} bytes.")
    if len(begun) < size:
        return None
    length = _ADDRESSES.get(family, 0)
    if command == _LOCAL or not length:
        return size, ""  # whatever follows is to be ignored, for families that we do not know as well
    if size < _HEAD_V2 + 2 * length + _PORTS:
        raise LayerError("A PROXY header that is too short for its addresses.")
    return size, str(ipaddress.ip_address(begun[_HEAD_V2 : _HEAD_V2 + length]))
