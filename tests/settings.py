"""The settings that tests and the type checker run on."""

import os

os.environ["FOOTING_MODE"] = "test"
os.environ.pop("FOOTING_DEMO", None)
os.environ.setdefault("DATABASE_URL", "postgresql:///footing")  # `make test` sets the real one

from config.settings import *  # noqa: F403, E402
