"""The glossary's room: editors and board members write explanations, a member who did not write approves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import queries
from articles.models import GlossaryEntry
from articles.web import OfficeRequest, insiders
from articles.workflow import Blocked, StaleVersion, WorkflowError
from articles.workflow import glossary as steps

PAGE_SIZE = 50
SHOWN = (("", "All"), ("waiting", "Waiting for approval"), ("approved", "Seen by readers"))
keepers = insiders("is_editor", "is_board_member")


class EntryForm(forms.Form):
    term = forms.CharField(label="Word", max_length=steps.MAX_TERM)
    forms_ = forms.CharField(
        label="Other forms",
        required=False,
        max_length=2000,
        help_text="One to a line: plurals, abbreviations, synonyms. Capitals are matched as written.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    meaning = forms.CharField(
        label="What it means",
        max_length=steps.MAX_MEANING,
        help_text="One or two sentences that a patient understands.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def given(self) -> dict[str, Any]:
        """The fields as the workflow takes them."""
        data = self.cleaned_data
        return {"term": data["term"], "forms": data["forms_"].splitlines(), "meaning": data["meaning"]}


@require_safe
@keepers
def glossary(request: OfficeRequest) -> HttpResponse:
    """Every entry, those that wait for an approval first when asked for; searchable, a page at a time."""
    show, words = request.GET.get("show", ""), request.GET.get("q", "").replace("\x00", "").strip()[:100]
    rows = queries.glossary(show)
    for word in words.split():
        rows = rows.filter(Q(term__icontains=word) | Q(meaning__icontains=word))
    here = reverse("office:glossary")
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "choices": [
            {"label": label, "href": f"{here}?show={key}" if key else here, "current": key == show}
            for key, label in SHOWN
        ],
        "show": show,
        "words": words,
    }
    return render(request, "office/glossary.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers
def entry(request: OfficeRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a word. What readers see stays until the board approves the new text."""
    kept = get_object_or_404(queries.glossary(), pk=pk) if pk else None
    if request.method != "POST":
        return _page(request, EntryForm(initial=_initial(kept)), kept)
    form = EntryForm(request.POST)
    if not form.is_valid():
        return _page(request, form, kept, status=422)
    try:
        saved = steps.write_entry(
            actor=request.user, entry=pk, seen=form.cleaned_data["seen"], **form.given()
        )
    except Blocked as refusal:
        for issue in refusal.issues:
            form.add_error({"forms": "forms_"}.get(issue.code, issue.code), issue.message)
        return _page(request, form, kept, status=422)
    except StaleVersion as refusal:
        typed = request.POST.copy()
        typed["seen"] = kept.digest if kept else ""
        return _page(request, EntryForm(typed), kept, status=409, refusal=refusal)
    messages.success(request, "Saved. Readers see it once a board member has approved it.")
    return HttpResponseRedirect(reverse("office:glossary_entry", args=[saved.pk]), status=303)


@require_POST
@keepers
def approve(request: OfficeRequest, pk: int) -> HttpResponse:
    digest = request.POST.get("digest", "")
    done = "Approved. Readers see this explanation now."
    return _step(request, pk, done, lambda: steps.approve_entry(pk, actor=request.user, digest=digest))


@require_POST
@keepers
def withdraw(request: OfficeRequest, pk: int) -> HttpResponse:
    done = "Withdrawn. Readers no longer see this explanation."
    return _step(request, pk, done, lambda: steps.withdraw_entry(pk, actor=request.user))


def _step(request: OfficeRequest, pk: int, done: str, step: Any) -> HttpResponse:
    kept = get_object_or_404(queries.glossary(), pk=pk)
    try:
        step()
    except WorkflowError as refusal:
        form = EntryForm(initial=_initial(kept))
        return _page(request, form, kept, status=refusal.status, refusal=refusal)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("office:glossary_entry", args=[pk]), status=303)


def _initial(kept: GlossaryEntry | None) -> dict[str, str]:
    if kept is None:
        return {}
    return {
        "term": kept.term,
        "forms_": "\n".join(kept.forms),
        "meaning": kept.meaning,
        "seen": kept.digest,
    }


def _page(
    request: OfficeRequest,
    form: EntryForm,
    kept: GlossaryEntry | None,
    *,
    status: int = 200,
    refusal: WorkflowError | None = None,
) -> HttpResponse:
    shown = getattr(kept, "explanation", None)
    context = {
        "form": form,
        "entry": kept,
        "explanation": shown,
        "waits": kept is not None and (shown is None or shown.digest != kept.digest),
        "why_not": steps.why_not_approve(kept, request.user) if kept else "",
        "history": list(kept.history.select_related("history_user")[:20]) if kept else [],
        "refusal": refusal,
    }
    return render(request, "office/glossary_entry.html", context, status=status)
