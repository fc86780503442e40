"""What a board member declares: companies, drugs and people. Interests are added and ended, never deleted."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from articles.models import Interest, InterestKind
from articles.web import OfficeRequest, insiders

InterestVersion = Interest.history.model
# Shorter names would be found in every text, so they are not looked for (articles.content.mentions).
SHORTEST = 3

members = insiders("is_board_member")


class Day(forms.DateInput):
    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class InterestForm(forms.ModelForm):
    kind = forms.ChoiceField(label="What it is", choices=InterestKind, widget=forms.RadioSelect)

    class Meta:
        model = Interest
        fields = ["kind", "name", "since", "until"]
        labels = {"name": "Name", "since": "From", "until": "To"}
        help_texts = {
            "name": "As texts write it: a company, a drug or device, or a person’s full name.",
            "until": "Empty while it runs.",
        }
        widgets = {"since": Day(), "until": Day()}

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if len(name) < SHORTEST:
            raise forms.ValidationError(
                f"Write it out, with at least {SHORTEST} letters: shorter names cannot be found in a text."
            )
        return name

    def clean_since(self) -> Any:
        since = self.cleaned_data["since"]
        if since > timezone.localdate():
            raise forms.ValidationError("This day is to come. Declare it when it has begun.")
        return since

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "It cannot end before it began.")
        return cleaned


class EndForm(forms.Form):
    until = forms.DateField(label="Last day", widget=Day())

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        # Reviews that began meanwhile were kept from the member for a reason that was declared.
        if until < timezone.localdate():
            raise forms.ValidationError("An interest ends today or later: what it kept you from stays so.")
        return until


@require_http_methods(["GET", "HEAD", "POST"])
@members
def interests(request: OfficeRequest) -> HttpResponse:
    """One's own interests, and the form for another one."""
    if request.method != "POST":
        return _page(request)
    form = InterestForm(request.POST, instance=Interest(member=request.user))
    if not form.is_valid():
        return _page(request, form=form, status=422)
    declared = form.save()
    public = " It is public on your profile." if _runs(declared) else ""
    messages.success(
        request, f"Declared: {declared.name}. Articles that name it are for others to review.{public}"
    )
    return HttpResponseRedirect(reverse("office:interests"), status=303)


@require_POST
@members
def end(request: OfficeRequest, pk: int) -> HttpResponse:
    """Let one of one's own interests end. Somebody else's does not exist."""
    own = get_object_or_404(Interest.objects.filter(member=request.user), pk=pk)
    form = _end_form(own, request.POST)
    if not form.is_valid():
        return _page(request, ending={own.pk: form}, status=422)
    if own.until is None or own.until > form.cleaned_data["until"]:
        own.until = form.cleaned_data["until"]
        own.save()
        messages.success(request, f"{own.name} ends. It stays here with its dates.")
    else:
        messages.success(request, f"{own.name} has ended already.")
    return HttpResponseRedirect(reverse("office:interests"), status=303)


def _page(
    request: OfficeRequest,
    *,
    form: InterestForm | None = None,
    ending: dict[int, EndForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    own = list(Interest.objects.filter(member=request.user).order_by("-since", "name"))
    context = {
        "form": form or InterestForm(initial={"since": timezone.localdate()}),
        "running": [(each, (ending or {}).get(each.pk) or _end_form(each)) for each in own if _runs(each)],
        "ended": [each for each in own if not _runs(each)],
        "history": _history(request),
        "profile": request.user.board_profile,
    }
    return render(request, "office/interests.html", context, status=status)


def _end_form(interest: Interest, data: Any = None) -> EndForm:
    return EndForm(data, auto_id=f"end-{interest.pk}-%s", initial={"until": timezone.localdate()})


def _runs(interest: Interest) -> bool:
    return interest.until is None or interest.until >= timezone.localdate()


def _history(request: OfficeRequest) -> list[dict[str, Any]]:
    """What was declared and ended, newest first, as components/timeline.html takes it. One query."""
    lines = InterestVersion.objects.filter(member=request.user).select_related("history_user")
    return [
        {
            "at": line.history_date,
            "who": str(line.history_user or "The system"),
            "what": f"{'declared' if line.history_type == '+' else 'ended'} {line.name}",
            "note": "",
        }
        for line in lines.order_by("-history_id")[:50]
    ]
