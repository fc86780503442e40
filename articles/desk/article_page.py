"""What the desk's page of one article shows."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from articles import queues
from articles.desk import forms, rounds
from articles.desk.standing import standing
from articles.models import Article, User
from articles.states import progress
from articles.workflow import Offer, WorkflowError, offers
from articles.workflow.case import Case
from articles.workflow.table import Tone


@dataclass(frozen=True, slots=True)
class Act:
    """A step on offer with its form. `tried`: it was just sent, and this page says why it was not taken."""

    offer: Offer
    form: forms.StepForm
    tried: bool
    # It stands open on the page: what this article waits for. The others unfold.
    leads: bool


def context(
    article: Article, user: User, *, step: str, typed: QueryDict, refusal: WorkflowError | None
) -> dict[str, Any]:
    """The page's context. `step`: the one that was tried, if this answers a POST; `typed`: its fields."""
    case = Case(article, user)
    told = rounds.told(case)
    open_round = next((each for each in told if each["round"].is_open), None)
    acts = _acts(case, step, typed, enough=bool(open_round and open_round["enough"]))
    today = timezone.localdate()
    (listed,) = queues.shown([article.pk], user, published=True)
    live = forms.live_publication(article)
    return {
        "article": article,
        "steps": progress(article.state),
        "standing": standing(listed, user, today),
        "acts": acts,
        "keeps": any(act.offer.action == "unassign" for act in acts),
        "refusal": refusal,
        # The step may be out of reach by now; the words that came with it are still somebody's work.
        "unsent": typed.get("note", "") if step and not any(act.tried for act in acts) else "",
        "open_round": open_round,
        "closed_rounds": [each for each in told if not each["round"].is_open],
        "conflicts": rounds.conflicts(case),
        "live": live,
        "facts": _facts(article, live),
        "links": _links(article),
    }


def _acts(case: Case, step: str, typed: QueryDict, *, enough: bool) -> list[Act]:
    acts = []
    for offer in offers(case.article, case.user, door="desk", case=case):
        tried = offer.action == step
        form = forms.STEPS[offer.action](typed if tried else None, case=case)
        acts.append(Act(offer, form, tried, leads=offer.tone is Tone.MAIN and (tried or not enough)))
    return acts


def _facts(article: Article, live: Any) -> list[dict[str, Any]]:
    coauthors = ", ".join(article.coauthors.order_by("name").values_list("name", flat=True))
    facts: list[dict[str, Any]] = [{"label": "Author", "value": str(article.author)}]
    if coauthors:
        facts.append({"label": "Co-authors", "value": coauthors})
    if article.topic:
        facts.append({"label": "Topic", "value": article.topic.name})
    facts += [{"label": "Version", "value": article.version}, {"label": "Begun", "value": article.created_at}]
    address = forms.current_address(article)
    if live is not None and address is not None:
        facts += [
            {
                "label": "Readers see",
                "value": f"Publication {live.number}, version {live.version}",
                "href": reverse("reading:article", args=[address.slug]),
            },
            {"label": "Last updated", "value": live.published_at},
            {"label": "Last reviewed", "value": live.reviewed_at},
            {
                "label": "Next review due",
                "value": live.next_review_due,
                "late": "overdue" if live.is_review_overdue else "",
            },
        ]
    elif address is not None:
        href = reverse("reading:article", args=[address.slug])
        facts.append({"label": "Readers see", "value": "The notice of retirement", "href": href})
    else:
        facts.append({"label": "Readers see", "value": "Nothing yet"})
    return [fact for fact in facts if fact["value"]]


def _links(article: Article) -> list[tuple[str, str]]:
    names = (
        ("Read it as readers will", "preview"),
        ("Versions", "versions"),
        ("What changed", "compare"),
        ("Timeline", "timeline"),
    )
    return [(label, reverse(f"office:{name}", args=[article.pk])) for label, name in names]
