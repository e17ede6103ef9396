"""Which of three lives this process leads, and where it may keep files.

FOOTING_MODE is `production` unless said otherwise, so that forgetting it is safe.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent

MODE = env.str("FOOTING_MODE", default="production")
if MODE not in {"production", "local", "test"}:
    raise ImproperlyConfigured("FOOTING_MODE is production, local or test.")
PRODUCTION = MODE == "production"
LOCAL = MODE == "local"
TEST = MODE == "test"

# The demo clinic's logins work, and the login page offers them, only with this.
DEMO = env.bool("FOOTING_DEMO", default=False)
if DEMO and PRODUCTION:
    raise ImproperlyConfigured(
        "FOOTING_DEMO opens accounts with known passwords: not in production."
    )

VAR_DIR = Path(env.str("FOOTING_VAR", default=str(BASE_DIR / "var")))


def _local_secret() -> str:
    """A secret made once for this checkout, so that logins survive a restart of `make run`."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.write_text(get_random_secret_key())
        path.chmod(0o600)
    return path.read_text()


def _production_secret() -> str:
    secret = env.str("SECRET_KEY", default="")
    if len(secret) < 50 or len(set(secret)) < 5 or secret.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            "Set SECRET_KEY to 50 or more random characters. Make one with: python -c "
            "'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return secret


def _secret() -> str:
    if PRODUCTION:
        return _production_secret()
    return "only-for-tests" if TEST else _local_secret()


SECRET_KEY = _secret()
