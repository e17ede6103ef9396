"""What tells how the site does: slow queries, counts for Prometheus, faults for a Sentry."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import env

# A query that took so long is a line in the log, without its values. 0: none is.
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", default=0)

# Whoever asks for /metrics has to say it. Empty: there is no such address.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN and len(METRICS_TOKEN) < 32:
    raise ImproperlyConfigured("METRICS_TOKEN is empty, or 32 or more random characters.")

# Where faults are told, by kind and place in the code (config.faults). Empty: nowhere.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN and not SENTRY_DSN.startswith(("https://", "http://")):
    raise ImproperlyConfigured("SENTRY_DSN is empty, or the address that a Sentry gave for it.")
