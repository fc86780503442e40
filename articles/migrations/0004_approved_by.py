from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_answers_by_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="approved_by",
            field=models.ManyToManyField(related_name="publications", to="articles.boardmember"),
        ),
    ]
