"""Writing: the page with the form, and what comes of saving it."""

import secrets
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from js_asset import Media

from articles import workflow
from articles.models import Article, Thread, User
from articles.web import OfficeRequest, insiders
from articles.workflow import StaleVersion, WorkflowError
from articles.workflow.case import Case
from articles.writing.asks import Asks
from articles.writing.conflict import Conflict, conflict_between
from articles.writing.manuscript import Manuscript
from articles.writing.overview import case_of_author
from articles.writing.places import place_of
from articles.writing.records import Unreadable, read_pasted
from articles.writing.references import TYPES

HOUR = 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
@insiders("is_author")
def new(request: OfficeRequest) -> HttpResponse:
    """Begin an article: its sections stand there already."""
    if request.method != "POST":
        return _page(request, None, Manuscript.blank())
    return _drawn_again(request, None) or _created(request)


@require_http_methods(["GET", "HEAD", "POST"])
@insiders("is_author")
def save(request: OfficeRequest, pk: int) -> HttpResponse:
    """Write on. Whatever comes of saving, what was typed is in the form that comes back."""
    article = case_of_author(request.user, pk).article
    if request.method == "POST":
        return _drawn_again(request, article) or _saved(request, article)
    if not article.is_editable:
        messages.info(
            request,
            f"The text cannot be edited now: the article is {article.get_state_display().lower()}. "
            "What you can do is below.",
        )
        return HttpResponseRedirect(reverse("writing:article", args=[pk]))
    return _page(request, article, Manuscript.of(article))


def _drawn_again(request: OfficeRequest, article: Article | None) -> HttpResponse | None:
    """The form once more with another row or with pasted references; None when it is to be saved."""
    data = request.POST
    if "add" in data:
        return _page(request, article, Manuscript.redrawn(data, blank=1))
    if "import" not in data:
        return None
    manuscript = Manuscript.redrawn(data)
    pasted = data.get("import_text", "")
    try:
        records = read_pasted(pasted, manuscript.keys())
    except Unreadable as unreadable:
        manuscript.import_text = pasted
        manuscript.import_reasons = unreadable.reasons
        return _page(request, article, manuscript, status=422)
    return _page(request, article, Manuscript.redrawn(data, more=records), added=len(records))


def _created(request: OfficeRequest) -> HttpResponse:
    manuscript = Manuscript.posted(request.POST)
    if not manuscript.is_valid():
        return _page(request, None, manuscript, status=422)
    # Two clicks on one form are one article: whoever marks the form as used first makes it.
    mark = f"written:{request.user.pk}:{request.POST.get('once', '')[:64]}"
    if not cache.add(mark, True, HOUR):
        return _page(request, None, manuscript, status=409, is_repeated=True)
    try:
        article = workflow.create(
            actor=request.user, fields=manuscript.fields, note=manuscript.form.cleaned_data["note"]
        )
    except WorkflowError as refusal:
        cache.delete(mark)
        manuscript.blame(refusal)
        return _page(request, None, manuscript, status=refusal.status, refusal=refusal)
    messages.success(request, "The article is begun: this is version 1.")
    return _onward(request, article)


def _saved(request: OfficeRequest, article: Article) -> HttpResponse:
    manuscript = Manuscript.posted(request.POST)
    if not manuscript.is_valid():
        return _page(request, article, manuscript, status=422)
    # Without a version it was taken from none: whatever is stored must be seen before it is written over.
    base = manuscript.form.cleaned_data["version"] or 0
    try:
        kept = workflow.save(
            article.pk,
            version=base,
            actor=request.user,
            fields=manuscript.fields,
            note=manuscript.form.cleaned_data["note"],
        )
    except StaleVersion:
        return _conflict(request, article, manuscript, base)
    except WorkflowError as refusal:
        manuscript.blame(refusal)
        return _page(request, article, manuscript, status=refusal.status, refusal=refusal)
    if kept.version == base:
        messages.info(request, "Nothing has changed; no version was made.")
    else:
        messages.success(request, f"Saved as version {kept.version}.")
    return _taken_up(request, kept) if "accept" in request.POST else _onward(request, kept)


def _taken_up(request: OfficeRequest, article: Article) -> HttpResponse:
    """Saved first, then the suggested words of the thread `accept` are put in; and on to them in the text.

    When they cannot be put in, the text is saved all the same, and the words stand beside it.
    """
    number = request.POST["accept"]
    thread = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    back = reverse("writing:save", args=[article.pk])
    try:
        taken = workflow.accept_suggestion(
            article.pk, thread=thread, version=article.version, actor=request.user
        )
    except (WorkflowError, Thread.DoesNotExist) as refusal:
        why = refusal.message if isinstance(refusal, WorkflowError) else "There is no such thread."
        messages.warning(request, f"The suggested words were not put in. {why} Your text is saved.")
        return HttpResponseRedirect(f"{back}#thread-{thread}", status=303)
    messages.success(request, f"The suggested words are in: this is version {taken.version}.")
    return HttpResponseRedirect(reverse("writing:place", args=[article.pk, thread]), status=303)


def _conflict(request: OfficeRequest, article: Article, manuscript: Manuscript, base: int) -> HttpResponse:
    """Both texts: the one that is stored, and the one that was typed, ready to be saved on top of it."""
    user: User = request.user
    article.refresh_from_db()
    conflict = conflict_between(article, base, manuscript.fields, user)
    on_top = Manuscript.posted(request.POST, version=article.version)
    return _page(request, article, on_top, status=409, conflict=conflict)


def _onward(request: OfficeRequest, article: Article) -> HttpResponse:
    """To the article's page, or back to its text for those who go on writing."""
    name = "writing:save" if "stay" in request.POST else "writing:article"
    return HttpResponseRedirect(reverse(name, args=[article.pk]), status=303)


def _page(
    request: OfficeRequest,
    article: Article | None,
    manuscript: Manuscript,
    *,
    status: int = 200,
    refusal: WorkflowError | None = None,
    conflict: Conflict | None = None,
    added: int = 0,
    is_repeated: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {
        "article": article,
        "manuscript": manuscript,
        "form": manuscript.form,
        "references": manuscript.references,
        "types": TYPES,
        "media": Media.from_media(manuscript.form.media, nonce=getattr(request, "csp_nonce", "")),
        "refusal": refusal,
        "conflict": conflict,
        "added": added,
        "is_repeated": is_repeated,
        "once": secrets.token_urlsafe(12),
        "overview": Asks(Case(article, request.user)) if article else None,
        "place": place_of(article.document(), request.GET["at"]) if article and "at" in request.GET else None,
    }
    return render(request, "writing/form.html", context, status=status)
