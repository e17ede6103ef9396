"""The settings that tests and the type checker run on."""

import atexit
import os
import shutil
import tempfile

os.environ["FOOTING_MODE"] = "test"
os.environ.pop("FOOTING_DEMO", None)
# Tests set the stage as the owner of the tables; requests are answered as the web's role.
os.environ.setdefault("FOOTING_WHOLE", "1")
# Playwright keeps an event loop in the main thread, which Django would take for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# What is sent and uploaded in tests is gone after them.
for folder in ("PRIVATE_ROOT", "MEDIA_ROOT"):
    os.environ[folder] = tempfile.mkdtemp(prefix="footing-")
    atexit.register(shutil.rmtree, os.environ[folder], ignore_errors=True)
os.environ.setdefault("DATABASE_URL", "postgresql:///footing")  # `make test` sets the real one

from config.settings import *  # noqa: E402, F403

_cache = MIDDLEWARE.index("cms.caching.PublicPageCache")  # noqa: F405
MIDDLEWARE.insert(_cache + 1, "tests.as_role.WebRole")  # noqa: F405
