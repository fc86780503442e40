"""The authors' door: their articles, one article, and the steps that are theirs."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles import queries, workflow
from articles.models import Version
from articles.states import State
from articles.web import OfficeRequest, insiders, number_posted, shows_workflow_errors
from articles.workflow import WorkflowError
from articles.writing.overview import Overview, case_of_author
from articles.writing.standing import standing

PAGE = 25


@require_safe
@insiders("is_author")
def articles(request: OfficeRequest) -> HttpResponse:
    """My articles, newest movement first; one state at a time when the address says so."""
    mine = queries.articles_of(request.user)
    counts = queries.counts_of(request.user)
    state = request.GET.get("state", "")
    if state in State.values:
        mine = mine.filter(state=state)
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    choices = [{"label": "All", "href": reverse("writing:articles"), "current": state not in State.values}]
    choices += [
        {
            "label": f"{each.label} {counts.get(each, 0)}",
            "href": f"?state={each.value}",
            "current": each == state,
        }
        for each in State
        if counts.get(each) or each == state
    ]
    context = {
        "page_obj": page,
        "rows": [(article, standing(article)) for article in page],
        "choices": choices,
        "has_any": bool(counts),
        "state": State(state).label if state in State.values else "",
    }
    return render(request, "writing/articles.html", context)


@insiders("is_author")
def article(
    request: OfficeRequest, pk: int, *, refusal: WorkflowError | None = None, status: int = 200
) -> HttpResponse:
    """One article: where it stands, what the board asked, what to mend, what to do next."""
    overview = Overview(case_of_author(request.user, pk))
    match = request.resolver_match
    action = match.url_name if match and refusal else ""
    steps = overview.steps_offered
    # What was just refused stands open with what was typed, unless it is not possible at all now.
    tried = next((offer for offer in steps if offer.action == action and not offer.blocked), None)
    context = {
        "overview": overview,
        "article": overview.article,
        "refusal": refusal,
        "tried": tried,
        "steps": [offer for offer in steps if offer is not tried],
        "typed": request.POST.get("note", "") if refusal else "",
    }
    return render(request, "writing/article.html", context, status=status)


@require_POST
@insiders("is_author")
@shows_workflow_errors(article)
def submit(request: OfficeRequest, pk: int) -> HttpResponse:
    sent = workflow.submit(pk, actor=request.user, **_step(request))
    waits = "is with its reviewers again" if sent.state == State.UNDER_REVIEW else "waits for a reviewer"
    messages.success(
        request, f"Version {sent.version} is submitted and {waits}. You will hear by e-mail what is decided."
    )
    return _to(pk)


@require_POST
@insiders("is_author")
@shows_workflow_errors(article)
def withdraw(request: OfficeRequest, pk: int) -> HttpResponse:
    workflow.withdraw(pk, actor=request.user, **_step(request))
    messages.success(request, "The submission is withdrawn. The text is yours to edit again.")
    return _to(pk)


@require_POST
@insiders("is_author")
@shows_workflow_errors(article)
def revise(request: OfficeRequest, pk: int) -> HttpResponse:
    workflow.revise(pk, actor=request.user, **_step(request))
    messages.success(request, "The revision is open. Nothing that readers see changes until it is approved.")
    return _to(pk)


@require_POST
@insiders("is_author")
@shows_workflow_errors(article)
def restore(request: OfficeRequest, pk: int) -> HttpResponse:
    number = number_posted(request, "number")
    try:
        saved = workflow.restore(
            pk, number=number, version=number_posted(request, "version"), actor=request.user
        )
    except Version.DoesNotExist:
        raise Http404(f"There is no version {number}.") from None
    messages.success(request, f"The text of version {number} is back, as version {saved.version}.")
    return _to(pk)


def _step(request: OfficeRequest) -> dict[str, Any]:
    return {
        "version": number_posted(request, "version"),
        "note": request.POST.get("note", "").replace("\r\n", "\n"),
    }


def _to(pk: int) -> HttpResponse:
    """The article's page, by 303, so that going back repeats nothing."""
    return HttpResponseRedirect(reverse("writing:article", args=[pk]), status=303)
