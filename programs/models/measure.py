"""Measures, as versioned definitions."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property

from accounts.compiled import compiled
from programs.measures.definition import Definition

Versions = dict[tuple[str, int], Definition]


class MeasureQuerySet(models.QuerySet["Measure"]):
    def newest(self) -> list["Measure"]:
        """The newest version of each, M1 to M15 before X1 and the others."""
        newest = {row.code: row for row in self.order_by("version")}
        return sorted(newest.values(), key=lambda row: (row.code[0], int(row.code[1:])))

    def versions(self, codes: Iterable[str]) -> Versions:
        """Every version of these measures, in one query; none without a code."""
        wanted = sorted(set(codes))
        rows = _of_codes(wanted) if wanted else ()
        return {(row.code, row.version): row.parsed for row in rows}


@compiled
def _of_codes(codes: list[str]) -> "models.QuerySet[Measure]":
    return Measure.objects.filter(code__any_of=codes)


class Measure(models.Model):
    """One instrument as the brief defines it (4.1). A changed definition is a new version."""

    code = models.CharField(max_length=10)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    definition = models.JSONField(
        help_text="Items, scale, scoring, direction, change that matters, source."
    )
    shipped = models.BooleanField(
        help_text="Off: its words may not be shown; only a total can be recorded."
    )

    objects: ClassVar[Any] = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="measure_version_unique")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def clean(self) -> None:
        """Raises ValidationError naming the field of a definition that is not sound."""
        try:
            self._parse()
        except ValueError as error:
            raise ValidationError({"definition": str(error)}) from error

    @cached_property
    def parsed(self) -> Definition:
        """A stored version never changes. Raises ValueError for one that was never cleaned."""
        return self._parse()

    def _parse(self) -> Definition:
        return Definition.from_json(
            self.code, self.version, self.title, self.shipped, self.definition
        )
