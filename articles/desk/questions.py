"""Readers' follow-up questions: read, answered, and forgotten when their time is over."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from articles import queries
from articles.desk.forms import NOTE_LENGTH
from articles.desk.rooms import PAGE_SIZE, editors, rooms
from articles.models import Question
from articles.notify import outbox
from articles.web import OfficeRequest


class AnswerForm(forms.Form):
    answer = forms.CharField(max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, data: Any = None, *, by_mail: bool) -> None:
        super().__init__(data)
        self.fields["answer"].label = "Your answer" if by_mail else "How it was handled"
        self.fields["answer"].help_text = (
            "Goes to the reader by e-mail, as plain text. Answer about the article, not about a patient."
            if by_mail
            else "For the desk only: the reader left no address."
        )


@require_safe
@editors
def questions(request: OfficeRequest) -> HttpResponse:
    answered = request.GET.get("show") == "answered"
    page = Paginator(queries.questions(answered=answered), PAGE_SIZE).get_page(request.GET.get("page"))
    here = reverse("desk:questions")
    choices = [
        {"label": "Open", "href": here, "current": not answered},
        {"label": "Answered", "href": f"{here}?show=answered", "current": answered},
    ]
    context = {"page_obj": page, "answered": answered, "choices": choices, "rooms": rooms("questions")}
    return render(request, "desk/questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@editors
def question(request: OfficeRequest, pk: int) -> HttpResponse:
    """One question; a POST answers it, once."""
    asked = get_object_or_404(_questions(), pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None, by_mail=bool(asked.email))
    status = 200
    if form.is_bound and not form.is_valid():
        status = 422
    elif form.is_bound:
        if _answer(asked.pk, form.cleaned_data["answer"], request):
            told = f"Answered. The answer goes to {asked.email}." if asked.email else "Marked as handled."
            messages.success(request, told)
            return HttpResponseRedirect(reverse("desk:questions"), status=303)
        asked, status = get_object_or_404(_questions(), pk=pk), 409
    context = {"question": asked, "form": form, "late": status == 409}
    return render(request, "desk/question.html", context, status=status)


def _questions() -> QuerySet[Question]:
    return Question.objects.select_related("publication", "answered_by").defer(
        "publication__clinical", "publication__plain", "publication__references"
    )


def _answer(pk: int, answer: str, request: OfficeRequest) -> bool:
    """Keep the answer and send it, unless somebody answered meanwhile: a reader gets one answer."""
    with transaction.atomic():
        asked = Question.objects.select_for_update().filter(pk=pk, answered_at__isnull=True).first()
        if asked is None:
            return False
        now = timezone.now()
        asked.answer, asked.answered_at, asked.answered_by = answer, now, request.user
        asked.not_before = now if asked.email else None
        asked.save(update_fields=["answer", "answered_at", "answered_by", "not_before"])
        if asked.email:
            transaction.on_commit(outbox.wake, robust=True)
    return True
