"""Django's admin for the rest: people, topics, the board. What the workflow owns can only be looked at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from articles import indexing
from articles.models import (
    Address,
    Article,
    Assignment,
    BoardMember,
    ChecklistItem,
    Conflict,
    Decision,
    Event,
    Interest,
    Message,
    Publication,
    ReviewPolicy,
    Round,
    Topic,
    User,
    Version,
)
from articles.workflow import sight


class ReadOnlyAdmin(admin.ModelAdmin):
    """For everything that only the workflow writes. No superuser flag changes that.

    Nor does one show an editor, who reviews as well, what colleagues did before their own decision is in.
    """

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        user: Any = request.user
        return sight.in_the_admin(user, super().get_queryset(request))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _read_only(model: type[Model], *columns: str) -> None:
    admin.site.register(
        model,
        type(f"{model.__name__}Admin", (ReadOnlyAdmin,), {"list_display": columns, "list_per_page": 50}),
    )


_read_only(Article, "question", "state", "author", "version", "state_since")
_read_only(Version, "question", "version", "history_user", "history_date")
_read_only(Round, "article", "number", "version", "outcome", "opened_at")
_read_only(Assignment, "round", "member", "due", "ended_at")
_read_only(Decision, "round", "name", "verdict", "version", "decided_at")
_read_only(Conflict, "article", "member", "declared_at")
_read_only(Publication, "question", "number", "version", "status", "published_at")
_read_only(Address, "slug", "article", "moved_to")
_read_only(Interest, "member", "kind", "name", "since", "until")
# These are kept at the desk, where each change is checked and told.
_read_only(ReviewPolicy, "topic", "quorum", "sign_off", "independent", "days_to_review")
_read_only(ChecklistItem, "verdict", "position", "text", "is_active")
_read_only(Event, "article", "sequence", "kind", "actor_name", "at", "version")
_read_only(Message, "event", "recipient", "kind", "sent_at", "attempts", "error")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = AdminUserCreationForm
    list_display = ("username", "name", "email", "is_active")
    search_fields = ("username", "name", "email")
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("name", "email")}),
        ("Permissions", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "name", "email", "password1", "password2")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What people signed stays signed by somebody. Closing the account is what there is.
        return False


@admin.register(BoardMember)
class BoardMemberAdmin(SimpleHistoryAdmin):
    list_display = ("name", "credentials", "specialties", "term_from", "term_to")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("user",)


class OnePerLine(forms.CharField):
    """A list of short texts, written one to a line."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (" ".join(line.split()) for line in (super().to_python(value) or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def validate(self, value: Any) -> None:
        if any(len(line) > 100 for line in value):
            raise forms.ValidationError("A name has at most 100 characters.")


class TopicForm(forms.ModelForm):
    terms = OnePerLine(
        required=False,
        label="Other names",
        help_text="What else readers call it, one name to a line: NET, carcinoid. Search knows it at once.",
    )

    class Meta:
        model = Topic
        fields = ("name", "slug", "description", "terms")


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    form = TopicForm
    list_display = ("name", "slug")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            indexing.refresh_topics([obj.slug, form.initial.get("slug") or obj.slug])
