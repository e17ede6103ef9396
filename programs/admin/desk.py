"""What keepers of the library find on the first page of Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from cms.admin.desk import Line, Start, drafted, unpublished
from programs.admin.policy import LibraryPolicy
from programs.library.keeping import keeps_library
from programs.models import Exercise, ProgressForm


def starts(user: Any) -> Iterator[Start]:
    if keeps_library(user):
        address = reverse("wagtailsnippets_programs_exercise:add")
        yield Start("New exercise", address, "plus", 20)


def drafts(user: Any) -> Iterator[Line]:
    for model in (Exercise, ProgressForm):
        policy = LibraryPolicy(model)
        if policy.user_has_permission(user, "change"):
            seen = policy.seen_by(user)
            for entry in unpublished(seen, user):
                address = reverse(
                    f"wagtailsnippets_programs_{model._meta.model_name}:edit", args=[entry.pk]
                )
                yield drafted(entry, address)
