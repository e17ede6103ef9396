"""The site on that day: `python -m tests.pictures.site COMMAND …` is manage.py, and `application`
what gunicorn serves.
"""

import os
import sys

from tests.pictures.clock import LOADED_AT, SERVED_FROM, set_clock

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if __name__ == "__main__":
    set_clock(LOADED_AT)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", *sys.argv[1:]])
else:
    set_clock(SERVED_FROM)
    from config.wsgi import application  # noqa: F401
