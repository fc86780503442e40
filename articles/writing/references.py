"""References in the form: one row each, as it came from the record, was typed, or is drawn again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.forms.utils import pretty_name
from django.utils.safestring import SafeString, mark_safe

from articles.content.checks import MAX_REFERENCES
from articles.content.references import Record, ama, problems
from articles.writing.forms import Words
from articles.writing.records import date_read, key_for, record_of, row_of

TYPES = [
    ("article-journal", "Journal article"),
    ("book", "Book"),
    ("chapter", "Chapter of a book"),
    ("report", "Report or guideline"),
    ("webpage", "Web page"),
]
# Hidden fields carry whole records: more than any real one has, less than would let a form grow without end.
MAX_RECORD = 100_000
_KINDS = {"type": "choice", "authors": "lines", "unverified": "box", "remove": "box"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of one reference: a line, several lines, a choice or a box to tick."""

    name: str
    html_name: str
    id: str
    kind: str
    label: str
    help: str
    value: Any
    errors: list[str]


class ReferenceForm(forms.Form):
    """One reference. The record it was made from travels along, with all that the form does not show."""

    key = forms.CharField(required=False, max_length=64, help_text="Left empty, it becomes name and year.")
    type = forms.ChoiceField(choices=TYPES, initial="article-journal")
    title = forms.CharField(required=False)
    authors = Words(
        required=False,
        help_text="One per line: Family, Given. An organization without a comma.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    container = forms.CharField(label="Journal, book or site", required=False)
    issued = forms.CharField(label="Date", required=False, help_text="2021, 2021-07 or 2021-07-05")
    volume = forms.CharField(required=False)
    issue = forms.CharField(required=False)
    pages = forms.CharField(required=False)
    doi = forms.CharField(label="DOI", required=False, help_text="10.1016/…")
    pmid = forms.CharField(label="PubMed number", required=False)
    url = forms.CharField(label="Web address", required=False)
    unverified = forms.BooleanField(
        label="Unverified: I have not seen the source itself",
        required=False,
    )
    record = forms.CharField(required=False, max_length=MAX_RECORD, widget=forms.HiddenInput)
    remove = forms.BooleanField(label="Remove this reference when saving", required=False)

    @property
    def record_text(self) -> str:
        return str(self["record"].value() or "")

    @cached_property
    def base(self) -> Record:
        """The record this row was made from; {} for a new one, or for one that came back damaged."""
        try:
            found = json.loads(self.record_text or "{}")
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def is_removed(self) -> bool:
        return bool(self.cleaned_data.get("remove")) if self.is_bound else bool(self.initial.get("remove"))

    @property
    def preview(self) -> SafeString:
        """The reference as readers will see it, escaped by the function that writes it."""
        kept: Record | None = getattr(self, "kept", None)
        if kept is None:
            kept = self.base if self.is_bound else self.initial.get("shown") or self.base
        return mark_safe(ama(kept) if kept else "")  # noqa: S308

    @property
    def cells(self) -> Iterator[Cell]:
        """The visible fields for the template. Widgets of their own would take seconds at 300 references."""
        for name, field in self.fields.items():
            if field.widget.is_hidden:
                continue
            value = self[name].value()
            html_name = self.add_prefix(name)
            yield Cell(
                name=name,
                html_name=html_name,
                id=f"id_{html_name}",
                kind=_KINDS.get(name, "line"),
                label=str(field.label or pretty_name(name)),
                help=str(field.help_text),
                value="" if value is None else value,
                errors=[str(error) for error in self[name].errors] if self.is_bound else [],
            )

    @property
    def must_show(self) -> bool:
        """Whether the row stands open: something is wrong with it, or there is nothing to read yet."""
        return (self.is_bound and bool(self.errors)) or not self.preview

    @property
    def is_unverified(self) -> bool:
        return bool(self["unverified"].value())

    @property
    def name(self) -> str:
        return str(self["key"].value() or "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors or data["remove"]:
            return data
        base = self.base
        if data["issued"] not in {"", row_of(base)["issued"]} and not date_read(data["issued"]):
            self.add_error(
                "issued", "Write the year, or the year with month and day: 2021, 2021-07, 2021-07-05."
            )
            return data
        record = record_of(data, base)
        if not record.get("id"):
            record["id"] = data["key"] = key_for(record, ())
        for problem in problems(record):
            self.add_error(None, f"This reference {problem}.")
        self.kept = record
        return data


class _References(forms.BaseFormSet):
    """The list of references. Rows that were left blank count for nothing."""

    def clean(self) -> None:
        taken: set[str] = set()
        for row in self._written():
            record: Record | None = getattr(row, "kept", None)
            if record is None:
                continue
            if record["id"] in taken and not row["key"].data:
                record["id"] = key_for(record | {"id": ""}, taken)
            if record["id"] in taken:
                row.add_error("key", f"Another reference has the key “{record['id']}”. Give each its own.")
            taken.add(record["id"])

    @property
    def records(self) -> list[Record]:
        """The records as they are to be saved; ask after is_valid()."""
        return [row.kept for row in self._written() if hasattr(row, "kept")]

    def _written(self) -> list[ReferenceForm]:
        return [row for row in self.forms if row.has_changed() and not row.is_removed]


_Factory = forms.formset_factory(
    ReferenceForm,
    formset=_References,
    extra=0,
    max_num=MAX_REFERENCES,
    absolute_max=2 * MAX_REFERENCES,
)


def references_of(records: list[Record], *, blank: int = 0) -> Any:
    """The rows of stored records, and `blank` empty ones."""
    rows = [row_of(record) | {"record": json.dumps(record, ensure_ascii=False)} for record in records]
    return _rows(rows, blank)


def references_posted(data: Any) -> Any:
    """The rows as they came, to be checked and saved."""
    return _Factory(data, prefix="references")


def references_redrawn(data: Any, *, more: list[Record] | None = None, blank: int = 0) -> Any:
    """The rows as they came, unjudged, followed by `more` records and `blank` empty rows."""
    written = [form for form in references_posted(data).forms if form.has_changed()]
    keys = {form.name for form in written}
    rows = []
    for form in written:
        row = {name: form[name].value() for name in form.fields}
        shown = record_of(_settled(row), form.base)
        if shown.get("title") and not shown.get("id"):
            # From now on the text can cite it.
            row["key"] = key_for(shown, keys)
            keys.add(row["key"])
        rows.append(row | {"shown": shown})
    added = [row_of(record) | {"record": json.dumps(record, ensure_ascii=False)} for record in more or []]
    return _rows(rows + added, blank)


def _rows(rows: list[dict[str, Any]], blank: int) -> Any:
    formset = _Factory(initial=rows, prefix="references")
    formset.extra = blank
    return formset


def _settled(row: dict[str, Any]) -> dict[str, Any]:
    """Raw values as the form would clean them, without judging them."""
    settled = {name: value.strip() if isinstance(value, str) else value for name, value in row.items()}
    settled["authors"] = str(settled["authors"] or "").replace("\r\n", "\n")
    settled["unverified"] = bool(settled["unverified"])
    return settled
