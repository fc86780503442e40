"""From the form under an article, on a page without cookies, to a Question that is kept for a stated time."""

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from articles.models.publication import Address
from articles.models.questions import QuestionKind
from articles.reading.addresses import at_address
from articles.reading.emergency import sounds_urgent
from articles.reading.freshness import always_ask
from articles.reading.limit import HOUR, PER_HOUR, too_often
from articles.reading.origin import posted_from_here
from articles.reading.page_form import (
    PageForm,
    WrittenText,
    headings_of,
    is_known,
    keep,
    known_level,
)
from articles.retrieval.passages import Passage, passages
from articles.states import Level

LONGEST = 1000
PASSAGES_SHOWN = 4


class QuestionForm(PageForm):
    text = WrittenText(
        label="Your question",
        max_length=LONGEST,
        help_text="Please leave out names, dates of birth and whatever else could tell who somebody is.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write your question first."},
    )
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        max_length=254,
        help_text="Only if you would like an answer.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "This is not a complete e-mail address. Mend it, or leave it out."},
    )

    field_order = ["text", "section", "email"]


def question_form(
    headings: list[str], data: QueryDict | None = None, *, level: str = Level.CLINICAL, number: int
) -> QuestionForm:
    """headings: of the text at `level`; number: of the publication on the page."""
    initial = {"level": level, "number": number}
    return QuestionForm(data, headings=headings, auto_id="ask-%s", initial=initial)


def _form(address: Address, data: QueryDict | None = None, level: str = "") -> QuestionForm:
    return question_form(
        headings_of(address, level), data, level=known_level(level), number=address.publication.number
    )


@posted_from_here
@require_http_methods(["GET", "HEAD", "POST"])
@at_address
def ask(request: HttpRequest, address: Address) -> HttpResponse:
    """The form on a page of its own; a POST from it or from the article keeps the question."""
    if request.method != "POST":
        return always_ask(_page(request, address, _form(address)))
    try:
        form = _form(address, request.POST, request.POST.get("level", ""))
    except RequestDataTooBig:
        form = _form(address)
        return _page(
            request, address, form, refusal=f"A question has room for {LONGEST} characters.", status=413
        )
    if request.POST.get("look"):
        return _look(request, address, form)
    if not form.is_valid():
        return _page(request, address, form, status=422)
    given, kind = form.cleaned_data, QuestionKind.QUESTION
    if not given["website"] and not is_known(address, kind, given):
        if too_often(request, "ask"):
            return _page(request, address, form, refusal=_LATER, status=429)
        keep(address, kind, given)
    response = redirect(
        reverse("reading:asked", args=[address.slug])
        + ("?see=emergency" if sounds_urgent(given["text"]) else "")
    )
    response.status_code = 303
    return response


@require_safe
@at_address
def asked(request: HttpRequest, address: Address) -> HttpResponse:
    """Confirm that the question is with the editors; first of all where to turn if it cannot wait."""
    context = {
        "address": address,
        "publication": address.publication,
        "urgent": request.GET.get("see") == "emergency",
        "days": settings.QUESTION_RETENTION_DAYS,
    }
    return always_ask(render(request, "reading/asked.html", context))


def _look(request: HttpRequest, address: Address, form: QuestionForm) -> HttpResponse:
    """What the approved articles say to a question that is not sent yet: as a part of the page, or on it.

    It comes by POST like the question itself, so that what somebody typed stands in no log and no history.
    """
    text = request.POST.get("text", "")[:LONGEST]
    level = request.POST.get("level", "")
    found = passages(text, known_level(level), PASSAGES_SHOWN)
    if request.headers.get("HX-Request") == "true":
        context = {
            "passages": found,
            "here": address.slug,
            "looked": text.strip(),
            "urgent": sounds_urgent(text),
        }
        response = render(request, "reading/passages.html", context)
        response.headers["Cache-Control"] = "private, no-store"
        return response
    return _page(request, address, form, found=found)


_LATER = (
    f"Several questions have come from your connection within the hour, and we take {PER_HOUR}. Your text is "
    "still here: please send it again in an hour."
)


def _page(
    request: HttpRequest,
    address: Address,
    form: QuestionForm,
    *,
    refusal: str = "",
    found: list[Passage] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "address": address,
        "publication": address.publication,
        "ask_form": form,
        "refusal": refusal,
        "passages": found,
        "urgent": form.is_bound and sounds_urgent(form.data.get("text", "")[:LONGEST]),
        "days": settings.QUESTION_RETENTION_DAYS,
    }
    response = render(request, "reading/ask.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(HOUR)
    if form.is_bound:
        # It holds what somebody typed.
        response.headers["Cache-Control"] = "private, no-store"
    return response
