"""Readers' questions before the board: a member writes the answer, another reads and approves it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from js_asset import Media

from articles import queries
from articles.content.checks import MAX_QUESTION, check_reply
from articles.content.document import Level
from articles.content.references import ama
from articles.content.render import render as render_text
from articles.models import Inquiry, InquiryState, Publication, PublishedReply, Question
from articles.reviewing import signing
from articles.richtext import RichText
from articles.web import OfficeRequest, insiders
from articles.workflow import Blocked, WorkflowError, replies
from articles.workflow.case import Case

PAGE_SIZE = 25
_SECTIONS = (
    ("mine", "Yours to answer"),
    ("approve", "Wait for approval"),
    ("open", "Open"),
    ("answered", "Answered"),
)
board = insiders("is_board_member")


class ReplyForm(forms.Form):
    question = forms.CharField(
        label="The question, as readers will see it",
        help_text="In your own words: nothing that tells who asked.",
        widget=forms.TextInput(attrs={"maxlength": MAX_QUESTION}),
    )
    body = forms.CharField(label="The answer", strip=False, widget=RichText(attrs={"rows": 10}))
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class NoteForm(forms.Form):
    note = forms.CharField(required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}))


@require_safe
@board
def listed(request: OfficeRequest) -> HttpResponse:
    """The questions that readers ask, as far as the board has to do with them."""
    found = queries.inquiries_for_board(request.user)
    counts = {key: rows.count() for key, rows in found.items()}
    asked_for = request.GET.get("show", "")
    # What there is to do comes first.
    show = asked_for if asked_for in found else next((key for key, _ in _SECTIONS if counts[key]), "mine")
    page = Paginator(found[show], PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "show": show,
        "title": dict(_SECTIONS)[show],
        "choices": [
            {"label": f"{label} {counts[key]}", "href": f"?show={key}", "current": key == show}
            for key, label in _SECTIONS
        ],
    }
    return render(request, "reviewing/inquiries.html", context)


@require_safe
@board
def inquiry(request: OfficeRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@require_POST
@board
def take(request: OfficeRequest, pk: int) -> HttpResponse:
    done = "It is yours to answer. Write the answer with its sources, and hand it in."
    return _step(request, pk, "take", done, lambda: replies.take(pk, actor=request.user))


@require_POST
@board
def hand_back(request: OfficeRequest, pk: int) -> HttpResponse:
    note = request.POST.get("note", "")
    done = "Given back. The editors are told, and ask somebody else."
    return _step(request, pk, "hand_back", done, lambda: replies.hand_back(pk, actor=request.user, note=note))


@require_POST
@board
def write(request: OfficeRequest, pk: int) -> HttpResponse:
    hand_in = request.POST.get("do") == "hand_in"
    done = (
        "Handed in. Another member reads it before readers do."
        if hand_in
        else "Saved. Only the office sees it."
    )
    given = {name: request.POST.get(name, "") for name in ("question", "body", "seen")}
    return _step(
        request,
        pk,
        "write",
        done,
        lambda: replies.write_reply(pk, actor=request.user, hand_in=hand_in, **given),
    )


@require_POST
@board
def approve(request: OfficeRequest, pk: int) -> HttpResponse:
    def sign() -> None:
        replies.approve_reply(
            pk,
            actor=request.user,
            digest=request.POST.get("digest", ""),
            signature=signing.signature(request, request.POST.get("password", "")),
        )

    return _step(request, pk, "approve", "Approved. Readers see this answer from now on.", sign)


@require_POST
@board
def send_back(request: OfficeRequest, pk: int) -> HttpResponse:
    note = request.POST.get("note", "")
    done = "Given back to its writer, who is told why."
    return _step(
        request, pk, "send_back", done, lambda: replies.return_reply(pk, actor=request.user, note=note)
    )


def _step(request: OfficeRequest, pk: int, name: str, done: str, step: Callable[[], object]) -> HttpResponse:
    get_object_or_404(Inquiry, pk=pk)
    try:
        step()
    except WorkflowError as refusal:
        return _page(request, pk, tried=name, typed=request.POST, refusal=refusal)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("reviewing:inquiry", args=[pk]), status=303)


def _page(
    request: OfficeRequest,
    pk: int,
    *,
    tried: str = "",
    typed: QueryDict | None = None,
    refusal: WorkflowError | None = None,
) -> HttpResponse:
    """The page of a question; after a refusal with what was tried standing open, and all that was typed."""
    found = get_object_or_404(
        queries.inquiries().select_related("article", "reply__member__board_profile"), pk=pk
    )
    live = Publication.objects.live().filter(article=found.article_id).defer("clinical", "plain").first()
    reply = getattr(found, "reply", None)
    case = Case(found.article, request.user)
    references = live.references if live else []
    document = reply.document(references) if reply else None
    is_mine = reply is not None and reply.member_id == request.user.pk
    is_open_to_writing = found.state == InquiryState.WITH_BOARD or (found.is_answered and reply is not None)
    waits = reply is not None and reply.handed_in_at is not None and is_open_to_writing
    form = None
    if is_mine and is_open_to_writing and live and document and reply:
        form = ReplyForm(
            typed
            if tried == "write"
            else {"question": reply.question, "body": reply.body, "seen": document.digest}
        )
        if tried == "write" and refusal is not None and refusal.status == 409:
            # Their text stands beside; what is saved next is saved on top of it.
            form = ReplyForm(typed.dict() | {"seen": document.digest} if typed else None)
    here = reverse("reviewing:inquiry", args=[pk])
    context = {
        "inquiry": found,
        "live": live,
        "reply": reply,
        "is_mine": is_mine,
        "waits": waits,
        "digest": document.digest if document else "",
        "text": render_text(document, Level.CLINICAL, "draft-") if document and document.body else None,
        "issues": check_reply(document) if document and is_mine and document.body else [],
        "form": form,
        "media": Media.from_media(form.media, nonce=getattr(request, "csp_nonce", "")) if form else "",
        "references": [(record["id"], ama(record), _row(record)) for record in references] if form else [],
        "why_not_write": replies.why_not_write(case),
        "why_not": replies.why_not_approve(case, reply) if waits else "",
        "meaning": replies.MEANING,
        "passkey": _passkey(request) if waits and not is_mine else "",
        "passkey_address": f"{reverse('mfa_reauthenticate_webauthn')}?{urlencode({'next': here})}",
        "note": NoteForm(typed if tried in ("hand_back", "send_back") else None, auto_id=f"{tried}_%s"),
        "questions": list(
            Question.objects.filter(inquiry=pk).order_by("created_at").values_list("text", flat=True)[:50]
        ),
        "published": PublishedReply.objects.live().filter(reply__inquiry=pk).first(),
        "refusal": refusal,
        "tried": tried,
        "unsent": typed if typed is not None and refusal is not None and form is None else None,
        "is_blocked": isinstance(refusal, Blocked),
    }
    return render(request, "reviewing/inquiry.html", context, status=refusal.status if refusal else 200)


def _texts(pk: int) -> Any:
    return Question.objects.filter(inquiry=pk).order_by("created_at", "pk").values_list("text", flat=True)


def _row(record: dict[str, Any]) -> dict[str, str]:
    """A reference as the list of the Cite button reads it."""
    authors = record.get("author") or [{}]
    parts = (record.get("issued") or {}).get("date-parts") or [[""]]
    return {
        "author": authors[0].get("family") or authors[0].get("literal") or "",
        "title": str(record.get("title", "")),
        "year": str(parts[0][0]) if parts[0] else "",
    }


def _passkey(request: OfficeRequest) -> str:
    if not signing.has_passkey(request):
        return ""
    return "used" if signing.used_passkey(request) else "offered"
