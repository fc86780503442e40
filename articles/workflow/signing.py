"""Who is at the keyboard: asked again at the moment of signing (the pattern of 21 CFR Part 11, § 11.200)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from articles.content.checks import Issue
from articles.models import User
from articles.workflow import clock
from articles.workflow.errors import Blocked

# A passkey is used just before the form is sent, on a page of its own.
FRESH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Signature:
    """That a person has just shown who they are, and how: "password", "passkey", or "told" in a story."""

    user_id: int
    method: str
    at: datetime


def with_password(user: User, password: str) -> Signature:
    """Sign with the account's password. Raises Blocked when it is missing or wrong."""
    if not password:
        raise Blocked([Issue("password", "Enter your password to sign.")])
    if not user.check_password(password):
        raise Blocked([Issue("password", "This is not your password. Nothing was signed.")])
    return Signature(user.pk, "password", clock.now())


def with_passkey(user: User, used: Iterable[Mapping[str, Any]]) -> Signature:
    """Sign with a passkey used in the last five minutes. Raises Blocked when none was.

    used: how this session was authenticated, newest last: {"method", "type", "at" (seconds since 1970)}.
    """
    now = clock.now()
    for each in used:
        if each.get("method") == "mfa" and each.get("type") == "webauthn":
            age = now.timestamp() - float(each.get("at", 0))
            if 0 <= age <= FRESH.total_seconds():
                return Signature(user.pk, "passkey", now)
    raise Blocked([Issue("password", "Use your passkey first, or enter your password to sign.")])


def told(user: User) -> Signature:
    """A signature in a story of the past, which nobody is at a keyboard for."""
    return Signature(user.pk, "told", clock.now())
