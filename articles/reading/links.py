"""Full addresses of public pages, for whatever leaves the site: feeds, citations, structured data."""

from django.conf import settings
from django.urls import reverse

from articles.states import Level


def absolute(view: str, *args: object) -> str:
    """The full address of a page of the reading door: absolute("member", "ravi")."""
    return str(settings.SITE_URL) + reverse(f"reading:{view}", args=args)


def article_link(slug: str, level: str = Level.CLINICAL) -> str:
    """Where the live article stands at a reading level."""
    return absolute("plain" if level == Level.PLAIN else "article", slug)
