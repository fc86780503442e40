"""Where one is among an article's pages, and the way back to the desk one works at."""

from typing import Any

from django.urls import reverse

from articles.models import Article, User

_PAGES = (
    ("versions", "Versions"),
    ("compare", "Compare"),
    ("preview", "Preview"),
    ("threads", "Threads"),
    ("timeline", "Timeline"),
)


def place(article: Article, user: User, here: str) -> dict[str, Any]:
    """Context of office/article_head.html: the article, the way back, its pages with `here` marked."""
    back, door = way_back(article, user)
    tabs = [
        {"label": label, "href": reverse(f"office:{page}", args=[article.pk]), "current": page == here}
        for page, label in _PAGES
    ]
    return {"article": article, "crumbs": [{"label": door, "href": back}], "tabs": tabs}


def way_back(article: Article, user: User) -> tuple[str, str]:
    """The page where this person works on this article, and what it is called: authors write it, the board
    reviews it, editors see to it."""
    coauthor = user.is_author and article.coauthors.filter(pk=user.pk).exists()
    if coauthor or article.author_id == user.pk:
        return reverse("writing:article", args=[article.pk]), "Back to my article"
    if user.is_board_member:
        return reverse("reviewing:article", args=[article.pk]), "Back to the review"
    return reverse("desk:article", args=[article.pk]), "Back to the desk"
