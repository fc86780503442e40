"""The form of a review policy, and what speaks against one."""

from collections import Counter
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from articles.models import BoardMember, ReviewPolicy
from articles.states import Role

SPECIALTIES = 9


class Rules(forms.ModelForm):
    # Key of the newest line of its history when the form was opened; "" where there was none.
    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    class Meta:
        model = ReviewPolicy
        fields = ["quorum", "sign_off", "independent", "days_to_review", "months_to_next_review"]
        labels = {
            "quorum": "Approvals needed",
            "sign_off": "Every statement must be signed off",
            "independent": "Reviews are independent",
            "days_to_review": "Days to review",
            "months_to_next_review": "Months until the next review",
        }
        help_texts = {
            "quorum": "How many board members must approve the same version.",
            "sign_off": "Nobody can approve before each statement is marked as supported by its sources.",
            "days_to_review": "The due date that an invitation proposes.",
            "months_to_next_review": "From an approval, or a reaffirmation, to the day it is due again.",
        }


class Wanted(forms.Form):
    """One specialty that must be among those who approve, and how many of them have it. Empty: none."""

    specialty = forms.CharField(
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "specialties", "autocomplete": "off"}),
    )
    count = forms.IntegerField(label="How many", required=False, min_value=1, max_value=9, initial=1)

    def clean_specialty(self) -> str:
        return " ".join(str(self.cleaned_data["specialty"]).split())


class WantedFormSet(forms.BaseFormSet):
    def clean(self) -> None:
        # A line that was left as it came has no data at all.
        names = Counter(form.cleaned_data.get("specialty", "").casefold() for form in self.forms)
        names.pop("", None)
        twice = [name for name, times in names.items() if times > 1]
        if twice:
            raise ValidationError(f"Name each specialty once: “{twice[0]}” stands here twice.")

    @property
    def wanted(self) -> dict[str, int]:
        """{"Pharmacy": 1}; only of valid forms."""
        return {
            form.cleaned_data["specialty"]: form.cleaned_data["count"] or 1
            for form in self.forms
            if form.cleaned_data.get("specialty")
        }


WantedForms = forms.formset_factory(
    Wanted,
    formset=WantedFormSet,
    extra=2,
    max_num=SPECIALTIES,
    validate_max=True,
    absolute_max=SPECIALTIES + 3,
)


class PolicyForms:
    """The rules and the specialties as one form: valid together or not at all."""

    def __init__(self, policy: ReviewPolicy, seen: str, data: Any = None) -> None:
        wanted = [{"specialty": name, "count": count} for name, count in sorted(policy.specialties.items())]
        self.rules = Rules(data, instance=policy, initial={"seen": seen})
        self.specialties: Any = WantedForms(data, initial=wanted, prefix="specialty")

    def is_valid(self) -> bool:
        # Both are asked, so that everything that is wrong is said at once.
        if not all([self.rules.is_valid(), self.specialties.is_valid()]):
            return False
        for impossible in impossibilities(self.rules.cleaned_data["quorum"], self.specialties.wanted):
            self.rules.add_error("quorum", impossible)
        return self.rules.is_valid()

    @property
    def seen(self) -> str:
        return str(self.rules.cleaned_data["seen"])

    def policy(self) -> ReviewPolicy:
        """The policy as typed, unsaved. Only of valid forms."""
        policy = self.rules.save(commit=False)
        policy.specialties = self.specialties.wanted
        return policy


def impossibilities(quorum: int, specialties: dict[str, int]) -> list[str]:
    """What no board could ever fulfil, in words."""
    asked = sum(specialties.values())
    if asked <= quorum:
        return []
    remedy = f"Raise the approvals to {asked}, or ask for fewer specialists."
    return [f"The specialties ask for {_members(asked)}, and only {_members(quorum)} must approve. {remedy}"]


def doubts(policy: ReviewPolicy, board: list[list[str]]) -> list[str]:
    """What the board that serves today could not fulfil. board: the specialties of each member."""
    said = []
    if len(board) < policy.quorum:
        serve = f"{len(board)} serve{'s' if len(board) == 1 else ''}"
        said.append(f"{_members(policy.quorum).capitalize()} must approve, and {serve} on the board today.")
    for name, count in sorted(policy.specialties.items()):
        have = sum(name.casefold() in {each.casefold() for each in member} for member in board)
        if have == 0:
            said.append(f"No member who serves today has the specialty {name}: nothing can be approved.")
        elif have < count:
            said.append(f"{count} from {name} must approve, and on the board today there is only {have}.")
    return said


def serving() -> QuerySet[BoardMember]:
    """Who can review today: a term that is running, an open account, the board's group."""
    return BoardMember.objects.serving().filter(user__is_active=True, user__groups__name=Role.BOARD)


def specialties_of_the_board() -> list[list[str]]:
    """The specialties of each serving member. One query."""
    return [member.specialty_list for member in serving()]


def _members(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"


class Suggested(forms.Form):
    """Whose members are suggested first for a topic's articles."""

    specialties = forms.CharField(
        label="Specialties suggested first",
        required=False,
        max_length=400,
        help_text="Separated by commas, as they stand in the members’ profiles.",
        widget=forms.TextInput(attrs={"list": "specialties", "autocomplete": "off"}),
    )

    def clean_specialties(self) -> list[str]:
        typed = (" ".join(part.split()) for part in self.cleaned_data["specialties"].split(","))
        return list({name.casefold(): name for name in typed if name}.values())


class Removal(forms.Form):
    confirm = forms.BooleanField(
        label="Remove it. The default holds for this topic from now on.",
        error_messages={"required": "Confirm that the topic’s own policy is to be removed."},
    )
