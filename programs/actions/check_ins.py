"""Storing answered progress forms and measures, each once."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from patients import team
from patients.actions import once
from patients.days import require_of_life
from patients.models import Episode, Patient
from programs.actions import clock_alerts, proposing, raising
from programs.alerts import of_check_in
from programs.models import CheckIn, CheckInDraft, Measure, Plan, ProgressFormVersion
from programs.models.check_in import AnsweredWith
from programs.notation.question_kinds import QuestionKind
from programs.progress import answered

LONGEST_DRAFT = 20_000  # letters
DRAFT_HOLDS = dt.timedelta(days=3)


def record(
    *,
    check_in_id: UUID,
    plan: Plan,
    form: ProgressFormVersion,
    answers: dict[str, Any],
    by: User,
    note: str = "",
    at: dt.datetime | None = None,
) -> CheckIn:
    """Store an answered form, or return it when the same id was stored before.

    Raises ValidationError for a form that is not on the plan, NotYours for another's id.
    """
    if plan.is_draft or not plan.forms.filter(version=form).exists():
        raise ValidationError(_("This form is not part of the plan."))
    moment = at or timezone.now()
    check_in = CheckIn(
        id=check_in_id,
        patient=plan.patient,
        plan=plan,
        form=form,
        answered_at=moment,
        answered_on=plan.clinic.local_date(moment),
        answers=answers,
        versions={
            part["measure"]: part["version"]
            for part in form.parts
            if part["kind"] == QuestionKind.MEASURE and part["measure"] in answers
        },
        note=note,
    )
    stored = _stored(check_in, by)
    CheckInDraft.objects.filter(patient=plan.patient, form=form).delete()
    return stored


def keep(
    *,
    patient: Patient,
    form: ProgressFormVersion,
    check_in_id: UUID,
    fields: dict[str, list[str]],
) -> None:
    """What was typed so far, for the next visit; nothing typed is no draft.

    Without `by` and the audit: it is no answer yet, and only the patient ever sees it. A save that
    was overtaken by the form itself changes nothing. Raises ValidationError for more than a form
    can hold.
    """
    if sum(len(value) for values in fields.values() for value in values) > LONGEST_DRAFT:
        raise ValidationError("This is more than can be kept.")
    if CheckIn.objects.filter(pk=check_in_id).exists():
        return
    if not fields:
        CheckInDraft.objects.filter(patient=patient, form=form).delete()
        return
    CheckInDraft.objects.update_or_create(
        patient=patient, form=form, defaults={"fields": fields, "clinic_id": patient.clinic_id}
    )


def begun(*, patient: Patient, form: ProgressFormVersion) -> CheckInDraft | None:
    """What was typed within the last days; older answers say nothing about today."""
    since = timezone.now() - DRAFT_HOLDS
    draft: CheckInDraft | None = CheckInDraft.objects.filter(
        patient=patient, form=form, saved_at__gte=since
    ).first()
    return draft


def record_measure(
    *,
    check_in_id: UUID,
    patient: Patient,
    measure: Measure,
    answers: dict[str, Any],
    answered_with: AnsweredWith,
    by: User,
    note: str = "",
    on: dt.date | None = None,
    taken_by: User | None = None,
    replaces: CheckIn | None = None,
) -> CheckIn:
    """One measure that a therapist took or wrote down, outside any form.

    `on` is the clinic's day on which it was taken, today if not said; `taken_by` who of the care
    team measured, whoever writes it down if not said. `replaces` is the measure that was wrong; its
    record is kept. A correction without any answer says that nothing was measured. Raises
    ValidationError for a day to come, for somebody who does not treat the patient, for nothing
    measured without a correction and a note, for other answers under an id that is stored, and
    where another record has put the old one right meanwhile; NotYours for another patient's id.
    """
    taken_by = taken_by or by
    _require_team(patient, taken_by, by, replaces)
    moment = _moment(patient, on, replaces)
    is_measured = any(_is_answer(value) for value in answers.values())
    if not is_measured:
        _require_reason(replaces, note)
    check_in = CheckIn(
        id=check_in_id,
        patient=patient,
        plan=_plan_on(patient, moment),
        answered_at=moment,
        answered_on=patient.clinic.local_date(moment),
        answered_with=answered_with,
        answers={measure.code: answers} if is_measured else {},
        versions={measure.code: measure.version} if is_measured else {},
        note=note,
        taken_by=taken_by,
        replaces=replaces,
    )
    stored = _stored(check_in, by)
    if (stored.answers, stored.versions) != (check_in.answers, check_in.versions):
        raise ValidationError(
            "This page has saved another measure already. Put that right, or take this anew."
        )
    return stored


def who_may_have_taken(patient: Patient, *, by: User, wrong: CheckIn | None = None) -> list[User]:
    """Whoever writes it down, then the care team; of a record that is put right its own, too."""
    members = team.members(patient).select_related("therapist").order_by("therapist__last_name")
    others = [member.therapist for member in members]
    if wrong is not None and wrong.taken_by is not None:
        others.append(wrong.taken_by)
    return list(dict.fromkeys([by, *others]))


def _require_team(patient: Patient, taken_by: User, by: User, wrong: CheckIn | None) -> None:
    if taken_by != by and taken_by not in who_may_have_taken(patient, by=by, wrong=wrong):
        raise ValidationError({"taken_by": "Choose somebody of the care team."})


def _is_answer(value: object) -> bool:
    """Something was said: of a symptom its strength, of activities at least one."""
    if isinstance(value, dict):
        return any(_is_answer(part) for part in value.values())
    return value not in (None, "", [])


def _require_reason(replaces: CheckIn | None, note: str) -> None:
    if replaces is None:
        raise ValidationError("Nothing was entered yet.")
    if not note.strip():
        raise ValidationError({"note": "Nothing was measured? Say in the note how it came about."})


def _moment(patient: Patient, on: dt.date | None, replaces: CheckIn | None) -> dt.datetime:
    """Now; when a record that is put right was taken; or noon of an earlier day, whose hour is not
    known, but not before the episode was opened on it.
    """
    clinic = patient.clinic
    if replaces is not None and on == replaces.answered_on:
        return replaces.answered_at
    if on is None or on == clinic.today():
        return timezone.now()
    if on > clinic.today():
        raise ValidationError({"done_on": "This day is still to come."})
    require_of_life(patient, done_on=on)
    noon = dt.datetime.combine(on, dt.time(12), tzinfo=clinic.zone)
    episode = Episode.objects.filter(patient=patient, closed_at=None).first()
    is_first_day = episode is not None and clinic.local_date(episode.opened_at) == on
    return max(noon, episode.opened_at) if episode and is_first_day else noon


def _plan_on(patient: Patient, moment: dt.datetime) -> Plan | None:
    """The newest plan of the open episode, for what was measured since that was opened."""
    plans = Plan.objects.frozen().filter(
        patient=patient, episode__closed_at=None, episode__opened_at__lte=moment
    )
    newest: Plan | None = plans.order_by("-activated_at").first()
    return newest


def _stored(check_in: CheckIn, by: User) -> CheckIn:
    """Once, however often it is sent."""
    if (known := _known(check_in)) is not None:
        return known
    wrong = check_in.replaces_id
    told: dict[str, Any] = {"replaces": wrong} if wrong else {}
    if check_in.taken_by_id not in (None, by.pk):
        told["taken_by"] = check_in.taken_by_id
    try:
        with transaction.atomic():
            _hold_replaced(check_in)
            check_in.save(force_insert=True)
            _follow(check_in, by)
            audit.record(
                action=audit.Action.CHECK_IN_CORRECTED if wrong else audit.Action.CHECK_IN_RECORDED,
                patient=check_in.patient,
                by=by,
                subject=check_in,
                measures=sorted(check_in.versions),
                **told,
            )
    except IntegrityError as error:
        return once.stored_meanwhile(error, CheckIn, check_in.pk, patient_id=check_in.patient_id)
    return check_in


def _hold_replaced(check_in: CheckIn) -> None:
    """Two corrections of one record come one after the other; the second is told."""
    if check_in.replaces_id is None:
        return
    old = CheckIn.objects.select_for_update(of=("self",)).get(pk=check_in.replaces_id)
    if old.patient_id != check_in.patient_id:
        raise once.NotYours
    if old.form_id is not None:
        raise ValidationError("What the patient answered stays as it is. Take the measure anew.")
    if CheckIn.objects.filter(replaces=old).exclude(pk=check_in.pk).exists():
        raise ValidationError("This was put right already. Look at the newer record.")


def _follow(check_in: CheckIn, by: User) -> None:
    """Alerts and proposed findings, in the transaction of the answer."""
    known = answered.versions_of([check_in])
    told = _told_before(check_in)
    raised = [one for one in of_check_in.raised_for(check_in, known) if one.rule not in told]
    # What is entered later holds from now on: nobody can leave out what is past.
    at = timezone.now() if check_in.form_id is None else check_in.answered_at
    raising.store(raised, of=check_in, at=at, by=by)
    proposing.of_check_in(check_in, known, by=by)
    clock_alerts.of_patient(check_in.patient)


def _told_before(check_in: CheckIn) -> set[str]:
    """The rules that the records which this one puts right have raised: they stay open."""
    told: set[str] = set()
    older = check_in.replaces
    while older is not None:
        told |= set(older.alerts.values_list("rule", flat=True))
        older = older.replaces
    return told


def _known(check_in: CheckIn) -> CheckIn | None:
    return once.stored(CheckIn, check_in.pk, patient_id=check_in.patient_id)
