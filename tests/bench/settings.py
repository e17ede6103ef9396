"""Production's shape on a local server: pool, compressed static files, no debug, plain HTTP."""

import os

os.environ["FOOTING_MODE"] = "local"
os.environ["FOOTING_DEMO"] = "1"
os.environ.setdefault("FOOTING_WHOLE", "1")  # what is prepared; the server under measure says no

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
WHITENOISE_USE_FINDERS = False
WHITENOISE_AUTOREFRESH = False
