"""The demo's post office: mail kept in files, read in the browser, so that signing up needs no server."""

import email
import email.policy
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

PAGE_SIZE = 25
# The newest files are enough for a trial; a demo that ran for months need not read them all.
FILES = 200
# How the file-based backend ends each message. A body may hold such a line too, so headers must follow it.
_END = re.compile(rb"^-{79}\r?\n(?=\Z|[A-Za-z-]+: )", re.MULTILINE)
# Mail wants style attributes, which the house's own policy forbids. Nothing else is let through, no script,
# no picture, and no origin: `sandbox` makes the mail a stranger to the site it is shown on.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Mail:
    """One message, under a name made of its file's and its place in it."""

    name: str
    message: EmailMessage
    kept: datetime

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "(no subject)")

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def date(self) -> datetime | None:
        try:
            return parsedate_to_datetime(str(self.message["Date"])).astimezone()
        except ValueError:
            return None

    def part(self, kind: str) -> str:
        """The text of the first part of a kind ("plain" or "html"), or ""."""
        found = self.message.get_body((kind,))
        return str(found.get_content()) if found is not None else ""


def mails() -> list[Mail]:
    """Every kept message, the newest first. A message sent alone has a file of its own; others share one."""
    directory = Path(getattr(settings, "EMAIL_FILE_PATH", "") or "/nowhere")
    files = sorted(
        directory.glob("*.log"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True
    )
    found = []
    for path in files[:FILES]:
        kept = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
        raw = [each for each in _END.split(path.read_bytes()) if each.strip()]
        for place in reversed(range(len(raw))):
            message = email.message_from_bytes(raw[place], policy=email.policy.default)
            found.append(Mail(f"{path.stem}.{place}", message, kept))
    # By the date they bear, which a story told of the past sets; a file says only when it was last added to.
    return sorted(found, key=lambda mail: mail.date or mail.kept, reverse=True)


def demo_only(view: View) -> View:
    """Everybody's mail, links that confirm addresses included, is open to all in a demo and nowhere else."""

    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return shown


@require_safe
@demo_only
def index(request: HttpRequest) -> HttpResponse:
    page = Paginator(mails(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "office/mailbox.html", {"page_obj": page})


@require_safe
@demo_only
def message(request: HttpRequest, name: str) -> HttpResponse:
    mail = _named(name)
    context = {"mail": mail, "text": mail.part("plain"), "has_html": bool(mail.part("html"))}
    response = render(request, "office/mail_message.html", context)
    # The one page of the house that frames another: the HTML part of this mail.
    response._csp_update = {"frame-src": "'self'"}  # type: ignore[attr-defined]
    return response


@require_safe
@demo_only
@xframe_options_sameorigin
def html_part(request: HttpRequest, name: str) -> HttpResponse:
    # Links open beside the frame: the site refuses to be shown inside one.
    html = _named(name).part("html").replace("<head>", '<head><base target="_blank">', 1)
    response = HttpResponse(html)
    response["Content-Security-Policy"] = _MAIL_POLICY
    return response


def _named(name: str) -> Mail:
    """The mail of that name. A name is looked for among those there are, and never becomes a path."""
    for mail in mails():
        if mail.name == name:
            return mail
    raise Http404("There is no such mail.")
