"""The settings of the house, read from the environment once, at the start.

Enters: variables of the environment, secrets in `var/secrets`. Leaves: Django's settings. The same code runs embedded,
in a centre or in a province; the difference stands in DATABASE_URL, OBJECTS_URL and REDIS_URL alone.
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.environment import broker, database, envbool, envint, envlist, envtext
from config.logs import bind_structlog, logging_setting
from config.secrets import SecretStore, receipt_text, session_text

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(envtext("SUNLIGHT_VAR", str(BASE_DIR / "var"))).resolve()
for _name in ("db", "log", "run", "secrets"):
    (VAR / _name).mkdir(mode=0o700, parents=True, exist_ok=True)

# Never DEBUG: a page that shows settings and frames is no page of a house that keeps secrets.
DEBUG = False
SUNLIGHT_DEMO = envbool("SUNLIGHT_DEMO")
_clock = "config.demo.clock.OffsetSource" if SUNLIGHT_DEMO else "ledger.clock.SystemSource"
SUNLIGHT_CLOCK = envtext("SUNLIGHT_CLOCK", _clock)

# Secrets (made once into var/secrets when the environment has none; config.checks refuses such ones outside the demo)
SECRETS_DIR = VAR / "secrets"
_secrets = SecretStore(SECRETS_DIR)
SECRET_KEY = _secrets.text("SECRET_KEY", session_text)
HANDLE_KEY = _secrets.key("SUNLIGHT_HANDLE_KEY")  # 32 bytes: root of the per-lot handle keys
PLATFORM_KEY = _secrets.key("SUNLIGHT_PLATFORM_KEY")  # 32 bytes: the per-lot key is HKDF(platform key, lot code)
LOG_KEY = _secrets.key("SUNLIGHT_LOG_KEY")  # 32 bytes: Ed25519 seed, signs checkpoints and nothing else
RECEIPT_KEY = _secrets.text("SUNLIGHT_RECEIPT_KEY", receipt_text).encode()  # P-256, PKCS 8 in PEM
SUNLIGHT_TRUST = envtext("SUNLIGHT_TRUST")  # a PEM file of further certificate authorities
TSA_URL = envtext("TSA_URL")  # a timestamp authority (RFC 3161); without one the built-in one is asked
TSA_CERTIFICATES = envtext("TSA_CERTIFICATES")  # a PEM file of the certificates that vouch for it
SUNLIGHT_TIMESTAMP_SECONDS = envint("SUNLIGHT_TIMESTAMP_SECONDS", 60, least=1)  # between timestamps over the log
SUNLIGHT_TIMESTAMP_LIMIT = envint("SUNLIGHT_TIMESTAMP_LIMIT", 900, least=1)  # seconds without one that are an alarm
SUNLIGHT_REVERIFY_DAYS = envint("SUNLIGHT_REVERIFY_DAYS", 30, least=1)  # between two checks of what has ended
LOG_ORIGIN = envtext("SUNLIGHT_LOG_ORIGIN", "sunlight.invalid/log")  # the log's URL without scheme (tlog-checkpoint)
SUNLIGHT_WITNESS_POLICY = envtext("SUNLIGHT_WITNESS_POLICY")  # a file (tlog-policy): whose cosignatures count
SUNLIGHT_COSIGN_SECONDS = envint("SUNLIGHT_COSIGN_SECONDS", 60, least=1)  # without a quorum of it: an alarm
SUNLIGHT_VEIL_SECONDS = envint("SUNLIGHT_VEIL_SECONDS", 1 if SUNLIGHT_DEMO else 10)  # between rounds of veiled entries
SUNLIGHT_OUTAGE_GAP = envint("SUNLIGHT_OUTAGE_GAP", 60, least=10)  # seconds without heartbeat that are an outage
# Minutes of the outage formula (trading/outage.py): near, long, closing, opening, long closing, long opening
SUNLIGHT_OUTAGE_RULE = envlist("SUNLIGHT_OUTAGE_RULE", ["120", "120", "120", "180", "1440", "1500"])
GENERATED_SECRETS = tuple(_secrets.generated)

# Where we are
SITE_ORIGINS = envlist("SUNLIGHT_ORIGINS", ["http://127.0.0.1:8000"])  # full origins that pages are served from
LIVE_ORIGIN = envtext("SUNLIGHT_LIVE_ORIGIN", "ws://127.0.0.1:8001")  # where live rooms are
ALLOWED_HOSTS = envlist("SUNLIGHT_HOSTS", ["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = SITE_ORIGINS
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

# Rooms, from the ground up
ROOMS = ["ledger", "trading", "guarantees", "experts", "bidding", "evaluation", "supervision"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    *ROOMS,
    "config",
    *(["config.demo"] if SUNLIGHT_DEMO else []),
    "allauth",
    "allauth.account",
    "channels",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "config.requests.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.ChineseFirst",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.errors.Errors",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.house",
                *(["config.demo.context.switcher"] if SUNLIGHT_DEMO else []),
            ],
        },
    },
]

# Rows, objects, messages
DATABASE_URL = envtext("DATABASE_URL", f"sqlite:///{VAR}/db/sunlight.sqlite3")
DATABASES = {"default": database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
OBJECTS_URL = envtext("OBJECTS_URL", f"file://{VAR}/objects")
# The embedded broker listens in a short folder of its own, because the name of a socket has at most 108 characters.
_socket = VAR / "run" / "valkey.socket"
_embedded = f"unix://{_socket.read_text().strip()}" if _socket.exists() else f"unix://{VAR}/run/valkey-is-not-running"
REDIS_URL = envtext("REDIS_URL", _embedded)
ONE_PROCESS = REDIS_URL == "memory://"  # tests only: nothing leaves the process
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if ONE_PROCESS
    else {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "sunlight",
        "KEY_FUNCTION": "config.cache_keys.hidden",
    }
}
CHANNEL_LAYERS = {
    "default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    if ONE_PROCESS
    else {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
}

# Tasks: redelivered after a crash, never pickled, never with a countdown for a legal deadline (stack.md)
CELERY_BROKER_URL = broker(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 60}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ALWAYS_EAGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TIMEZONE = "Asia/Shanghai"

# People
AUTH_USER_MODEL = "trading.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "config.accounts.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

# Browsers
_https = SITE_ORIGINS[0].startswith("https://")
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_NAME = "sunlight_session"
CSRF_COOKIE_NAME = "sunlight_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # htmx and the upload script send it back in a header
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "worker-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's style sheet draws its ticks and arrows as data: images
        "connect-src": [SELF, LIVE_ORIGIN],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# Languages and hours
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "sunlight_language"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Style sheets, scripts, pictures
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_names.NamedByContent"},
}
STATICFILES_DIRS = [path for path in [BASE_DIR / "config" / "static"] if path.is_dir()]

LOGGING = logging_setting(VAR / "log", envtext("SUNLIGHT_PROCESS", "manage"))
bind_structlog()
