"""Writing: the steps that make versions."""

from typing import Any

from django.db import transaction

from articles.content.checks import MAX_BODY_BYTES, MAX_QUESTION, MAX_REFERENCES, MAX_SUMMARY, Issue
from articles.content.document import shared
from articles.content.figures import images_of
from articles.content.records import canonical, problems
from articles.content.sanitise import sanitise
from articles.content.statements import split
from articles.models import TEXT_FIELDS, Article, Figure, User, Version, append_event
from articles.notify import outbox
from articles.states import EventKind, State
from articles.workflow import clock
from articles.workflow.errors import Blocked, NotAllowed
from articles.workflow.permissions import any_author
from articles.workflow.transition import Step, transition

# The topic is saved with the text, but it is not part of what the board approves word for word.
FIELDS = (*TEXT_FIELDS, "topic")


def create(*, actor: User, fields: dict[str, Any], note: str = "") -> Article:
    """Begin an article with its version 1. `fields` are any of FIELDS. Raises NotAllowed, Blocked."""
    refusal = any_author(actor)
    if refusal or not actor.is_active:
        raise NotAllowed(refusal or "This account is closed.")
    return begin_for(actor, actor=actor, fields=fields, note=note)


def begin_for(author: User, *, actor: User, fields: dict[str, Any], note: str = "") -> Article:
    """Begin an article of `author`. The caller has checked that `actor` may, and that there is an author.

    Raises Blocked.
    """
    now = clock.now()
    with transaction.atomic():
        article = Article(author=author, state=State.DRAFT, state_since=now, created_at=now)
        _write(article, fields)
        _keep_version(article, actor, note or "First version")
        event = append_event(
            article.pk, kind=EventKind.CREATED, actor=actor, actor_name=str(actor), at=now,
            version=1, round=None, note=note, data={"digest": article.digest},
        )  # fmt: skip
        outbox.enqueue(event, article)
    return article


def save(article_id: int, *, version: int, actor: User, fields: dict[str, Any], note: str = "") -> Article:
    """Save the text as a new version on top of `version`; when nothing changed, change nothing.

    Raises NotAllowed, WrongState, Blocked (text that cannot be stored), and StaleVersion when somebody
    saved meanwhile: the caller still holds both texts and shows them.
    """
    if _is_unchanged(article_id, version, actor, fields):
        return Article.objects.get(pk=article_id)
    with transition("save", article_id, version=version, actor=actor, note=note) as step:
        write_version(step, fields, note)
    return step.article


def restore(article_id: int, *, number: int, version: int, actor: User) -> Article:
    """Bring back the text of version `number` as a new version. Raises as save, and Version.DoesNotExist."""
    old = Version.objects.get(id=article_id, version=number)
    note = f"Restored version {number}"
    with transition("save", article_id, version=version, actor=actor, note=note) as step:
        step.event = EventKind.RESTORED
        step.data["restored"] = number
        write_version(step, {name: getattr(old, name) for name in TEXT_FIELDS}, note)
    return step.article


def write_version(step: Step, fields: dict[str, Any], note: str) -> None:
    """Write `fields` into the article of a step under way and keep the version. Raises Blocked."""
    _write(step.article, fields)
    _keep_version(step.article, step.actor, note)
    step.data["digest"] = step.article.digest


def clean(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as they will be stored: markup sanitised, references canonical.

    Raises Blocked with everything that cannot be stored at all (oversize, references that are none,
    citations that lead nowhere). What is merely unfinished may be saved; submitting asks for more.
    """
    cleaned = dict(fields)
    issues = _too_long(fields)
    for name in {"body", "plain_body"} & fields.keys():
        cleaned[name] = "" if issues else sanitise(fields[name])
    for name in {"question", "summary", "competing_interests", "ai_use"} & fields.keys():
        cleaned[name] = fields[name].replace("\x00", "").strip()
    if "references" in fields:
        for number, record in enumerate(fields["references"], start=1):
            issues += [Issue("reference", f"Reference {number}: {problem}") for problem in problems(record)]
        cleaned["references"] = [] if issues else [canonical(record) for record in fields["references"]]
    if issues:
        raise Blocked(issues)
    return cleaned


def _too_long(fields: dict[str, Any]) -> list[Issue]:
    issues = []
    for name, label in {"body": "The clinical text", "plain_body": "The plain-language text"}.items():
        size = len(fields.get(name, "").encode())
        if size > MAX_BODY_BYTES:
            issues.append(
                Issue(name, f"{label} is {size:,} bytes long; {MAX_BODY_BYTES:,} can be kept. Split it.")
            )
    for name, limit in {"question": MAX_QUESTION, "summary": MAX_SUMMARY}.items():
        if len(fields.get(name, "")) > limit:
            issues.append(Issue(name, f"The {name} is longer than {limit:,} characters. Shorten it."))
    if len(fields.get("references", ())) > MAX_REFERENCES:
        issues.append(Issue("references", f"There are more than {MAX_REFERENCES} references."))
    return issues


def _write(article: Article, fields: dict[str, Any]) -> None:
    unknown = fields.keys() - set(FIELDS)
    if unknown:
        raise ValueError(f"not part of an article's text: {', '.join(sorted(unknown))}")
    for name, value in clean(fields).items():
        setattr(article, name, value)
    issues = [*_citations_that_lead_nowhere(article), *_images_that_are_not_there(article)]
    if issues:
        raise Blocked(issues)


def _citations_that_lead_nowhere(article: Article) -> list[Issue]:
    known = {record["id"] for record in article.references}
    cited = {
        key for text in (article.body, article.plain_body) for block in split(text, ()) for key in block.refs
    }
    return [
        Issue(
            "unknown-reference",
            f"The text cites “{key}”, and no reference has that key. "
            "Add the reference, or take the citation out.",
        )
        for key in sorted(cited - known)
    ]


def _images_that_are_not_there(article: Article) -> list[Issue]:
    """Names of images are no secret: a text shows its own article's and no other."""
    wanted = set(images_of(article.body, article.plain_body))
    if not wanted:
        return []
    known = Figure.objects.filter(article=article.pk, name__in=wanted).values_list("name", flat=True)
    missing = len(wanted.difference(known))
    if not missing:
        return []
    what = "a figure whose image is" if missing == 1 else f"{missing} figures whose images are"
    return [
        Issue(
            "unknown-image",
            f"The text shows {what} not among those of this article. "
            "Add the image under Figures, or take the figure out.",
        )
    ]


def _keep_version(article: Article, actor: User, note: str) -> None:
    article.version += 1
    article.digest = shared(article.document()).digest
    article.save_as_version(by=actor, at=clock.now(), note=note)


def _is_unchanged(article_id: int, version: int, actor: User, fields: dict[str, Any]) -> bool:
    """Whether saving `fields` over `version` would change not one byte of what is stored."""
    article = Article.objects.filter(pk=article_id, version=version).first()
    if article is None or not article.is_editable:
        return False
    if actor.pk != article.author_id and not article.coauthors.filter(pk=actor.pk).exists():
        return False
    return all(getattr(article, name) == value for name, value in clean(fields).items())
