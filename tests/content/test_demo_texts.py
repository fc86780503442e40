"""The demonstration's texts stand up to the rules that authors and reviewers are held to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from articles.management.demo import content

if TYPE_CHECKING:
    from articles.content.document import Document

# The fields of CSL that the records use; anything else is a slip, or a note of whoever collected them.
FIELDS = {
    "id", "type", "title", "author", "container-title", "issued",
    "volume", "issue", "page", "DOI", "PMID", "PMCID", "ISSN",
}  # fmt: skip
ACTIONS = {
    "create", "save", "submit", "withdraw", "revise", "claim", "assign", "approve", "request_changes",
    "recuse", "decline", "retire", "policy", "accept_review", "sign_off", "open_thread", "answer", "resolve",
    "accept_suggestion", "reaffirm",
}  # fmt: skip
EVIDENCE = ("From the Guidelines", "From the Research")
IMAGES = {each.name: each.credit for article in content.articles().values() for each in article.figures}
NOT_PLAIN = {"which-chemotherapy-is-used-for-poorly-differentiated-neuroendocrine-carcinoma"}


def document(text: content.Text) -> Document:
    """A version of the demonstration as the content package knows it."""
    from articles.content.document import Declarations, Document

    return Document(
        question=text.question,
        summary=text.summary,
        body=text.body,
        plain_body=text.plain_body,
        references=text.references,
        declarations=Declarations(text.competing_interests, text.ai_use, text.evidence_searched_to),
    )


def every_version() -> Iterator[tuple[str, content.Text]]:
    """Each version of each article, with a name to see in a failure."""
    for slug, article in content.articles().items():
        for text in article.versions:
            yield f"{slug}-{text.number}", text


def every_submitted_version() -> Iterator[tuple[str, content.Text]]:
    """Those versions that are an article's current one when the story submits it."""
    current: dict[str, int] = {}
    for step in content.steps():
        if step.version is not None:
            current[step.article] = step.version
        if step.action == "submit":
            number = current[step.article]
            yield f"{step.article}-{number}", content.articles()[step.article].version(number)


def named(pairs: Iterator[tuple[str, content.Text]]) -> dict[str, object]:
    """The arguments of a parametrised test over versions."""
    names, texts = zip(*pairs, strict=True)
    return {"argnames": "text", "argvalues": texts, "ids": names}


def without_layout(html: str) -> str:
    """The markup with white space between and inside elements brought to one form."""
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", html)).strip()


@pytest.mark.parametrize(**named(every_submitted_version()))
def test_a_version_that_is_submitted_has_nothing_blocking(text: content.Text) -> None:
    from articles.content.checks import check

    assert [issue for issue in check(document(text), IMAGES) if issue.blocking] == []


def test_the_unfinished_draft_gives_the_checks_something_to_say() -> None:
    from articles.content.checks import check

    (slug,) = NOT_PLAIN
    issues = [issue for issue in check(document(content.articles()[slug].version(1))) if issue.blocking]

    assert len(issues) >= 2


@pytest.mark.parametrize(**named(every_version()))
def test_sanitising_a_demo_text_loses_nothing(text: content.Text) -> None:
    from articles.content.sanitise import sanitise

    assert without_layout(sanitise(text.body)) == without_layout(text.body)
    assert without_layout(sanitise(text.plain_body)) == without_layout(text.plain_body)


def test_sanitising_the_policy_loses_nothing() -> None:
    from articles.content.sanitise import sanitise

    assert without_layout(sanitise(content.policy())) == without_layout(content.policy())


@pytest.mark.parametrize(**named(every_version()))
def test_every_cited_key_is_a_reference_of_that_version(text: content.Text) -> None:
    keys = {record["id"] for record in text.references}

    assert content.cited_keys(text.body) | content.cited_keys(text.plain_body) == keys


@pytest.mark.parametrize(**named(every_version()))
def test_the_plain_text_needs_no_source_that_the_clinical_text_lacks(text: content.Text) -> None:
    assert content.cited_keys(text.plain_body) <= content.cited_keys(text.body)


def test_every_record_on_file_is_cited_by_some_version() -> None:
    for slug, article in content.articles().items():
        pool = json.loads((content.HERE / slug / "references.json").read_text(encoding="utf-8"))
        cited = {record["id"] for text in article.versions for record in text.references}

        assert [record["id"] for record in pool if record["id"] not in cited] == [], slug


def test_a_reference_is_the_same_record_wherever_it_is_cited() -> None:
    records: dict[str, object] = {}
    for _name, text in every_version():
        for record in text.references:
            assert records.setdefault(record["id"], record) == record


