"""Articles in any state, made only by the steps that people take. No maker writes a state itself."""

from datetime import date
from typing import Any

from articles import workflow
from articles.models import Article, BoardMember, ChecklistItem, ReviewPolicy, User
from articles.states import Role
from articles.workflow.signing import told
from tests import people

RECORD = {
    "id": "pavel2020",
    "type": "article-journal",
    "title": "Gastroenteropancreatic neuroendocrine neoplasms",
    "author": [{"family": "Pavel", "given": "M."}],
    "container-title": "Annals of Oncology",
    "issued": {"date-parts": [[2020]]},
    "DOI": "10.1016/j.annonc.2020.03.304",
}
CITED = '<cite data-ref="pavel2020"></cite>'


def text(words: str = "Histology with grade sets prognosis.", **fields: Any) -> dict[str, Any]:
    """The fields of a complete article that passes every check; `words` is its first statement."""
    body = (
        f"<h2>From the Guidelines</h2><h3>Key Considerations</h3><p>{words}{CITED}</p>"
        "<h2>From the Research</h2><h3>Diagnosis</h3>"
        f"<ul><li>Functional imaging helps to find the primary site.{CITED}</li></ul>"
    )
    return {
        "question": "How is a neuroendocrine tumor diagnosed?",
        "summary": "From tissue and grade, through imaging, to a plan made by a team.",
        "body": body,
        "plain_body": f"<h2>In short</h2><p>In plain words: {words}</p>",
        "references": [RECORD],
        "competing_interests": "None.",
        "ai_use": "None.",
        "evidence_searched_to": date(2024, 12, 1),
    } | fields


def article(
    author: User,
    state: str = "draft",
    *,
    reviewer: User | None = None,
    editor: User | None = None,
    **fields: Any,
) -> Article:
    """An article of `author` brought to `state` by submitting, claiming, deciding… as people would.

    reviewer, editor: who takes the steps of the board and the desk; made when not given.
    """
    made = workflow.create(actor=author, fields=text(**fields))
    return bring(made, state, reviewer=reviewer, editor=editor)


def bring(made: Article, state: str, *, reviewer: User | None = None, editor: User | None = None) -> Article:
    """Take an editable article on to `state`."""
    if state == "draft":
        return fresh(made)
    author = made.author
    workflow.submit(made.pk, version=made.version, actor=author)
    if state == "submitted":
        return fresh(made)
    if state == "declined":
        editor = editor or _someone("erin", "Erin Stone", Role.EDITOR)
        workflow.decline(made.pk, version=made.version, actor=editor, note="Outside our field.")
        return fresh(made)
    reviewer = reviewer or _reviewer()
    if not made.rounds.filter(closed_at__isnull=True, assignments__member=reviewer).exists():
        workflow.claim(made.pk, actor=reviewer)
    if state == "under_review":
        return fresh(made)
    if state == "changes_requested":
        workflow.request_changes(
            made.pk, version=made.version, digest=made.digest, actor=reviewer, note="Name the source."
        )
    else:
        approve(made, reviewer, note="Name the source.")
    if state == "retired":
        editor = editor or _someone("erin", "Erin Stone", Role.EDITOR)
        workflow.retire(made.pk, actor=editor, notice="Superseded by newer guidance.")
    made = fresh(made)
    assert made.state == state, f"no way to {state}"
    return made


def approve(made: Article, actor: User, **given: Any) -> Article:
    """Approve the article as it is stored in `made`, signed, with every item of the checklist ticked."""
    everything = {
        "version": made.version,
        "digest": made.digest,
        "signature": told(actor),
        "ticked": everything_considered(),
    }
    return workflow.approve(made.pk, actor=actor, **everything | given)


def everything_considered() -> list[int]:
    """The keys of all items of the checklist for approvals."""
    return list(ChecklistItem.objects.filter(verdict="approve").values_list("pk", flat=True))


def policy(**rules: Any) -> ReviewPolicy:
    """The default policy, with `rules` changed: for the rounds to come."""
    found, _ = ReviewPolicy.objects.update_or_create(topic=None, defaults=rules)
    return found


def edit(made: Article, words: str, *, actor: User | None = None, **fields: Any) -> Article:
    """Save a new version with other words."""
    actor = actor or made.author
    kept = {"question": made.question} | fields
    return workflow.save(
        made.pk, version=made.version, actor=actor, fields=text(words, **kept), note="Edited."
    )


def fresh(made: Article) -> Article:
    """The article as it is stored now."""
    return Article.objects.select_related("author").get(pk=made.pk)


def _someone(username: str, name: str, *roles: Role) -> User:
    return User.objects.filter(username=username).first() or people.person(username, name, *roles)


def _reviewer() -> User:
    profile = BoardMember.objects.filter(slug="rosa").select_related("user").first()
    return profile.user if profile else people.member("rosa", "Rosa Diaz", "MD")
