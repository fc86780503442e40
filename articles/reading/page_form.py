"""What every form under an article says of where it comes from: the version, the text and the part read."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from articles.models.publication import Address, Publication
from articles.models.questions import Question
from articles.reading.limit import HOUR
from articles.states import Level, PublicationStatus

WHOLE_PAGE = "The page as a whole"


class WrittenText(forms.CharField):
    """Text whose line breaks count as one character each, as the browser's own limit counts them."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(str(value or "").replace("\r\n", "\n").replace("\r", "\n")))


class PageForm(forms.Form):
    """headings: those of the page, offered as its parts. Nothing that is sent here is an error."""

    section = forms.CharField(label="About which part?", required=False, widget=forms.Select)
    # People do not see this field; programs that fill in every field do.
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": -1, "autocomplete": "off"})
    )
    level = forms.CharField(required=False, widget=forms.HiddenInput)
    # The version that was on the reader's screen, which may have been superseded since.
    number = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, *, headings: list[str], auto_id: str, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, auto_id=auto_id, initial=initial)
        places = [WHOLE_PAGE, "Title and summary", *dict.fromkeys(headings), "References"]
        self.fields["section"].widget.choices = [(place, place) for place in places]
        self._places = set(places)

    def clean_section(self) -> str:
        """A heading of the page as it is now, or none: what else is sent is nobody's heading."""
        section: str = self.cleaned_data["section"]
        return section if section in self._places - {WHOLE_PAGE} else ""

    def clean_level(self) -> str:
        """Which text it is about; a form that does not say is about the clinical one."""
        return known_level(self.cleaned_data["level"]).value

    def clean_number(self) -> int:
        number: str = self.cleaned_data["number"]
        return int(number) if number.isascii() and number.isdigit() else 0


def known_level(level: str) -> Level:
    return Level.PLAIN if level == Level.PLAIN else Level.CLINICAL


def headings_of(address: Address, level: str) -> list[str]:
    """The titles of the live text's headings. One query."""
    contents = (
        Publication.objects.filter(pk=address.publication_id)
        .values_list(f"{known_level(level).value}__contents", flat=True)
        .first()
    )
    return titles({"contents": contents or []})


def titles(rendering: dict[str, Any]) -> list[str]:
    """The titles of a rendering's headings."""
    return [heading["title"] for heading in rendering["contents"]]


def keep(address: Address, kind: str, given: dict[str, Any]) -> None:
    """Keep what a reader sent, of a form's cleaned data, for the stated time."""
    now = timezone.now()
    Question.objects.create(
        publication=_read_version(address, given["number"]),
        kind=kind,
        level=given["level"],
        section=given["section"],
        text=given["text"],
        email=given["email"],
        created_at=now,
        expires_at=now + timedelta(days=settings.QUESTION_RETENTION_DAYS),
    )


def is_known(address: Address, kind: str, given: dict[str, Any]) -> bool:
    """Whether the same came within the hour: by a double click, or from a page sent again."""
    return Question.objects.filter(
        publication__article=address.article_id,
        kind=kind,
        text=given["text"],
        email=given["email"],
        created_at__gt=timezone.now() - timedelta(seconds=HOUR),
    ).exists()


def _read_version(address: Address, number: int) -> Publication:
    """The version that the reader had before them, where readers may still see it; else the live one."""
    still_shown = ~Q(status=PublicationStatus.WITHDRAWN)
    found = Publication.objects.filter(still_shown, article=address.article_id, number=number)
    return found.only("pk").first() or address.publication
