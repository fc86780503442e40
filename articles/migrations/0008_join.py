"""The branches of the schema come together."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_follow"),
        ("articles", "0005_glossary"),
        ("articles", "0005_search"),
        ("articles", "0005_unannounced"),
        ("articles", "0007_reminders"),
    ]
    operations = []
