"""What is not the page as it stands there for everybody is answered by Django, and never kept."""

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import Client

from articles.models import Article, User
from articles.reading.freshness import always_ask
from netreview.finished.page import Page, may_be_kept
from netreview.finished.store import Store
from tests.finished.asking import Process
from tests.finished.conftest import PAGE


@pytest.mark.parametrize(
    "unusual",
    [
        {"method": "POST"},
        {"method": "OPTIONS"},
        {"query": "level=plain"},
        {"range": "bytes=0-10"},
        {"hx_request": "true"},
        {"authorization": "Basic x"},
        {"if_match": '"x"'},
        {"host": "elsewhere.example"},
    ],
    ids=str,
)
def test_an_unusual_request_goes_to_django(process: Process, unusual: dict[str, str]) -> None:
    process.get(PAGE)
    assert not process.get(PAGE).by_django
    for _ in range(2):
        assert process.get(PAGE, **unusual).by_django


def test_a_host_that_is_not_ours_is_refused_each_time(process: Process) -> None:
    process.get(PAGE)
    for _ in range(2):
        assert process.get(PAGE, host="evil.example").status == 400


def test_plain_http_is_sent_on_to_https_and_both_are_told_apart(
    published: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SECURE_SSL_REDIRECT", True)
    monkeypatch.setattr(settings, "SECURE_HSTS_SECONDS", 60)
    monkeypatch.setattr(settings, "SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https"))
    process = Process(django=WSGIHandler())
    for _ in range(2):
        secure = process.get(PAGE, x_forwarded_proto="https")
        assert (secure.status, secure.headers["Strict-Transport-Security"]) == (200, "max-age=60")
        redirect = process.get(PAGE)
        assert (redirect.status, redirect.headers["Location"]) == (301, f"https://testserver{PAGE}")
        assert redirect.by_django
    assert not secure.by_django


def test_a_page_that_is_the_same_for_everybody_is_so_for_who_is_signed_in(
    process: Process, ada: User
) -> None:
    client = Client()
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    cookies = f"audience=patient; sessionid={client.cookies['sessionid'].value}"
    first = process.get(PAGE, cookie=cookies)
    second = process.get(PAGE)
    assert first.body == second.body
    assert not second.by_django
    # She is named as its author, to everybody: never as the person who reads.
    assert "Sign out" not in second.text
    assert ada.email not in second.text
    assert "Cookie" not in first.headers["Vary"]


def test_a_page_that_looks_at_cookies_is_kept_for_those_without(process: Process) -> None:
    process.get("/", cookie="audience=patient")
    patient = process.get("/", cookie="audience=patient")
    assert patient.by_django
    assert PAGE + "plain/" in patient.text
    process.get("/")
    stranger = process.get("/")
    assert not stranger.by_django
    assert PAGE + "plain/" not in stranger.text
    assert stranger.headers["Vary"] == "Accept-Encoding, Cookie"
    assert process.get("/", cookie="audience=patient").text == patient.text


@pytest.mark.parametrize(
    "path", ["/office/", "/accounts/login/", "/healthz/", "/nothing/", PAGE[:-1], "/audience/"]
)
def test_nothing_but_readers_pages_is_kept(process: Process, path: str) -> None:
    for _ in range(2):
        assert process.get(path).by_django
    assert len(process.application.store) == 0


def test_a_page_that_reads_what_is_not_watched_is_not_kept(process: Process, ada: User) -> None:
    def page_with_names(environ: object, start_response: object) -> HttpResponse:
        response = always_ask(HttpResponse(User.objects.get(pk=ada.pk).name))
        start_response("200 OK", list(response.items()))  # type: ignore[operator]
        return response

    careless = Process(django=page_with_names)
    for _ in range(2):
        assert careless.get("/").by_django


def _said(cache_control: str = "public, max-age=0, must-revalidate", **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse("x", headers={"Cache-Control": cache_control} | named)


def test_an_answer_is_kept_only_if_it_says_that_anybody_may_keep_it_and_must_ask() -> None:
    assert may_be_kept(_said())
    assert may_be_kept(_said(Vary="Cookie"))
    for refused in (
        _said("private, max-age=0, must-revalidate"),
        _said("public, max-age=60, must-revalidate"),
        _said("public, max-age=0"),
        _said("no-store"),
        _said(Vary="Accept-Language"),
        _said(Vary="*"),
        _said(Content_Encoding="gzip"),
        _said(Content_Type="image/webp"),
        _said(Content_Security_Policy="script-src 'nonce-abc'"),
    ):
        assert not may_be_kept(refused)
    with_cookie = _said()
    with_cookie.set_cookie("a", "b")
    assert not may_be_kept(with_cookie)
    gone = _said()
    gone.status_code = 410
    assert not may_be_kept(gone)


def test_the_store_is_bounded_and_drops_what_nobody_asks_for() -> None:
    def page() -> Page:
        return Page(HttpResponse("x" * 10_000), 1, 0)

    store = Store(room=page().size * 10)
    for number in range(10):
        store.put(("host", f"/{number}", "http", None), page())
    store.put(("host", "/10", "http", None), page())  # everybody's second chance is used up here
    for number in range(5, 11):
        store.get(("host", f"/{number}", "http", None))
    for number in range(11, 15):
        store.put(("host", f"/{number}", "http", None), page())
    assert store.size <= store.room
    assert len(store) == 10
    assert all(store.get(("host", f"/{number}", "http", None)) for number in range(5, 11))
    store.put(("host", "/book", "http", None), Page(HttpResponse("x" * store.room), 1, 0))
    assert store.get(("host", "/book", "http", None)) is None


def test_a_page_is_made_anew_when_the_day_ends(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who serves on the board depends on the date, and no table says that a day has passed."""
    from netreview.finished import serve

    process.get("/board/")
    assert not process.get("/board/").by_django
    later = serve.time.time() + 24 * 60 * 60
    monkeypatch.setattr(serve.time, "time", lambda: later)
    assert process.get("/board/").by_django
