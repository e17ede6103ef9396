"""Files that a page of the workspace gives out."""

from django.http import HttpResponse

CSV = "text/csv; charset=utf-8"


def download(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    """To be kept by whoever asks. Its name tells nobody who it is about."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
