"""The settings that tests and the type checker run on."""

import os

os.environ["FOOTING_MODE"] = "test"
os.environ.pop("FOOTING_DEMO", None)
# Playwright keeps an event loop in the main thread, which Django would take for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
os.environ.setdefault("DATABASE_URL", "postgresql:///footing")  # `make test` sets the real one

from config.settings import *  # noqa: F403
