"""Where everyone who works here begins, and the inbox that says what happened."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from articles import queries
from articles.models import Message, User
from articles.notify.mail import tell
from articles.office.doors import doors
from articles.states import Role
from articles.web import OfficeRequest, insiders

PAGE_SIZE = 25


@require_safe
@insiders()
def home(request: OfficeRequest) -> HttpResponse:
    """Send people on to where they work; with several roles, or none, say what there is."""
    open_doors = doors(request.user)
    if len(open_doors) == 1:
        return redirect(open_doors[0].url)
    context = {"doors": open_doors, "term_ended": _term_ended(request.user)}
    return render(request, "office/home.html", context)


@require_safe
@insiders()
def inbox(request: OfficeRequest) -> HttpResponse:
    """What this person was told, newest first."""
    page = Paginator(queries.inbox(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [(message, tell(message), message.read_at is None) for message in page],
    }
    return render(request, "office/inbox.html", context)


@require_GET
@insiders()
def read(request: OfficeRequest, pk: int) -> HttpResponse:
    """Mark one's own message read and go to where it leads. Somebody else's does not exist."""
    message = get_object_or_404(queries.inbox(request.user), pk=pk)
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=timezone.now())
    return redirect(tell(message).path)


@require_POST
@insiders()
def read_all(request: OfficeRequest) -> HttpResponse:
    unread = Message.objects.filter(recipient=request.user, read_at__isnull=True)
    marked = unread.update(read_at=timezone.now())
    told = (
        f"Marked {marked} message{'' if marked == 1 else 's'} as read." if marked else "Nothing was unread."
    )
    messages.success(request, told)
    return HttpResponseRedirect(reverse("office:inbox"), status=303)


def _term_ended(user: User) -> bool:
    """In the board's group, but without a term that is running."""
    return Role.BOARD in user.roles and not user.is_board_member
