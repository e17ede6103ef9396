#!/usr/bin/env python
"""Django's command line for Footing."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] in (["work"], ["procrastinate"], ["runserver"]):
        os.environ["FOOTING_WHOLE"] = "0"  # as in config.wsgi
    else:
        # A command speaks for the installation: as owner of the tables it sees all clinics.
        os.environ.setdefault("FOOTING_WHOLE", "1")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
