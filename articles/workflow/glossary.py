"""The glossary's own small workflow: editors and members write, a member who did not write approves."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.text import slugify

from articles.content.checks import Issue
from articles.models import Explanation, GlossaryEntry, User
from articles.workflow import clock
from articles.workflow.errors import Blocked, NotAllowed, StaleVersion

MAX_TERM, MAX_MEANING, MAX_FORMS = 80, 500, 20


def write_entry(
    *, actor: User, term: str, forms: Sequence[str], meaning: str, entry: int | None = None, seen: str = ""
) -> GlossaryEntry:
    """Add a word, or change one (`entry`, whose digest was `seen`). What readers see stays until an approval.

    Raises NotAllowed, StaleVersion, Blocked, GlossaryEntry.DoesNotExist.
    """
    if not (actor.is_editor or actor.is_board_member):
        raise NotAllowed("Only editors and board members write the glossary.")
    fields = _cleaned(term, forms, meaning)
    with transaction.atomic():
        kept = GlossaryEntry.objects.select_for_update().get(pk=entry) if entry else GlossaryEntry()
        if entry and kept.digest != seen:
            raise StaleVersion("Somebody changed this entry while you wrote. Nothing was saved.", current=0)
        others = GlossaryEntry.objects.filter(term__iexact=fields["term"]).exclude(pk=kept.pk)
        if others.exists():
            raise Blocked([Issue("term", f"“{fields['term']}” is in the glossary already.")])
        for name, value in fields.items():
            setattr(kept, name, value)
        kept.edited_by, kept.edited_at = actor, clock.now()
        kept._history_user = actor  # type: ignore[attr-defined]
        kept.save()
    return kept


def approve_entry(entry: int, *, actor: User, digest: str) -> Explanation:
    """Let readers have exactly the text that was read (`digest`). Whoever wrote it last cannot approve it.

    Raises NotAllowed, StaleVersion, GlossaryEntry.DoesNotExist.
    """
    with transaction.atomic():
        kept = GlossaryEntry.objects.select_for_update().get(pk=entry)
        person = User.objects.select_related("board_profile").get(pk=actor.pk)
        refusal = why_not_approve(kept, person)
        if refusal:
            raise NotAllowed(refusal)
        if kept.digest != digest:
            raise StaleVersion("This is not the text you read. Read it again.", current=0)
        profile = person.board_profile
        found = Explanation.objects.filter(entry=kept).first() or Explanation(entry=kept, key=_key(kept.term))
        found.term, found.forms, found.meaning, found.digest = kept.term, kept.forms, kept.meaning, digest
        found.approver_name, found.approver_credentials = profile.name, profile.credentials
        found.approver_slug, found.approved_at = profile.slug, clock.now()
        found._history_user = actor  # type: ignore[attr-defined]
        found.save()
    return found


def withdraw_entry(entry: int, *, actor: User) -> None:
    """Take a word's explanation away from readers; the entry stays. Raises NotAllowed."""
    if not (actor.is_editor or actor.is_board_member):
        raise NotAllowed("Only editors and board members withdraw an explanation.")
    with transaction.atomic():
        for found in Explanation.objects.select_for_update().filter(entry=entry):
            found._history_user = actor  # type: ignore[attr-defined]
            found.delete()


def why_not_approve(entry: GlossaryEntry, user: User) -> str:
    """Why this person cannot approve the entry as it stands, or ""."""
    if not user.is_active or not user.is_board_member:
        return "Only serving members of the Medical Advisory Board approve explanations."
    if entry.edited_by_id == user.pk:
        return "You wrote this text. Another member must approve it."
    return ""


def _cleaned(term: str, forms: Sequence[str], meaning: str) -> dict[str, object]:
    """The fields as they are kept. Raises Blocked with everything that is wrong with them."""
    term, meaning = (" ".join(words.replace("\x00", "").split()) for words in (term, meaning))
    others = list(dict.fromkeys(" ".join(form.replace("\x00", "").split()) for form in forms))
    others = [form for form in others if form and form.casefold() != term.casefold()]
    issues = []
    if not slugify(term) or len(term) > MAX_TERM or len(term) < 2:
        issues.append(Issue("term", f"A word has between 2 and {MAX_TERM} characters."))
    if not meaning or len(meaning) > MAX_MEANING:
        issues.append(Issue("meaning", f"Say what it means in at most {MAX_MEANING} characters."))
    if len(others) > MAX_FORMS or any(not 2 <= len(form) <= MAX_TERM for form in others):
        issues.append(Issue("forms", f"At most {MAX_FORMS} other forms, each of 2 to {MAX_TERM} characters."))
    if issues:
        raise Blocked(issues)
    return {"term": term, "forms": others, "meaning": meaning}


def _key(term: str) -> str:
    """A key that no other word has: it stands in addresses and ids."""
    stem = slugify(term)[: MAX_TERM - 4]
    key, number = stem, 1
    while Explanation.objects.filter(key=key).exists():
        number += 1
        key = f"{stem}-{number}"
    return key
