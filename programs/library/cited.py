"""What the library cites by key, beside its exercises: cms asks before a source is deleted."""

from collections.abc import Iterator

from cms import usage
from programs.models import Measure
from programs.motion.load import RULE_SOURCES


def uses() -> Iterator[tuple[str, usage.Use]]:
    """The rule that sorts glides from tension, and every version of a measure."""
    for key in RULE_SOURCES:
        yield key, usage.Use("rule", "which joints load a nerve", 0, is_public=True)
    for measure in Measure.objects.only("code", "version", "title", "definition"):
        for key in measure.definition.get("citations", []):
            yield key, usage.Use("measure", str(measure), measure.pk, is_public=True)
