"""The review page, and the page again after a refusal."""

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from articles.models import Thread
from articles.reviewing import signing
from articles.reviewing.asked import Asked
from articles.reviewing.review import Review
from articles.web import OfficeRequest, article_or_404, insiders
from articles.workflow import WorkflowError


@insiders("is_board_member")
def article(
    request: OfficeRequest, pk: int, *, refusal: WorkflowError | None = None, status: int = 200, **_: object
) -> HttpResponse:
    """The review page; after a refusal with what was refused and why, and what was typed.

    To htmx a refusal is said in place: the page stands as it was, and so does every word typed into it.
    """
    if refusal is not None and request.htmx:
        said = {"refusal": refusal, "address": reverse("reviewing:article", args=[pk])}
        answer = render(request, "reviewing/refused.html", said, status=status)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#refused", "innerHTML"
        return answer
    review = review_of(request, pk, refusal=refusal)
    context = {"review": review, "passkey": passkey(request, review)}
    return render(request, "reviewing/article.html", context, status=status)


def review_of(
    request: OfficeRequest,
    pk: int,
    *,
    refusal: WorkflowError | None = None,
    at: str = "",
    thread: int | None = None,
) -> Review:
    """The article before whoever asks, as the address (of a form: its field `state`) asks for it.

    at, thread: what stands beside, instead of what the address says. Raises Http404.
    """
    match = request.resolver_match
    typed = request.POST if refusal else signing.typed_before(request, pk)
    action = (match.url_name or "") if match and refusal else "approve" if typed is not None else ""
    query: QueryDict = request.GET
    if request.method == "POST":
        query = QueryDict(request.POST.get("state", "").partition("?")[2], mutable=True)
        query.update({"at": at or _statement_sent(request.POST), "thread": str(thread or "")})
    review = Review(
        article_or_404(request.user, pk),
        request.user,
        Asked(query, reverse("reviewing:article", args=[pk])),
        refusal=refusal,
        action=action,
        typed=typed,
    )
    try:
        _ = review.beside
    except Thread.DoesNotExist as unknown:
        raise Http404("This article has no such thread, or it is not open to you.") from unknown
    return review


def _statement_sent(posted: QueryDict) -> str:
    """The statement that a form was about, or stood beside: there it stands again."""
    named = posted.get("statement") or posted.get("mark", "").partition(" ")[2]
    return named or posted.get("beside", "")


def passkey(request: OfficeRequest, review: Review) -> str:
    """Whether the approval's form offers a passkey: "" | "offered" | "used" a moment ago."""
    signs = any(act.meaning and not act.offer.blocked for act in review.acts)
    if not signs or not signing.has_passkey(request):
        return ""
    return "used" if signing.used_passkey(request) else "offered"
