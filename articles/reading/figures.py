"""The images of figures: those that a text shows which readers may read now, and no other byte."""

from django.db.models import Exists
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from articles.models.publication import Image, Publication
from articles.reading.addresses import gone, without_texts
from articles.reading.freshness import always_ask
from articles.reading.versions import LATER_WITHDRAWN, withdrawn_with


@require_safe
def figure(request: HttpRequest, name: str) -> HttpResponse:
    """An image by its name, for as long as one of the texts that show it stands. Two queries, one for a 304.

    Whoever holds a copy asks each time, so that it is gone with the text. Its name is the digest of its
    bytes, so the answer is nearly always that the copy is good.
    """
    showing = list(
        Publication.objects.filter(images__name=name[:64].replace("\x00", ""))
        .defer(*without_texts())
        .annotate(is_gone=Exists(LATER_WITHDRAWN))
    )
    if not showing:
        raise Http404("There is no such image.")
    if all(publication.is_gone for publication in showing):  # type: ignore[attr-defined]
        return gone(request, withdrawn_with(showing[0]))
    etag = f'"{name}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(bytes(Image.objects.get(name=name).data), content_type="image/webp")
    response.headers["ETag"] = etag
    return always_ask(response)
