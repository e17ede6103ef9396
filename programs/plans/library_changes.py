"""What the library has become since a draft's frozen copies were made."""

from programs.models import Prescription
from programs.models.snapshot import ExerciseSnapshot


def library_changes(prescription: Prescription) -> list[str]:
    """What the library's exercise has become since the frozen copy that this draft carries."""
    if prescription.snapshot is None:
        return []
    caps = prescription.limits
    newer = ExerciseSnapshot.of(prescription.exercise, caps)
    return prescription.kept.limited(caps).changes_to(newer)
