"""Each publication says what is new in it, counted at its approval and frozen with it."""

import pytest
from django.db import DatabaseError

from articles.models import Publication, User
from tests import makers
from tests.web.test_reading_article import revised

pytestmark = pytest.mark.django_db


def test_the_first_publication_is_new_as_a_whole_and_the_next_says_what_changed(
    ada: User, ravi: User
) -> None:
    article = makers.article(ada, "approved", reviewer=ravi)
    article = revised(article, ravi, summary="Another summary.")
    first, second = article.publications.order_by("number")
    assert first.changes is None
    assert second.changes["clinical"]["added"] == second.changes["clinical"]["removed"] == 1
    assert second.changes["clinical"]["sections"] == ["Key Considerations"]
    assert second.changes["plain"]["sections"] == ["In short"]
    assert second.changes["fields"] == ["Summary"]
    assert second.seal == second.compute_seal()


def test_what_a_publication_says_of_its_changes_is_sealed_and_frozen(ada: User, ravi: User) -> None:
    revised(makers.article(ada, "approved", reviewer=ravi), ravi)
    publication = Publication.objects.get(number=2)
    publication.changes["clinical"]["changed"] = 7
    assert publication.seal != publication.compute_seal()
    with pytest.raises(DatabaseError):
        publication.save(update_fields=["changes"])


def test_a_publication_from_before_changes_were_counted_keeps_its_seal(ada: User, ravi: User) -> None:
    publication = makers.article(ada, "approved", reviewer=ravi).publications.get()
    assert "changes" not in publication.content()


def test_an_approved_version_leads_back_to_what_was_approved(ada: User, ravi: User) -> None:
    article = makers.article(ada, "approved", reviewer=ravi)
    assert article.publications.get().document().digest == article.digest
