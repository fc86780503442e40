"""The images of an article: added and removed by its authors, while they may write."""

from articles import queries
from articles.content.checks import MAX_ALT, Issue
from articles.content.imaging import Unfit, made_fit
from articles.content.phrase import collapse
from articles.models import Figure, User
from articles.workflow.errors import Blocked
from articles.workflow.transition import transition

MAX_FIGURES = 40
MAX_CREDIT = 300


def add_figure(article_id: int, *, actor: User, file: bytes, alt: str, credit: str) -> Figure:
    """Keep the image of an uploaded file for the article. Adding the same image again corrects its words.

    Raises NotAllowed, WrongState, and Blocked with an issue for each of "file", "alt" and "credit" that will
    not do. See `imaging.made_fit` for what it costs; no lock is held meanwhile.
    """
    alt, credit = collapse(alt), collapse(credit)
    issues = _wanting(alt, credit)
    fit = None
    try:
        fit = made_fit(file)
    except Unfit as unfit:
        issues.insert(0, Issue("file", str(unfit)))
    with transition("add_figure", article_id, actor=actor) as step:
        if issues or fit is None:
            raise Blocked(issues)
        figures = Figure.objects.filter(article=step.article).defer("data")
        found = figures.filter(name=fit.name).first()
        if found is None and figures.count() >= MAX_FIGURES:
            message = f"The article has {MAX_FIGURES} images, as many as can be kept. Remove one first."
            raise Blocked([Issue("file", message)])
        if found is not None:
            found.alt, found.credit = alt, credit
            found.save(update_fields=["alt", "credit"])
            return found
        return Figure.objects.create(
            article=step.article,
            name=fit.name,
            data=fit.data,
            size=len(fit.data),
            alt=alt,
            credit=credit,
            uploaded_by=step.actor,
            uploaded_at=step.now,
        )


def remove_figure(article_id: int, *, name: str, actor: User) -> None:
    """Forget an image that no version shows: versions are kept, and so is what they show.

    Raises NotAllowed, WrongState, Blocked, Figure.DoesNotExist.
    """
    with transition("remove_figure", article_id, actor=actor) as step:
        figure = Figure.objects.defer("data").get(article=step.article, name=name)
        newest = queries.newest_versions_with(step.article.pk, [figure.name]).get(figure.name)
        if newest is not None:
            message = f"Version {newest} shows this image. Versions are kept, and so is what they show."
            raise Blocked([Issue("figure", message)])
        figure.delete()


def _wanting(alt: str, credit: str) -> list[Issue]:
    issues = []
    if not alt:
        issues.append(Issue("alt", "Say in words what the image shows, for those who cannot see it."))
    elif len(alt) > MAX_ALT:
        issues.append(Issue("alt", f"This has {len(alt):,} characters. Shorten it to {MAX_ALT:,}."))
    if not credit:
        issues.append(Issue("credit", "Say who made the image and under what terms it may be shown."))
    elif len(credit) > MAX_CREDIT:
        issues.append(Issue("credit", f"This has {len(credit):,} characters. Shorten it to {MAX_CREDIT:,}."))
    return issues
