"""Applications, middleware, templates, time, the log."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import BASE_DIR, TEST, env

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
    "fhir",
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
    "config.metrics.Counted",
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
