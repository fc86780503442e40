"""Steps on single statements: sign-offs, threads, suggested wordings."""

from articles.content.checks import Issue
from articles.content.document import Level
from articles.content.replace import from_typed, is_replaceable, left_out, replace_statement
from articles.content.statements import Statement
from articles.models import Article, Comment, SignOff, Suggestion, Thread, User
from articles.states import EventKind, SuggestionStatus, Support
from articles.workflow import drafting, quorum, sight
from articles.workflow.case import Case
from articles.workflow.errors import Blocked
from articles.workflow.transition import Step, transition

MAX_WORDS = 10_000


def sign_off(
    article_id: int, *, version: int, statement: str, support: str, actor: User, note: str | None = ""
) -> SignOff:
    """Give one's verdict on a statement (its digest); support "" takes an earlier one back.

    The same verdict with the same note again, in the same round, changes nothing; without a word about the
    note (None) the note of the same verdict stays. Raises NotAllowed,
    WrongState, StaleVersion, Blocked (no such statement in this version). Cost: about 12 database statements,
    whatever the text's size, and one reading of the text.
    """
    with transition("sign_off", article_id, version=version, actor=actor, note=note or "") as step:
        if support and support not in Support.values:
            raise Blocked([Issue("support", "Choose supported, unclear or not supported.")])
        found = _statement(step, statement)
        assert step.round is not None  # noqa: S101 - a reviewer without a round was refused above
        round_ = step.round.number
        own = SignOff.objects.filter(article=step.article, digest=found.digest, member=step.actor).last()
        is_same = own is not None and own.support == support
        words = own.note if own is not None and is_same and note is None else step.case.note
        if own is not None and is_same and (own.note, own.round) == (words, round_):
            return own
        if not support and (own is None or not own.support):
            raise Blocked([Issue("support", "You have not signed this statement off.")])
        step.accept()
        made = SignOff.objects.create(
            article=step.article,
            digest=found.digest,
            member=step.actor,
            support=support,
            note=words,
            version=step.article.version,
            round=round_,
            at=step.now,
        )
        quorum.settle(step)
    return made


def open_thread(
    article_id: int,
    *,
    version: int,
    statement: str,
    actor: User,
    text: str,
    must_fix: bool = False,
    suggestion: str = "",
    keeps_sources: bool = False,
    level: str = "",
) -> Thread:
    """Begin a thread about a statement (its digest), with a first comment and perhaps another wording.

    suggestion: as typed (see articles.content.replace); keeps_sources: refuse one that leaves out what the
    statement cites, which is easily done and hardly seen.

    Raises NotAllowed, WrongState, StaleVersion, Blocked.
    """
    with transition("open_thread", article_id, version=version, actor=actor) as step:
        found = _statement(step, statement)
        words = _words(text, required=not suggestion.strip())
        wording = _wording(step, found, suggestion) if suggestion.strip() else ""
        if wording and keeps_sources:
            _cites_the_same(found, wording)
        assert step.round is not None  # noqa: S101 - a reviewer without a round was refused above
        step.accept()
        thread = Thread.objects.create(
            article=step.article,
            round=step.round.number,
            version=step.article.version,
            level=_level(step, found, level),
            digest=found.digest,
            quote=found.text,
            section=" › ".join(found.section_path)[:300],
            opened_by=step.actor,
            opened_at=step.now,
            is_must_fix=must_fix,
        )
        if words:
            _say(step, thread, words)
        if wording:
            Suggestion.objects.create(thread=thread, by=step.actor, html=wording)
        step.data = {"thread": thread.pk, "must_fix": must_fix, "suggestion": bool(wording)}
    return thread


