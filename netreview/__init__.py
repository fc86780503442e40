"""The project around the `articles` application: settings, addresses, servers and the task queue."""

# Celery's `shared_task` finds its application only when this is imported with Django.
from netreview.celery import app as celery_app

__all__ = ["celery_app"]
