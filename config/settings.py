"""Settings, all from the environment; production refuses to start half-configured."""

import base64
import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

# Uploads are untrusted: openpyxl parses with defusedxml, although lxml is there for Word files.
os.environ["OPENPYXL_LXML"] = "False"
BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env_file = BASE_DIR / "var" / "portal.env"
if env_file.exists():
    env.read_env(env_file)  # real environment variables win over the file


def switch(name: str, default=False) -> bool:
    """on or off."""
    said = env.str(name, "").strip().lower() or ("on" if default else "off")
    if said not in ("on", "off", "true", "false", "yes", "no", "1", "0"):
        raise ImproperlyConfigured(f"{name} 应为 on 或 off，现在是“{said}”。")
    return said in ("on", "true", "yes", "1")


def number(name: str, default: int) -> int:
    """A whole number, 0 or more; a blank is the default."""
    said = env.str(name, "").strip() or str(default)
    if not said.isdecimal():
        raise ImproperlyConfigured(f"{name} 应为整数，现在是“{said}”。")
    return int(said)


def address(name: str, default: str, *schemes: str) -> str:
    """One that begins with one of these."""
    said = env.str(name, "").strip() or default
    if said and not said.startswith(schemes):
        raise ImproperlyConfigured(f"{name} 应以 {'、'.join(schemes)} 开头。")
    return said


DEBUG = switch("DEBUG")
REQUIRED = (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "EMAIL_URL",
    "FIELD_KEYS",
    "INDEX_KEY",
    "PUBLIC_URL",
)
missing = [name for name in REQUIRED if not env.str(name, "")]
if missing and not DEBUG:
    raise ImproperlyConfigured(
        f"正式环境缺少以下环境变量：{'、'.join(missing)}。请参照 README“正式部署”一节逐项设置。"
    )
SECRET_KEY = env.str("SECRET_KEY")
if not DEBUG and (len(SECRET_KEY) < 50 or SECRET_KEY.startswith("django-insecure-")):
    raise ImproperlyConfigured("SECRET_KEY 过短或为示例值，请换成 50 位以上的随机字符串。")

VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
hosts = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
ALLOWED_HOSTS = [host.strip() for host in hosts]
if any("/" in host for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS 只写主机名，不带 https:// 和路径，多个用逗号隔开。")
PUBLIC_URL = address("PUBLIC_URL", "http://127.0.0.1:8000", "http://", "https://").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXY_COUNT = number("TRUSTED_PROXY_COUNT", 0)
MAINTENANCE = switch("MAINTENANCE")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "import_export",
    "treebeard",
    "orgs",
    "services",
    "assessments",
]
MIDDLEWARE = [
    "orgs.middleware.maintenance",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "orgs.middleware.acting",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "orgs.middleware.password_change_first",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "config.menu.frame",
            ],
        },
    }
]
# What the floors above orgs show on the page of a party organization.
ORGANIZATION_SECTIONS = ["services.profile.requests_of", "assessments.profile.assessments_of"]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DJANGO_TABLES2_TEMPLATE = "django_tables2/portal.html"

database = address(
    "DATABASE_URL",
    f"sqlite:///{VAR_DIR / 'portal.sqlite3'}",
    "postgres://",
    "postgresql://",
    "sqlite://",
)
DATABASES = {"default": env.db_url_config(database)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = number("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = address("REDIS_URL", "", "redis://", "rediss://", "unix://")
# Sign-in, passwords and sessions as 等保2.0 (GB/T 22239) asks.
AUTH_USER_MODEL = "orgs.User"
LOGIN_URL = "orgs:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "orgs:sign_in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "orgs.passwords.LengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "orgs.passwords.ComplexityValidator", "OPTIONS": {"kinds": 3}},
    {"NAME": "orgs.passwords.HistoryValidator", "OPTIONS": {"remembered": 5}},
]
PASSWORD_MAX_AGE_DAYS = number("PASSWORD_MAX_AGE_DAYS", 90)
SIGN_IN_FAILURES = number("SIGN_IN_FAILURES", 5)  # then the account is locked
SIGN_IN_LOCK_MINUTES = number("SIGN_IN_LOCK_MINUTES", 15)
SIGN_IN_FAILURES_PER_NETWORK = number("SIGN_IN_FAILURES_PER_NETWORK", 60)
SESSION_COOKIE_AGE = number("SESSION_IDLE_SECONDS", 1800)
SESSION_SAVE_EVERY_REQUEST = True
SESSION_ABSOLUTE_HOURS = number("SESSION_ABSOLUTE_HOURS", 12)
# Sessions stay in the database: with a cache before them, Redis away would be an error page.
SESSION_ENGINE = "django.contrib.sessions.backends.db"

SECURE_COOKIES = not DEBUG
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = switch("SECURE_SSL_REDIRECT", SECURE_COOKIES)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_COOKIES
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}


