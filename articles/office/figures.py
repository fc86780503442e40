"""The images of an article, approved or not, for those who may read it."""

from django.http import Http404, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from articles.images import image_response
from articles.models import Figure
from articles.web import OfficeRequest, article_or_404, insiders


@require_safe
@insiders()
def figure(request: OfficeRequest, pk: int, name: str) -> HttpResponse:
    """One image. Only this person's browser may keep it, and asks each time whether they may still see it."""
    article_or_404(request.user, pk)
    figures = Figure.objects.filter(article=pk, name=name[:64].replace("\x00", ""))
    if not figures.exists():
        raise Http404("This article has no such image.")
    response = image_response(request, name, lambda: figures.get().data)
    patch_cache_control(response, private=True, no_cache=True)
    return response
