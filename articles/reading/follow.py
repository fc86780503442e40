"""Follow an article or a topic by e-mail: asked for here, confirmed by a link, ended by another."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models.follows import Follow, Letter, LetterKind
from articles.models.publication import Address, Publication
from articles.reading.addresses import at_address
from articles.reading.freshness import always_ask
from articles.reading.limit import HOUR, PER_HOUR, too_often
from articles.reading.origin import posted_from_here

# A mailbox is asked to confirm so often in a day, whoever types its address in, and wherever.
ASKED_A_DAY = 5


class FollowForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="A mail when the board approves a new version, and when an article is retired.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Write the address that the mail should go to.",
            "invalid": "This is not a complete e-mail address.",
        },
    )
    # People do not see this field; programs that fill in every field do.
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": -1, "autocomplete": "off"})
    )

    def clean_email(self) -> str:
        """In lower case. A quoted name before the @ is legal, used by nobody, and full of surprises."""
        email: str = self.cleaned_data["email"].lower()
        if not email.isprintable() or '"' in email:
            raise forms.ValidationError("This is not a complete e-mail address.", code="invalid")
        return email


def follow_form(data: QueryDict | None = None) -> FollowForm:
    return FollowForm(data, auto_id="follow-%s")


@posted_from_here
@require_http_methods(["GET", "HEAD", "POST"])
@at_address
def follow(request: HttpRequest, address: Address) -> HttpResponse:
    """Follow one article, wherever it moves."""
    here = {"name": address.publication.question, "back": reverse("reading:article", args=[address.slug])}
    return _asked_to_follow(request, here, article_id=address.article_id)


@posted_from_here
@require_http_methods(["GET", "HEAD", "POST"])
def follow_topic(request: HttpRequest, topic: str) -> HttpResponse:
    """Follow every article of a topic that readers can find."""
    name = topic_name(topic)
    if not name:
        raise Http404("There is no approved article on such a topic.")
    here = {"name": name, "back": f"{reverse('reading:home')}?topic={topic}", "is_topic": True}
    return _asked_to_follow(request, here, topic_slug=topic)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same words whether the address was known or new, taken or not."""
    return always_ask(render(request, "reading/follow_sent.html", {"days": settings.FOLLOW_CONFIRM_DAYS}))


@posted_from_here
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of the first letter leads. It asks once more: programs open links by themselves."""
    limit = timedelta(days=settings.FOLLOW_CONFIRM_DAYS)
    following = Follow.objects.named_by(token, "confirm", max_age=limit)
    if following is None:
        return _private(render(request, "reading/follow_expired.html", status=404))
    if request.method == "POST" and following.confirmed_at is None:
        following.confirmed_at = timezone.now()
        following.save(update_fields=["confirmed_at"])
    context = _named(following) | {"is_confirmed": following.confirmed_at is not None}
    return _private(render(request, "reading/follow_confirm.html", context))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End the following: with one click in a mail program (RFC 8058), or with a button on this page.

    A mail program has no page of ours to post from, so the signed link is all that is asked for.
    """
    following = Follow.objects.named_by(token, "stop")
    context: dict[str, Any] = {"is_stopped": following is None or request.method == "POST"}
    if following is not None:
        context |= _named(following)
        if request.method == "POST":
            theirs = Follow.objects.filter(email=following.email)
            (theirs if "everything" in request.POST else theirs.filter(pk=following.pk)).delete()
    return _private(render(request, "reading/follow_stop.html", context))


def topic_name(slug: str) -> str:
    """The name of a topic that has a live article; "" for anything else."""
    named = Publication.objects.live().filter(topic_slug=slug).exclude(topic_slug="")
    return named.order_by("-published_at").values_list("topic_name", flat=True).first() or ""


def _asked_to_follow(
    request: HttpRequest, here: dict[str, Any], *, article_id: int | None = None, topic_slug: str = ""
) -> HttpResponse:
    if request.method != "POST":
        return always_ask(_page(request, here, follow_form()))
    try:
        form = follow_form(request.POST)
    except RequestDataTooBig:
        return _page(request, here, follow_form(), refusal="That is more than an address.", status=413)
    if not form.is_valid():
        return _page(request, here, form, status=422)
    if not form.cleaned_data["website"]:
        if too_often(request, "follow"):
            return _page(request, here, form, refusal=_LATER, status=429)
        _keep(form.cleaned_data["email"], article_id, topic_slug)
    response = redirect("reading:follow_sent")
    response.status_code = 303
    return response


_LATER = (
    f"Several addresses have come from your connection within the hour, and we take {PER_HOUR}. "
    "Please send it again in an hour."
)


def _keep(email: str, article_id: int | None, topic_slug: str) -> None:
    """Remember who wants to follow what until they confirm, and write them the letter that asks them to.

    Somebody who follows it already gets a letter too: what the page answers, and how soon, tells nothing.
    """
    now = timezone.now()
    confirm_by = now + timedelta(days=settings.FOLLOW_CONFIRM_DAYS)
    with transaction.atomic():
        asked = Letter.objects.filter(email=email, kind=LetterKind.CONFIRM)
        if asked.filter(created_at__gt=now - timedelta(days=1)).count() >= ASKED_A_DAY:
            return
        try:
            with transaction.atomic():
                what: dict[str, Any] = {"article_id": article_id, "topic_slug": topic_slug}
                following, made = Follow.objects.get_or_create(
                    email=email,
                    **what,
                    defaults={"created_at": now, "confirm_by": confirm_by},
                )
        except IntegrityError:  # a double click, at this very moment
            return
        if not made:
            if following.letters.filter(
                kind=LetterKind.CONFIRM, created_at__gt=now - timedelta(seconds=HOUR)
            ).exists():
                return
            following.confirm_by = confirm_by
            following.save(update_fields=["confirm_by"])
        Letter.objects.create(
            follow=following, email=email, kind=LetterKind.CONFIRM, created_at=now, not_before=now
        )


def _named(following: Follow) -> dict[str, Any]:
    """What is followed, in the words that readers know it by, and where it is."""
    if following.article_id is None:
        name = topic_name(following.topic_slug) or following.topic_slug
        return {"name": name, "back": f"{reverse('reading:home')}?topic={following.topic_slug}"}
    found = Address.objects.filter(article=following.article_id, moved_to__isnull=True)
    slug, question = found.values_list("slug", "publication__question")[0]
    return {"name": question, "back": reverse("reading:article", args=[slug])}


def _page(
    request: HttpRequest, here: dict[str, Any], form: FollowForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = here | {"form": form, "refusal": refusal, "days": settings.FOLLOW_CONFIRM_DAYS}
    response = render(request, "reading/follow.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(HOUR)
    return _private(response) if form.is_bound else response


def _private(response: HttpResponse) -> HttpResponse:
    """It holds an address that somebody typed, or the way to one."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
