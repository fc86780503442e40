"""Declared interests, matched against the text and its authors: what they touch, and when they count."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Article, User
from articles.states import Role
from articles.workflow import Blocked, NotAllowed, clock, offers, why_not
from tests import makers
from tests.people import person
from tests.workflow.refusals import refused

pytestmark = pytest.mark.django_db

LONG_AGO = date(2015, 1, 1)


def today() -> date:
    return timezone.now().date()


def declare(who: User, name: str, kind: str = "company", since: date = LONG_AGO, until: date | None = None):
    return who.interests.create(kind=kind, name=name, since=since, until=until)


def submitted(ada: User, **fields: object) -> Article:
    return makers.article(ada, "submitted", **fields)


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("words", "Lanreotide by Ipsen slows growth."),
        ("question", "When is Ipsen's lanreotide used?"),
        ("summary", "A trial paid by IPSEN."),
        ("competing_interests", "The first author advises Ipsen."),
        ("plain_body", "<p>The maker is Ipsen.</p>"),
    ],
)
def test_an_interest_that_the_text_names_takes_the_review_away(
    where: str, text: str, ada: User, ravi: User, edith: User
) -> None:
    declare(ravi, "Ipsen")
    article = submitted(ada, **{where: text})
    with refused(NotAllowed, article, match="You declared an interest that this article touches: Ipsen"):
        workflow.claim(article.pk, actor=ravi)
    with refused(Blocked, article, match="cannot review"):
        workflow.assign(article.pk, member=ravi, actor=edith)
    assert "claim" not in {offer.action for offer in offers(article, ravi)}
    assert "Ipsen" in why_not(article, ravi)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ipsen", "The word ipsenoid is another."),
        ("Novartis Oncology", "Novartis paid. Oncology is a field."),
        ("Sand", "Sandostatin was given."),
        ("MSD", "Nothing of them."),
        ("AB", "AB is too short a name to look for."),
    ],
)
def test_only_whole_names_count(name: str, text: str, ada: User, ravi: User) -> None:
    declare(ravi, name)
    assert workflow.claim(submitted(ada, words=text).pk, actor=ravi).state == "under_review"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Bristol-Myers Squibb", "Paid by Bristol Myers Squibb."),
        ("Bristol Myers Squibb", "Paid by Bristol‑Myers\u00a0Squibb."),
        ("Société Générale", "Paid by Socie\u0301te\u0301 Ge\u0301ne\u0301rale."),
        ("somatostatin analog", "A Somatostatin <em>analog</em> was given."),
        ("C++", "Written in C++, they say."),
    ],
)
def test_the_same_name_in_another_dress_counts(name: str, text: str, ada: User, ravi: User) -> None:
    declare(ravi, name)
    with pytest.raises(NotAllowed):
        workflow.claim(submitted(ada, words=text).pk, actor=ravi)


@pytest.mark.parametrize(
    ("name", "is_touched"),
    [("Ada Okafor", True), ("ada  okafor", True), ("Okafor", False), ("A. Okafor", False)],
)
def test_a_person_is_matched_against_the_authors_and_not_the_text(
    name: str, is_touched: bool, ada: User, ravi: User
) -> None:
    declare(ravi, name, kind="person")
    article = submitted(ada, words="Okafor and A. Okafor wrote of it.")
    if is_touched:
        with refused(NotAllowed, article):
            workflow.claim(article.pk, actor=ravi)
    else:
        assert workflow.claim(article.pk, actor=ravi).state == "under_review"


def test_a_coauthor_is_an_author_here(ada: User, ravi: User, edith: User) -> None:
    ben = person("ben", "Ben Aye", Role.AUTHOR)
    declare(ravi, "Ben Aye", kind="person")
    article = makers.article(ada, "under_review", reviewer=ravi)
    workflow.set_coauthors(article.pk, coauthors=[ben], actor=edith)
    with refused(NotAllowed, article, match="Ben Aye"):
        makers.approve(article, ravi)


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        (0, None, True),
        (-30, 0, True),
        (-30, -1, False),
        (1, None, False),
    ],
)
def test_only_what_runs_counts(since: int, until: int | None, counts: bool, ada: User, ravi: User) -> None:
    days = timedelta(days=1)
    declare(
        ravi, "Ipsen", since=today() + since * days, until=None if until is None else today() + until * days
    )
    article = submitted(ada, words="Ipsen paid.")
    if counts:
        with refused(NotAllowed, article):
            workflow.claim(article.pk, actor=ravi)
    else:
        assert workflow.claim(article.pk, actor=ravi).state == "under_review"


def test_nobody_ends_their_own_to_get_in(ada: User, ravi: User) -> None:
    with clock.at(timezone.now() - timedelta(days=10)):
        article = submitted(ada, words="Ipsen paid.")
    own = declare(ravi, "Ipsen", until=today() - timedelta(days=5))
    with refused(NotAllowed, article):
        workflow.claim(article.pk, actor=ravi)
    own.until = today() - timedelta(days=11)
    own.save()
    assert workflow.claim(article.pk, actor=ravi).state == "under_review"


def test_one_declared_during_the_review_takes_the_approval_away(ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi, words="Ipsen paid.")
    declare(ravi, "ipsen")
    with refused(NotAllowed, article, match="Ipsen|ipsen"):
        makers.approve(article, ravi)
    assert "approve" not in {offer.action for offer in offers(article, ravi)}
    workflow.recuse(article.pk, actor=ravi, note="They pay me.", conflict=True)


def test_the_interests_of_others_are_no_matter(ada: User, ravi: User, mei: User) -> None:
    declare(mei, "Ipsen")
    assert workflow.claim(submitted(ada, words="Ipsen paid.").pk, actor=ravi).state == "under_review"


def test_who_stood_in_the_round_before_does_not_stand_where_the_new_text_names_their_interest(
    ada: User, ravi: User
) -> None:
    declare(ravi, "Ipsen")
    article = makers.article(ada, "changes_requested", reviewer=ravi)
    article = makers.edit(article, "Ipsen paid.")
    assert workflow.submit(article.pk, version=2, actor=ada).state == "submitted"
