"""Images as authors have them, and figures that show them."""

import io
from typing import Any

from PIL import Image

from articles import workflow
from articles.content.figures import markup
from articles.models import Article, Figure, User
from tests import makers

CREDIT = "Drawn by Ada Okafor. CC BY 4.0."
ALT = "Three bars, each longer than the one before"


def encoded(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    """The bytes of a file."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def drawing(color: str = "teal", size: tuple[int, int] = (240, 160)) -> bytes:
    """A PNG of one color."""
    return encoded(Image.new("RGB", size, color))


def add(article: Article, *, actor: User | None = None, color: str = "teal", **given: Any) -> Figure:
    """Add an image to an article that can be edited."""
    usual = {"file": drawing(color), "alt": ALT, "credit": CREDIT}
    return workflow.add_figure(article.pk, actor=actor or article.author, **usual | given)


def shown(figure: Figure, caption: str = "Grades by their bars.") -> str:
    """The figure as a text shows it: it passes every check."""
    html = markup(figure.name, figure.alt, f"{caption} {figure.credit}")
    return html.replace("</figure>", f"{makers.CITED}</figure>")


def article_with(author: User, state: str = "draft", *figures: str, **fields: Any) -> Article:
    """An article that shows an image of each of these colors; teal when none is named."""
    reviewer, editor = fields.pop("reviewer", None), fields.pop("editor", None)
    made = workflow.create(actor=author, fields=makers.text(**fields))
    made = show(made, *[add(made, color=color) for color in figures or ("teal",)])
    return makers.bring(made, state, reviewer=reviewer, editor=editor)


def show(article: Article, *figures: Figure) -> Article:
    """Save the article with these figures at its end."""
    fields = {"body": article.body + "".join(map(shown, figures))}
    return workflow.save(article.pk, version=article.version, actor=article.author, fields=fields)
