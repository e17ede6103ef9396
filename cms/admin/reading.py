"""The reading grade, for fields of the editors' admin."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from cms.readability import verdict

LONGEST = 20_000


@require_POST
def reading_grade(request: HttpRequest) -> JsonResponse:
    """The verdict on `text`; computed where articles' own grades are, so that both agree."""
    return JsonResponse({"verdict": verdict(request.POST.get("text", "")[:LONGEST])})
