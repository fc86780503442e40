"""What the API answers with. A field that is here stays here: what changes its meaning gets another name."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema


class Topic(Schema):
    slug: str
    name: str


class TopicInUse(Topic):
    articles: int = Field(description="How many live articles it has.")
    updated_at: datetime = Field(description="The newest approval among them.")
    feed: str = Field(description="Its Atom feed.")


class Reviewer(Schema):
    name: str = Field(description="As signed, as is what follows.")
    credentials: str
    affiliation: str
    specialties: list[str]
    url: str | None = Field(description="The member's profile.")


class Summary(Schema):
    """An article in a list."""

    slug: str
    api_url: str
    url: str = Field(description="The page for health professionals.")
    plain_url: str | None = Field(description="The page in plain language, where there is one.")
    question: str
    summary: str
    topic: Topic | None
    authors: list[str]
    reviewed_by: list[Reviewer]
    number: int = Field(description="Counts the approved versions of this article from 1.")
    updated_at: datetime = Field(description="When the board approved this version.")
    reviewed_at: datetime
    next_review_due: date | None
    evidence_searched_to: date | None


class ArticleList(Schema):
    items: list[Summary]
    next: str | None = Field(description="The address of the next page; null on the last one.")


class Heading(Schema):
    id: str
    title: str
    level: int


class Statement(Schema):
    """A paragraph, a list item or a row of a table: what the board signs, one by one."""

    anchor: str = Field(description="Its id on the page: the part of an address after #.")
    kind: Literal["paragraph", "item", "row", "figure"]
    section: list[str] = Field(description="The titles of the headings it stands under.")
    text: str
    references: list[str] = Field(description="The ids of the references it cites.")


class Text(Schema):
    """One reading level."""

    html: str = Field(
        description="Sanitised. Citations lead to #ref-1, #ref-2, …; images are at their addresses."
    )
    contents: list[Heading]
    statements: list[Statement]
    references: list[str] = Field(description="Ids in the order of their numbers, from 1.")


class Article(Summary):
    status: Literal["live", "superseded"]
    permanent_url: str = Field(description="Leads to this version for good.")
    superseded_at: datetime | None
    citation: str = Field(description="How to cite this version: AMA style, as HTML.")
    competing_interests: str
    ai_use: str
    changes: dict[str, Any] | None = Field(description="What is new since the version before, in numbers.")
    clinical: Text
    plain: Text | None


class Version(Schema):
    number: int
    api_url: str | None = Field(description="null for a version that was withdrawn.")
    url: str | None
    status: Literal["live", "superseded", "withdrawn"]
    approved_at: datetime
    ended_at: datetime | None
    reviewed_by: list[Reviewer]
    changes: dict[str, Any] | None
    what_changed: list[str] = Field(description="The same in words.")


class Versions(Schema):
    items: list[Version]


class Topics(Schema):
    items: list[TopicInUse]


class References(Schema):
    items: list[dict[str, Any]] = Field(description="CSL-JSON records, in the order of their numbers.")


class Citation(Schema):
    number: int = Field(description="As it stands in the article.")
    text: str = Field(description="The reference in AMA style, without markup.")


class Passage(Schema):
    """One statement, and where readers find it."""

    article_id: int
    source_id: str = Field(description="What an imported text was called where it came from; else empty.")
    question: str
    slug: str
    level: Literal["clinical", "plain"]
    section: str = Field(description="The id of the heading it stands under.")
    section_title: str
    anchor: str
    statement: str
    citations: list[Citation]
    is_demo: bool = Field(description="Imported for demonstration; no board reviewed it.")
    score: float = Field(description="Comparable within one answer only.")
    url: str = Field(description="The statement's place in the article.")


class Passages(Schema):
    count: int
    results: list[Passage]


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
