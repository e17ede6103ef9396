"""For a worker process that a test starts: the test's database as the worker, and mail as files."""

import os

from config.setup.postgres import WORKER, as_role

os.environ["DATABASE_URL"] = as_role(os.environ["DATABASE_URL"], WORKER)
os.environ["FOOTING_WHOLE"] = "0"

from tests.settings import *  # noqa: F403

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]  # noqa: F405
MAIL_SERVER = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["TEST_LETTERS"]
