"""The forms of a group of questions: its title, and those who are to answer it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from articles.content.checks import MAX_QUESTION
from articles.desk.forms import words
from articles.desk.policy_form import serving
from articles.models import Inquiry, User
from articles.workflow.bars import bars
from articles.workflow.case import Case

_DAYS = 14


class Title(forms.Form):
    title = forms.CharField(
        label="The question, in your own words",
        help_text="It outlives what readers wrote: none of their words, and nothing that tells who they are.",
        widget=forms.TextInput(attrs={"maxlength": MAX_QUESTION}),
        error_messages={"required": "Write the question in your own words."},
    )


class GiveNote(forms.Form):
    note = words("A word to them", required=False, rows=2)


class AskMember(forms.Form):
    member = forms.TypedChoiceField(
        label="Member",
        coerce=int,
        error_messages={"invalid_choice": "Choose a serving member from the list."},
    )
    due = forms.DateField(
        label="Due", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = words("A word to the member", required=False, rows=2)

    def __init__(self, data: Any = None, *, inquiry: Inquiry) -> None:
        super().__init__(data, auto_id="ask-%s")
        profiles = list(serving().select_related("user"))
        people = [each.user_id for each in profiles]
        case = Case(inquiry.article, profiles[0].user) if profiles else None
        barred = bars(case, people) if case else {}
        self._users = {each.user_id: each.user for each in profiles if each.user_id not in barred}
        self.fields["member"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a member"),
            *(
                (str(each.user_id), f"{each} · {each.specialties}")
                for each in profiles
                if each.user_id in self._users
            ),
        ]
        self.cannot = [
            f"{each} {barred[each.user_id].of_them()}" for each in profiles if each.user_id in barred
        ]
        self.fields["due"].initial = timezone.localdate() + timedelta(days=_DAYS)

    def clean_member(self) -> User:
        return self._users[self.cleaned_data["member"]]


class BeginArticle(forms.Form):
    author = forms.CharField(
        label="Author",
        max_length=254,
        help_text="An e-mail address or a username. They find a draft with this question as its title.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
    note = words("A word to the author", required=False, rows=2)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="begin-%s")

    def clean_author(self) -> User:
        name = self.cleaned_data["author"].strip()
        found = User.objects.filter(Q(email__iexact=name) | Q(username__iexact=name), is_active=True).first()
        if found is None:
            raise ValidationError(
                f"Nobody here goes by “{name}”. Check the spelling, or ask them to sign up first."
            )
        return found
