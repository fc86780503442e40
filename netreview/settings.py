"""All settings, read from the environment (or a `.env` file); each variable is explained in `.env.example`.

Without any variable nothing starts but a clear error: production must name its secret. `DEMO=1` is the
local trial that `bin/demo` runs: no HTTPS, mail kept in files, everything else as in production.
"""

import contextlib
import logging
import os
import tempfile
from pathlib import Path

import structlog
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from environs import Env
from js_asset import static_lazy
from structlog.typing import Processor
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(env.str("ENV_FILE", str(BASE_DIR / ".env")), recurse=False)

DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", False)
LOCAL = DEMO or DEBUG

# Everything this program writes at run time lies here, so that a fresh start is one directory to delete.
VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _local_secret_key() -> str:
    """The key of a demo: random, made once, readable by its owner only."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=VAR_DIR)  # made with mode 0600
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(get_random_secret_key())
        # Of two processes that start together one link succeeds, and both read the same whole file.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text(encoding="utf-8")


SECRET_KEY = env.str("SECRET_KEY", "") or (_local_secret_key() if LOCAL else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is missing. Set it in the environment or in .env (see .env.example); "
        "for a local trial run bin/demo, or set DEMO=1."
    )

# --- Where the site is --------------------------------------------------------------------------------------

# Mail is written outside of any request, so absolute links need to know the site's own address.
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if LOCAL else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# --- The application ----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "articles",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "corsheaders",
    "csp",
    "django_htmx",
    "django_prose_editor",
    "django_structlog",
    "simple_history",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "netreview.urls"
WSGI_APPLICATION = "netreview.wsgi.application"
ASGI_APPLICATION = "netreview.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "articles.User"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "articles.web.office",
            ],
        },
    },
]

# --- What is kept: database, cache, task queue --------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", "")

DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL", f"sqlite:///{VAR_DIR / 'netreview.sqlite3'}", conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # A transaction that starts by reading and then writes would fail at once when another one wrote in
        # between; an immediate one waits its turn, up to the timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA foreign_keys=ON; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # Ten seconds without a free connection is an error, and better than a queue without end.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL_SIZE", 8),
        "timeout": 10,
    }

if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "netreview.cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "netreview",
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# The number of the edition that readers see, on one machine; with Redis it lies there (articles/edition).
EDITION_FILE = "edition"
# Memory of each web process for the finished bytes of public pages (netreview/finished); 0: make each anew.
FINISHED_PAGES_MB = env.int("FINISHED_PAGES_MB", 32)

CELERY_BROKER_URL = REDIS_URL or "memory://localhost"
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
# The outbox is the queue that must not lose anything, and its sweep repeats what was missed. So a broker that
# is down may cost a request a moment, never a wait: no second try, and no patience.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 0.5
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 0.5, "socket_timeout": 1, "max_retries": 0}
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "deliver-messages": {"task": "articles.tasks.deliver_messages", "schedule": 60},
    # A time of day and not "every 24 hours", which a restart each morning would put off for ever.
    "forget-expired-questions": {
        "task": "articles.tasks.forget_expired_questions",
        "schedule": crontab(hour="3", minute="17"),
    },
    "forget-unconfirmed-follows": {
        "task": "articles.tasks.forget_unconfirmed_follows",
        "schedule": crontab(hour="3", minute="27"),
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# --- People -------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/office/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "articles.office.accounts.AccountAdapter"
# A plain form with the extra fields and `signup(request, user)`; allauth derives its own form from it.
ACCOUNT_SIGNUP_FORM_CLASS = "articles.office.accounts.SignupForm"
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# Whoever opens the link in the browser they signed up with need not type the password again.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# One address to a person: a new one takes the place of the old when it is confirmed.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[NetReview] "
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "NetReview"

# --- Mail ---------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "NetReview <netreview@localhost>")
SERVER_EMAIL = env.str("SERVER_EMAIL", DEFAULT_FROM_EMAIL)
EMAIL_SUBJECT_PREFIX = ACCOUNT_EMAIL_SUBJECT_PREFIX
EMAIL_TIMEOUT = 20
if LOCAL:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
else:
    _mail = env.dj_email_url("EMAIL_URL", "smtp://localhost:25")
    if "EMAIL_BACKEND" not in _mail:
        raise ImproperlyConfigured("EMAIL_URL must start with submission:// or smtp:// (see .env.example).")
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST = _mail["EMAIL_HOST"]
    EMAIL_PORT = _mail["EMAIL_PORT"]
    EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
    EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = _mail["EMAIL_USE_TLS"]
    EMAIL_USE_SSL = _mail["EMAIL_USE_SSL"]

# --- The rules of the house ---------------------------------------------------------------------------------

# How a review goes is the editors' to say, in the review policies. What readers are promised is said here.
QUESTION_RETENTION_DAYS = env.int("QUESTION_RETENTION_DAYS", 90)
FOLLOW_CONFIRM_DAYS = env.int("FOLLOW_CONFIRM_DAYS", 7)
if min(QUESTION_RETENTION_DAYS, FOLLOW_CONFIRM_DAYS) < 1:
    raise ImproperlyConfigured("QUESTION_RETENTION_DAYS and FOLLOW_CONFIRM_DAYS must be 1 or more.")

# --- Security -----------------------------------------------------------------------------------------------

HTTPS = env.bool("HTTPS", not LOCAL)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "articles.web.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
# The container's health check speaks plain HTTP from within.
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 365 * 24 * 60 * 60) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"

# A header that says "this was HTTPS" or "this is the visitor" is worth something only when our own front
# server wrote it.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Pages of other sites may read the API from a browser, and nothing else of ours.
CORS_URLS_REGEX = r"^/api/v1/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ("GET", "HEAD", "OPTIONS")
CORS_ALLOW_HEADERS = ("accept", "if-none-match")
CORS_EXPOSE_HEADERS = ("ETag",)

# An article at its design size (1,000 statements, 300 references) is about 1 MB; twice that is refused early.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
# Images for figures are held in memory while they are read; a longer file is not taken in, nor put on disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 9 * 1024 * 1024
# Each reference in the author's form is about 15 fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- The authors' editor ------------------------------------------------------------------------------------

DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy("articles/js/editor.js")],
        # What may be kept is decided by articles.content.sanitise, not by the editor's own allow-list.
        "extensions": dict.fromkeys(
            ("House", "Cite", "ArticleFigure", "Table", "TableCaption", "Link"),
            "articles.writing.editor.sanitised_elsewhere",
        ),
    }
]

# --- Static files, language, time ---------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
if DEBUG:
    _staticfiles = "django.contrib.staticfiles.storage.StaticFilesStorage"
elif DEMO:
    # Brotli takes longer than everything else of a first start; gzip is done while the articles are loaded.
    _staticfiles = "netreview.zipped.GzippedManifestStaticFilesStorage"
else:
    _staticfiles = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _staticfiles},
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

LANGUAGE_CODE = "en-us"
TIME_ZONE = env.str("TIME_ZONE", "UTC")
USE_TZ = True

# --- Logs ---------------------------------------------------------------------------------------------------

LOG_LEVEL = env.log_level("LOG_LEVEL", logging.WARNING if DEMO else logging.INFO)

_shared_processors: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_shared_processors,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

# Lines for people where people look at them, JSON where machines collect them.
_renderers: list[Processor] = (
    # Plain: the other one prints the local variables, and with them what people typed.
    [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    if LOCAL
    else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
)

# Who reads what is not for a log; and asking would cost every public page two queries.
DJANGO_STRUCTLOG_USER_ID_FIELD = ""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _shared_processors,
            "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Django's own handlers would write each error a second time.
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
