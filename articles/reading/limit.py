"""How often one sender may send us something: counted in the cache, under a key that tells nobody who."""

import ipaddress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

PER_HOUR = 5
HOUR = 60 * 60


def too_often(request: HttpRequest, what: str) -> bool:
    """Count this against the sender's hour; whether it is one too many. Without the cache nobody is refused.

    what: the form, so that a question does not count against a report.
    """
    key = f"{what}:" + salted_hmac("articles.reading.ask", _sender(request), algorithm="sha256").hexdigest()
    if cache.add(key, 1, timeout=HOUR):
        return False
    try:
        return cache.incr(key) > PER_HOUR
    except ValueError:  # it ran out, or was lost, between the two calls
        return False


def _sender(request: HttpRequest) -> str:
    """The reader's address, for IPv6 their network's; behind our own front server, the one which that saw."""
    address = request.META.get("REMOTE_ADDR", "")
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [
        part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
    ]
    if trusted and len(forwarded) >= trusted:
        address = forwarded[-trusted]
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else str(ip)
