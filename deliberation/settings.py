"""All settings of Majelis. A fresh clone runs with none set; every one comes from the environment."""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from deliberation.embedded import addresses

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def env_bool(name: str, default: bool = False) -> bool:
    value = env(name, "1" if default else "0").lower()
    if value not in {"0", "1", "false", "true", "no", "yes"}:
        raise ValueError(f"{name} is {value!r}; write 1 or 0")
    return value in {"1", "true", "yes"}


def env_int(name: str, default: int) -> int:
    value = env(name, str(default))
    if not value.lstrip("-").isdigit():
        raise ValueError(f"{name} is {value!r}; write a whole number")
    return int(value)


def secret_kept_in(path: Path) -> str:
    """The secret in this file, made at the first start; two processes that start together agree."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


def email_settings(url: str, directory: Path) -> dict[str, object]:
    """`smtp://`, `smtps://` (TLS) or `smtp+tls://` (STARTTLS) and a server; without one, mails become files."""
    parts = urlsplit(url)
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": directory}
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"}:
        raise ValueError(f"EMAIL_URL begins with {parts.scheme!r}; write smtp://, smtps:// or smtp+tls://")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
    }


VAR_DIR = Path(env("MAJELIS_VAR", str(BASE_DIR / "var"))).resolve()
BASE_URL = (env("BASE_URL") or f"http://127.0.0.1:{env_int('PORT', 8000)}").rstrip("/")
HTTPS = urlsplit(BASE_URL).scheme == "https"
SECRET_KEY = env("SECRET_KEY") or secret_kept_in(VAR_DIR / "secret_key")
DEBUG = env_bool("DEBUG")
ALLOWED_HOSTS = [str(urlsplit(BASE_URL).hostname), "127.0.0.1", "localhost", *env("ALLOWED_HOSTS").split()]
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "deliberation",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "deliberation.views.compression.CompressedWords",
    "csp.middleware.CSPMiddleware",
    "deliberation.views.for_another.address_says_for_whom",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "deliberation.views.errors.wrong_methods_have_a_page",
]
ROOT_URLCONF = "deliberation.urls"
ASGI_APPLICATION = "deliberation.asgi.application"
WSGI_APPLICATION = "deliberation.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# ── Data ────────────────────────────────────────────────────────────────────────────────────────────────────────────
DATABASES = {
    "default": {
        **dj_database_url.parse(
            env("DATABASE_URL") or addresses.database_url(VAR_DIR), conn_max_age=0, conn_health_checks=True
        ),
        "OPTIONS": {"pool": {"min_size": 0, "max_size": env_int("DATABASE_POOL", 16), "timeout": 20}},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env("REDIS_URL") or addresses.redis_url(VAR_DIR)
CHANNEL_LAYERS = {
    "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

# ── The record's keys: whoever holds these files can sign. Losing the first ends the record of open assemblies ────────
RECORD_KEY_FILE = Path(env("RECORD_KEY_FILE", str(VAR_DIR / "record_key")))
RECORD_PROMISE_KEY_FILE = Path(env("RECORD_PROMISE_KEY_FILE", str(VAR_DIR / "record_promise_key")))
REPORT_KEY_FILE = Path(env("REPORT_KEY_FILE", str(VAR_DIR / "report_key")))
WITNESS_KEY_FILE = Path(env("WITNESS_KEY_FILE", str(VAR_DIR / "witness_key")))

# ── Celery: Redis carries only ids of work that the database can name again, so nothing is lost with a message ────────
CELERY_BROKER_URL = addresses.broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 120  # seconds in which a child may load its models before it counts as stuck
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
}
CELERY_TASK_ROUTES = {
    "deliberation.tasks.refresh_consensus_map": {"queue": "maps"},
    "deliberation.tasks.test_opinion_groups": {"queue": "maps"},
    "deliberation.tasks.sweep": {"queue": "maps"},
    "deliberation.tasks.seal": {"queue": "record"},
    "deliberation.tasks.write_summary": {"queue": "language"},
    "deliberation.tasks.make_report_file": {"queue": "exports"},
    "deliberation.tasks.tidy_report_files": {"queue": "exports"},
    "deliberation.tasks.work_on_lottery": {"queue": "exports"},
    "deliberation.tasks.look_after_lotteries": {"queue": "exports"},
    "deliberation.tasks.read_draft": {"queue": "interactive"},
    "deliberation.tasks.embed_contributions": {"queue": "interactive"},
    "deliberation.tasks.send_letters": {"queue": "mail"},
    "deliberation.tasks.write_news": {"queue": "mail"},
}
CELERY_BEAT_SCHEDULE = {
    "tidy-report-files": {
        "task": "deliberation.tasks.tidy_report_files",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "look-after-lotteries": {
        "task": "deliberation.tasks.look_after_lotteries",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "sweep": {"task": "deliberation.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "send-letters": {"task": "deliberation.tasks.send_letters", "schedule": 30.0, "options": {"expires": 30}},
    "write-news": {"task": "deliberation.tasks.write_news", "schedule": crontab(minute="5", hour="7-19")},
    "embed": {"task": "deliberation.tasks.embed_contributions", "schedule": 5.0, "options": {"expires": 5}},
    "seal": {"task": "deliberation.tasks.seal", "schedule": 1.0, "options": {"expires": 1}},
}
CELERY_TIMEZONE = env("TIME_ZONE", "Asia/Jakarta")
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# ── People ──────────────────────────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "deliberation.Account"
LOGIN_URL = "home"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
LANGUAGE_COOKIE_NAME = "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "deliberation.views.errors.csrf_failure"

# ── E-mail and passkeys: nobody needs either. allauth keeps addresses and keys; the pages are ours ───────────────────
globals().update(email_settings(env("EMAIL_URL"), VAR_DIR / "mail"))
DEFAULT_FROM_EMAIL = env("MAIL_FROM", f"Majelis <majelis@{urlsplit(BASE_URL).hostname}>")
EMAIL_TIMEOUT = 20
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_ADAPTER = "deliberation.passkeys.PasskeyAdapter"
PASSKEYS = HTTPS

# ── Browser ─────────────────────────────────────────────────────────────────────────────────────────────────────────
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
# A citizen's form is a few sentences; anything longer is refused before it is read into memory.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50
STATIC_URL = "/static/"  # from the root: pages under /for/ ask for the same files
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "deliberation.static_files.FingerprintedFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# ── Language and time ───────────────────────────────────────────────────────────────────────────────────────────────
LANGUAGES = [("en", _("English")), ("id", _("Indonesian"))]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [VAR_DIR / "locale"]
FORMAT_MODULE_PATH = ["deliberation.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", "Asia/Jakarta")

# ── Models that read ────────────────────────────────────────────────────────────────────────────────────────────────
# "packaged", a directory, or a model id of the hub with @revision; only safetensors and GGUF weights are read.
ENCODER = env("ENCODER", "packaged")
ENCODER_LICENCE = env("ENCODER_LICENCE", "not stated")
ENCODER_SHA256 = env("ENCODER_SHA256")
# The model that drafts shorter sentences: the same, or "off", or the name of a model behind GENERATOR_URL.
GENERATOR = env("GENERATOR", "packaged")
GENERATOR_URL = env("GENERATOR_URL")  # of an endpoint that speaks the OpenAI chat protocol, with /v1
GENERATOR_KEY = env("GENERATOR_KEY")
GENERATOR_LANGUAGES = env("GENERATOR_LANGUAGES", "en")
GENERATOR_LICENCE = env("GENERATOR_LICENCE", "not stated")
GENERATOR_SHA256 = env("GENERATOR_SHA256")
MODELS_OFFLINE = env_bool("HF_HUB_OFFLINE", default=True)
os.environ.setdefault("TQDM_DISABLE", "1")  # a log is no terminal
os.environ["HF_HUB_OFFLINE"] = "1" if MODELS_OFFLINE else "0"
MODELS_DIR = VAR_DIR / "models"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", "INFO")},
    "loggers": {"httpx": {"level": "WARNING"}},
}
