"""The images of figures: those that a text shows which readers may read now, and no other byte."""

from django.db.models import Exists
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles.images import image_response
from articles.models.publication import Image, Publication
from articles.reading.addresses import gone, without_texts
from articles.reading.freshness import always_ask
from articles.reading.versions import LATER_WITHDRAWN, withdrawn_with


@require_safe
def figure(request: HttpRequest, name: str) -> HttpResponse:
    """An image by its name, for as long as one of the texts that show it stands. Two queries, one for a 304.

    Whoever holds a copy asks each time, so that it is gone with the text.
    """
    showing = list(
        Publication.objects.filter(images__name=name[:64].replace("\x00", ""))
        .defer(*without_texts())
        .annotate(is_gone=Exists(LATER_WITHDRAWN))
    )
    if not showing:
        raise Http404("There is no such image.")
    if all(publication.is_gone for publication in showing):
        return gone(request, withdrawn_with(showing[0]))
    return always_ask(image_response(request, name, lambda: Image.objects.get(name=name).data))
