"""Applications, middleware, templates, files, time."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import BASE_DIR, PRODUCTION, TEST, VAR_DIR, env

DEBUG = False
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "accounts",
    "cms",
    "patients",
    "programs",
    "workspace",
    "portal",
    "config.apps.SiteConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "accounts.wagtail_users.UsersAppConfig",
    "wagtail.sites",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

# Tests look at pages of a database without a clinic.
FIRST_RUN = not TEST

MIDDLEWARE = [
    "config.request_ids.RequestId",
    "config.probes.AnyHost",
    "cms.caching.PublicPageCache",
    "django.middleware.http.ConditionalGetMiddleware",  # for what is not kept
    "config.middleware.OwnHost",
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "config.middleware.ResourcePolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLifetime",
    "accounts.middleware.Language",
    "accounts.middleware.FirstRun",
    "config.body_limit.BodyLimit",
    "accounts.middleware.AdminDoor",
    "accounts.middleware.FactorDoor",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "config.middleware.RefusedData",
    "accounts.middleware.Wall",
    "accounts.form_keys.FormKeys",
]

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
            ],
            "builtins": ["django.templatetags.static", "accounts.templatetags.components"],
        },
    },
]

# Widgets of ours have templates beside the others.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Static files are ours and the packages'; whitenoise serves them, named by content in production.
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION
MEDIA_URL = "/media/"
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR_DIR / "media"))
# What patients send. No web server may serve this folder: views do, and ask who it is.
PRIVATE_ROOT = env.str("PRIVATE_ROOT", default=str(VAR_DIR / "private"))
# Where backups are kept, for whom they are encrypted, and how long (docs/operating.md, Backup).
BACKUP_ROOT = env.str("BACKUP_ROOT", default=str(VAR_DIR / "backups"))
BACKUP_KEYS = env.list("BACKUP_KEYS", default=[])
BACKUP_DAYS = env.int("BACKUP_DAYS", default=35)
BACKUP_MONTHS = env.int("BACKUP_MONTHS", default=12)
STORAGES = {
    "default": {"BACKEND": "config.files.UnguessableFiles"},
    "private": {
        "BACKEND": "accounts.private_files.PrivateFiles",
        "OPTIONS": {
            "location": PRIVATE_ROOT,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "backups": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": BACKUP_ROOT, "file_permissions_mode": 0o600},
    },
    "staticfiles": {
        "BACKEND": "config.static_files.StaticFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Jobs are named `jobs.py`; each runs in the worker (docs/operating.md).
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Messages name patients: in the session, and not in a cookie of their own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "en"
# Of the portal, emails, handouts and the public site; the workspace is in English.
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # storage and logs; people see their clinic's zone

LOG_FORMAT = env.str("LOG_FORMAT", default="text")
if LOG_FORMAT not in {"text", "json"}:
    raise ImproperlyConfigured("LOG_FORMAT is text or json.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "config.logs.Discreet",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "config.logs.Json"},
    },
    "filters": {"without_outages": {"()": "config.logs.WithoutOutages"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["without_outages"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "footing": {"level": "INFO"},
        # Each try of each pool while the database is away: config.postgresql.outage says it once.
        "psycopg.pool": {"level": "ERROR"},
    },
}
