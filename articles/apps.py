from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, post_save


class ArticlesConfig(AppConfig):
    name = "articles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A web process asks for tasks by name, so it must know them as the worker does.
        from articles import indexing, tasks, triggers  # noqa: F401
        from articles.edition.watch import watch
        from articles.models import Letter
        from articles.notify import letters

        # The reading door writes letters and knows nothing of who sends them.
        post_save.connect(letters.wake_for, sender=Letter)
        # Rebuilding a table on SQLite loses its triggers, so every migrate puts all of them back.
        post_migrate.connect(triggers.install_after_migrate, sender=self)
        post_migrate.connect(indexing.build_after_migrate, sender=self)
        # Whoever writes, from a page, a task, a command or a shell: readers' pages are told first.
        connection_created.connect(watch)
