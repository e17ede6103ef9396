"""What gunicorn serves: `gunicorn config.wsgi`."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from config.one_piece import in_one_piece

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["FOOTING_WHOLE"] = "0"  # no site sees all clinics, whatever its environment says
_django = get_wsgi_application()
_ = get_resolver().url_patterns  # now, not with the first request


@in_one_piece
def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django's, which answers HEAD as GET and leaves it to the server to hold the body back:
    gunicorn does, with a warning for each.
    """
    answer = _django(environ, start_response)
    if environ["REQUEST_METHOD"] != "HEAD":
        return answer
    if hasattr(answer, "close"):
        answer.close()
    return []
