"""The WSGI application that granian serves: finished pages first, then Django."""

import gc
import os
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netreview.settings")


def _application() -> Callable[..., Any]:
    django = get_wsgi_application()

    # Both need the settings that the line above has loaded.
    from django.conf import settings

    from netreview.finished.serve import FinishedPages

    room = 0 if settings.DEBUG else settings.FINISHED_PAGES_MB * 1_000_000
    return FinishedPages(django, room) if room else django


application = _application()

# What it took to start lives as long as the process. Looking through it again for garbage, every ten requests
# or so, would keep one of them waiting for a tenth of a second.
gc.collect()
gc.freeze()
