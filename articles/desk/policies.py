"""The review policies: the default, and the topics that have one of their own, each with its history."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.desk.policy_form import PolicyForms, Removal, Suggested, doubts, specialties_of_the_board
from articles.desk.policy_history import history, newest
from articles.desk.rooms import editors, rooms
from articles.models import ReviewPolicy, Round, Topic, policy_for
from articles.web import OfficeRequest


@require_safe
@editors
def policies(request: OfficeRequest) -> HttpResponse:
    """Every topic with the policy in force for it. Constant queries."""
    board = specialties_of_the_board()
    own = {policy.topic_id: policy for policy in ReviewPolicy.objects.select_related("topic")}
    default = own.pop(None, None) or ReviewPolicy()
    rows = [_row("Default", reverse("desk:default_policy"), default, board, own="for every other topic")]
    rows += [
        _row(
            topic.name,
            reverse("desk:topic_policy", args=[topic.pk]),
            own.get(topic.pk, default),
            board,
            own="its own" if topic.pk in own else "",
        )
        for topic in Topic.objects.all()
    ]
    return render(request, "desk/policies.html", {"rows": rows, "rooms": rooms("policies")})


@require_http_methods(["GET", "HEAD", "POST"])
@editors
def default(request: OfficeRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@editors
def of_topic(request: OfficeRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Topic, pk=pk))


@require_POST
@editors
def remove(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take a topic's own policy away. Asks for a confirmation."""
    topic = get_object_or_404(Topic, pk=pk)
    form = Removal(request.POST)
    if not form.is_valid():
        return _page(request, topic, removal=form, status=422)
    # One by one, not in bulk: only so does the history keep it.
    for own in ReviewPolicy.objects.filter(topic=topic):
        own.delete()
    messages.success(request, f"{topic} has no policy of its own any more. The default holds.")
    return HttpResponseRedirect(reverse("desk:policies"), status=303)


@require_POST
@editors
def specialties(request: OfficeRequest, pk: int) -> HttpResponse:
    """Say whose members are suggested first for a topic."""
    topic = get_object_or_404(Topic, pk=pk)
    form = Suggested(request.POST)
    if not form.is_valid():
        return _page(request, topic, suggested=form, status=422)
    topic.specialties = form.cleaned_data["specialties"]
    topic.save(update_fields=["specialties"])
    messages.success(request, f"Saved. {', '.join(topic.specialties) or 'Nobody'} comes first for {topic}.")
    known = {name.casefold() for member in specialties_of_the_board() for name in member}
    for name in topic.specialties:
        if name.casefold() not in known:
            messages.warning(request, f"No member who serves today has the specialty “{name}”.")
    return HttpResponseRedirect(reverse("desk:topic_policy", args=[pk]), status=303)


def _edit(request: OfficeRequest, topic: Topic | None) -> HttpResponse:
    """Show a policy and its form; a POST saves, unless somebody saved since the form was opened."""
    if request.method != "POST":
        return _page(request, topic)
    forms = PolicyForms(_own(topic) or _as_default(topic), newest(topic), request.POST)
    if not forms.is_valid():
        return _page(request, topic, forms=forms, status=422)
    try:
        with transaction.atomic():
            # The lock makes of two who save at once one and another.
            list(ReviewPolicy.objects.filter(topic=topic).order_by("pk").select_for_update())
            if newest(topic) == forms.seen:
                return _saved(request, topic, forms.policy())
    except IntegrityError:
        pass  # the other one was first to give this topic a policy
    typed = request.POST.copy()
    typed["seen"] = newest(topic)
    again = PolicyForms(_own(topic) or _as_default(topic), newest(topic), typed)
    again.is_valid()
    return _page(request, topic, forms=again, status=409)


def _saved(request: OfficeRequest, topic: Topic | None, policy: ReviewPolicy) -> HttpResponse:
    before = _own(topic)
    if before is not None and before.as_json() == policy.as_json():
        messages.success(request, "Nothing to save.")
    else:
        policy.save()
        messages.success(request, "Saved. It holds for every round that begins from now on.")
    for doubt in doubts(policy, specialties_of_the_board()):
        messages.warning(request, doubt)
    return HttpResponseRedirect(_address(topic), status=303)


def _page(
    request: OfficeRequest,
    topic: Topic | None,
    *,
    forms: PolicyForms | None = None,
    removal: Removal | None = None,
    suggested: Suggested | None = None,
    status: int = 200,
) -> HttpResponse:
    own, board = _own(topic), specialties_of_the_board()
    in_force = own or policy_for(topic.pk if topic else None)
    told = history(topic)
    context = {
        "topic": topic,
        "own": own,
        "in_force": in_force,
        "rules": in_force.in_words(),
        "doubts": doubts(in_force, board),
        "forms": forms or PolicyForms(own or _as_default(topic), newest(topic)),
        "removal": removal or Removal(),
        "suggested": suggested
        or Suggested(initial={"specialties": ", ".join(topic.specialties)} if topic else None),
        "known": sorted({name for member in board for name in member}),
        "open_rounds": _open_rounds(topic).count(),
        "history": told,
        "conflict": status == 409,
        "rooms": rooms("policies"),
        "address": _address(topic),
    }
    return render(request, "desk/review_policy.html", context, status=status)


def _row(title: str, href: str, policy: ReviewPolicy, board: list[list[str]], *, own: str) -> dict[str, Any]:
    return {
        "title": title,
        "href": href,
        "line": " · ".join(policy.in_words()),
        "tag": own or "as the default",
        "tone": "info" if own else "",
        "late": "cannot be met today" if doubts(policy, board) else "",
    }


def _own(topic: Topic | None) -> ReviewPolicy | None:
    """The topic's own policy, or the default's row; None where there is none."""
    return ReviewPolicy.objects.filter(topic=topic).select_related("topic").first()


def _as_default(topic: Topic | None) -> ReviewPolicy:
    """A policy for the topic that says what the default says: where one begins."""
    return ReviewPolicy(topic=topic, **policy_for(None).as_json())


def _open_rounds(topic: Topic | None) -> Any:
    """Rounds that run on articles the policy is for; they keep what they began with."""
    running = Round.objects.filter(closed_at__isnull=True)
    if topic is not None:
        return running.filter(article__topic=topic)
    own = ReviewPolicy.objects.filter(topic__isnull=False).values("topic")
    return running.filter(Q(article__topic__isnull=True) | ~Q(article__topic__in=own))


def _address(topic: Topic | None) -> str:
    return reverse("desk:topic_policy", args=[topic.pk]) if topic else reverse("desk:default_policy")
