"""The reading grade, for fields of the editors' admin."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from cms.readability import verdict, verdict_of_page

LONGEST = 100_000


@require_POST
def reading_grade(request: HttpRequest) -> JsonResponse:
    """The verdict on `text`; computed where articles' own grades are, so that both agree."""
    said = verdict_of_page if request.POST.get("whole") else verdict
    return JsonResponse({"verdict": said(request.POST.get("text", "")[:LONGEST])})
