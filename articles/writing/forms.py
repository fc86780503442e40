"""What an author fills in beside the references: the question, the text, the declarations."""

from typing import Any

from django import forms

from articles.content.checks import MAX_BODY_BYTES, MAX_QUESTION, MAX_SUMMARY
from articles.models import Topic
from articles.richtext import RichText


class Words(forms.CharField):
    """Text as it is kept: browsers send line ends of their own, and those are no change of the text."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class ArticleForm(forms.Form):
    """Everything of an article but its references. Too long is the workflow's to say, and by how much."""

    question = Words(
        label="Clinical question",
        help_text="One question, as a clinician would ask it.",
        widget=forms.TextInput(attrs={"maxlength": MAX_QUESTION}),
    )
    topic = forms.ModelChoiceField(Topic.objects.all(), required=False, empty_label="No topic yet")
    summary = Words(
        required=False,
        help_text="The short answer in one to three sentences. Readers see it first.",
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MAX_SUMMARY, "class": "read"}),
    )
    body = Words(label="Clinical text", required=False, strip=False, widget=RichText())
    plain_body = Words(label="Plain-language text", required=False, strip=False, widget=RichText())
    competing_interests = Words(
        required=False,
        help_text="Name them, or write “None declared”.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    ai_use = Words(
        label="Use of AI",
        required=False,
        help_text="Say which tool did what, or write “None”.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    evidence_searched_to = forms.DateField(
        label="Evidence searched to",
        required=False,
        help_text="The day up to which you searched the literature.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    note = Words(
        label="What changed",
        required=False,
        max_length=500,
        help_text="A line for the list of versions. The board reads it beside the comparison.",
        widget=forms.TextInput(attrs={"maxlength": 500}),
    )
    # The version the text in this form was taken from; a form that begins an article has none.
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("body", "plain_body"):
            # Nothing may be kept of it, so it need not be taken apart either.
            if len(data.get(name, "")) > 4 * MAX_BODY_BYTES:
                self.add_error(name, "This is far more than the megabyte that can be kept.")
        return data
