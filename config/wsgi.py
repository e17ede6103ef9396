"""What gunicorn serves: `gunicorn config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["FOOTING_WHOLE"] = "0"  # no site sees all clinics, whatever its environment says
application = get_wsgi_application()
