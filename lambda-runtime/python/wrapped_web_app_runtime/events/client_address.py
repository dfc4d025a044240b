"""The address that the request came from, so far as the door can be trusted to know it."""

from __future__ import annotations

from functools import lru_cache

#: A valid address that no rule trusts, unlike 127.0.0.1.
UNKNOWN = "0.0.0.0"


@lru_cache(maxsize=256)
def read_address(claimed: str) -> str:
    """An address without its port; `0.0.0.0` for anything else (the console sends `test-invoke-source-ip`)."""
    address = claimed.strip()
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    # Another millisecond of every cold start, were it imported above.
    import ipaddress

    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return UNKNOWN


def read_last_forwarded(forwarded_for: str | None) -> str:
    """The last entry is the one that the load balancer added; those before it are the client's own claim.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
    """
    return read_address((forwarded_for or "").rpartition(",")[2])
