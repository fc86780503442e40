from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ArticlesConfig(AppConfig):
    name = "articles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A web process asks for tasks by name, so it must know them as the worker does.
        from articles import indexing, tasks, triggers  # noqa: F401

        # Rebuilding a table on SQLite loses its triggers, so every migrate puts all of them back.
        post_migrate.connect(triggers.install_after_migrate, sender=self)
        post_migrate.connect(indexing.build_after_migrate, sender=self)
