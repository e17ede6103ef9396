"""Pictures and videos out of a bucket, at the address that a web server serves from a folder.

Like there nobody is asked who they are: names are not guessed (`config.files`). Documents are not
among them (`/documents/` asks), and what patients send is elsewhere (`patients.pictures`).
"""

import mimetypes
import posixpath
import re
from typing import cast

from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from config.bucket import Media

CHUNK = 256 * 1024
# Names are never used again, so a copy stays right for good.
KEPT = "public, max-age=31536000, immutable"
RANGE = re.compile(r"bytes=(\d{1,15}-\d{0,15}|-\d{1,15})")  # one part: what browsers ask of videos


@require_safe
def served(request: HttpRequest, path: str) -> HttpResponseBase:
    """The file, or the part of it that the Range header names. Raises Http404."""
    if posixpath.normpath(path) != path:  # a way round to another folder
        raise Http404
    asked = request.headers.get("Range", "")
    try:
        found = cast(Media, storages["default"]).part(path, asked if RANGE.fullmatch(asked) else "")
    except FileNotFoundError as error:
        raise Http404 from error
    except ValueError:
        return HttpResponse(status=416)
    response = StreamingHttpResponse(
        found["Body"].iter_chunks(CHUNK),
        status=206 if "ContentRange" in found else 200,
        content_type=mimetypes.guess_type(path)[0] or "application/octet-stream",
    )
    response["Content-Length"] = str(found["ContentLength"])
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = KEPT
    # No page of ours, whatever the bytes say that they are.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if "ContentRange" in found:
        response["Content-Range"] = found["ContentRange"]
    return response
