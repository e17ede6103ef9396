"""All that a plan consists of, as plain data: kept for undo, carried into the next version.

{"head": {…}, "phases": [{…, "forms": [{…}], "lines": [{…}]}]}; every value is JSON.
"""

from typing import Any

from programs.models import (
    Exercise,
    Plan,
    PlanForm,
    PlanPhase,
    Prescription,
    ProgressFormVersion,
)
from programs.models.dosage import PRESCRIBED_FIELDS

Content = dict[str, Any]

# Angle limits are not among them: they follow from the findings, and no undo brings old ones back.
HEAD = ("title", "patient_title", "weekdays", "note", "change_reason")
PHASE = ("id", "number", "title", "goal", "weeks_text", "gate")
FORM = ("version_id", "every_days")
LINE = (
    "id",
    "exercise_id",
    "order",
    "included",
    "gate_reason",
    "reason_for",
    "note",
    "alternative_codes",
    "weekdays",
    "snapshot",
    *PRESCRIBED_FIELDS,
)


def read(plan: Plan) -> Content:
    """Three queries, whatever the plan's length."""
    phases = list(plan.phases.prefetch_related("forms", "prescriptions"))
    return {
        "head": {**_values(plan, HEAD), "starts_on": plan.starts_on.isoformat()},
        "phases": [
            {
                **_values(phase, PHASE),
                "forms": [_values(form, FORM) for form in phase.forms.all()],
                "lines": [_values(line, LINE) for line in phase.prescriptions.all()],
            }
            for phase in phases
        ],
    }


def _values(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    if "id" in values:
        values["id"] = str(values["id"])
    return values


def write(plan: Plan, content: Content, *, as_new: bool = False) -> None:
    """Make the draft consist of just this; `as_new` gives its rows ids of their own."""
    plan.phases.all().delete()
    for phase in content["phases"]:
        made = PlanPhase(patient_id=plan.patient_id, clinic_id=plan.clinic_id, plan=plan)
        _set(made, phase, PHASE, as_new)
        made.save(force_insert=True)
        _write_rows(plan, made, PlanForm, phase["forms"], FORM, as_new)
        _write_rows(plan, made, Prescription, phase["lines"], LINE, as_new)


def is_gone(content: Content) -> bool:
    """An exercise or a form's version in it was deleted since."""
    lines = {line["exercise_id"] for phase in content["phases"] for line in phase["lines"]}
    forms = {form["version_id"] for phase in content["phases"] for form in phase["forms"]}
    return Exercise.objects.filter(pk__in=lines).count() < len(
        lines
    ) or ProgressFormVersion.objects.filter(pk__in=forms).count() < len(forms)


def _write_rows(
    plan: Plan,
    phase: PlanPhase,
    model: type[Any],
    rows: list[dict[str, Any]],
    names: tuple[str, ...],
    as_new: bool,
) -> None:
    made = []
    for row in rows:
        one = model(patient_id=plan.patient_id, clinic_id=plan.clinic_id, plan=plan, phase=phase)
        _set(one, row, names, as_new)
        made.append(one)
    model.objects.bulk_create(made)


def _set(row: Any, values: dict[str, Any], names: tuple[str, ...], as_new: bool) -> None:
    for name in names:
        if name in values and (name != "id" or not as_new):
            setattr(row, name, values[name])
