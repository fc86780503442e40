"""The forms of the desk's steps with an article. They are named as the steps are; each knows its article."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from articles.desk.board import candidates
from articles.models import Address, Article, Publication, User
from articles.workflow.case import Case

NOTE_LENGTH = 5_000
COAUTHORS = 50


def words(label: str, *, required: bool = True, help_text: str = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=NOTE_LENGTH,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class StepForm(forms.Form):
    """A step of the desk with one article. `consequences`: what it will do, shown above the button."""

    button = ""
    use_required_attribute = True

    def __init__(self, data: Any = None, *, case: Case) -> None:
        self.case = case
        self.article: Article = case.article
        # Several of these stand on one page, and each label must find its own field.
        super().__init__(data, auto_id=f"{self.__class__.__name__.lower()}_%s")

    @property
    def consequences(self) -> list[str]:
        return []


# So many stand open on the page; the others unfold.
FIRST_CANDIDATES = 6


class Assign(StepForm):
    button = "Invite to review"
    member = forms.TypedMultipleChoiceField(
        label="Members",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Choose serving members of the board from the list.",
            "required": "Choose at least one member.",
        },
    )
    due = forms.DateField(label="Due", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = words("A word to the reviewers", required=False, rows=3)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data, case=case)
        self.candidates = {each.user.pk: each for each in candidates(case)}
        choices = [(str(pk), str(each.profile)) for pk, each in self.candidates.items()]
        self.fields["member"].choices = choices  # type: ignore[attr-defined]
        self.fields["due"].initial = timezone.localdate() + timedelta(days=self._days)

    @property
    def _days(self) -> int:
        round_ = self.case.round
        return int(round_.policy["days_to_review"]) if round_ else self.case.policy.days_to_review

    def clean_member(self) -> list[User]:
        return [self.candidates[pk].user for pk in self.cleaned_data["member"]]

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The candidates as the page lists them: who suits best, who else can, who cannot and why."""
        chosen = {str(value) for value in self["member"].value() or ()}
        rows: list[dict[str, Any]] = [
            {"candidate": each, "value": pk, "checked": str(pk) in chosen}
            for pk, each in self.candidates.items()
        ]
        can = [row for row in rows if not row["candidate"].barred]
        barred = [row for row in rows if row["candidate"].barred]
        more = can[FIRST_CANDIDATES:]
        return [
            {"title": "", "rows": can[:FIRST_CANDIDATES], "open": True},
            {"title": f"{len(more)} more", "rows": more, "open": any(row["checked"] for row in more)},
            {
                "title": f"{len(barred)} who cannot review it",
                "rows": barred,
                "open": any(row["checked"] for row in barred),
            },
        ]


class Reviewer(StepForm):
    """A step with one who reviews in the open round and has not decided."""

    member = forms.TypedChoiceField(
        label="Member",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": "This member no longer reviews it, or has decided. Choose another."
        },
    )
    note = words("Why", required=False, rows=3)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data, case=case)
        decided = {decision.member_id for decision in case.decisions}
        standing = [each for each in case.standing if each.member_id not in decided]
        self.members = {each.member_id: each.member for each in standing}
        choices = [(str(pk), str(member)) for pk, member in self.members.items()]
        self.fields["member"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["member"].initial = choices[0][0]

    def clean_member(self) -> User:
        return self.members[self.cleaned_data["member"]]


class Unassign(Reviewer):
    button = "Release"


class Remind(Reviewer):
    button = "Remind"
    note = words("A word to the reviewer", required=False, rows=3)


class Reaffirm(StepForm):
    button = "Ask for a reaffirmation"
    note = words("A word to the reviewers", required=False, rows=3)

    @property
    def consequences(self) -> list[str]:
        months = self.case.policy.months_to_next_review
        return [
            "The board is asked whether the text that readers have still holds. Nobody can edit it then.",
            "Those who approved it last are asked again, where they still may; otherwise assign somebody.",
            "When they approve, “Last reviewed” becomes that day; “Last updated” and the text stay.",
            f"The next review is due {months} month{'' if months == 1 else 's'} after that day.",
            "When they ask for changes, the author gets the text back to edit; readers keep what they have.",
        ]


class Decline(StepForm):
    button = "Decline this article"
    version = forms.IntegerField(widget=forms.HiddenInput)
    note = words("Reason for the author")

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data, case=case)
        self.fields["version"].initial = case.article.version

    @property
    def consequences(self) -> list[str]:
        return [
            "The round of review ends, and its reviewers are told.",
            f"{self.article.author} is told, with your reason, and may begin a revision.",
            "A decline cannot be taken back. What readers see does not change.",
        ]


