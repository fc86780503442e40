"""What board members send: checked here for being a form at all, and by the workflow for everything else."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from articles.content.checks import Issue
from articles.workflow import Blocked

MAX_NOTE = 10_000
_INCOMPLETE = "The form did not say which text it was about. Read the text below, then decide again."


class NoteForm(forms.Form):
    """A note. Whether there must be one is the workflow's to say."""

    note = forms.CharField(
        required=False,
        max_length=MAX_NOTE,
        error_messages={
            "max_length": "Your note is %(show_value)d characters long; %(limit_value)d can be kept."
        },
    )

    def clean_note(self) -> str:
        """Browsers send line breaks as CR LF; what is signed and sealed should not depend on them."""
        return str(self.cleaned_data["note"]).replace("\r\n", "\n")


class KeysField(forms.MultipleChoiceField):
    """Primary keys, whichever there are: what they are keys of is the workflow's to look up."""

    def clean(self, value: Any) -> list[int]:
        found = super().clean(value)
        if not all(key.isascii() and key.isdigit() and len(key) < 10 for key in found):
            raise ValidationError(_INCOMPLETE)
        return [int(key) for key in found]

    def valid_value(self, value: Any) -> bool:
        return True


class DecisionForm(NoteForm):
    """A verdict over exactly the text that was on the page; `ticked`: keys of items of the checklist."""

    ticked = KeysField(required=False)

    version = forms.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _INCOMPLETE),
    )
    digest = forms.RegexField(
        r"\A[0-9a-f]{64}\Z", error_messages={"required": _INCOMPLETE, "invalid": _INCOMPLETE}
    )


class ApprovalForm(DecisionForm):
    """An approval, with the password that signs it. The password is never shown again."""

    password = forms.CharField(
        required=False,
        strip=False,
        max_length=4096,
        error_messages={"max_length": "This is not your password. Nothing was signed."},
    )


class RecuseForm(NoteForm):
    conflict = forms.BooleanField(
        required=False,
        label="I have a conflict of interest with this article",
        help_text="Then it is recorded, and you cannot review this article again.",
    )


class VersionForm(forms.Form):
    """A step on a statement (its anchor or digest) of exactly the version that was on the page."""

    version = forms.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _INCOMPLETE),
    )
    statement = forms.CharField(required=False, max_length=64)


class MarkForm(NoteForm, VersionForm):
    """A verdict on a statement. A button sends both in one: mark="supported s-1a2b3c4d5e"."""

    support = forms.CharField(required=False, max_length=16)
    mark = forms.CharField(required=False, max_length=96)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if mark := given.pop("mark", ""):
            given["support"], _, given["statement"] = mark.partition(" ")
        return given


class ThreadForm(VersionForm):
    """A thread to be opened. What it needs at least is the workflow's to say."""

    text = forms.CharField(required=False)
    must_fix = forms.BooleanField(required=False)
    suggestion = forms.CharField(required=False)
    leave_out = forms.BooleanField(required=False)
    level = forms.CharField(required=False, max_length=10)


def cleaned(form: forms.Form) -> dict[str, Any]:
    """The form's values. Raises Blocked with everything that is wrong with it, once each."""
    if not form.is_valid():
        messages = dict.fromkeys(str(message) for errors in form.errors.values() for message in errors)
        raise Blocked([Issue("form", message) for message in messages])
    return form.cleaned_data
