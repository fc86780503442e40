"""Signing an approval at the keyboard: with the password, or with a passkey used a moment ago.

A passkey is used on a page of allauth's. What was typed into the approval waits in the session meanwhile.
"""

from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from articles.content.checks import Issue
from articles.web import OfficeRequest
from articles.workflow import Blocked
from articles.workflow.signing import Signature, with_passkey, with_password

_KEPT = ("version", "digest", "note", "ticked")
_WAIT = "Too many passwords in a short time. Wait a minute, then sign again; nothing was signed."


def signature(request: OfficeRequest, password: str) -> Signature:
    """The signature of whoever sends this request. Raises Blocked: what is wrong with it, in words.

    Wrong passwords are counted with those of allauth's own page for the purpose (ten a minute).
    """
    if not password and has_passkey(request):
        return with_passkey(request.user, _used(request))
    if password and not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise Blocked([Issue("password", _WAIT)])
    return with_password(request.user, password)


def has_passkey(request: OfficeRequest) -> bool:
    """Whether the person could sign with a passkey.

    Nobody who has one signs in without a second step, so most people are not asked about (no query). Who
    added their first one since signs with the password until they sign in again.
    """
    if not any(each.get("method") == "mfa" for each in _used(request)):
        return False
    keys = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN)
    return bool(keys.exists())


def used_passkey(request: OfficeRequest) -> bool:
    """Whether the person used a passkey so recently that it signs."""
    try:
        with_passkey(request.user, _used(request))
    except Blocked:
        return False
    return True


def ask_for_passkey(request: OfficeRequest, pk: int) -> HttpResponse:
    """Keep what was typed, and go to the page that asks for the passkey; it comes back to the approval."""
    request.session[_key(pk)] = {name: request.POST.getlist(name) for name in _KEPT}
    back = f"{reverse('reviewing:article', args=[pk])}?{urlencode({'sign': 'passkey'})}"
    return HttpResponseRedirect(
        f"{reverse('mfa_reauthenticate_webauthn')}?{urlencode({'next': back})}", status=303
    )


def typed_before(request: HttpRequest, pk: int) -> QueryDict | None:
    """What was typed into the approval before the passkey was asked for."""
    kept = request.session.get(_key(pk)) if request.GET.get("sign") == "passkey" else None
    if kept is None:
        return None
    typed = QueryDict(mutable=True)
    for name in _KEPT:
        typed.setlist(name, kept.get(name, []))
    return typed


def forget(request: HttpRequest, pk: int) -> None:
    """Nothing typed is kept once it is signed."""
    request.session.pop(_key(pk), None)


def _key(pk: int) -> str:
    return f"approval-{pk}"


def _used(request: HttpRequest) -> list[dict[str, object]]:
    used: list[dict[str, object]] = get_authentication_records(request, request.user)
    return used
