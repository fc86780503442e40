"""The demonstration is loaded: on whatever day, it looks as if it had just happened."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles import queries
from articles.management.demo import content
from articles.models import Article, Assignment, BoardMember, Event, Publication, PublishedReply, Question
from articles.states import State

pytestmark = pytest.mark.django_db
# The day on which it is told, one some months later, and one that has no twin in most years.
DAYS = [
    datetime(2026, 11, 23, 12, tzinfo=UTC),
    datetime(2027, 6, 1, 12, tzinfo=UTC),
    datetime(2032, 2, 29, 12, tzinfo=UTC),
]


@pytest.fixture(params=DAYS, ids=lambda day: str(day.date()))
def loaded(request, settings):
    """The demonstration, loaded on one of these days; the day goes on."""
    settings.DEMO = True
    with time_machine.travel(request.param):
        call_command("load_demo")
        yield request.param.date()


def test_it_ends_days_ago_and_nothing_is_yet_to_happen(loaded: date):
    last = Event.objects.order_by("-at")[0].at.date()
    assert timedelta(0) <= loaded - last <= timedelta(days=14)


def test_nothing_that_readers_see_is_overdue(loaded: date):
    assert not Publication.objects.live().filter(next_review_due__lte=loaded).exists()
    assert Publication.objects.live().exists()


def test_no_reviewer_is_late_and_every_reviewer_serves(loaded: date):
    assert not Assignment.objects.filter(ended_at=None, round__article__state="under_review", due__lt=loaded)
    assert not [
        member for member in BoardMember.objects.all() if not member.term_from <= loaded <= member.term_to
    ]


def test_an_article_stands_in_every_state(loaded: date):
    assert set(Article.objects.values_list("state", flat=True)) == set(State.values)


def test_readers_have_asked_and_their_questions_are_still_kept(loaded: date):
    assert queries.asked().count() == 4
    assert queries.asked(queries.BEING_ANSWERED).count() == 1
    assert queries.asked(queries.ANSWERED).count() == 3
    assert PublishedReply.objects.live().get().writer_name == "Mei Lin"
    assert all(each.created_at < timezone.now() < each.expires_at for each in Question.objects.all())


def test_what_was_published_on_a_day_stays_published_on_that_day(loaded: date):
    flagship = Publication.objects.live().get(question__startswith="What is the diagnosis and treatment")
    assert flagship.published_at.date() == date(2025, 2, 15)
    assert flagship.reviewed_at.date() > date(2026, 1, 1), "and it was looked at again since"


def test_it_is_told_on_the_same_days_of_the_week():
    for today in (date(2020, 1, 1), date(2026, 11, 23), date(2033, 7, 9)):
        assert content.later(today).days % 7 == 0
        step = content.moved(content.steps()[0], content.later(today))
        assert step.at.weekday() == content.steps()[0].at.weekday()


def test_it_is_loaded_once(settings):
    settings.DEMO = True
    call_command("load_demo")
    call_command("load_demo")
    assert Article.objects.count() == len(content.articles())


def test_it_is_not_loaded_where_it_is_no_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_demo")
    assert not Article.objects.exists()
