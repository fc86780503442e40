"""Figures through HTTP: adding and removing images, who sees them, and when readers do."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from articles import triggers, workflow
from articles.content.imaging import MAX_UPLOAD
from articles.models import Figure, Image, Publication, User
from articles.states import Role
from tests import figures, makers
from tests.people import person
from tests.web.writing_form import filled

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def public(name: str) -> str:
    return reverse("reading:figure", args=[name])


def post(client: Client, article, data: bytes | None = None, **fields):
    """Send the form that adds an image."""
    file = SimpleUploadedFile("Jane Doe 1970.png", figures.drawing() if data is None else data)
    usual = {"file": file, "alt": figures.ALT, "credit": figures.CREDIT}
    return client.post(reverse("writing:add_figure", args=[article.pk]), usual | fields)


# Adding


def test_an_author_adds_an_image_and_sees_it_with_the_markup_to_paste(ada: User) -> None:
    article = makers.article(ada)
    client = signed_in(ada)
    assert (
        "This article has no images yet"
        in client.get(reverse("writing:figures", args=[article.pk])).content.decode()
    )

    response = post(client, article)

    assert response.status_code == 303
    figure = Figure.objects.get()
    assert figure.data[8:12] == b"WEBP"
    page = client.get(response["Location"]).content.decode()
    assert "The image is added." in page
    assert f'src="/office/articles/{article.pk}/figures/{figure.name}.webp"' in page
    assert f"&lt;figure&gt;&lt;img data-image=&quot;{figure.name}&quot;" in page
    assert "The text does not show it yet." in page
    assert "Jane" not in page
    assert makers.fresh(article).version == 1, "an image by itself is no version"


def test_what_is_wanting_is_said_all_at_once_and_what_was_typed_stays(ada: User) -> None:
    article = makers.article(ada)

    response = post(signed_in(ada), article, b"<svg onload='alert(1)'/>", alt="", credit="A typed credit.")

    assert response.status_code == 422
    page = response.content.decode()
    assert "An SVG drawing can run scripts" in page
    assert "Say in words what the image shows" in page
    assert "A typed credit." in page
    assert not Figure.objects.exists()


def test_no_file_and_a_file_that_is_too_long_are_refused_in_words(ada: User) -> None:
    article = makers.article(ada)
    client = signed_in(ada)

    assert "Choose an image." in post(client, article, file="").content.decode()
    assert "8 MB can be taken" in post(client, article, b"x" * (MAX_UPLOAD + 1)).content.decode()
    assert "The file has more than 8 MB." in post(client, article, b"x" * 10 * 1024**2).content.decode()
    assert "The file is empty" in post(client, article, b"").content.decode()


def test_the_same_image_again_corrects_its_words(ada: User) -> None:
    article = makers.article(ada)
    client = signed_in(ada)
    post(client, article)
    post(client, article, alt="Better words", credit="Another hand.")

    figure = Figure.objects.get()
    assert (figure.alt, figure.credit) == ("Better words", "Another hand.")


def test_an_article_keeps_so_many_images_and_no_more(ada: User, monkeypatch) -> None:
    article = makers.article(ada)
    monkeypatch.setattr("articles.workflow.figures.MAX_FIGURES", 1)
    figures.add(article)

    with pytest.raises(workflow.Blocked, match="as many as can be kept"):
        figures.add(article, color="red")
    figures.add(article)


def test_while_the_text_is_under_review_its_images_stand(ada: User, ravi: User) -> None:
    article = figures.article_with(ada, "under_review", reviewer=ravi)
    client = signed_in(ada)
    page = client.get(reverse("writing:figures", args=[article.pk])).content.decode()

    assert "Images can be added and removed while the text can be edited." in page
    assert "Add this image" not in page
    response = post(client, article)
    assert response.status_code == 409
    assert "under review" in response.content.decode()


# Removing


def test_an_image_that_no_version_shows_can_be_removed(ada: User) -> None:
    article = makers.article(ada)
    figure = figures.add(article)
    client = signed_in(ada)
    remove = reverse("writing:remove_figure", args=[article.pk])

    assert client.post(remove, {"name": figure.name}).status_code == 303
    assert not Figure.objects.exists()
    again = client.post(remove, {"name": figure.name}, follow=True).content.decode()
    assert "This image is not there any more." in again


def test_an_image_that_a_version_shows_is_kept(ada: User) -> None:
    article = figures.article_with(ada)
    figure = Figure.objects.get()
    client = signed_in(ada)
    page = client.get(reverse("writing:figures", args=[article.pk])).content.decode()
    assert "Figure 1 of the clinical text" in page
    assert "Remove this image" not in page

    gone = makers.edit(article, "No figure any more.")
    page = client.get(reverse("writing:figures", args=[article.pk])).content.decode()
    assert "Version 2 does, so it is kept." in page
    response = client.post(reverse("writing:remove_figure", args=[article.pk]), {"name": figure.name})

    assert response.status_code == 422
    assert "Version 2 shows this image." in response.content.decode()
    assert workflow.restore(gone.pk, number=2, version=gone.version, actor=ada).version == 4


def test_the_page_of_figures_costs_the_same_for_one_and_for_many(
    ada: User, django_assert_num_queries
) -> None:
    article = figures.article_with(ada)
    client = signed_in(ada)
    address = reverse("writing:figures", args=[article.pk])
    client.get(address)
    with django_assert_num_queries(8):
        client.get(address)
    article = figures.show(makers.fresh(article), figures.add(article, color="red"))
    for color in ("lime", "navy", "gold"):
        figures.add(article, color=color)
    client.get(address)
    with django_assert_num_queries(9):  # one for all that the text does not show
        client.get(address)


# In the text


def test_a_text_shows_the_images_of_its_own_article_only(ada: User) -> None:
    elsewhere = figures.add(makers.article(ada, question="Elsewhere?"))
    article = makers.article(ada)

    with pytest.raises(workflow.Blocked, match="not among those of this article"):
        figures.show(article, elsewhere)
    with pytest.raises(workflow.Blocked, match="not among those of this article"):
        workflow.create(actor=ada, fields=makers.text() | {"body": figures.shown(elsewhere)})
    assert figures.show(article, figures.add(article)).version == 2


def test_a_figure_without_its_words_is_saved_and_cannot_be_submitted(ada: User) -> None:
    article = makers.article(ada)
    figure = figures.add(article)
    bare = f'{article.body}<p>Words.{makers.CITED}</p><figure><img data-image="{figure.name}"></figure>'
    article = workflow.save(article.pk, version=1, actor=ada, fields={"body": bare})

    with pytest.raises(workflow.Blocked) as refused:
        workflow.submit(article.pk, version=article.version, actor=ada)
    assert {issue.code for issue in refused.value.issues} == {
        "uncited-statement", "figure-alt-missing", "figure-caption-missing", "figure-credit-missing",
    }  # fmt: skip
    page = signed_in(ada).get(reverse("writing:article", args=[article.pk])).content.decode()
    assert "Figure 1 of the clinical text has no alternative text." in page


def test_a_figure_goes_through_the_form_unchanged(ada: User) -> None:
    article = figures.article_with(ada)
    client = signed_in(ada)
    address = reverse("writing:save", args=[article.pk])

    response = client.post(address, filled(client.get(address), note="Nothing"))

    assert response.status_code == 303
    assert makers.fresh(article).version == article.version


def test_a_suggested_wording_brings_no_image(ada: User, ravi: User) -> None:
    article = figures.article_with(ada, "under_review", reviewer=ravi)
    figure = next(each for each in article.document().blocks("clinical") if each.tag == "figure")
    with pytest.raises(workflow.Blocked):
        workflow.open_thread(
            article.pk, version=article.version, statement=figure.digest, actor=ravi, text="Why?",
            suggestion="Other words.",
        )  # fmt: skip


# Where it is seen


@pytest.mark.parametrize("page", ["preview", "compare", "version", "review", "conflict"])
def test_the_office_shows_images_at_its_own_address(page: str, ada: User, ravi: User) -> None:
    article = figures.article_with(ada, "draft" if page == "conflict" else "under_review", reviewer=ravi)
    name = Figure.objects.get().name
    if page == "conflict":
        client = signed_in(ada)
        address = reverse("writing:save", args=[article.pk])
        form = filled(client.get(address), body=article.body.replace("Grades by", "Stages by"))
        makers.edit(article, "Meanwhile.")
        response = client.post(address, form)
        assert response.status_code == 409
    else:
        address = {
            "preview": reverse("office:preview", args=[article.pk]),
            "compare": reverse("office:compare", args=[article.pk]) + "?old=1&new=2",
            "version": reverse("office:version", args=[article.pk, 2]),
            "review": reverse("reviewing:article", args=[article.pk]),
        }[page]
        response = signed_in(ravi).get(address)
    found = response.content.decode()
    assert f'src="/office/articles/{article.pk}/figures/{name}.webp"' in found
    assert f'"{public(name)}"' not in found


def test_only_those_who_may_read_the_article_see_its_images_in_the_office(
    ada: User, ravi: User, edith: User
) -> None:
    article = figures.article_with(ada)
    figure = Figure.objects.get()
    address = reverse("office:figure", args=[article.pk, figure.name])
    for user in (ada, ravi, edith):
        response = signed_in(user).get(address)
        assert response.content == bytes(figure.data)
        assert response["Content-Type"] == "image/webp"
        assert set(response["Cache-Control"].split(", ")) == {"private", "no-cache"}
        assert signed_in(user).get(address, headers={"if-none-match": response["ETag"]}).status_code == 304
    noor = person("noor", "Noor Haddad", Role.AUTHOR)
    assert signed_in(noor).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    other = makers.article(ada, question="Other?")
    assert signed_in(ada).get(reverse("office:figure", args=[other.pk, figure.name])).status_code == 404


def test_readers_see_an_image_from_its_approval_to_its_retirement(ada: User, ravi: User, edith: User) -> None:
    article = figures.article_with(ada, "under_review", reviewer=ravi)
    figure = Figure.objects.get()
    reader = Client()
    assert reader.get(public(figure.name)).status_code == 404
    assert signed_in(edith).get(public(figure.name)).status_code == 404, "not for insiders either"

    makers.approve(article, ravi)
    response = reader.get(public(figure.name))
    assert response.content == bytes(figure.data)
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["ETag"] == f'"{figure.name}"'
    assert not response.cookies
    known = reader.get(public(figure.name), headers={"if-none-match": response["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
    slug = article.addresses.get().slug
    page = reader.get(reverse("reading:article", args=[slug])).content.decode()
    assert f'<img src="{public(figure.name)}" width="240" height="160" alt="{figures.ALT}"' in page
    assert '<span class="figure-number">Figure 1.</span> Grades by their bars.' in page

    workflow.retire(article.pk, actor=edith, notice="Superseded.")
    for headers in ({}, {"if-none-match": response["ETag"]}):
        gone = reader.get(public(figure.name), headers=headers)
        assert gone.status_code == 410
        assert "Superseded." in gone.content.decode()


def test_an_image_of_a_superseded_version_stays_with_it(ada: User, ravi: User, edith: User) -> None:
    article = figures.article_with(ada, "approved", reviewer=ravi)
    figure = Figure.objects.get()
    article = workflow.revise(article.pk, version=article.version, actor=ada)
    article = makers.bring(makers.edit(article, "Without it."), "approved", reviewer=ravi)
    slug = article.addresses.get().slug
    reader = Client()

    assert "/figures/" not in reader.get(reverse("reading:article", args=[slug])).content.decode()
    assert figure.name in reader.get(reverse("reading:version", args=[slug, 1])).content.decode()
    assert figure.name in reader.get(reverse("reading:compare", args=[slug])).content.decode()
    assert reader.get(public(figure.name)).status_code == 200
    workflow.retire(article.pk, actor=edith, notice="Wrong.")
    assert reader.get(public(figure.name)).status_code == 410


def test_an_image_that_two_articles_show_is_kept_once_and_goes_with_the_last(
    ada: User, ravi: User, edith: User
) -> None:
    one = figures.article_with(ada, "approved", reviewer=ravi)
    other = figures.article_with(ada, "approved", reviewer=ravi, question="And elsewhere?")
    image = Image.objects.get()
    assert image.publications.count() == 2

    workflow.retire(one.pk, actor=edith, notice="Wrong.")
    assert Client().get(public(image.name)).status_code == 200
    workflow.retire(other.pk, actor=edith, notice="Wrong.")
    assert Client().get(public(image.name)).status_code == 410


@pytest.mark.parametrize("name", ["nothing", "0" * 32 + "-1x1", "..%2F..%2Fsecret", "x" * 300, "a%00b"])
def test_a_name_of_no_image_is_not_found(name: str) -> None:
    assert Client().get(f"/figures/{name}.webp").status_code == 404


def test_the_api_gives_whole_addresses_of_images(ada: User, ravi: User, settings) -> None:
    article = figures.article_with(ada, "approved", reviewer=ravi)
    found = Client().get(f"/api/v1/articles/{article.addresses.get().slug}").json()

    assert f'<img src="{settings.SITE_URL}{public(Figure.objects.get().name)}"' in found["clinical"]["html"]
    assert found["clinical"]["statements"][-1]["kind"] == "figure"


# Kept


def test_approving_without_figures_asks_nothing_of_images(ada: User, ravi: User) -> None:
    article = makers.article(ada, "under_review", reviewer=ravi)
    seen: list[str] = []

    def note(execute, sql, *rest):
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        makers.approve(article, ravi)
    assert Publication.objects.live().filter(article=article).exists()
    assert not [sql for sql in seen if re.search(r"articles_(image|figure|publication_images)", sql)]


def test_what_was_published_is_never_changed_and_whoever_does_is_told(ada: User, ravi: User) -> None:
    figures.article_with(ada, "approved", reviewer=ravi)
    call_command("verify_events")
    image = Image.objects.get()
    for change in (
        lambda: Image.objects.update(data=b"other"),
        lambda: Image.objects.all().delete(),
        lambda: Publication.images.through.objects.all().delete(),
    ):
        with pytest.raises(Exception, match=r"is never (changed|deleted)"):
            _tried(change)
    triggers.remove(connection)
    Image.objects.filter(pk=image.pk).update(data=b"other bytes")
    Publication.images.through.objects.all().delete()
    triggers.install(connection)
    with pytest.raises(CommandError, match="2 problem"):
        call_command("verify_events")


def _tried(change) -> None:
    with transaction.atomic():
        change()
