"""Where a request comes from. A header is believed only from a proxy that the house named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
FOR = re.compile(r"(?:^|;)\s*for\s*=\s*\"?([^\";]+)\"?", re.IGNORECASE)
PORT = re.compile(r"^(\d+\.\d+\.\d+\.\d+):\d+$|^\[([^\]]+)\](?::\d+)?$")


def networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, comma-separated. ValueError where one is neither."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def parsed(text: str) -> Address | None:
    """One address as a proxy writes it, with or without its port; None where it is not one."""
    text = text.strip()
    if found := PORT.match(text):
        text = found.group(1) or found.group(2)
    try:
        address = ip_address(text.split("%", 1)[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def trusted_in(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address.version == n.version and address in n for n in trusted)


def client(peer: str, header: str, trusted: Sequence[Network], *, forwarded: bool = False) -> str:
    """The address nearest to us that no trusted proxy stands behind, "" where the peer has none.

    peer: the other end of the connection. header: X-Forwarded-For, or Forwarded (RFC 7239) where
    `forwarded`. Read from the right: each proxy adds the address it saw at the end, so whatever
    stands left of the first stranger was written by the stranger and is not read.
    """
    here = parsed(peer)
    if here is None:
        return ""
    for hop in reversed(header.split(",")) if header else ():
        if not trusted_in(here, trusted):
            break
        told = FOR.search(hop) if forwarded else None
        before = parsed(told.group(1) if told else "" if forwarded else hop)
        if before is None:
            break
        here = before
    return str(here)


def of(request: Any) -> str:
    """The address of a Django request, under the settings TRUSTED_PROXIES and PROXY_HEADER."""
    from django.conf import settings

    name = "HTTP_" + settings.PROXY_HEADER.upper().replace("-", "_")
    return client(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get(name, ""),
        settings.TRUSTED_PROXIES,
        forwarded=name == "HTTP_FORWARDED",
    )
