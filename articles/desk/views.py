"""An article at the desk, and the steps an editor takes with it."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import get_text_list
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.desk import article_page, forms
from articles.desk.rooms import editors
from articles.desk.standing import in_words
from articles.states import State
from articles.web import OfficeRequest, article_or_404, shows_workflow_errors
from articles.workflow import NotAllowed, WorkflowError, permissions
from articles.workflow.case import Case


def _article(
    request: OfficeRequest, pk: int, *, refusal: WorkflowError | None = None, status: int = 200
) -> HttpResponse:
    shown = article_or_404(request.user, pk)
    step = request.resolver_match.url_name if request.method == "POST" and request.resolver_match else ""
    context = article_page.context(shown, request.user, step=step or "", typed=request.POST, refusal=refusal)
    return render(request, "desk/article.html", context, status=status)


@require_safe
@editors
def article(request: OfficeRequest, pk: int) -> HttpResponse:
    """Everything about one article that an editor acts on, and the acts."""
    return _article(request, pk)


@require_POST
@editors
@shows_workflow_errors(_article)
def assign(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.Assign(request.POST, case=_kept(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    invited, due, note = (form.cleaned_data[name] for name in ("member", "due", "note"))
    # All of those chosen or none: half an invitation would be hard to tell from a whole one.
    with transaction.atomic():
        for member in invited:
            workflow.assign(pk, member=member, due=due, actor=request.user, note=note)
    names = get_text_list([str(member) for member in invited], "and")
    are = "is" if len(invited) == 1 else "are"
    return _done(request, pk, f"{names} {are} asked to review this version by {in_words(due)}, by mail.")


@require_POST
@editors
@shows_workflow_errors(_article)
def unassign(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.Unassign(request.POST, case=_kept(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    released = workflow.unassign(pk, actor=request.user, **form.cleaned_data)
    who = f"{form.cleaned_data['member']} is released from this review, and is told."
    alone = released.state == State.SUBMITTED
    return _done(request, pk, f"{who} Nobody reviews it now: assign another member." if alone else who)


@require_POST
@editors
@shows_workflow_errors(_article)
def remind(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.Remind(request.POST, case=_kept(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    workflow.remind(pk, actor=request.user, **form.cleaned_data)
    return _done(request, pk, f"{form.cleaned_data['member']} is reminded by mail.")


@require_POST
@editors
@shows_workflow_errors(_article)
def reaffirm(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.Reaffirm(request.POST, case=_case(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    asked = workflow.reaffirm(pk, actor=request.user, **form.cleaned_data)
    alone = asked.state == State.SUBMITTED
    told = (
        "None of those who approved it can be asked: invite somebody." if alone else "The reviewers are told."
    )
    return _done(request, pk, f"A round of reaffirmation is open. {told}")


@require_POST
@editors
@shows_workflow_errors(_article)
def decline(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.Decline(request.POST, case=_case(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    declined = workflow.decline(pk, actor=request.user, **form.cleaned_data)
    return _done(request, pk, f"Declined. {declined.author} is told, with your reason.")


@require_POST
@editors
@shows_workflow_errors(_article)
def retire(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.Retire(request.POST, case=_case(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    workflow.retire(pk, actor=request.user, notice=form.cleaned_data["note"])
    return _done(request, pk, "Retired. Readers see your notice in its place.")


@require_POST
@editors
@shows_workflow_errors(_article)
def set_coauthors(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.SetCoauthors(request.POST, case=_case(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    changed = workflow.set_coauthors(pk, actor=request.user, **form.cleaned_data)
    names = [str(person) for person in changed.coauthors.order_by("name")]
    told = f"Co-authors are now {get_text_list(names, 'and')}." if names else "There are no co-authors now."
    return _done(request, pk, told)


@require_POST
@editors
@shows_workflow_errors(_article)
def move_address(request: OfficeRequest, pk: int) -> HttpResponse:
    form = forms.MoveAddress(request.POST, case=_case(request, pk))
    if not form.is_valid():
        return _article(request, pk, status=422)
    moved = workflow.move_address(pk, actor=request.user, **form.cleaned_data)
    address = forms.current_address(moved)
    slug = address.slug if address else ""
    return _done(request, pk, f"The address is /articles/{slug}/ now. The old one leads there.")


def _case(request: OfficeRequest, pk: int) -> Case:
    return Case(article_or_404(request.user, pk), request.user)


def _kept(request: OfficeRequest, pk: int) -> Case:
    """The case of an editor who keeps this round. Raises NotAllowed before a form tells who has decided."""
    case = _case(request, pk)
    refusal = permissions.keeper(case)
    if refusal:
        raise NotAllowed(refusal)
    return case


def _done(request: HttpRequest, pk: int, told: str) -> HttpResponse:
    messages.success(request, told)
    return HttpResponseRedirect(reverse("desk:article", args=[pk]), status=303)