class Retire(StepForm):
    button = "Retire this article now"
    note = words("Notice to readers", help_text="Public. It stands at the article’s address from now on.")
    confirm = forms.BooleanField(
        label="I have read what happens. Take the article away from readers now.",
        error_messages={"required": "Confirm that the article is to be taken away from readers."},
    )

    @property
    def consequences(self) -> list[str]:
        address = current_address(self.article)
        where = f"At /articles/{address.slug}/ r" if address else "R"
        ended = ["The round of review that is open ends; its reviewers are told."]
        return [
            f"{where}eaders see your notice instead of the text at once, every approved version included.",
            "The article leaves the lists, the search and the feeds.",
            *(ended if self.article.rounds.filter(closed_at__isnull=True).exists() else []),
            f"{self.article.author} is told.",
            "It cannot be taken back: only a new version that passes a whole review brings the article back.",
        ]


class SetCoauthors(StepForm):
    button = "Save the co-authors"
    coauthors = forms.CharField(
        label="Co-authors",
        required=False,
        max_length=NOTE_LENGTH,
        help_text="One to a line: an e-mail address or a username. An empty list means none.",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data, case=case)
        emails = case.article.coauthors.order_by("name").values_list("email", flat=True)
        self.fields["coauthors"].initial = "\n".join(emails)

    def clean_coauthors(self) -> list[User]:
        """The people named, in the order they were typed, each once."""
        lines = [line.strip() for line in self.cleaned_data["coauthors"].splitlines() if line.strip()]
        if len(lines) > COAUTHORS:
            raise ValidationError(f"These are {len(lines)} people; {COAUTHORS} can be named.")
        named = Q()
        for line in lines:
            named |= Q(email__iexact=line) | Q(username__iexact=line)
        people = list(User.objects.filter(named, is_active=True)) if lines else []
        known: dict[str, User] = {}
        for person in people:
            known |= {person.username.casefold(): person, person.email.casefold(): person}
        unknown = [line for line in lines if line.casefold() not in known]
        if unknown:
            raise ValidationError(
                f"Nobody here goes by {', '.join(f'“{each}”' for each in unknown)}. "
                "Check the spelling, or ask them to sign up first. Nothing was changed."
            )
        return list({known[line.casefold()].pk: known[line.casefold()] for line in lines}.values())


class MoveAddress(StepForm):
    button = "Change the address"
    slug = forms.CharField(
        label="New address",
        max_length=100,
        help_text="The last part of the address: words with hyphens between them.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data, case=case)
        address = current_address(case.article)
        self.fields["slug"].initial = address.slug if address else ""


STEPS: dict[str, type[StepForm]] = {
    "assign": Assign,
    "unassign": Unassign,
    "reaffirm": Reaffirm,
    "decline": Decline,
    "retire": Retire,
    "set_coauthors": SetCoauthors,
    "move_address": MoveAddress,
}


def current_address(article: Article) -> Address | None:
    return Address.objects.filter(article=article, moved_to__isnull=True).first()


def live_publication(article: Article) -> Publication | None:
    """The live publication without its texts."""
    return (
        Publication.objects.live()
        .filter(article=article)
        .only("number", "version", "published_at", "reviewed_at", "next_review_due", "status", "article")
        .first()
    )
