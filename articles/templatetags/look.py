"""What the components need to show people and dates; nothing here reads the database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html

register = template.Library()


@register.filter
def initials(name: object) -> str:
    """The first letters of the first and the last name: "Ada Lovelace Okafor" gives "AO"."""
    words = [word for word in str(name or "").replace("-", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


@register.filter
def in_words(value: Any) -> Any:
    """A date or datetime as "February 15, 2025" in a <time>; anything else as it is.

    A datetime is taken in the site's time zone: the day an approval fell on is the day its readers saw.
    """
    if isinstance(value, datetime):
        value = (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    if not isinstance(value, date):
        return value
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), format_date(value, "F j, Y"))


@register.filter
def moment(value: datetime) -> str:
    """A datetime as "February 15, 2025, 14:05" in a <time>, in the site's time zone."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), format_date(local, "F j, Y, H:i"))
