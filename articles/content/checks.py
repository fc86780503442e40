"""One list of what an author must mend before submitting, and the board sees before approving."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from articles.content.document import REMEMBERED, Document, Level
from articles.content.figures import caption_words, image_in
from articles.content.phrase import collapse, unique
from articles.content.readability import grade
from articles.content.references import problems
from articles.content.statements import SUMMARY, Kind, Statement

EVIDENCE_SECTIONS = frozenset({"From the Guidelines", "From the Research"})
MAX_BODY_BYTES = 1_000_000
MAX_QUESTION = 300
MAX_SUMMARY = 2_000
MAX_REFERENCES = 500
PLAIN_GRADE = 9.0
MAX_ALT = 1_000
FIRST_WORDS = 8

NAMES = {Level.CLINICAL: "clinical text", Level.PLAIN: "plain-language text"}


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to mend (blocking) or to consider (not blocking); `anchor` leads to the statement."""

    code: str
    message: str
    anchor: str = ""
    blocking: bool = True


def check(document: Document, images: Mapping[str, str] | None = None) -> list[Issue]:
    """Everything that is wrong with a document: fields, texts, citations, figures, references; else empty.

    images: name -> credit line of each image that the article has. Linear in the text; about 40 ms for
    1,000 statements, most of it the split that a document keeps. Of the last documents it is remembered.
    """
    return list(_checked(document, tuple(sorted((images or {}).items()))))


@lru_cache(maxsize=REMEMBERED)
def _checked(document: Document, images: tuple[tuple[str, str], ...]) -> tuple[Issue, ...]:
    issues = [*_fields(document), *_lengths(document)]
    if any(issue.code == "body-too-long" for issue in issues):
        return tuple(issues)  # no use in taking apart what must be cut first
    return (
        *issues,
        *_texts(document),
        *_citations(document),
        *_figures(document, dict(images)),
        *_references(document),
    )


MAX_REPLY_BYTES = 20_000


def check_reply(document: Document) -> list[Issue]:
    """What is wrong with the board's answer to a question: all of it is evidence, and cites its sources.

    document: its question, and the answer as the clinical text. Linear in the text.
    """
    issues = []
    question = len(collapse(document.question))
    if not question:
        issues.append(Issue("question", "Write the question that readers will see."))
    elif question > MAX_QUESTION:
        issues.append(
            Issue("question", f"The question has {question} characters. Shorten it to {MAX_QUESTION}.")
        )
    if len(document.body.encode("utf-8", "replace")) > MAX_REPLY_BYTES:
        issues.append(Issue("body", "The answer is too long. What needs so many words is an article."))
        return issues
    blocks = [block for block in document.blocks(Level.CLINICAL) if block.section != SUMMARY]
    if not any(block.text and not block.is_heading for block in blocks):
        issues.append(Issue("body", "Write the answer."))
    if any(block.is_heading for block in blocks):
        issues.append(Issue("body", "An answer stands under its question and has no headings of its own."))
    known = {record.get("id") for record in document.references}
    for block in blocks:
        missing = [key for key in block.refs if key not in known]
        if missing:
            message = f"{_quote(block)} cites {', '.join(missing)}, which the article does not list."
            issues.append(Issue("body", message, block.anchor))
        if not block.is_heading and _claims(block) and not block.refs:
            issues.append(Issue("body", f"{_quote(block)} cites nothing. Cite its source.", block.anchor))
    return issues


def _fields(document: Document) -> Iterator[Issue]:
    declared = document.declarations
    if not collapse(document.question):
        yield Issue("question-missing", "Write the clinical question that the article answers.")
    if not collapse(document.summary):
        yield Issue("summary-missing", "Write a summary of one to three sentences; readers see it first.")
    if not collapse(declared.competing_interests):
        yield Issue("competing-interests-missing", "Declare competing interests, or write “None declared”.")
    if not collapse(declared.ai_use):
        yield Issue("ai-use-missing", "Say how AI was used for this text, or write “None”.")
    if declared.evidence_searched_to is None:
        yield Issue("evidence-date-missing", "Give the date up to which you searched the evidence.")


def _lengths(document: Document) -> Iterator[Issue]:
    question, summary = len(collapse(document.question)), len(collapse(document.summary))
    if question > MAX_QUESTION:
        yield Issue(
            "question-too-long", f"The question has {question} characters. Shorten it to {MAX_QUESTION}."
        )
    if summary > MAX_SUMMARY:
        yield Issue(
            "summary-too-long", f"The summary has {summary:,} characters. Shorten it to {MAX_SUMMARY:,}."
        )
    for level in Level:
        if len(document.text(level).encode("utf-8", "replace")) > MAX_BODY_BYTES:
            yield Issue("body-too-long", f"The {NAMES[level]} is longer than a megabyte. Divide the article.")
    if len(document.references) > MAX_REFERENCES:
        yield Issue(
            "too-many-references",
            f"There are {len(document.references)} references. Keep the {MAX_REFERENCES} that matter most.",
        )


