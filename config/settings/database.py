"""PostgreSQL, and the cache and sessions kept in it, so that web processes hold no state."""

from django.core.exceptions import ImproperlyConfigured
from psycopg import Error as PsycopgError
from psycopg.conninfo import conninfo_to_dict

from config.postgresql.watched import Watched
from config.settings.environment import TEST, env

# A server that does not answer any more, in seconds and milliseconds: a network that swallows what
# is sent would hold a page for a quarter of an hour. DATABASE_URL may say otherwise.
SOON_TOLD = {
    "connect_timeout": 5,
    "tcp_user_timeout": 2000,
    "keepalives_idle": 10,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}

# PostgreSQL reads and plans a statement once a connection, from the time on that it comes again.
# Planning what stands behind the wall costs more than running it.
PREPARED = {"server_side_binding": True, "prepare_threshold": 2}

# Commands speak for the installation (manage.py): as the tables' owner they see all clinics.
FOOTING_WHOLE = env.bool("FOOTING_WHOLE", default=False)
# A PgBouncer in between shares sessions by transaction: what would live in one beyond that is left
# out. Only for web processes (docs/scaling.md).
DATABASE_POOLER = env.bool("DATABASE_POOLER", default=False)


def database(url: str) -> dict[str, object]:
    """Django's settings for a libpq address, also one whose host is a socket folder."""
    if "://" in url and not url.startswith("postgres"):
        raise ImproperlyConfigured("DATABASE_URL names another database; Footing needs PostgreSQL.")
    try:
        parts = conninfo_to_dict(url)
    except PsycopgError as error:
        raise ImproperlyConfigured(f"DATABASE_URL is not a PostgreSQL address: {error}") from error
    if FOOTING_WHOLE:
        parts["options"] = f"{parts.pop('options', '')} -c footing.whole=on".strip()
    settings: dict[str, object] = {
        "ENGINE": "config.postgresql",
        "NAME": parts.pop("dbname", "footing"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_HEALTH_CHECKS": True,
    }
    options: dict[str, object] = {**SOON_TOLD, **parts}
    if not TEST:
        # A connection a request cuts throughput to less than half; a pool keeps them open.
        pool: dict[str, object] = {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL", default=4),
            # Twice this is what a page waits for a connection before its 503; the next ones do not
            # wait (config.postgresql).
            "timeout": 0.4,
            # The pool gives up soon, or it would come back as late as the outage was long.
            "reconnect_timeout": 0.5,
        }
        if not FOOTING_WHOLE:  # commands wait for as long as it takes
            pool["connection_class"] = Watched
        options["pool"] = pool
    if DATABASE_POOLER:
        settings["DISABLE_SERVER_SIDE_CURSORS"] = True
    else:
        options |= PREPARED
    return settings | {"OPTIONS": options}


_url = env.str("DATABASE_URL", default="")
if not _url:
    raise ImproperlyConfigured(
        "Set DATABASE_URL to a PostgreSQL 15 or newer, or let `make run` bring its own."
    )

DATABASES = {"default": database(_url)}

# Shared by all workers: the login limits are counted here. In a table, or in a Valkey (or Redis)
# that drops nothing before its time.
VALKEY_URL = env.str("VALKEY_URL", default="")
if VALKEY_URL and not VALKEY_URL.startswith(("redis://", "rediss://", "unix://")):
    raise ImproperlyConfigured("VALKEY_URL begins with redis://, rediss:// or unix://.")
_table: dict[str, object] = {
    "BACKEND": "config.cache.KeptUntilExpired",
    "LOCATION": "footing_cache",
}
_valkey: dict[str, object] = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": VALKEY_URL,
    "KEY_PREFIX": "footing",
    "OPTIONS": {
        "serializer": "config.cache.Sealed",
        "socket_connect_timeout": 1,
        "socket_timeout": 1,
    },
}
CACHES = {"default": _valkey if VALKEY_URL else _table}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
