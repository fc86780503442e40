"""The content of the demonstration, read from the files beside this module.

All of it is data; this module only reads, and knows neither Django nor the workflow.

    SLUG/article.toml     question, summary, topic, declarations, coauthors; a [[versions]] table per version
    SLUG/body.html        the clinical text of the last version
    SLUG/plain.html       the plain-language text of the last version
    SLUG/references.json  the CSL-JSON records that any of its versions cites
    SLUG/versions/N/      body.html and plain.html of version N, where they differ from the last version's
    people.toml, topics.toml, glossary.toml, policy.html, story.toml, questions.toml

Versions. What lies at the top of an article's folder is its last version. An earlier version N takes each of
body.html and plain.html from versions/N/ where it is there, else from the top; likewise a key written in its
[[versions]] table (a summary, say) stands in for the same key at the top of article.toml. Earlier versions
inherit nothing from each other. A version's references are those records of references.json that its body or
its plain text cites, in the file's order.

References hold verified fields only. Where not all authors of a paper are known, the last name in its
record's list is the literal "et al".

Story. steps() tells what happened, in order of time. A "create" or a "save" names the version whose text it
brings, numbered as the workflow will number it; the other actions are about the version the article has then.

Dates are written as they are on the day the story is told. later() says how far that day is from another,
and moved() takes anything read here along: loaded in any later year, the last steps
are days ago, and none is to come.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from articles.content.imaging import made_fit

HERE = Path(__file__).parent
CITED = re.compile(r'<cite data-ref="([^"]*)">')

Read = TypeVar("Read", "Text", "Person", "Step", "Asked", "AskedTogether")


@dataclass(frozen=True, slots=True)
class Text:
    """What one version of an article says."""

    number: int
    note: str
    question: str
    summary: str
    body: str
    plain_body: str
    references: tuple[dict[str, Any], ...]
    competing_interests: str
    ai_use: str
    evidence_searched_to: date | None


@dataclass(frozen=True, slots=True)
class DemoFigure:
    """An image of an article: its file, which texts call it by, and what `workflow.add_figure` takes."""

    file: str
    data: bytes
    alt: str
    credit: str

    @property
    def name(self) -> str:
        """What it is called once it is kept. Other releases of Pillow may write other bytes."""
        return made_fit(self.data).name


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article and its versions, oldest first; `topic` is a topic's slug, `coauthors` keys of people."""

    slug: str
    topic: str
    coauthors: tuple[str, ...]
    versions: tuple[Text, ...]
    figures: tuple[DemoFigure, ...] = ()

    def version(self, number: int) -> Text:
        """The text of version `number`, counted from 1."""
        return self.versions[number - 1]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demonstration. The fields from `slug` on are a board member's, and empty for others."""

    key: str
    name: str
    email: str
    roles: tuple[str, ...]
    affiliation: str
    biography: str
    slug: str = ""
    credentials: str = ""
    specialties: tuple[str, ...] = ()
    disclosures: str = ""
    term_from: date | None = None
    term_to: date | None = None


@dataclass(frozen=True, slots=True)
class DemoTopic:
    """A topic that articles belong to."""

    slug: str
    name: str
    description: str
    terms: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """One act: `actor` and `member` are keys of people, `article` is a slug; what it lacks is empty.

    `statement` and `statements` are the first words of statements, `thread` names a thread from the step that
    opens it on. A "policy" is of a `topic` (a slug) and no article.
    """

    at: datetime
    actor: str
    action: str
    article: str = ""
    version: int | None = None
    note: str = ""
    notice: str = ""
    member: str = ""
    due: date | None = None
    conflict: bool = False
    statement: str = ""
    statements: tuple[str, ...] = ()
    support: str = ""
    thread: str = ""
    text: str = ""
    quote: str = ""
    suggestion: str = ""
    must_fix: bool = False
    done: bool = False
    aspects: tuple[str, ...] = ()
    topic: str = ""
    quorum: int = 1
    specialties: dict[str, int] = field(default_factory=dict)
    sign_off: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A reader's question about what is live of `article` (a slug); `by` is the key of who answered it."""

    at: datetime
    article: str
    level: str
    text: str
    section: str = ""
    inquiry: str = ""
    email: str = ""
    by: str = ""
    answered_at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class AskedTogether:
    """What several readers ask, in the editors' words, and what came of it.

    `by`, `member` and `approved_by` are keys of people; `key` is what their questions name; `statements` are
    the first words of statements of the article.
    """

    key: str
    at: datetime
    by: str
    title: str
    note: str = ""
    answered_at: datetime | None = None
    words: str = ""
    statements: list[str] = field(default_factory=list)
    revision_at: datetime | None = None
    member: str = ""
    asked_at: datetime | None = None
    due: date | None = None
    question: str = ""
    body: str = ""
    written_at: datetime | None = None
    approved_by: str = ""
    approved_at: datetime | None = None