def keyring(text: str) -> dict[int, bytes]:
    """Read FIELD_KEYS ("1:base64,2:base64"); the highest version encrypts."""
    pairs = (part.split(":", 1) for part in text.split(",") if part)
    return {int(version): base64.b64decode(key) for version, key in pairs}


try:
    FIELD_KEYS = keyring(env.str("FIELD_KEYS"))
    INDEX_KEY = base64.b64decode(env.str("INDEX_KEY"))
    if not FIELD_KEYS or any(len(key) != 32 for key in (*FIELD_KEYS.values(), INDEX_KEY)):
        raise ValueError
except ValueError as error:
    raise ImproperlyConfigured(
        "FIELD_KEYS 应为“版本:base64(32字节)”，INDEX_KEY 应为 base64(32字节)。"
    ) from error

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
DATE_FORMAT = "Y年n月j日"

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", BASE_DIR / "node_modules/bootstrap/dist"),
    ("vendor/icons", BASE_DIR / "node_modules/bootstrap-icons"),
    ("vendor/echarts", BASE_DIR / "node_modules/echarts/dist"),
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Private: no URL leads here; a view serves each file through its parent's scope.
        "OPTIONS": {"location": env.str("PRIVATE_ROOT", str(VAR_DIR / "private"))},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
ATTACHMENT_MAX_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

vars().update(
    env.email_url_config(
        address(
            "EMAIL_URL",
            "consolemail://",
            "smtp",
            "consolemail:",
            "filemail:",
            "memorymail:",
            "dummymail:",
        )
    )
)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")
NOTICE_WEBHOOK_HOSTS = env.list(
    "NOTICE_WEBHOOK_HOSTS", default=["qyapi.weixin.qq.com", "oapi.dingtalk.com"]
)
IMPORT_SECOND_PERSON = switch("IMPORT_SECOND_PERSON")  # brought by one, let in by another
IMPORT_FILE_DAYS = number("IMPORT_FILE_DAYS", 180)  # uploaded rosters are deleted after these
OFFICE_HOURS = ("08:30", "17:30")

BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
if not REDIS_URL:
    for name in ("queue", "processed", "control"):
        (BROKER_DIR / name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "processed_folder": str(BROKER_DIR / "processed"),
        "control_folder": str(BROKER_DIR / "control"),
    }
else:
    # Requests only ever nudge: a broker that is away must cost a clerk at most a second, so that
    # it is asked once and not again; the sweeps send what was not sent.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "max_retries": 0,
    }
CACHES = {
    # Each process its own: nothing in it need be shared, and no page waits for a server.
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # How far long tasks are; see orgs/progress.py.
    "progress": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
    },
}
if not DEBUG:
    # Django itself would mail what went wrong to nobody. Warnings are left out: they name
    # addresses that were not found, and those of 办件进度 hold the code of a request.
    LOGGING = {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"stderr": {"class": "logging.StreamHandler"}},
        "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "beat": {"task": "orgs.tasks.beat", "schedule": 60},
    "tidy": {"task": "orgs.tasks.tidy", "schedule": 86_400},
    "deliver-notices": {"task": "orgs.tasks.deliver_notices", "schedule": 30},
    "remind-of-leadership": {"task": "orgs.tasks.remind_of_leadership", "schedule": 3600},
    "remind-of-letters": {"task": "orgs.tasks.remind_of_letters", "schedule": 3600},
    "resume-imports": {"task": "orgs.tasks.resume_imports", "schedule": 60},
    "purge-import-files": {"task": "orgs.tasks.purge_import_files", "schedule": 86_400},
    "remind-of-cycles": {"task": "assessments.tasks.remind_of_deadlines", "schedule": 3600},
    "prepare-cycles": {"task": "assessments.tasks.prepare_cycles", "schedule": 60},
    "recount-figures": {"task": "assessments.tasks.recount_all", "schedule": 60},
    "compute-results": {"task": "assessments.tasks.compute_all_results", "schedule": 60},
    "run-ballots": {"task": "assessments.tasks.run_ballots", "schedule": 60},
    "remind-of-rectifications": {
        "task": "assessments.tasks.remind_of_rectifications",
        "schedule": 3600,
    },
    "remind": {"task": "services.tasks.remind", "schedule": 300},
    "deem-accepted": {"task": "services.tasks.deem_accepted", "schedule": 600},
    "recompute-due": {"task": "services.tasks.recompute_due", "schedule": 600},
    "resume-due": {"task": "services.tasks.resume_due", "schedule": 600},
    "run-errands": {"task": "services.tasks.run_errands", "schedule": 300},
    "close-silent": {"task": "services.tasks.close_silent", "schedule": 600},
    "purge-drafts": {"task": "services.tasks.purge_drafts", "schedule": 3600},
}