def answer(
    article_id: int, *, thread: int, actor: User, text: str, done: bool = False, quote: str = ""
) -> Thread:
    """Say something in a thread; an author may mark it as done, with or without words.

    Raises NotAllowed, WrongState, Blocked, Thread.DoesNotExist (not of this article, or not to be seen).
    """
    with transition("answer", article_id, actor=actor) as step:
        found = _thread(step, thread)
        by_author = step.case.is_author
        words = _words(text, required=not (done and by_author))
        said = _say(step, found, words, quote) if words else None
        found.done_at = step.now if done and by_author else (found.done_at if by_author else None)
        found.save(update_fields=["done_at"])
        step.data = {
            "thread": found.pk,
            "comment": said.pk if said else None,
            "done": bool(done and by_author),
            # Who opened it is told, unless the answer is to a colleague of whom they may not know yet.
            "tell": found.opened_by_id if said is None or _is_seen_by_opener(step, found, said) else None,
        }
    return found


def resolve(article_id: int, *, thread: int, actor: User) -> Thread:
    """Close a thread. One that must be fixed is closed by whoever opened it, while they review.

    Raises NotAllowed, WrongState, Blocked, Thread.DoesNotExist.
    """
    with transition("resolve", article_id, actor=actor) as step:
        found = _thread(step, thread)
        _is_theirs(step, found)
        if not found.is_open:
            raise Blocked([Issue("thread", "This thread is resolved already.")])
        found.resolved_at, found.resolved_by = step.now, step.actor
        found.save(update_fields=["resolved_at", "resolved_by"])
        step.data = {"thread": found.pk}
        quorum.settle(step)
    return found


def reopen(article_id: int, *, thread: int, actor: User) -> Thread:
    """Open a resolved thread again. Raises NotAllowed, WrongState, Blocked, Thread.DoesNotExist."""
    with transition("reopen", article_id, actor=actor) as step:
        found = _thread(step, thread)
        if found.is_open:
            raise Blocked([Issue("thread", "This thread is open already.")])
        found.resolved_at = found.resolved_by = found.done_at = None
        found.save(update_fields=["resolved_at", "resolved_by", "done_at"])
        step.data = {"thread": found.pk}
    return found


def set_must_fix(article_id: int, *, thread: int, actor: User, must_fix: bool) -> Thread:
    """Say that a thread must be fixed before approval, or that it need not. Raises as resolve."""
    with transition("mark", article_id, actor=actor) as step:
        found = _thread(step, thread)
        _is_theirs(step, found)
        if found.is_must_fix == must_fix:
            raise Blocked([Issue("thread", "It is marked so already.")])
        found.is_must_fix = must_fix
        found.save(update_fields=["is_must_fix"])
        step.data = {"thread": found.pk, "must_fix": must_fix}
        quorum.settle(step)
    return found


def accept_suggestion(article_id: int, *, thread: int, version: int, actor: User) -> Article:
    """Take up a suggested wording: a new version by the author, crediting who suggested it.

    Raises NotAllowed, WrongState, StaleVersion, Thread.DoesNotExist, and Blocked when the statement is no
    longer as it was: then the wording is the author's to place.
    """
    with transition("accept_suggestion", article_id, version=version, actor=actor) as step:
        found = _thread(step, thread)
        suggestion = _open_suggestion(found)
        article = step.article
        field = "body" if found.level == Level.CLINICAL else "plain_body"
        body = replace_statement(getattr(article, field), article.references, found.digest, suggestion.html)
        if body is None:
            raise Blocked(
                [Issue("suggestion", "The statement has changed since. Place the suggested words yourself.")]
            )
        drafting.write_version(step, {field: body}, f"Took up a wording suggested by {suggestion.by}")
        suggestion.status, suggestion.decided_by, suggestion.decided_at = (
            SuggestionStatus.ACCEPTED, step.actor, step.now,
        )  # fmt: skip
        suggestion.version = article.version
        suggestion.save(update_fields=["status", "decided_by", "decided_at", "version"])
        found.done_at = step.now
        found.save(update_fields=["done_at"])
        step.data |= {"thread": found.pk, "suggested_by": str(suggestion.by)}
        step.also(EventKind.SAVED, digest=article.digest)
    return step.article


