"""No public byte comes from anything but a live publication, or one that was live: walked, byte by byte."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote, unquote_plus, urlencode

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from articles import workflow
from articles.models import (
    Address,
    Article,
    EditorialPolicy,
    Figure,
    Follow,
    Image,
    Publication,
    Topic,
    User,
)
from articles.notify import letters
from articles.states import State
from articles.workflow import glossary, replies
from tests import figures, makers
from tests.asking import approve, ask, group, write

pytestmark = pytest.mark.django_db

# Behind these stands a login, and tests of their own; what is not listed here is public and walked.
PRIVATE = ("write/", "review/", "desk/", "office/", "accounts/", "admin/")
# What the reading door may read: publications and what is made from them, profiles with their disclosures,
# the policy and the rules of review.
READABLE = {
    "articles_publication",
    "articles_address",
    "articles_boardmember",
    "articles_publication_approved_by",
    "articles_editorialpolicy",
    "articles_explanation",
    "articles_publishedreply",
    "articles_image",
    "articles_publication_images",
    "articles_historicaleditorialpolicy",
    # What somebody follows, read by the signed link that they alone were sent.
    "articles_follow",
    "articles_searchindex",
    "articles_indexedarticle",
    "articles_indexedtopic",
    "articles_topicname",
    "articles_passage",
    "articles_posting",
    "articles_term",
    "articles_interest",
    "articles_reviewpolicy",
    "articles_topic",
}
PENDING = "zxpending"
TOPICS = ("public", "secret", "nothing")


def public_patterns() -> Iterator[tuple[str, URLPattern]]:
    """Every public URL pattern with its name, wherever it is included."""

    def walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[tuple[str, URLPattern]]:
        for each in resolver.url_patterns:
            route = prefix + str(each.pattern)
            if route.startswith(PRIVATE):
                continue
            if isinstance(each, URLResolver):
                inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
                yield from walk(each, route, inner)
            else:
                yield f"{namespace}{each.name}", each

    yield from walk(get_resolver(), "", "")


def pending(place: str) -> str:
    """A word that stands in one unapproved text and nowhere else."""
    return f"{PENDING}{place.replace('_', '')}"


def marked(place: str) -> dict[str, object]:
    """A text with the marker in every field that holds words."""
    word = pending(place)
    record = makers.RECORD | {"title": f"A title with {word}"}
    return makers.text(
        f"Words with {word}.",
        question=f"Is {word} here?",
        summary=f"A summary with {word}.",
        competing_interests=f"{word} Ltd.",
        ai_use=f"{word} drafted it.",
        references=[record],
    )


def hide_words(edith: User, ravi: User) -> None:
    """A word that waits for its first approval, and one whose change does."""
    hidden = {"forms": [pending("form")], "meaning": pending("meaning")}
    glossary.write_entry(actor=edith, term=pending("word"), **hidden)
    entry = glossary.write_entry(actor=edith, term="Histology", forms=[], meaning="Looking at cells.")
    glossary.approve_entry(entry.pk, actor=ravi, digest=entry.digest)
    glossary.write_entry(actor=edith, entry=entry.pk, seen=entry.digest, term="Histology", **hidden)


def hide_answers(edith: User, ravi: User, mei: User, publication: Publication) -> None:
    """Answers of the board to readers: written, handed in, withdrawn, and one whose change waits."""
    for place in ("written", "handedin", "withdrawn", "changed"):
        # What readers wrote is nobody's but the desk's.
        asked = ask(publication, pending("asked"), email=f"{pending('reader')}@example.org")
        inquiry = group(edith, asked, title=f"Is {pending('title')} there, {place}?")
        shown = {"question": f"What of one {place}?"} if place in ("withdrawn", "changed") else {}
        words = pending(place)
        if place == "changed":
            write(inquiry, mei, "Seen by all.", **shown)
            approve(inquiry, ravi)
            inquiry.refresh_from_db()
        write(inquiry, mei, words, hand_in=place != "written", **{"question": f"{words}?"} | shown)
        if place == "withdrawn":
            approve(inquiry, ravi)
            replies.withdraw_reply(inquiry.pk, actor=edith, note=pending("note"))


@pytest.fixture
def office_full_of_secrets(ada: User, ravi: User, mei: User, edith: User) -> None:
    """Articles in every state; approved ones with a revision in every state; notes, reasons, conflicts."""
    hide_words(edith, ravi)
    for state in State:
        if state in {State.APPROVED, State.RETIRED}:
            continue
        article = workflow.create(actor=ada, fields=marked(f"first{state}"), note=pending("versionnote"))
        article = makers.bring(article, state, reviewer=ravi, editor=edith)
        if state == State.UNDER_REVIEW:
            workflow.claim(article.pk, actor=mei)
            workflow.recuse(article.pk, actor=mei, note=pending("recusal"), conflict=True)
        live = makers.article(ada, "approved", reviewer=ravi, question=f"Live under {state.label}?")
        workflow.revise(live.pk, version=live.version, actor=ada)
        live = workflow.save(
            live.pk, version=live.version, actor=ada, fields=marked(f"revision{state}"), note=pending("note")
        )
        makers.bring(live, state, reviewer=ravi, editor=edith)
    retired = makers.article(
        ada,
        "retired",
        reviewer=ravi,
        editor=edith,
        words=f"Retired {pending('retired')}.",
        question="Retired?",
    )
    assert not Publication.objects.live().filter(article=retired).exists()
    moved = makers.article(ada, "approved", reviewer=ravi, question="Moved from here?")
    workflow.move_address(moved.pk, slug="moved-to-there", actor=edith)
    hide_answers(edith, ravi, mei, Publication.objects.live().get(article=moved))
    policy = EditorialPolicy(pk=1, body="<p>Our policy.</p>", updated_at=datetime(2025, 1, 1, tzinfo=UTC))
    policy.save()
    known = Topic.objects.create(name="Public", slug="public")
    secret = Topic.objects.create(name=f"Topic {pending('topic')}", slug="secret")
    shelved = makers.article(ada, "approved", reviewer=ravi, question="On a shelf?", topic=known)
    makers.article(ada, "submitted", question="On a hidden shelf?", topic=secret)
    now = timezone.now()
    for article in (moved, retired, shelved):
        Follow.objects.create(email="a@example.org", article=article, created_at=now, confirm_by=now)
    Follow.objects.create(email="a@example.org", topic_slug="public", created_at=now, confirm_by=now)
    imaging = Topic.objects.create(name="Imaging", slug="imaging", terms=["Scans"])
    makers.article(ada, "approved", reviewer=ravi, question="Which scan?", topic=imaging)
    hidden = Topic.objects.create(
        name=pending("topic"), slug=pending("topic"), description=pending("topic"), terms=[pending("term")]
    )
    makers.article(ada, "draft", question=f"Is {pending('shelved')} here?", topic=hidden)
    hide_images(ada, ravi, edith)


def hide_images(ada: User, ravi: User, edith: User) -> None:
    """Images of a draft, a revision, a retired article and a live one, and one that nothing shows."""
    people = {"reviewer": ravi, "editor": edith}
    figures.article_with(ada, "under_review", "maroon", question="Pictures?", **people)
    figures.article_with(ada, "retired", "olive", question="Old pictures?", **people)
    live = figures.article_with(ada, "approved", "teal", question="Live pictures?", **people)
    live = workflow.revise(live.pk, version=live.version, actor=ada)
    makers.bring(figures.show(live, figures.add(live, color="navy")), "under_review", **people)
    figures.add(makers.article(ada, question="Nothing shown?"), color="gold")


def unapproved_images() -> set[bytes]:
    """The bytes of all images that no approved text shows now."""
    shown = Image.objects.filter(publications__status="live").values_list("name", flat=True)
    return {bytes(data) for data in Figure.objects.exclude(name__in=shown).values_list("data", flat=True)}


def addresses_of(name: str) -> Iterator[str]:
    """Every address of a public pattern that there is anything to try at, existing or not."""
    slugs = [*Address.objects.values_list("slug", flat=True), *_slugs_that_are_not_there()]
    match name:
        case (
            "reading:article" | "reading:plain" | "reading:versions" | "reading:compare"
            | "reading:ask" | "reading:asked" | "reading:report" | "reading:reported" | "reading:follow"
        ):  # fmt: skip
            yield from (reverse(name, args=[slug]) for slug in slugs)
        case "reading:cite" | "reading:references":
            yield from (
                reverse(name, args=[slug, form]) for slug in slugs for form in ("bib", "ris", "json", "xml")
            )
        case "reading:follow_topic" | "reading:topic_feed":
            yield from (reverse(name, args=[slug]) for slug in TOPICS)
        case "reading:confirm" | "reading:stop":
            purpose = name.partition(":")[2]
            yield from (reverse(name, args=[each.token(purpose)]) for each in Follow.objects.all())
            yield reverse(name, args=["forged"])
        case "reading:api:article" | "reading:api:versions" | "reading:api:references":
            yield from (reverse(name, args=[slug]) for slug in slugs)
        case "reading:api:version":
            yield from (reverse(name, args=[slug, number]) for slug in slugs for number in (1, 2, 3))
        case "reading:api:nothing":
            yield from ("/api/v1/", "/api/v1/nothing")
        case "reading:sitemap_articles":
            yield from (reverse(name, args=[part]) for part in (0, 1, 2))
        case "reading:policy_version":
            yield from (reverse(name, args=[number]) for number in (0, 1, 2, 10**30))
        case "reading:version":
            yield from (reverse(name, args=[slug, number]) for slug in slugs for number in (1, 2, 3))
        case "reading:figure":
            names = [*Figure.objects.values_list("name", flat=True), "0" * 32 + "-1x1", "nothing"]
            yield from (reverse(name, args=[each]) for each in names)
        case "reading:member":
            yield from (reverse(name, args=[slug]) for slug in ("ravi", "mei", "nobody"))
        case "reading:topic":
            yield from (reverse(name, args=[slug]) for slug in ("imaging", pending("topic"), "nothing-here"))
        case "reading:letter":
            yield from (reverse(name, args=[letter]) for letter in ("I", "Z", "0-9", "nothing"))
        case "reading:search" | "reading:suggest" | "reading:api:passages":
            yield from (f"{reverse(name)}?{urlencode({'q': words})}" for words in _words_to_search_for())
        case (
            "reading:home" | "reading:audience" | "reading:board" | "reading:policy" | "healthz"
            | "reading:policy_versions" | "reading:feed" | "reading:robots" | "reading:sitemap"
            | "reading:sitemap_pages" | "reading:follow_sent" | "reading:glossary"
            | "reading:topics" | "reading:a_to_z"
            | "reading:api:articles" | "reading:api:topics" | "reading:api:openapi" | "reading:api:docs"
        ):  # fmt: skip
            yield reverse(name)
        case _:
            raise AssertionError(f"public address {name} is not walked: add it to this test")


def test_a_new_public_address_cannot_be_forgotten() -> None:
    with pytest.raises(AssertionError, match="reading:newcomer is not walked"):
        list(addresses_of("reading:newcomer"))
    # Nothing is left out by its name: what is not private is walked.
    assert {"reading:article", "reading:passages_json", "reading:api:version", "healthz"} <= {
        name for name, _ in public_patterns()
    }


def typed(address: str) -> str:
    """The words that the visitor searched for."""
    return unquote_plus(address.partition("?q=")[2])


def echoed(address: str) -> list[str]:
    """What the visitor typed, in every form in which a page may give it back: the longest first."""
    words = typed(address)
    forms = {address, address.partition("?q=")[2], words, quote(words), *words.split()}
    return sorted(filter(None, forms), key=len, reverse=True)


def _slugs_that_are_not_there() -> list[str]:
    """Addresses that unapproved articles would have."""
    return ["nothing-here", f"is-{pending('firstdraft')}-here", f"is-{pending('firstsubmitted')}-here"]


def _words_to_search_for() -> list[str]:
    """What is there, what is pending (whole, begun and misspelt), and everything at once."""
    secret = [pending(f"first{state}") for state in (State.DRAFT, State.UNDER_REVIEW)]
    secret += [pending("retired"), pending("topic"), "zxpendng"]
    return ["histology prognosis", "Live under draft", "imaging", *secret, " ".join(secret[:2])]


# Every method, and every way that others have been made to show what they should not.
TRIES = [
    *((method, "") for method in ("get", "head", "options", "post", "put", "delete")),
    *(
        ("get", query)
        for query in (
            "?page=2",
            "?version=2&stable=0",
            "?preview=1&level=plain&audience=patient",
            "?from=1&to=2&view=side",
            "?from=1&to=99",
            "?on=2030-01-01",
            "?on=2020-01-01",
        )
    ),
]


# What a request may say of itself: other formats and our own scripts; parts, caches, proxies and a name.
SAYINGS = [
    {
        "accept": "application/json, application/xml;q=0.5",
        "hx-request": "true",
        "x-requested-with": "XMLHttpRequest",
        "origin": "https://elsewhere.example.org",
    },
    {
        "range": "bytes=0-99999",
        "if-none-match": '"0"',
        "if-modified-since": "Thu, 01 Jan 1970 00:00:00 GMT",
        "x-http-method-override": "PUT",
        "x-original-url": "/office/",
        "authorization": "Basic YWRhOmFkYQ==",
    },
]


@pytest.mark.usefixtures("office_full_of_secrets")
@pytest.mark.parametrize("said", SAYINGS, ids=["another format", "a part of it"])
def test_no_header_brings_out_a_byte_of_pending_text(said: dict[str, str]) -> None:
    client = Client(headers=said)
    for name, _ in public_patterns():
        for address in addresses_of(name):
            response = client.get(address)
            assert response.status_code < 500
            shown = response.content.decode() + str(response.headers) + str(response.cookies)
            for asked in echoed(address):
                shown = shown.replace(asked, "")
            assert PENDING not in shown, f"{address} with {said}"


@pytest.mark.usefixtures("office_full_of_secrets")
def test_no_letter_to_a_follower_holds_a_byte_of_pending_text(ada: User, ravi: User, edith: User) -> None:
    live = list(Publication.objects.live())
    now = timezone.now()
    topics = [{"topic_slug": slug} for slug in ("public", "secret", "imaging")]
    for followed in [*({"article": article} for article in Article.objects.all()), *topics]:
        Follow.objects.create(
            email="everything@example.org", created_at=now, confirm_by=now, confirmed_at=now, **followed
        )
    makers.article(
        ada, "approved", reviewer=ravi, question="New on the shelf?", topic=Topic.objects.get(slug="public")
    )
    # Each of them has a revision that nobody approved.
    for publication in live:
        workflow.retire(publication.article_id, actor=edith, notice="Out of date.")
    letters.deliver()
    sent = [each for each in mail.outbox if each.to == ["everything@example.org"]]
    assert len(sent) == len(live) + 1
    for each in sent:
        parts = [part.get_payload(decode=True) or b"" for part in each.message().walk()]
        assert PENDING.encode() not in each.subject.encode() + b"".join(parts)


@pytest.mark.usefixtures("office_full_of_secrets")
@pytest.mark.parametrize("who", ["a stranger", "the author", "a reviewer"])
def test_no_public_response_holds_a_byte_of_pending_text(who: str, ada: User, ravi: User) -> None:
    client = Client(headers={"accept": "text/html"})
    if who != "a stranger":
        client.force_login(ada if who == "the author" else ravi)
    # Those who are signed in get the same bytes; the rarer methods are tried once.
    tries = TRIES if who == "a stranger" else [try_ for try_ in TRIES if try_[0] == "get"]
    statuses = set()
    secret = unapproved_images()
    for name, _ in public_patterns():
        for address in addresses_of(name):
            for method, query in tries:
                more = query.replace("?", "&") if "?" in address else query
                response = getattr(client, method)(address + more)
                statuses.add(response.status_code)
                assert response.status_code < 500
                assert response.content not in secret, f"{method} {address}{more} shows an unapproved image"
                said = (
                    response.content.decode(errors="replace") + str(response.headers) + str(response.cookies)
                )
                # What the visitor asked for may come back to them; the office's words may not.
                for asked in echoed(address):
                    said = said.replace(asked, "")
                for cut in set(re.findall(r"\w+(?=…)", said)):
                    # A title gives the beginning of a long search back.
                    said = said.replace(f"{cut}…", "") if cut in typed(address) else said
                assert PENDING not in said, f"{method} {address}{more}"
    assert statuses >= {200, 301, 404, 410}, "the walk met live, moved, missing and retired articles"


@pytest.mark.usefixtures("office_full_of_secrets")
def test_what_is_approved_is_there_so_that_its_absence_elsewhere_means_something() -> None:
    answered = Client().get(reverse("reading:article", args=["moved-to-there"])).content.decode()
    assert "Seen by all." in answered
    assert "What of one changed?" in answered
    assert "What of one withdrawn?" not in answered
    live = Address.objects.filter(publication__status="live", moved_to__isnull=True).first()
    page = Client().get(reverse("reading:article", args=[live.slug])).content.decode()
    assert "Histology with grade sets prognosis." in page


@pytest.mark.usefixtures("office_full_of_secrets")
@pytest.mark.parametrize("who", ["a stranger", "the author"])
def test_public_pages_touch_no_table_but_those_readers_may_read(who: str, ada: User) -> None:
    client = Client()
    if who == "the author":
        client.force_login(ada)
    for name, _ in public_patterns():
        for address in addresses_of(name):
            for method in ("get", "head"):
                with CaptureQueriesContext(connection) as captured:
                    getattr(client, method)(address)
                touched = {
                    table
                    for query in captured.captured_queries
                    for table in re.findall(r'(?:FROM|JOIN|INTO|UPDATE)\s+"(\w+)"', query["sql"])
                }
                assert touched <= READABLE, f"{method} {address} touches {touched - READABLE}"


@pytest.mark.usefixtures("office_full_of_secrets")
def test_a_retired_article_is_gone_at_once_from_every_page(ada: User, edith: User) -> None:
    slug = "live-under-draft"
    client = Client()
    assert client.get(reverse("reading:article", args=[slug])).status_code == 200
    article = Address.objects.get(slug=slug).article
    workflow.retire(article.pk, actor=edith, notice="Superseded by the guideline of 2026.")
    for name in ("article", "plain", "versions", "compare", "ask", "asked", "report", "reported", "follow"):
        response = client.get(reverse(f"reading:{name}", args=[slug]))
        assert response.status_code == 410
        assert "Superseded by the guideline of 2026." in response.content.decode()
    assert client.get(reverse("reading:version", args=[slug, 1])).status_code == 410
    for name in ("cite", "references"):
        assert client.get(reverse(f"reading:{name}", args=[slug, "bib"])).status_code == 410
    for name in ("home", "board", "feed", "sitemap", "sitemap_pages"):
        assert slug not in client.get(reverse(f"reading:{name}")).content.decode()
    assert slug not in client.get(reverse("reading:sitemap_articles", args=[1])).content.decode()
    assert slug not in client.get(reverse("reading:member", args=["ravi"])).content.decode()
    for name in ("search", "suggest", "api:passages"):
        assert slug not in client.get(reverse(f"reading:{name}"), {"q": "Live under draft?"}).content.decode()
