"""Settings, one file a concern. All that differs between machines comes from the environment.

docs/operating.md lists every variable.
"""

from config.settings.environment import *  # noqa: F403
from config.settings.base import *  # noqa: F403
from config.settings.files import *  # noqa: F403
from config.settings.database import *  # noqa: F403
from config.settings.login import *  # noqa: F403
from config.settings.security import *  # noqa: F403
from config.settings.mail import *  # noqa: F403
from config.settings.content import *  # noqa: F403
from config.settings.watching import *  # noqa: F403
