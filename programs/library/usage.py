"""Where an exercise is used: what a therapist asks before changing or archiving it."""

from dataclasses import dataclass

from wagtail.models import ReferenceIndex

from accounts.models import Clinic
from programs.models import Exercise, Prescription, Program
from programs.models.plan import PlanStatus


@dataclass(frozen=True)
class Usage:
    programs: int
    active_plans: int
    plans: int
    articles: int

    @property
    def is_used(self) -> bool:
        return bool(self.programs or self.plans or self.articles)

    def __str__(self) -> str:
        """'in 3 programs, 14 active plans, 2 articles'."""
        parts = [
            _counted(self.programs, "program"),
            _counted(self.active_plans, "active plan"),
            _counted(self.articles, "article"),
        ]
        return f"in {', '.join(parts)}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def of_exercise(exercise: Exercise, clinic: Clinic | None) -> Usage:
    """Plans are counted in the asking clinic only; without one, none is told."""
    rows = Prescription.objects.filter(exercise=exercise, included=True, clinic=clinic)
    plans = rows.values("plan").distinct()
    return Usage(
        programs=Program.objects.filter(phases__exercises__exercise=exercise).distinct().count(),
        active_plans=plans.filter(plan__status=PlanStatus.ACTIVE).count(),
        plans=Prescription.objects.filter(exercise=exercise).count(),
        articles=ReferenceIndex.get_references_to(exercise)
        .values("base_content_type", "object_id")
        .distinct()
        .count(),
    )
