"""Which measures wait: a test on the feet is no safer than an exercise on the feet."""

from collections.abc import Iterable

from patients.conditions import Condition
from patients.models import Episode, Patient, RedFlagScreen
from programs.measures.definition import Definition
from programs.models import Restriction
from programs.models.restriction import Kind
from programs.safety.conditions import STOPS_ALL

NO_WEIGHT = (Condition.FOOT_WOUND, Condition.CHARCOT)  # brief 1.9; those of STOPS_ALL stop all


def waiting(definitions: Iterable[Definition], patient: Patient) -> set[str]:
    """The codes of those that wait now; three queries, none where none is taken on the feet."""
    standing = [one for one in definitions if one.is_standing]
    if not standing:
        return set()
    episode = Episode.objects.filter(patient=patient, closed_at=None).first()
    held = Restriction.objects.filter(patient=patient).in_force(patient.clinic.today())
    screen = episode.latest_screen if episode else None
    return {one.code for one in standing if waits(one, episode, screen, held)}


def waits(
    definition: Definition,
    episode: Episode | None,
    screen: RedFlagScreen | None,
    held: Iterable[Restriction],
) -> str:
    """Why a measure has to wait, for the therapist, or ''. `screen` is the episode's newest,
    `held` are restrictions in force.
    """
    if not definition.is_standing:
        return ""
    if episode is not None and (words := _on_record(episode, screen)):
        return words
    stops = {one.kind for one in held} & {Kind.ALL, Kind.STANDING, Kind.TODAY}
    words = " and ".join(kind.label for kind in Kind if kind in stops)
    return f"Not now: held back are {words}." if stops else ""


def _on_record(episode: Episode, screen: RedFlagScreen | None) -> str:
    """What stops an exercise on the feet stops a test on the feet."""
    if screen is not None and screen.stops_exercise:
        return "Not now: a red flag is open."
    for condition in (*NO_WEIGHT, *STOPS_ALL):
        if condition in episode.conditions:
            return f"Not now, on the feet: {condition.label.lower()}."
    return ""
