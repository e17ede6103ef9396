"""Where files are kept: in folders, or in a bucket of an S3-compatible store."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import BASE_DIR, PRODUCTION, VAR_DIR, env

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

# A private bucket for both, where machines share no folder. Nothing in it has an address of its
# own: Footing reads it out (config.media, and the views that ask who it is).
S3_BUCKET = env.str("S3_BUCKET", default="")
_access = (env.str("S3_ACCESS_KEY", default=""), env.str("S3_SECRET_KEY", default=""))
if any(_access) and not all(_access):
    raise ImproperlyConfigured("S3_ACCESS_KEY and S3_SECRET_KEY are set both, or neither.")
BUCKET: dict[str, Any] = {
    "bucket_name": S3_BUCKET,
    "endpoint_url": env.str("S3_ENDPOINT", default="") or None,
    "region_name": env.str("S3_REGION", default="") or None,
    "access_key": _access[0] or None,  # without: what the machine itself may (an instance's role)
    "secret_key": _access[1] or None,
}
# Where backups are kept, for whom they are encrypted, and how long (docs/operating.md, Backup).
BACKUP_ROOT = env.str("BACKUP_ROOT", default=str(VAR_DIR / "backups"))
BACKUP_BUCKET = env.str("BACKUP_BUCKET", default="")
BACKUP_KEYS = env.list("BACKUP_KEYS", default=[])
BACKUP_DAYS = env.int("BACKUP_DAYS", default=35)
BACKUP_MONTHS = env.int("BACKUP_MONTHS", default=12)
_backups: dict[str, Any] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": BACKUP_ROOT, "file_permissions_mode": 0o600},
}
if BACKUP_BUCKET:
    _backups = {
        "BACKEND": "config.bucket.Backups",
        "OPTIONS": {**BUCKET, "bucket_name": BACKUP_BUCKET},
    }

_folders: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "config.files.UnguessableFiles"},
    "private": {
        "BACKEND": "accounts.private_files.PrivateFiles",
        "OPTIONS": {
            "location": PRIVATE_ROOT,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
_bucket: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "config.bucket.Media", "OPTIONS": BUCKET},
    "private": {"BACKEND": "config.bucket.Private", "OPTIONS": BUCKET},
}
STORAGES: dict[str, dict[str, Any]] = {
    **(_bucket if S3_BUCKET else _folders),
    "backups": _backups,
    "staticfiles": {
        "BACKEND": "config.static_files.StaticFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
