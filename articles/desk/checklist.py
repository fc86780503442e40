"""The checklists that go with a decision: items are added, reworded, put in order, retired; never deleted."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles.desk.rooms import editors, rooms
from articles.models import ChecklistItem
from articles.states import Verdict
from articles.web import OfficeRequest

ItemVersion = ChecklistItem.history.model
_SHOWN = 30
_LISTS = (
    (Verdict.APPROVE, "To approve", "A member confirms each of these before an approval is signed."),
    (
        Verdict.REQUEST_CHANGES,
        "To request changes",
        "A member may name which of these need work; the authors see them with the reason.",
    ),
)


class ItemForm(forms.ModelForm):
    class Meta:
        model = ChecklistItem
        fields = ["text"]
        labels = {"text": "Words"}

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())


@require_safe
@editors
def checklist(request: OfficeRequest) -> HttpResponse:
    """Both lists, what was retired from them, and who changed what. Constant queries."""
    return _page(request)


@require_POST
@editors
def add(request: OfficeRequest) -> HttpResponse:
    """Put an item at the end of one of the lists."""
    verdict = request.POST.get("verdict", "")
    if verdict not in {each.value for each, _, _ in _LISTS}:
        return _page(request, status=422)
    form = _form(verdict, data=request.POST, instance=ChecklistItem(verdict=verdict))
    if not form.is_valid():
        return _page(request, adding={verdict: form}, status=422)
    item = form.save(commit=False)
    item.position = 1 + ChecklistItem.objects.filter(verdict=verdict).count()
    item.save()
    return _done(request, item, "Added. It is asked with every decision from now on.")


@require_POST
@editors
def reword(request: OfficeRequest, pk: int) -> HttpResponse:
    """Say the same in other words. Decisions keep the words they were signed with."""
    item = get_object_or_404(ChecklistItem, pk=pk)
    form = _form(str(pk), data=request.POST, instance=item)
    if not form.is_valid():
        return _page(request, rewording={pk: form}, status=422)
    if form.has_changed():
        form.save()
    return _done(request, item, "Saved. Decisions that are signed keep the words they were signed with.")


@require_POST
@editors
def move(request: OfficeRequest, pk: int) -> HttpResponse:
    """Let an item change places with the one before it, or with the one after it (to=down)."""
    step = 1 if request.POST.get("to") == "down" else -1
    with transaction.atomic():
        moved = get_object_or_404(ChecklistItem.objects.select_for_update(), pk=pk, is_active=True)
        items = list(ChecklistItem.objects.select_for_update().filter(verdict=moved.verdict, is_active=True))
        place = items.index(moved)
        if 0 <= place + step < len(items):
            items.insert(place + step, items.pop(place))
        for position, item in enumerate(items, start=1):
            if item.position != position:
                item.position = position
                # The order is no wording: it leaves no line in the history.
                item.save_without_historical_record(update_fields=["position"])  # type: ignore[attr-defined]
    return HttpResponseRedirect(f"{reverse('desk:checklist')}#item-{pk}", status=303)


@require_POST
@editors
def use(request: OfficeRequest, pk: int) -> HttpResponse:
    """Retire an item, or take it into use again (use=yes)."""
    item = get_object_or_404(ChecklistItem, pk=pk)
    wanted = request.POST.get("use") == "yes"
    if item.is_active != wanted:
        item.is_active = wanted
        item.position = 1 + ChecklistItem.objects.filter(verdict=item.verdict).count()
        item.save()
    told = "In use again, at the end of its list." if wanted else "Retired. It is not asked any more."
    return _done(request, item, told)


def _page(
    request: OfficeRequest,
    *,
    adding: dict[str, ItemForm] | None = None,
    rewording: dict[int, ItemForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    items = list(ChecklistItem.objects.all())
    lists = [
        {
            "verdict": verdict.value,
            "title": title,
            "help": help_text,
            "items": [
                {"item": item, "form": (rewording or {}).get(item.pk) or _form(str(item.pk), instance=item)}
                for item in items
                if item.verdict == verdict and item.is_active
            ],
            "retired": [item for item in items if item.verdict == verdict and not item.is_active],
            "form": (adding or {}).get(verdict.value) or _form(verdict.value),
        }
        for verdict, title, help_text in _LISTS
    ]
    context = {"lists": lists, "history": _history(), "rooms": rooms("checklist")}
    return render(request, "desk/checklist.html", context, status=status)


def _form(key: str, **given: Any) -> ItemForm:
    # Several of these stand on the page, and each label must find its own field.
    return ItemForm(given.pop("data", None), auto_id=f"words-{key}-%s", **given)


def _history() -> list[dict[str, Any]]:
    """The newest changes, as components/timeline.html takes them. Two queries."""
    # The items that were there from the first day are nobody's change.
    told = ItemVersion.objects.exclude(history_type="+", history_user=None).select_related("history_user")
    lines = list(told.order_by("-history_id")[:_SHOWN])
    before = _before(lines)
    return [
        {
            "at": line.history_date,
            "who": str(line.history_user or "The system"),
            "what": _what(line, before[line.pk]),
            "note": _note(line, before[line.pk]),
        }
        for line in lines
    ]


def _before(lines: list[Any]) -> dict[int, Any]:
    """For each line of the history the line of the same item before it, by the later one's key."""
    found: dict[int, Any] = {}
    latest: dict[int, Any] = {}
    for line in ItemVersion.objects.filter(id__in={line.id for line in lines}).order_by("history_id"):
        found[line.pk] = latest.get(line.id)
        latest[line.id] = line
    return found


def _what(line: Any, before: Any) -> str:
    where = "approvals" if line.verdict == Verdict.APPROVE else "requests for changes"
    if line.history_type == "+":
        return f"added an item for {where}"
    if not line.is_active and (before is None or before.is_active):
        return f"retired an item for {where}"
    if line.is_active and before is not None and not before.is_active:
        return f"took an item for {where} into use again"
    return f"reworded an item for {where}"


def _note(line: Any, before: Any) -> str:
    if before is not None and before.text != line.text:
        return f"Now: {line.text}\nBefore: {before.text}"
    return str(line.text)


def _done(request: OfficeRequest, item: ChecklistItem, told: str) -> HttpResponse:
    messages.success(request, told)
    return HttpResponseRedirect(f"{reverse('desk:checklist')}#item-{item.pk}", status=303)
