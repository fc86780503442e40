"""The Celery application: `celery -A netreview worker` and `celery -A netreview beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netreview.settings")

app = Celery("netreview")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
