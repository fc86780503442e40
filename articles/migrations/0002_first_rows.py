"""What is there from the first day: the three roles, the default review policy, the checklists."""

from typing import Any

from django.db import migrations

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


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(make_first_rows, migrations.RunPython.noop)]