@pytest.mark.parametrize(**named(every_version()))
def test_references_hold_verified_fields_only_and_a_title(text: content.Text) -> None:
    from articles.content.references import problems

    for record in text.references:
        assert set(record) <= FIELDS
        assert None not in record.values()
        assert record["title"]
        assert problems(record) == []


@pytest.mark.parametrize(**named(every_submitted_version()))
def test_every_statement_of_an_evidence_section_ends_with_its_sources(text: content.Text) -> None:
    section = ""
    for kind, inner in re.findall(r"<(h2|p|li|tr)>(.*?)</\1>", text.body, flags=re.DOTALL):
        if kind == "h2":
            section = inner
        elif section in EVIDENCE and "<th>" not in inner:
            assert re.search(r"</cite>(</td>)?$", inner.strip()), inner


@pytest.mark.parametrize(**named(every_submitted_version()))
def test_the_plain_text_can_be_read_after_ten_years_of_school(text: content.Text) -> None:
    from articles.content.document import Level
    from articles.content.readability import grade

    statements = document(text).statements(Level.PLAIN)
    words = " ".join(statement.text for statement in statements if statement.section != "summary")

    assert grade(words) < 10


def test_every_article_has_a_topic_a_question_and_declarations_unless_it_is_the_draft() -> None:
    for name, text in every_version():
        assert text.question.endswith("?"), name
        assert text.summary, name
    for slug, article in content.articles().items():
        assert article.topic in content.topics()
        if slug not in NOT_PLAIN:
            assert all(
                t.competing_interests and t.ai_use and t.evidence_searched_to for t in article.versions
            )


def test_the_story_names_people_articles_and_versions_that_exist() -> None:
    people, articles = content.people(), content.articles()
    for step in content.steps():
        assert step.action in ACTIONS
        assert people[step.actor].roles
        assert not step.member or people[step.member].roles == ("board",)
        if step.action == "policy":
            assert step.topic in content.topics()
            continue
        assert step.version in {None, *(text.number for text in articles[step.article].versions)}
        assert (step.version is not None) == (step.action in {"create", "save"})


def test_steps_on_statements_begin_as_one_statement_of_the_text_does() -> None:
    from articles.content.document import Level

    current: dict[str, content.Text] = {}
    for step in content.steps():
        if step.version is not None:
            current[step.article] = content.articles()[step.article].version(step.version)
        for words in filter(None, (step.statement, *step.statements)):
            text = document(current[step.article])
            found = {each.text for level in Level for each in text.statements(level)}
            assert sum(each.startswith(words) for each in found) == 1, words


def test_threads_of_the_story_are_opened_once_and_before_anything_happens_in_them() -> None:
    opened: dict[str, str] = {}
    for step in content.steps():
        if step.action == "open_thread":
            assert step.thread not in opened
            assert step.text or step.suggestion
            opened[step.thread] = step.article
        elif step.thread:
            assert opened[step.thread] == step.article


def test_the_story_brings_every_version_once_and_in_order() -> None:
    for slug, article in content.articles().items():
        brought = [s.version for s in content.steps() if s.article == slug and s.version is not None]

        assert brought == [text.number for text in article.versions]
        assert brought == list(range(1, len(brought) + 1))


def test_no_two_steps_of_the_story_share_a_moment() -> None:
    assert all(one.at < two.at for one, two in pairwise(content.steps()))


def test_reasons_are_given_where_the_workflow_asks_for_them() -> None:
    for step in content.steps():
        if step.action in {"request_changes", "decline", "recuse"}:
            assert step.note
        if step.action == "retire":
            assert step.notice


def test_no_text_claims_evidence_from_after_it_was_written() -> None:
    for step in content.steps():
        if step.version is not None:
            searched = content.articles()[step.article].version(step.version).evidence_searched_to
            assert searched is None or searched <= step.at.date()


def test_every_profile_says_that_it_is_a_demonstration() -> None:
    for person in content.people().values():
        assert "demonstration profile" in person.biography
        assert person.email.endswith("@example.org")


def test_the_prose_of_the_policy_leaves_numbers_to_the_rules() -> None:
    assert not re.search(r"\d", re.sub(r"<[^>]+>", "", content.policy()))


def test_an_article_lies_under_the_address_it_would_be_published_at() -> None:
    from django.utils.text import slugify

    for slug, article in content.articles().items():
        assert {slugify(text.question) for text in article.versions} == {slug}
