"""What is there from the first day: the three roles, the default review policy, the checklists."""

from typing import Any

from django.db import migrations
from django.utils import timezone

ROLES = ("Authors", "Medical Advisory Board", "Editors")
# What a board member confirms with an approval; the same aspects may be named when changes are requested.
ASPECTS = (
    ("Accuracy: what it says is right", "Accuracy"),
    ("Currency: it agrees with the guidelines in force", "Currency"),
    ("Sources: each statement is borne out by what it cites", "Sources"),
    ("Balance: benefits, limits and alternatives are given fairly", "Balance"),
    ("Readability: each text can be read by those it is for", "Readability for its level"),
    ("Safety: harms and contraindications are stated", "Harms and contraindications"),
    ("Interests: I have none that this article touches", "Conflicts of interest"),
)


def make_first_rows(apps: Any, schema_editor: Any) -> None:
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)
    apps.get_model("articles", "ReviewPolicy").objects.get_or_create(topic=None)
    item = apps.get_model("articles", "ChecklistItem")
    for position, (confirmed, aspect) in enumerate(ASPECTS, start=1):
        item.objects.get_or_create(verdict="approve", text=confirmed, position=position)
        item.objects.get_or_create(verdict="request_changes", text=aspect, position=position)


def begin_histories(apps: Any, schema_editor: Any) -> None:
    """The policy and the checklists that are there from the first day get the first line of their history.

    Without it nobody could read what an item said before it was reworded for the first time.
    """
    for name in ("ReviewPolicy", "ChecklistItem"):
        history = apps.get_model("articles", f"Historical{name}")
        for row in apps.get_model("articles", name).objects.all():
            fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
            history.objects.create(**fields, history_type="+", history_date=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        migrations.RunPython(make_first_rows, migrations.RunPython.noop),
        migrations.RunPython(begin_histories, migrations.RunPython.noop),
    ]