def later(today: date) -> timedelta:
    """How far to move the story so that it is told today: whole weeks, so that working days stay so.

    Never back: what keeps its dates would come after what follows from it.
    """
    told_on: date = _toml(HERE / "story.toml")["told_on"]
    return timedelta(weeks=max((today - told_on).days // 7, 0))


def stands(article: str, at: datetime) -> bool:
    """Whether what happened to an article at this time keeps its date, whenever the story is told."""
    until = _toml(HERE / "story.toml")["standing"].get(article)
    return until is not None and at.date() <= until


def moved(read: Read, by: timedelta) -> Read:
    """The same text, person, step or question, with every date in it moved."""
    dates: dict[str, Any] = {
        field.name: value + by
        for field in fields(read)
        if isinstance(value := getattr(read, field.name), date)  # a datetime is one too
    }
    return replace(read, **dates)


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def cited_keys(html: str) -> frozenset[str]:
    """The keys of all references that `html` cites."""
    return frozenset(key for group in CITED.findall(html) for key in group.split())


def _text(folder: Path, fields: dict[str, Any], pool: list[dict[str, Any]], names: dict[str, str]) -> Text:
    number = fields["number"]

    def read(name: str) -> str:
        overlay = folder / "versions" / str(number) / name
        html = (overlay if overlay.exists() else folder / name).read_text(encoding="utf-8")
        for file, kept in names.items():
            html = html.replace(f'data-image="{file}"', f'data-image="{kept}"')
        return html

    body, plain = read("body.html"), read("plain.html")
    cited = cited_keys(body) | cited_keys(plain)
    return Text(
        number=number,
        note=fields["note"],
        question=fields["question"],
        summary=fields["summary"],
        body=body,
        plain_body=plain,
        references=tuple(record for record in pool if record["id"] in cited),
        competing_interests=fields["competing_interests"],
        ai_use=fields["ai_use"],
        evidence_searched_to=fields.get("evidence_searched_to"),
    )


def _article(folder: Path) -> DemoArticle:
    top = _toml(folder / "article.toml")
    versions = top.pop("versions")
    pool = json.loads((folder / "references.json").read_text(encoding="utf-8"))
    figures = tuple(
        DemoFigure(data=(folder / each["file"]).read_bytes(), **each) for each in top.pop("figures", ())
    )
    names = {figure.file: figure.name for figure in figures}
    return DemoArticle(
        slug=folder.name,
        topic=top["topic"],
        coauthors=tuple(top["coauthors"]),
        versions=tuple(_text(folder, top | version, pool, names) for version in versions),
        figures=figures,
    )


@cache
def questions() -> tuple[Asked, ...]:
    """What readers asked, newest first; the times are aware (UTC)."""
    return tuple(Asked(**row) for row in _toml(HERE / "questions.toml")["questions"])


@cache
def inquiries() -> tuple[AskedTogether, ...]:
    """What readers asked together, newest first; the times are aware (UTC)."""
    return tuple(AskedTogether(**row) for row in _toml(HERE / "questions.toml")["inquiries"])


@cache
def articles() -> dict[str, DemoArticle]:
    """Every article of the demonstration by slug."""
    folders = sorted(path.parent for path in HERE.glob("*/article.toml"))
    return {folder.name: _article(folder) for folder in folders}


@cache
def people() -> dict[str, Person]:
    """Everybody of the demonstration by key."""
    rows: list[dict[str, Any]] = _toml(HERE / "people.toml")["people"]
    for row in rows:
        row["roles"], row["specialties"] = tuple(row["roles"]), tuple(row.get("specialties", ()))
    return {row["key"]: Person(**row) for row in rows}


@cache
@cache
def glossary() -> list[dict[str, Any]]:
    """Words of the glossary: term, forms, meaning, by (who wrote it), approved_by ("" while it waits)."""
    words: list[dict[str, Any]] = _toml(HERE / "glossary.toml")["words"]
    return words


def topics() -> dict[str, DemoTopic]:
    """Every topic by slug, in the order they are shown."""
    return {row["slug"]: DemoTopic(**row) for row in _toml(HERE / "topics.toml")["topics"]}


@cache
def steps() -> tuple[Step, ...]:
    """What happened, in order of time; the times are aware (UTC)."""
    rows: list[dict[str, Any]] = _toml(HERE / "story.toml")["steps"]
    # A step is a value: its lists are tuples.
    values: list[dict[str, Any]] = [
        {name: tuple(v) if isinstance(v, list) else v for name, v in row.items()} for row in rows
    ]
    made = [Step(**row) for row in values]
    return tuple(sorted(made, key=lambda step: step.at))


def policy() -> str:
    """The prose of the editorial policy, in the HTML subset of articles."""
    return (HERE / "policy.html").read_text(encoding="utf-8")
