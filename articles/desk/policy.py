"""The editorial policy's prose: edited here, with every earlier text kept and readable."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from articles.content.sanitise import sanitise
from articles.desk.rooms import PAGE_SIZE, editors, rooms
from articles.models import EditorialPolicy
from articles.web import OfficeRequest

PolicyVersion = EditorialPolicy.history.model


class PolicyForm(forms.Form):
    body = forms.CharField(
        label="The policy’s text",
        max_length=200_000,
        help_text="Headings (h2, h3), paragraphs, lists, tables, links and emphasis, in HTML. "
        "Anything else is left out when you save.",
        widget=forms.Textarea(attrs={"rows": 24, "class": "code", "spellcheck": "true"}),
    )
    # When the text that is being edited was last saved: empty for the first one.
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_body(self) -> str:
        body = sanitise(self.cleaned_data["body"])
        if not body.strip():
            raise ValidationError("Nothing is left of this text once what is not allowed is taken out.")
        return body


@require_http_methods(["GET", "HEAD", "POST"])
@editors
def policy(request: OfficeRequest) -> HttpResponse:
    """Show the text and its form; a POST saves, unless somebody saved since the form was opened."""
    current = EditorialPolicy.objects.first()
    if request.method != "POST":
        form = PolicyForm(initial={"body": current.body if current else "", "seen": _stamp(current)})
        return _policy(request, form, current)
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return _policy(request, form, current, status=422)
    with transaction.atomic():
        current = EditorialPolicy.objects.select_for_update().first()
        if _stamp(current) == form.cleaned_data["seen"]:
            changed = _save(current, form.cleaned_data["body"])
            messages.success(
                request, "Saved. Readers see this policy now." if changed else "Nothing to save."
            )
            return HttpResponseRedirect(reverse("desk:policy"), status=303)
    # Both texts stay on the page. Saving again from here replaces the other one, knowingly.
    typed = request.POST.copy()
    typed["seen"] = _stamp(current)
    return _policy(request, PolicyForm(typed), current, status=409)


@require_safe
@editors
def policy_versions(request: OfficeRequest) -> HttpResponse:
    page = Paginator(_versions(), PAGE_SIZE).get_page(request.GET.get("page"))
    first = page.paginator.count - page.start_index() + 1
    numbered = [(first - place, version) for place, version in enumerate(page)]
    return render(request, "desk/policy_versions.html", {"page_obj": page, "versions": numbered})


@require_safe
@editors
def policy_version(request: OfficeRequest, number: int) -> HttpResponse:
    version = get_object_or_404(_versions(), history_id=number)
    # Cleaned again: an old text was saved under older rules.
    context = {"version": version, "body": sanitise(version.body)}
    return render(request, "desk/policy_version.html", context)


def _policy(
    request: OfficeRequest, form: PolicyForm, current: EditorialPolicy | None, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "policy": current,
        "conflict": status == 409,
        "last": _versions().first(),
        "rooms": rooms("policy"),
    }
    return render(request, "desk/policy.html", context, status=status)


def _stamp(policy: EditorialPolicy | None) -> str:
    return policy.updated_at.isoformat() if policy else ""


def _save(policy: EditorialPolicy | None, body: str) -> bool:
    """Keep the text, and who changed it when, if it changed."""
    if policy is not None and policy.body == body:
        return False
    saved = policy or EditorialPolicy(pk=1)
    saved.body, saved.updated_at = body, timezone.now()
    saved.save()
    return True


def _versions() -> Any:
    return PolicyVersion.objects.select_related("history_user").order_by("-history_date", "-history_id")