def _texts(document: Document) -> Iterator[Issue]:
    if not _body(document, Level.CLINICAL):
        yield Issue("body-empty", "The clinical text is empty. Write it before you submit.")
    plain = _body(document, Level.PLAIN)
    if not plain:
        yield Issue(
            "plain-body-empty",
            "There is no plain-language text. Patients would be glad of one.",
            blocking=False,
        )
    # An item without a full stop is a sentence of its own all the same.
    words = " ".join(s.text if s.text.endswith((".", "!", "?")) else f"{s.text}." for s in plain)
    found = grade(words)
    if found > PLAIN_GRADE:
        message = (
            f"The plain-language text reads at school grade {found:.1f}. "
            f"Aim for {PLAIN_GRADE:.0f} or below: shorter sentences, shorter words."
        )
        yield Issue("plain-body-hard", message, blocking=False)


def _citations(document: Document) -> Iterator[Issue]:
    known = {record.get("id") for record in document.references if isinstance(record, dict)}
    for level in Level:
        for block in document.blocks(level):
            missing = [key for key in block.refs if key not in known]
            if missing:
                names = ", ".join(missing)
                them = "it" if len(missing) == 1 else "them"
                message = (
                    f"{_quote(block)} cites {names}, which the references do not list. "
                    f"Add {them} to the references or take the citation out."
                )
                yield Issue("unknown-citation", message, block.anchor)
            if level == Level.CLINICAL and _needs_citation(block):
                section = block.section_path[0]
                message = f"{_quote(block)} stands under “{section}” and cites nothing. Cite its source."
                yield Issue("uncited-statement", message, block.anchor)


def _figures(document: Document, images: Mapping[str, str]) -> Iterator[Issue]:
    for level in Level:
        figures = [block for block in document.blocks(level) if block.kind is Kind.FIGURE]
        for number, block in enumerate(figures, 1):
            figure = f"Figure {number} of the {NAMES[level]}"
            name, alt = image_in(block.html)
            caption, credit = caption_words(block.marked), collapse(images.get(name, ""))
            if name not in images:
                message = f"{figure} shows an image that this article does not have. Add it under Figures."
                yield Issue("figure-unknown", message, block.anchor)
            if not alt:
                message = f"{figure} has no alternative text. Say in words what it shows."
                yield Issue("figure-alt-missing", message, block.anchor)
            elif len(alt) > MAX_ALT:
                message = (
                    f"{figure} has {len(alt):,} characters of alternative text. Shorten it to {MAX_ALT:,}."
                )
                yield Issue("figure-alt-too-long", message, block.anchor)
            if not caption.replace(credit, "").strip():
                message = f"{figure} has no caption. Say what readers should see in it."
                yield Issue("figure-caption-missing", message, block.anchor)
            if credit not in caption:
                message = f"{figure} does not say whose image it is. End its caption with “{credit}”."
                yield Issue("figure-credit-missing", message, block.anchor)


def _references(document: Document) -> Iterator[Issue]:
    keys = [str(record.get("id") or "") if isinstance(record, dict) else "" for record in document.references]
    for place, (key, record) in enumerate(zip(keys, document.references, strict=True), 1):
        name = f"Reference {place} (“{key}”)" if key else f"Reference {place}"
        for problem in problems(record):
            yield Issue("reference-invalid", f"{name} {problem}.")
    for key, count in Counter(keys).items():
        if key and count > 1:
            yield Issue("reference-duplicate", f"{count} references have the key “{key}”. Give each its own.")
    cited = {key for level in Level for block in document.blocks(level) for key in block.refs}
    for key in unique(keys):
        if key and key not in cited:
            message = f"Nothing cites the reference “{key}”. Cite it, or take it out of the list."
            yield Issue("reference-uncited", message, blocking=False)


def _body(document: Document, level: Level) -> list[Statement]:
    return [block for block in document.statements(level) if block.section != SUMMARY]


def _needs_citation(block: Statement) -> bool:
    """A claim in a section of evidence. Titles, and words that lead to a list, claim nothing."""
    in_evidence = bool(block.section_path) and block.section_path[0] in EVIDENCE_SECTIONS
    return in_evidence and _claims(block) and not block.refs


def _claims(block: Statement) -> bool:
    is_title = block.kind is Kind.HEADING or block.is_header or block.tag == "caption"
    return not is_title and not block.text.endswith(":")


def _quote(block: Statement) -> str:
    """The statement by its first words: “Somatostatin analogs control hormone secretion…”."""
    words = block.text.split()
    more = "…" if len(words) > FIRST_WORDS else ""
    return f"“{' '.join(words[:FIRST_WORDS])[:120]}{more}”"
