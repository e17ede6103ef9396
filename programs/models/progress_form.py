"""Progress forms: measures and own questions that a therapist puts together."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Max
from django.http import HttpRequest
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from programs.forms.answering import AnswerForms
from programs.measures.spoken import said
from programs.models.form_blocks import FormBody
from programs.models.library import LibraryEntry, LibraryQuerySet
from programs.models.measure import Measure, Versions
from programs.notation import ask_only_if
from programs.notation.question_kinds import QuestionKind


class ProgressFormQuerySet(LibraryQuerySet):
    def active(self) -> Self:
        """What a plan can ask for: published and not archived."""
        return super().active().filter(live=True)


class ProgressForm(
    PreviewableMixin, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, LibraryEntry
):
    """The form as it is written. What patients answer is a version of it, which never changes."""

    code = models.CharField(max_length=30, help_text="Stable id, such as weekly.")
    title = models.CharField(max_length=120, help_text="Patients read it.")
    intro = models.TextField(blank=True, max_length=500)
    body = StreamField(FormBody(), verbose_name="questions")

    objects = ProgressFormQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "code"],
                nulls_distinct=False,
                name="progress_form_code_unique",
                violation_error_message="Another form has this code.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """For therapists: a clinic's copy may have the title of what it was copied from."""
        return f"{self.title} (your clinic's)" if self.clinic_id else self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A published change of the content is a new version."""
        super().save(*args, **kwargs)
        if self.live:
            self._keep_version()

    def _keep_version(self) -> None:
        content = self.content()
        newest = self.versions.order_by("-number").first()
        if newest is None or newest.content != content:
            number = (self.versions.aggregate(last=Max("number"))["last"] or 0) + 1
            ProgressFormVersion.objects.create(form=self, number=number, content=content)

    def content(self) -> dict[str, Any]:
        """The form as plain data: what a version keeps and what is rendered."""
        versions = dict(
            Measure.objects.order_by("version").values_list("code", "version")
        )  # the last of each code is its newest
        known: dict[str, QuestionKind] = {}
        parts = []
        for block in self.body:
            parts.append(_part(block, known, versions))
            if name := block.value.get("name"):
                known[name] = QuestionKind(block.block_type)
        return {"title": self.title, "intro": self.intro, "parts": parts}

    @property
    def version(self) -> "ProgressFormVersion":
        """The newest; what a plan takes."""
        newest: ProgressFormVersion = self.versions.order_by("-number")[0]
        return newest

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "programs/preview/form.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        shown = ProgressFormVersion(form=self, number=0, content=self.content())
        forms = AnswerForms(shown, shown.definitions())
        return super().get_preview_context(request, mode_name) | {"forms": forms}


def _part(block: Any, known: dict[str, QuestionKind], versions: dict[str, int]) -> dict[str, Any]:
    value = block.value
    condition = value.get("only_if")
    part: dict[str, Any] = {
        "kind": QuestionKind(block.block_type),
        "name": value.get("name") or str(block.id),
        "only_if": ask_only_if.parse(condition, known) if condition else None,
    }
    if block.block_type == QuestionKind.MEASURE:
        return part | {"measure": value["measure"], "version": versions[value["measure"]]}
    plain = {name: item for name, item in value.items() if name not in {"name", "only_if"}}
    return part | {name: list(item) if name == "options" else item for name, item in plain.items()}


class ProgressFormVersion(models.Model):
    """The form as it was answered; never changed."""

    form = models.ForeignKey(ProgressForm, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="progress_form_version_number")
        ]
        indexes: ClassVar = []

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def title(self) -> str:
        return said(self.content["title"])

    @property
    def intro(self) -> str:
        return said(self.content["intro"])

    @property
    def parts(self) -> list[dict[str, Any]]:
        return list(self.content["parts"])

    def definitions(self) -> Versions:
        """What its measures are answered on; one query."""
        codes = (part["measure"] for part in self.parts if part["kind"] == QuestionKind.MEASURE)
        found: Versions = Measure.objects.versions(codes)
        return found
