"""What the runtime believes of a request's connection: host, scheme and address of the client.

A client can write any header, and each hop (a CDN, a proxy, the front door) may add its own entry at the end of a list.
So only what the front door itself said is believed: a field of the request context, or the last entry of a list. The
Node runtime's `http/connection-facts.ts` has the same policy.
"""

from __future__ import annotations

from functools import lru_cache

from . import latin1

#: A valid address that no rule trusts, unlike 127.0.0.1.
UNKNOWN_ADDRESS = "0.0.0.0"

_HIGHEST_PORT = 65_535


@lru_cache(maxsize=256)
def is_host(text: str) -> bool:
    """Whether a text is one host name or address, with or without a port: no user information, no path, no list."""
    import re

    found = re.fullmatch(r"(?:[A-Za-z0-9_.~-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{0,5}))?", text)
    return found is not None and int(found.group(1) or 0) <= _HIGHEST_PORT


def forwarded_host(claimed: str) -> str | None:
    """The host of `x-forwarded-host`, if it is one. Each proxy may append its own host; the first is the one that the
    client requested. A client can forge the header, so it counts only if the user says that a proxy sets it."""
    first = claimed.partition(",")[0].strip()
    return first if is_host(first) else None


def fallback_host(domain_name: str) -> str:
    """The host of a request without one, such as a health check: the domain name of the front door."""
    return latin1(domain_name) if is_host(domain_name) else "localhost"


@lru_cache(maxsize=256)
def server_address(host: str, forwarded_ports: str | tuple[str, ...] | None, scheme: str) -> tuple[str, int]:
    """Host name and port of this server, as the client addressed it.

    :param forwarded_ports: the values of `x-forwarded-port`. The first that is a port counts.
    """
    name, colon, port = host.rpartition(":")
    if not colon or (":" in name and not name.endswith("]")):
        name, port = host, ""
    for value in (port, *((forwarded_ports,) if isinstance(forwarded_ports, str) else forwarded_ports or ())):
        found = read_port(value)
        if found is not None:
            return name, found
    return name, 443 if scheme == "https" else 80


def read_port(text: str) -> int | None:
    """None for anything that is no port: a client may send thousands of digits, on which `int` raises."""
    if text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= _HIGHEST_PORT:
        return int(text)
    return None


@lru_cache(maxsize=64)
def scheme_of(forwarded_proto: str) -> str:
    """The scheme of the client. Only an ALB and VPC Lattice can listen on plain HTTP."""
    return "http" if _last_entry(forwarded_proto).lower() == "http" else "https"


@lru_cache(maxsize=256)
def read_address(claimed: str) -> str:
    """An address without port and zone; `0.0.0.0` for anything else (the console sends `test-invoke-source-ip`)."""
    # Both take a while to import, so they are not imported at the start.
    import ipaddress
    import re

    # A load balancer adds the port with `routing.http.xff_client_port.enabled`: 203.0.113.7:4711 or [2001:db8::7]:4711.
    found = re.fullmatch(r"(?:\[([^\]]+)\]|([^:]+))(?::[0-9]*)?", claimed.strip())
    address = (found.group(1) or found.group(2)) if found else claimed.strip()
    # A zone means something only on the machine that has the address (`fe80::1%eth0`), and may be any text.
    address = address.partition("%")[0]
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return UNKNOWN_ADDRESS
    return address


def read_last_forwarded(forwarded_for: str | None) -> str:
    """The client's address: the load balancer adds the last entry, and a client can forge those before it.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
    """
    return read_address(_last_entry(forwarded_for or ""))


def _last_entry(entries: str) -> str:
    """The last entry of a header with a list: the front door itself appended it."""
    return entries.rpartition(",")[2].strip()
