"""The versions of an article, for all who work on it: the list, one, any two compared, a preview."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles import queries
from articles.comparing import Differences
from articles.content.figures import moved
from articles.content.render import render as render_text
from articles.models import Article, User, Version
from articles.office.place import place, way_back
from articles.states import Level, PublicationStatus, RoundOutcome, progress
from articles.web import OfficeRequest, article_or_404, images_at, insiders
from articles.workflow import offers
from articles.workflow.publish import build

PAGE_SIZE = 50
LEVELS = {Level.CLINICAL: "For professionals", Level.PLAIN: "In plain language"}
_ROUND_TONES = {
    RoundOutcome.OPEN: "wait",
    RoundOutcome.APPROVED: "ok",
    RoundOutcome.CHANGES_REQUESTED: "wait",
    RoundOutcome.DECLINED: "stop",
    RoundOutcome.RETIRED: "stop",
}


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a version, as tags: words and tone."""

    label: str
    tone: str


@require_safe
@insiders()
def versions(request: OfficeRequest, pk: int) -> HttpResponse:
    """Every version, newest first, to open, to compare two of, and to restore one."""
    article = article_or_404(request.user, pk)
    page = Paginator(queries.versions(pk), PAGE_SIZE).get_page(request.GET.get("page"))
    for each in page:
        each.fates = _fates(each)
    old, new = _usual_pair(article)
    context = place(article, request.user, "versions") | {
        "page": page,
        "old": old,
        "new": new,
        "may_restore": _may_restore(article, request.user),
    }
    return render(request, "office/versions.html", context)


@require_safe
@insiders()
def version(request: OfficeRequest, pk: int, number: int) -> HttpResponse:
    """One version as it was saved."""
    article = article_or_404(request.user, pk)
    found = queries.versions(pk).defer(None).filter(version=number).first()
    if found is None:
        raise Http404(f"There is no version {number} of this article.")
    document = found.document()
    level = _level(request.GET, has_plain=bool(document.plain_body))
    rendered = render_text(document, level)
    context = place(article, request.user, "versions") | {
        "version": found,
        "fates": _fates(found),
        "is_frozen": found.round_number is not None or found.publication_number is not None,
        "document": document,
        "rendered": replace(rendered, html=moved(rendered.html, images_at(pk))),
        "levels": _level_choices(level) if document.plain_body else [],
        "before": number - 1 if number > 1 else None,
        "after": number + 1 if number < article.version else None,
        "may_restore": number != article.version and _may_restore(article, request.user),
        "restore": {
            "title": f"Restore version {number}",
            "text": f"Its text becomes version {article.version + 1}. All versions stay in the list.",
            "hidden": [("number", number), ("version", article.version)],
        },
    }
    return render(request, "office/version.html", context)


@require_safe
@insiders()
def compare(request: OfficeRequest, pk: int) -> HttpResponse:
    """Two versions, statement by statement: ?old=&new=&view=inline|side&level=clinical|plain."""
    article = article_or_404(request.user, pk)
    usual_old, usual_new = _usual_pair(article)
    old = _number(request.GET, "old", usual_old)
    new = _number(request.GET, "new", usual_new)
    found = {each.version: each for each in Version.objects.filter(id=pk, version__in={old, new})}
    context = place(article, request.user, "compare") | {
        "numbers": range(article.version, 0, -1),
        "old": old,
        "new": new,
        "view": "side" if request.GET.get("view") == "side" else "inline",
    }
    if old not in found or new not in found:
        return render(request, "office/compare.html", context | {"missing": True}, status=404)
    before, after = found[old].document(), found[new].document()
    has_plain = bool(before.plain_body or after.plain_body)
    level = _level(request.GET, has_plain=has_plain)
    side = context["view"] == "side"
    differences = Differences(before, after, level, side=side, images=images_at(pk))
    context |= {
        "level": level,
        "old_label": f"Version {old}",
        "new_label": f"Version {new}",
        "differences": differences,
        "levels": _level_choices(level, context, differences) if has_plain else [],
        "views": [
            {
                "label": label,
                "href": _address(context | {"view": view}, level),
                "current": view == context["view"],
            }
            for view, label in (("inline", "Inline"), ("side", "Side by side"))
        ],
    }
    return render(request, "office/compare.html", context)


@require_safe
@insiders()
def preview(request: OfficeRequest, pk: int) -> HttpResponse:
    """The text as readers would see it if it were approved now, marked as not approved.

    Where it is approved already, there is nothing to imagine: the readers' own page.
    """
    article = article_or_404(request.user, pk)
    level = _level(request.GET, has_plain=article.has_plain_text)
    published = queries.address_of_live_version(pk, article.version)
    if published is not None:
        return redirect("reading:plain" if level is Level.PLAIN else "reading:article", slug=published)
    publication = build(article, article.document())
    rendering = publication.rendering(level)
    assert rendering is not None  # noqa: S101 - at a level that is written
    back, label = way_back(article, request.user)
    context = {
        "publication": publication,
        "rendering": rendering | {"html": moved(rendering["html"], images_at(pk))},
        "level": str(level),
        "has_plain": publication.plain is not None,
        "steps": progress(article.state),
        "pending": True,
        "address": "",
        "superseded_by": None,
        "canonical": "",
        "article": article,
        "back": back,
        "back_label": label,
    }
    return render(request, "office/preview.html", context)


def _usual_pair(article: Article) -> tuple[int, int]:
    """What one mostly wants to see: what is new since the last approval, or else since the version before."""
    approved = queries.last_approved_version(article.pk)
    newest = article.version
    return (approved if approved and approved < newest else max(newest - 1, 1)), newest


def _may_restore(article: Article, user: User) -> bool:
    return any(offer.action == "save" for offer in offers(article, user, door="writing"))


def _fates(version: Any) -> list[Fate]:
    fates = []
    if version.round_number is not None:
        outcome = RoundOutcome(version.round_outcome)
        words = "under review" if outcome is RoundOutcome.OPEN else outcome.label.lower()
        fates.append(Fate(f"Round {version.round_number}: {words}", _ROUND_TONES.get(outcome, "")))
    if version.publication_number is not None:
        live = version.publication_status == PublicationStatus.LIVE
        status = PublicationStatus(version.publication_status).label.lower()
        tone = "ok" if live else "stop" if version.publication_status == PublicationStatus.WITHDRAWN else ""
        fates.append(Fate(f"Publication {version.publication_number}, {status}", tone))
    return fates


def _number(asked: QueryDict, name: str, usual: int) -> int:
    """A version's number from the address; 0, which no version has, for what is none."""
    value = asked.get(name)
    if not value:
        return usual
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _level(asked: QueryDict, *, has_plain: bool) -> Level:
    return Level.PLAIN if has_plain and asked.get("level") == Level.PLAIN else Level.CLINICAL


def _level_choices(
    current: Level, compared: dict[str, Any] | None = None, differences: Differences | None = None
) -> list[dict[str, object]]:
    """Links to both reading levels; in a comparison each with the number of its changes."""
    return [
        {
            "label": f"{label} ({differences.count(level)})" if differences else label,
            "href": _address(compared, level) if compared else f"?level={level}",
            "current": level == current,
        }
        for level, label in LEVELS.items()
    ]


def _address(compared: dict[str, Any], level: Level) -> str:
    asked = QueryDict(mutable=True)
    asked.update({name: str(compared[name]) for name in ("old", "new", "view")} | {"level": str(level)})
    return f"{reverse('office:compare', args=[compared['article'].pk])}?{asked.urlencode()}"
