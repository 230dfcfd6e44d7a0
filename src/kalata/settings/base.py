"""Settings common to every installation. What differs is read from the environment (docs/en/operations.md)."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf.locale import LANG_INFO

from kalata import rooms
from kalata.settings import reading

ROOT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("KALATA_VAR", Path.cwd() / "var")).absolute()
DEMO = os.environ.get("KALATA_DEMO", "") == "1"
DEBUG = False


def secret(name: str) -> str:
    """A secret made at the first start and kept, mode 600, beside the database."""
    if value := os.environ.get(f"KALATA_{name.upper()}"):
        return value
    path = reading.folder(VAR) / f"{name}.secret"
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    try:
        return path.read_text().strip()
    except OSError as why:
        raise reading.NoFolder(folder=str(path), why=why.strerror or type(why).__name__) from None


LEDGER_KEY = secret("ledger")
"""Marks each act of the ledger. Kept beside the database and never in it; carried along when a house moves."""
ALLOWED_HOSTS = reading.listed("KALATA_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = reading.origins("KALATA_ORIGINS")
HTTPS = reading.switch("KALATA_HTTPS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^api/", r"^sante$"]  # a machine is told, not led: ui.transport refuses it
HEALTH = "/sante"
"""Answered to any probe: under whatever name, in clear too (ui.transport)."""
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
LANGUAGE_COOKIE_NAME = "__Host-django_language" if HTTPS else "django_language"
MESSAGE_STORAGE = "kalata.ui.cookies.Messages"
SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = reading.strictly(HTTPS)
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXIES = reading.proxies("KALATA_TRUSTED_PROXIES")
PROXY_HEADER = reading.header("KALATA_PROXY_HEADER")
KEY_CALLS_A_MINUTE = reading.whole("KALATA_KEY_CALLS", 600)
IDLE_MINUTES = reading.whole("KALATA_IDLE_MINUTES", 15)
MICRO_CACHE = reading.whole("KALATA_MICRO_CACHE", 2)
IDLE_MINUTES_OTHERS = reading.whole("KALATA_IDLE_MINUTES_OTHERS", 60)

INSTALLED_APPS = [
    *(room.package for room in rooms.every()),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ninja",
]
MIDDLEWARE = [
    "kalata.ui.transport.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "kalata.ui.transport.TransportMiddleware",
    "csp.middleware.CSPMiddleware",
    "kalata.ui.transport.HealthMiddleware",
    "kalata.metrics.MetricsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kalata.people.middleware.NoStoreMiddleware",
    "kalata.ui.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kalata.ui.crowd.CrowdMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "kalata.people.middleware.DeviceMiddleware",
    "kalata.people.middleware.IdleMiddleware",
    "kalata.people.middleware.SecondFactorMiddleware",
    "kalata.ledger.middleware.ActorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kalata.ui.middleware.ActivityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kalata.ui.middleware.RefusalMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "kalata.urls"
WSGI_APPLICATION = "kalata.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "ui" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kalata.ui.context.house",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "kalata.ui.templatetags.kalata", "kalata.chain.templatetags.chain"],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# people
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "kalata.people.passphrases.NotExpected"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "kalata.people.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")  # no code by e-mail: a mailbox is no second proof of a desk
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = (
    False  # allauth counts by address and by process; `people.throttle` by account and device, for all
)
ACCOUNT_FORMS = {"change_password": "kalata.people.sign_in_forms.ChangePassphraseForm"}
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_RATE_LIMITS = False
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "kalata.people.sign_in_forms.AuthenticateForm",
    "reauthenticate": "kalata.people.sign_in_forms.ReauthenticateForm",
    "activate_totp": "kalata.people.sign_in_forms.ActivateTOTPForm",
}
MFA_TOTP_ISSUER = "Kalata"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_ADAPTER = "kalata.people.adapter.MFAAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
USERSESSIONS_TRACK_ACTIVITY = True
SILENCED_SYSTEM_CHECKS: list[str] = []
if not HTTPS:  # an office on its own cable has no certificate; `kalata check` says it aloud
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W010", "security.W012", "security.W016"]
else:  # choices of who holds the whole domain
    SILENCED_SYSTEM_CHECKS += ["security.W005", "security.W021"]

# languages
LANG_INFO["bm"] = {"bidi": False, "code": "bm", "name": "Bambara", "name_local": "Bamanankan"}
LANGUAGES = [("fr", "Français"), ("en", "English"), ("bm", "Bamanankan")]
LANGUAGE_CODE = "fr"
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = reading.zone("KALATA_TIMEZONE", "Africa/Bamako")
FORMAT_MODULE_PATH = ["kalata.ui.formats"]

# files
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "ui" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "files"
STORE = reading.store()
"""Where kept files are for good, where several machines share a store; None: MEDIA_ROOT."""
STORE_HERE = reading.whole("KALATA_STORE_HERE", 2048)
KEPT_FOLDER = VAR / "kept"  # files made for readers, made again at need: no backup holds them
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_HANDLERS = [
    "kalata.ui.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600

# what the browser may load: ours alone
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_HOST, EMAIL_PORT = reading.server("KALATA_SMTP", 587)
SMTP = bool(EMAIL_HOST)  # without it no message leaves the house
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if SMTP else 'dummy'}.EmailBackend"
EMAIL_HOST_USER = os.environ.get("KALATA_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("KALATA_SMTP_PASSWORD", "")
EMAIL_USE_TLS = SMTP and reading.switch("KALATA_SMTP_TLS", "1")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("KALATA_FROM", "kalata@localhost")
ALERT_HOURS = reading.wholes("KALATA_ALERT_HOURS", "168,48,24,4,1")
LOG_FOLDER = VAR / "log"
LOG_KEY = Path(os.environ.get("KALATA_LOG_KEY", VAR / "keys" / "log.key"))
COUNTER_KEYS = VAR / "keys" / "counters"
BADGE_KEY = VAR / "keys" / "badges" / "issuer.key"
BADGE_PASSPHRASE = "demonstration sans valeur aucune" if DEMO else ""
LOG_ORIGIN = os.environ.get("KALATA_LOG_ORIGIN", "resultats.example")
LOG_PASSPHRASE = "demonstration\nsans valeur aucune" if DEMO else ""
LOG_QUORUM = reading.whole("KALATA_LOG_QUORUM", 1)
LOG_QUORUM_MLDSA = reading.switch("KALATA_LOG_QUORUM_MLDSA")
"""True: only ML-DSA-44 cosignatures reach the quorum (of witnesses that have such a key), and proofs carry them."""
"""Witnesses that the published policy asks for; each reader may ask for more."""
COURT_KEYS = Path(os.environ.get("KALATA_COURT_KEYS", VAR / "keys" / "court"))
"""What the Court signs with (docs/en/signing.md)."""
COURT_PASSPHRASE = "demonstration\nsans valeur aucune" if DEMO else ""
SITE_FOLDER = os.environ.get("KALATA_SITE", str(VAR / "site") if DEMO else "")
SITE_ADDRESS = os.environ.get("KALATA_SITE_ADDRESS", "")
SITE_EVERY = 60
PUBLIC_ADDRESS = os.environ.get("KALATA_ADDRESS", "http://localhost:8000").rstrip("/")
METRICS = os.environ.get("KALATA_METRICS", "")
BACKUP_HOURS = reading.whole("KALATA_BACKUP_HOURS", 26)
LOG_FILE = os.environ.get("KALATA_LOG_FILE", "")
LOG_FORMAT = "json" if os.environ.get("KALATA_LOG_FORMAT", "") == "json" else "line"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "kalata.lines.Line"}, "json": {"()": "kalata.lines.JsonLine"}},
    "handlers": {
        "stderr": {"class": "logging.handlers.WatchedFileHandler", "filename": LOG_FILE, "formatter": LOG_FORMAT}
        if LOG_FILE
        else {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},
}

SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
        "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA cache_size=-65536;",
    },
}
