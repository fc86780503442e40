"""The images of an article: which there are, where the text shows each, adding one and removing one."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from articles import queries, workflow
from articles.content.checks import MAX_ALT
from articles.content.document import Level
from articles.content.figures import image_in, markup
from articles.content.imaging import MAX_UPLOAD
from articles.content.statements import Kind
from articles.models import Article, Figure
from articles.web import OfficeRequest, image_address, insiders
from articles.workflow import Blocked, WorkflowError
from articles.workflow.case import Case
from articles.workflow.figures import MAX_CREDIT, MAX_FIGURES
from articles.writing.forms import Words
from articles.writing.overview import case_of_author

LONGEST = f"{MAX_UPLOAD // 1024**2} MB"
_TEXTS = {Level.CLINICAL: "clinical text", Level.PLAIN: "plain-language text"}


class FigureForm(forms.Form):
    """An image to add. What is wanting is the workflow's to say, all at once."""

    file = forms.FileField(
        label="Image",
        help_text=f"PNG, JPEG or WebP, at most {LONGEST}. Only its pixels are kept: "
        "where and when it was taken, and whatever else the file says, is left out.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"required": "Choose an image.", "empty": "The file is empty. Choose another one."},
    )
    alt = Words(
        label="Alternative text",
        required=False,
        help_text="What the image says, in words, for those who cannot see it: “Three bars, each longer…”",
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MAX_ALT}),
    )
    credit = Words(
        label="Credit",
        required=False,
        help_text="Who made it, and under what terms it may be shown. It ends the caption: "
        "“Drawn by Ada Okafor. CC BY 4.0.”",
        widget=forms.TextInput(attrs={"maxlength": MAX_CREDIT}),
    )


@dataclass(frozen=True)
class Shown:
    """One image on the page of figures."""

    figure: Figure
    src: str
    places: list[tuple[str, str]]  # (words, address in the form), in reading order
    markup: str
    older: int  # the newest version that shows it, when the text does so no more; 0 when none does

    @property
    def is_used(self) -> bool:
        return bool(self.places or self.older)

    @property
    def id(self) -> str:
        return str(self.figure.pk)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form that removes it sends."""
        return [("name", self.figure.name)]


@require_safe
@insiders("is_author")
def figures(request: OfficeRequest, pk: int) -> HttpResponse:
    """The images of one of my articles."""
    return _page(request, case_of_author(request.user, pk), FigureForm())


@require_safe
@insiders("is_author")
def images(request: OfficeRequest, pk: int) -> HttpResponse:
    """The same for the editor's dialog: {"images": [{name, alt, credit, src, width, height}]}."""
    case = case_of_author(request.user, pk)
    listed = [
        {
            "name": each.name,
            "alt": each.alt,
            "credit": each.credit,
            "src": image_address(pk, each.name),
            "width": each.width,
            "height": each.height,
        }
        for each in images_of(case.article)
    ]
    response = JsonResponse({"images": listed})
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_POST
@insiders("is_author")
def add(request: OfficeRequest, pk: int) -> HttpResponse:
    """Add an image. When it cannot be added, the page comes back with the words that were typed."""
    case = case_of_author(request.user, pk)
    form = FigureForm(request.POST, request.FILES)
    file: UploadedFile | None = request.FILES.get("file")
    if not form.is_valid() or file is None:
        if _is_too_long(request):
            # The file was not even taken in, so the form says that there is none.
            form.errors["file"] = form.error_class([f"The file has more than {LONGEST}. Make it smaller."])
        return _page(request, case, form, status=422)
    try:
        figure = workflow.add_figure(
            pk,
            actor=request.user,
            # One byte more tells that it is too long, and is all that is read of a file that is.
            file=file.read(MAX_UPLOAD + 1),
            alt=form.cleaned_data["alt"],
            credit=form.cleaned_data["credit"],
        )
    except Blocked as refusal:
        for issue in refusal.issues:
            form.add_error(issue.code, issue.message)
        return _page(request, case, form, status=refusal.status)
    except WorkflowError as refusal:
        return _page(request, case, form, status=refusal.status, refusal=refusal)
    messages.success(request, "The image is added. Put it into the text where readers need it.")
    return HttpResponseRedirect(f"{reverse('writing:figures', args=[pk])}#figure-{figure.pk}", status=303)


@require_POST
@insiders("is_author")
def remove(request: OfficeRequest, pk: int) -> HttpResponse:
    """Remove an image that no version shows."""
    case = case_of_author(request.user, pk)
    try:
        workflow.remove_figure(pk, name=request.POST.get("name", ""), actor=request.user)
    except Figure.DoesNotExist:
        messages.info(request, "This image is not there any more.")
    except WorkflowError as refusal:
        return _page(request, case, FigureForm(), status=refusal.status, refusal=refusal)
    else:
        messages.success(request, "The image is removed.")
    return HttpResponseRedirect(reverse("writing:figures", args=[pk]), status=303)


def _is_too_long(request: OfficeRequest) -> bool:
    sent = request.META.get("CONTENT_LENGTH") or ""
    return sent.isdigit() and int(sent) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def images_of(article: Article) -> list[Figure]:
    """The images of an article, oldest first, without their bytes. One query."""
    return list(Figure.objects.filter(article=article).defer("data"))


def _page(
    request: OfficeRequest,
    case: Case,
    form: FigureForm,
    *,
    status: int = 200,
    refusal: WorkflowError | None = None,
) -> HttpResponse:
    images = images_of(case.article)
    places = _places(case)
    unused = [each.name for each in images if each.name not in places]
    older = queries.newest_versions_with(case.article.pk, unused)
    shown = [
        Shown(
            figure=figure,
            src=image_address(case.article.pk, figure.name),
            places=places.get(figure.name, []),
            markup=markup(figure.name, figure.alt, f"Write the caption here. {figure.credit}"),
            older=older.get(figure.name, 0),
        )
        for figure in images
    ]
    context: dict[str, Any] = {
        "article": case.article,
        "shown": shown,
        "form": form,
        "refusal": refusal,
        "is_full": len(images) >= MAX_FIGURES,
        "most": MAX_FIGURES,
    }
    return render(request, "writing/figures.html", context, status=status)


def _places(case: Case) -> dict[str, list[tuple[str, str]]]:
    """Where the text shows each image, by its name."""
    found: dict[str, list[tuple[str, str]]] = {}
    edit = reverse("writing:save", args=[case.article.pk])
    for level, text in _TEXTS.items():
        figures = [block for block in case.document.blocks(level) if block.kind is Kind.FIGURE]
        for number, block in enumerate(figures, 1):
            field = "id_body" if level is Level.CLINICAL else "id_plain_body"
            place = (f"Figure {number} of the {text}", f"{edit}?at={block.anchor}#{field}")
            found.setdefault(image_in(block.html)[0], []).append(place)
    return found