def decline_suggestion(article_id: int, *, thread: int, actor: User, reason: str) -> Thread:
    """Say why a suggested wording is not taken up. Raises as accept_suggestion."""
    with transition("decline_suggestion", article_id, actor=actor, note=reason) as step:
        found = _thread(step, thread)
        suggestion = _open_suggestion(found)
        suggestion.status, suggestion.decided_by, suggestion.decided_at = (
            SuggestionStatus.DECLINED, step.actor, step.now,
        )  # fmt: skip
        suggestion.reason = step.case.note
        suggestion.save(update_fields=["status", "decided_by", "decided_at", "reason"])
        _say(step, found, step.case.note)
        step.data = {"thread": found.pk}
    return found


def _statement(step: Step, digest: str) -> Statement:
    found = step.case.statements.get(digest)
    if found is None:
        raise Blocked([Issue("statement", "This version has no such statement. Read it again.")])
    return found


def _level(step: Step, statement: Statement, wanted: str) -> Level:
    """The reading level it stands in: the wanted one, where it stands in both."""
    levels = [
        level
        for level in Level
        if any(each.digest == statement.digest for each in step.case.document.statements(level))
    ]
    return next((level for level in levels if level == wanted), levels[0])


def _thread(step: Step, pk: int) -> Thread:
    """A thread of this article that this person may see. To everyone else it does not exist."""
    return sight.thread(step.case, pk)


def _is_theirs(step: Step, thread: Thread) -> None:
    if not sight.may_judge(step.case, thread):
        raise Blocked(
            [Issue("thread", f"{thread.opened_by} asked for this, and decides whether it is done.")]
        )


def _open_suggestion(thread: Thread) -> Suggestion:
    found = Suggestion.objects.filter(thread=thread).select_related("by").first()
    if found is None or found.status != SuggestionStatus.OPEN:
        raise Blocked([Issue("suggestion", "There is no open suggestion in this thread.")])
    return found


def _wording(step: Step, statement: Statement, typed: str) -> str:
    if not is_replaceable(statement.tag) or statement.section == "summary":
        raise Blocked([Issue("suggestion", "Say in words what this should become: it is not one paragraph.")])
    keys = frozenset(str(record["id"]) for record in step.article.references)
    wording = from_typed(_words(typed, required=False), keys)
    if not wording:
        raise Blocked([Issue("suggestion", "The suggested wording is empty.")])
    if wording == statement.html:
        raise Blocked([Issue("suggestion", "The suggested wording is what stands there already.")])
    return wording


def _cites_the_same(statement: Statement, wording: str) -> None:
    if gone := left_out(wording, statement.refs):
        left = f"Your wording leaves out [{'], ['.join(gone)}], which the statement cites."
        message = f"{left} Put it back in, or tick “Leave out sources that I have taken out”."
        raise Blocked([Issue("suggestion-sources", message)])


def _words(text: str, *, required: bool) -> str:
    words = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if required and not words:
        raise Blocked([Issue("text", "Write what you have to say.")])
    if len(words) > MAX_WORDS:
        raise Blocked([Issue("text", f"This is longer than {MAX_WORDS:,} characters. Shorten it.")])
    return words


def _is_seen_by_opener(step: Step, thread: Thread, comment: Comment) -> bool:
    opener = Case(step.article, thread.opened_by)
    known = next((each for each in opener.threads if each.pk == thread.pk), None) if opener.is_blind else None
    seen = {each.pk for each in known.seen_comments} if known is not None else set()  # type: ignore[attr-defined]
    return not opener.is_blind or comment.pk in seen


def _say(step: Step, thread: Thread, text: str, quote: str = "") -> Comment:
    return Comment.objects.create(
        thread=thread, by=step.actor, text=text, quote=quote.strip()[:2000],
        version=step.article.version, at=step.now,
    )  # fmt: skip
