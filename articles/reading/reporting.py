""" "Something wrong on this page?": from a short form to the desk, kept as a reader's question is."""

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from articles.models.publication import Address
from articles.models.questions import QuestionKind
from articles.reading.addresses import at_address
from articles.reading.asking import LONGEST
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

_KINDS = [(kind.value, kind.label) for kind in QuestionKind if kind is not QuestionKind.QUESTION]


class ReportForm(PageForm):
    kind = forms.ChoiceField(
        label="What is it?",
        choices=_KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is.", "invalid_choice": "Choose what it is."},
    )
    text = WrittenText(
        label="What is wrong, and how do you know?",
        max_length=LONGEST,
        help_text="A source helps. Please leave out whatever could tell who somebody is.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say in a few words what is wrong."},
    )
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        max_length=254,
        help_text="Only if you would like to hear what came of it.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "This is not a complete e-mail address. Mend it, or leave it out."},
    )

    field_order = ["kind", "section", "text", "email"]


@posted_from_here
@require_http_methods(["GET", "HEAD", "POST"])
@at_address
def report(request: HttpRequest, address: Address) -> HttpResponse:
    """The form; a POST keeps the report for the editors."""
    if request.method != "POST":
        return always_ask(_page(request, address, _form(address, None, request.GET.get("level", ""))))
    try:
        form = _form(address, request.POST, request.POST.get("level", ""))
    except RequestDataTooBig:
        form = _form(address, None, "")
        return _page(
            request, address, form, refusal=f"A report has room for {LONGEST} characters.", status=413
        )
    if not form.is_valid():
        return _page(request, address, form, status=422)
    given = form.cleaned_data
    if not given["website"] and not is_known(address, given["kind"], given):
        if too_often(request, "report"):
            return _page(request, address, form, refusal=_LATER, status=429)
        keep(address, given["kind"], given)
    response = redirect("reading:reported", slug=address.slug)
    response.status_code = 303
    return response


@require_safe
@at_address
def reported(request: HttpRequest, address: Address) -> HttpResponse:
    """Thanks, and what happens next."""
    context = {
        "address": address,
        "publication": address.publication,
        "days": settings.QUESTION_RETENTION_DAYS,
    }
    return always_ask(render(request, "reading/reported.html", context))


_LATER = (
    f"Several reports have come from your connection within the hour, and we take {PER_HOUR}. Your text is "
    "still here: please send it again in an hour."
)


def _form(address: Address, data: QueryDict | None, level: str) -> ReportForm:
    return ReportForm(
        data,
        headings=headings_of(address, level),
        auto_id="report-%s",
        initial={"level": known_level(level).value, "number": address.publication.number},
    )


def _page(
    request: HttpRequest, address: Address, form: ReportForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "address": address,
        "publication": address.publication,
        "form": form,
        "refusal": refusal,
        "days": settings.QUESTION_RETENTION_DAYS,
    }
    response = render(request, "reading/report.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(HOUR)
    if form.is_bound:
        # It holds what somebody typed.
        response.headers["Cache-Control"] = "private, no-store"
    return response
