"""Approved versions for readers: any two compared, and the one that stood there on a given day."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.comparing import Differences
from articles.content.changes import in_words
from articles.models.publication import Address, Publication
from articles.reading.addresses import at_address, gone, without_texts
from articles.reading.freshness import always_ask
from articles.states import Level, PublicationStatus

# Of a publication that was superseded before a later one was withdrawn, the text stays withdrawn as well.
LATER_WITHDRAWN = Publication.objects.filter(
    article=OuterRef("article"), number__gte=OuterRef("number"), status=PublicationStatus.WITHDRAWN
)
_LEVELS = {Level.CLINICAL: "For health professionals", Level.PLAIN: "In plain language"}
_VIEWS = {"inline": "Inline", "side": "Side by side"}


class DayForm(forms.Form):
    on = forms.DateField(
        label="What did this page say on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Choose a day.",
            "invalid": "Write the day as year-month-day: 2025-02-15.",
        },
    )

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("That day has not come yet.", code="future")
        return day


def approved(address: Address) -> QuerySet[Publication]:
    """Every approved version of the article, newest first, without texts; `.is_gone`: not shown any more."""
    return (
        Publication.objects.filter(article=address.article_id)
        .defer(*without_texts())
        .annotate(is_gone=Exists(LATER_WITHDRAWN))
        .order_by("-number")
    )


@require_safe
@at_address
def versions(request: HttpRequest, address: Address) -> HttpResponse:
    """The list; `?on=2025-02-15` leads to the version that readers saw at the end of that day."""
    found = list(approved(address))
    form, said, status = DayForm(), "", 200
    if "on" in request.GET:
        form = DayForm(request.GET)
        if form.is_valid():
            number, said = _in_force(found, form.cleaned_data["on"])
            if number:
                return always_ask(redirect("reading:version", slug=address.slug, number=number))
        else:
            status = 422
    shown = [each for each in found if not each.is_gone]  # type: ignore[attr-defined]
    context = {
        "address": address,
        "publication": address.publication,
        "approved": found,
        "form": form,
        "said": said,
        "day": form.cleaned_data["on"] if said else None,
        "comparable": shown if len(shown) > 1 else [],
    }
    return always_ask(render(request, "reading/versions.html", context, status=status))


@require_safe
@at_address
def compare(request: HttpRequest, address: Address) -> HttpResponse:
    """Two approved versions, statement by statement: ?from=1&to=3&view=inline|side&level=clinical|plain.

    Made from what readers read then, and nothing else. About 50 ms for texts of 300 statements.
    """
    found = {each.number: each for each in approved(address)}
    live = address.publication.number
    new = _number(request.GET, "to", live)
    old = _number(request.GET, "from", max(new - 1, 1))
    if old not in found or new not in found:
        raise Http404("There is no such approved version.")
    for number in (old, new):
        if found[number].is_gone:  # type: ignore[attr-defined]
            return gone(request, withdrawn_with(found[number]))
    texts = {each.number: each for each in approved(address).filter(number__in={old, new}).defer(None)}
    before, now = texts[old].document(), texts[new].document()
    level = Level.PLAIN if request.GET.get("level") == Level.PLAIN else Level.CLINICAL
    view = "side" if request.GET.get("view") == "side" else "inline"
    asked = {"from": old, "to": new, "view": view, "level": level}
    differences = Differences(before, now, level, side=view == "side")
    context = {
        "address": address,
        "publication": address.publication,
        "old": found[old],
        "new": found[new],
        "old_label": f"Version {old}",
        "new_label": f"Version {new}",
        "numbers": [number for number, each in found.items() if not each.is_gone],  # type: ignore[attr-defined]
        "differences": differences,
        "lines": in_words(differences.changes),
        "view": view,
        "level": level,
        "views": _choices(address, asked, "view", _VIEWS),
        "levels": _choices(address, asked, "level", {str(key): name for key, name in _LEVELS.items()})
        if before.plain_body or now.plain_body
        else [],
    }
    return always_ask(render(request, "reading/compare.html", context))


def withdrawn_with(publication: Publication) -> Publication:
    """The publication whose notice stands where this one stood."""
    return (
        Publication.objects.filter(
            article=publication.article_id, number__gte=publication.number, status=PublicationStatus.WITHDRAWN
        )
        .defer(*without_texts())
        .order_by("number")[0]
    )


def _in_force(found: list[Publication], day: date) -> tuple[int, str]:
    """The number of the version that readers saw when the day ended, or 0 and why there is none."""
    end = timezone.make_aware(datetime.combine(min(day, date(9998, 12, 31)) + timedelta(days=1), time.min))
    before = [each for each in found if each.published_at < end]
    if not before:
        return 0, "No version of this article had been approved by the end of that day."
    then = before[0]
    if then.status == PublicationStatus.WITHDRAWN and then.ended_at and then.ended_at < end:
        return 0, "At the end of that day nothing stood here: the article was withdrawn."
    if then.is_gone:  # type: ignore[attr-defined]
        return 0, f"Version {then.number} stood here then. It was withdrawn later and is no longer shown."
    return then.number, ""


def _number(asked: QueryDict, name: str, usual: int) -> int:
    """A version's number from the address; 0, which no version has, for what is none."""
    value = asked.get(name)
    if not value:
        return usual
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _choices(
    address: Address, asked: dict[str, Any], name: str, labels: dict[str, str]
) -> list[dict[str, object]]:
    """Links to the same comparison with another answer to one question."""
    choices: list[dict[str, object]] = []
    for value, label in labels.items():
        query = QueryDict(mutable=True)
        query.update({key: str(each) for key, each in (asked | {name: value}).items()})
        href = f"{reverse('reading:compare', args=[address.slug])}?{query.urlencode()}"
        choices.append({"label": label, "href": href, "current": str(asked[name]) == value})
    return choices
