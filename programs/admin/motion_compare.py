"""Two motions compared in words, for the revisions of an exercise."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail.admin.compare import FieldComparison
from wagtail.admin.panels import FieldPanel

_ENDS = {"A": "Start", "B": "End"}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """'End, knee: 25 → 30'; one line a difference."""
    old, new = dict(_flat(before)), dict(_flat(after))
    return [
        f"{name}: {old.get(name, '–')} → {new.get(name, '–')}"
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]


def _flat(motion: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name in ("pose", "side"):
        if name in motion:
            yield name, motion[name]
    for end, label in _ENDS.items():
        for joint, value in motion.get(end, {}).items():
            if isinstance(value, Mapping):
                leg = {"L": "left", "R": "right"}[joint]
                yield from ((f"{label}, {leg} {inner}", at) for inner, at in value.items())
            else:
                yield f"{label}, {joint}", value


class MotionComparison(FieldComparison):
    def htmldiff(self) -> SafeString:
        lines = changes(self.val_a or {}, self.val_b or {})
        return format_html_join("", "<p>{}</p>", ((line,) for line in lines))


class MotionPanel(FieldPanel):
    def get_comparison_class(self) -> type[FieldComparison]:
        return MotionComparison
