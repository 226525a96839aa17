"""What every environment shares; environment variables carry the rest (docs/operations.md)."""

from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from promotion.bootstrap.runtime import read_runtime
from promotion.settings.api_enums import ENUM_NAMES
from promotion.settings.places import LIMITED_ROLES, PLACE_GROUPS, PLACE_PAGES, PLACES, RULE_PAGES, VIEW_PAGES  # noqa: F401 settings by being here
from promotion.settings.rights import RIGHTS, SIGHTS  # noqa: F401 as above

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()
STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / "var")))
# Servers that `make run` started say where they are, so that a second terminal shares them.
for name, value in read_runtime(STATE_DIR).items():
    environ.Env.ENVIRON.setdefault(name, value)

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="")
# Keys of the sealed archives, the newest first, separated by commas; never in the database nor in its backups.
SEALED_KEYS = env.list("SEALED_KEYS", default=[])
# What else is sealed by these keys: a function that counts rows by the mark of their key, and one that seals a batch anew.
SEALED_STORES = (("kpi.queries.pay_sealed.marks_in_use", "kpi.actions.pay_opening.rotate_pay_batch"),)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "promotion.apps.PromotionConfig",
    "staff.apps.StaffConfig",
    "projects.apps.ProjectsConfig",
    "kpi.apps.KpiConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_filters",
    "django_htmx",
    "template_partials",
    "csp",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "promotion.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "staff.authentication.StandInMiddleware",
    "promotion.web.middleware.ReadingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "promotion.web.middleware.OutcomeMiddleware",
    "promotion.web.middleware.LimitedRoleMiddleware",
]

ROOT_URLCONF = "promotion.urls"
WSGI_APPLICATION = "promotion.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "promotion.web.context.frame",
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "promotion.web.tags",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default="postgresql://zhaoshang@localhost/zhaoshang")}
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "wuhua",
    },
    # Pictures of the pages of files: on disk, because they are many and large; drawn again when they are gone.
    "previews": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": STATE_DIR / "previews",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}

AUTH_USER_MODEL = "staff.Account"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "promotion.web.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = ["promotion.formats"]

# Inputs and selects are drawn without a template each.
FORM_RENDERER = "promotion.web.controls.QuickControls"

STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = False
MEDIA_ROOT = STATE_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# One evidence file, in bytes; larger scans belong in the archive, not in a scoring file.
EVIDENCE_MAX_BYTES = 20 * 1024 * 1024

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="") or REDIS_URL.replace(
    "unix://", "redis+socket://"
).replace("?db=", "?virtual_host=")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 1800}
CELERY_TIMEZONE = TIME_ZONE
# What the health page says beside the servers, one word each: name → function of an app.
HEALTH_NOTES = {
    "sealed_archives": "staff.queries.sealed.sealed_health",
    "year_seals": "kpi.queries.seal.seals_health",
}
# How many things a person still holds: asked by staff, answered by the app above it.
HELD_BY_PERSON = "projects.queries.custody.held_count"

CELERY_BEAT_SCHEDULE = {
    "nightly-run": {"task": "kpi.tasks.start_nightly_run", "schedule": crontab(hour=2, minute=0)},
    "escalate-blockers": {"task": "projects.tasks.escalate_blockers", "schedule": crontab(hour=8, minute=10)},
    "stale-runs": {"task": "kpi.tasks.requeue_stale_runs", "schedule": 60.0},
    "end-reservations": {"task": "projects.tasks.end_reservations", "schedule": 600.0},
    "duplicate-scan": {
        "task": "projects.tasks.start_duplicate_scan",
        "schedule": crontab(hour=4, minute=30, day_of_week=0),
    },
    "stale-duplicate-scans": {"task": "projects.tasks.requeue_stale_duplicate_scans", "schedule": 120.0},
    "reminders": {"task": "projects.tasks.send_reminders", "schedule": 300.0},
    "reminder-mails": {"task": "projects.tasks.send_reminder_mails", "schedule": 120.0},
    "lapse-protections": {
        "task": "projects.tasks.keep_protections",
        "schedule": crontab(hour=7, minute=30),
    },
    "departed-accounts": {
        "task": "staff.tasks.close_departed_accounts",
        "schedule": crontab(hour=0, minute=5),
    },
    "round-roles": {"task": "staff.tasks.settle_round_roles", "schedule": crontab(hour=0, minute=5)},
    "contract-ends": {"task": "staff.tasks.tell_contract_ends", "schedule": crontab(hour=7, minute=40)},
    "follow-bonuses": {"task": "kpi.tasks.follow_bonuses", "schedule": crontab(hour=3, minute=20)},
    "seal-audit-trail": {"task": "promotion.tasks.seal_audit_trail", "schedule": 300.0},
}

# Reminders by e-mail; without a host nothing is sent and the notices in the product are all there is.
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="zhaoshang@localhost")
# The address under which the product is reached, for links in e-mails and calendars.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "staff.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["promotion.api.permissions.HasScope"],
    "DEFAULT_PAGINATION_CLASS": "promotion.api.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "1200/min"},
    "EXCEPTION_HANDLER": "promotion.api.errors.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "五化招商 API",
    "DESCRIPTION": "Leads, projects, achievements and rankings of the investment promotion bureau. Money in 元 unless a field says USD.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
}

# Whose shared views an account reads, and whom it may share its own with: functions of the account.
VIEW_AUDIENCES = "staff.access.view_audiences"
VIEW_AUDIENCES_GIVEN = "staff.access.audiences_given_by"
# Who hears in the place of those who are away: a function of accounts that gives (account, name of the absent one).
STAND_INS = "staff.queries.delegation.delegates_of"
# Which audit entries are not read whole by everybody: a function (account, entries) → entry's key to the words that stand for it.
AUDIT_VEIL = "projects.queries.veil.veiled_labels"

# What apps above projects set dates for (docs/architecture.md): functions of an account and a day, read after those of projects.
DUE_SOURCES: tuple[str, ...] = (
    "kpi.queries.publicity_due.publicities_due",
    "kpi.queries.bonus_due.bonus_plans_due",
)
# Where the one search looks: each is a function (actor, text, limit) → list of Hit (promotion.web.search).
# What keeps a team from being closed beside people and teams below: functions of the team that give it in words, or nothing.
# What carries a name of the body: functions of the name that give (kind of paper, how many).
ISSUED_PAPERS = ("staff.queries.body.contracts_issued", "projects.queries.issued.reviews_issued")
TEAM_HOLDINGS = ("projects.queries.team_holdings.projects_of_team",)
SEARCH_SOURCES = (
    "projects.queries.search.find_projects",
    "projects.queries.search.find_companies",
    "staff.queries.find_people",
    "staff.queries.find_teams",
)

# One body under two names (两块牌子、一套班子); papers can be issued under either.
BODY_NAMES = (_("招商发展中心"), _("招商局"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"fontTools": {"level": "WARNING"}},
}

# Row history (django-pghistory) cannot be edited afterwards.
PGHISTORY_APPEND_ONLY = True
