"""Signing up: a name, an e-mail address, a password. Whoever confirms the address may write."""

import secrets
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import email_confirmed
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.dispatch import receiver
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.text import slugify

from articles.models import User
from articles.states import Role

log = structlog.get_logger(__name__)

# What a mail about an account leads to, by the name allauth gives the link; the first one there counts.
_LINKS = {
    "activate_url": "Confirm the address",
    "password_reset_url": "Choose a new password",
    "signup_url": "Make an account",
}


class SignupForm(forms.Form):
    """The fields that allauth's own sign-up form does not have."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="As readers and colleagues will see it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1", "password2"]

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = " ".join(self.cleaned_data["name"].split())
        user.save(update_fields=["name"])


class AccountAdapter(DefaultAccountAdapter):
    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """People log in by e-mail; the username is only a key that says nothing about them."""
        if not user.username:
            stem = slugify((user.email or "").split("@")[0])[:40] or "member"
            user.username = f"{stem}-{secrets.token_hex(3)}"

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """The text that allauth's templates make, and the same words in the frame of our HTML mail."""
        mail: EmailMultiAlternatives = super().render_mail(template_prefix, email, context, headers)
        label, link = next(
            ((label, context[key]) for key, label in _LINKS.items() if key in context), ("", "")
        )
        words, _, reason = mail.body.partition("\n--\nNetReview\n")
        before, _, after = words.partition(link) if link else (words, "", "")
        frame = {
            "subject": mail.subject.removeprefix(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX),
            "before": _paragraphs(before),
            "after": _paragraphs(after),
            "link": link,
            "link_label": label,
            "reason": reason.strip(),
        }
        mail.attach_alternative(render_to_string("mail/account.html", frame), "text/html")
        return mail

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, or say that it could not be sent: an account is not lost because a mail server is away."""
        try:
            super().send_mail(template_prefix, email, context)
        except Exception:  # Whatever a mail server can think of, as for the outbox.
            log.warning("account.mail_not_sent", template=template_prefix, exc_info=True)
            if self.request is not None:
                messages.error(
                    self.request, "We could not send you a mail just now. Try again in a few minutes."
                )


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


@receiver(email_confirmed)
def become_author(request: HttpRequest, email_address: Any, **_: Any) -> None:
    """The first address that somebody new confirms makes them an author.

    Until then an account is a mere claim about an address, and nobody may be named co-author by it. Whoever
    has a role already, or had one taken away, gains nothing by confirming another address.
    """
    user = email_address.user
    if user.last_login is None and not user.roles:
        user.grant(Role.AUTHOR)
