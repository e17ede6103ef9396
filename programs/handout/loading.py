"""The plan that goes on paper, for either door. Which plans one may see is the doors' question."""

from dataclasses import replace

from patients.models import Patient
from programs.course import today
from programs.course.course import Course
from programs.handout import words
from programs.handout.content import Handout, of_course, of_phase
from programs.models import Plan, PlanPhase
from programs.plans.versions import phase_to_start
from programs.progress import of_patient as progress

# The portal shows no exercises then.
NOTHING_TO_DO = (today.State.STOPPED, today.State.ENDED)


def current(patient: Patient, *, address: str) -> Handout | None:
    """What the patient's plan page shows today; None where that shows no exercises."""
    day = today.load(patient)
    rows = progress.phase_prescriptions(day)
    if day.plan is None or day.phase is None or not rows or day.state in NOTHING_TO_DO:
        return None
    day.plan.patient = patient
    return of_phase(
        day.plan, day.phase, rows, day=day.date, address=address, mark=" ".join(day.held_words)
    )


def with_code(handout: Handout, patient: Patient, *, address: str) -> Handout:
    """With the code of an open invitation, for a patient who has no login yet.

    Nothing is made here: without an invitation, and on paper that is not to be handed out, it
    stays as it is. The code alone opens nothing: the birth date, which is asked too, is not on it.
    """
    if handout.mark or patient.user_id is not None:
        return handout
    invitation = patient.invitations.usable().first()
    if invitation is None:
        return handout
    until = patient.clinic.local_date(invitation.expires_at)
    return replace(
        handout, address=address, join_code=invitation.code, join_until=words.date(until)
    )


def version(plan: Plan, *, address: str) -> Handout:
    """Any version for its therapist, marked where it is not the one to hand out.

    `plan` comes with patient, clinic, episode and `activated_by`.
    """
    if plan.is_draft:
        return _draft(plan, address)
    day = today.load(plan.patient) if plan.is_active else None
    return of_course(
        Course.load([plan])[0],
        plan.clinic.today(),
        address=address,
        mark=_not_now(day) if day is not None else "",
    )


def _not_now(day: today.Today) -> str:
    if day.state is today.State.STOPPED:
        return str(words.STOPPED)
    return " ".join(day.held_words)


def _draft(plan: Plan, address: str) -> Handout:
    """The phase in which it would begin."""
    active = Plan.objects.active().filter(episode_id=plan.episode_id).first()
    number = phase_to_start(plan, active)
    phases: list[PlanPhase] = list(plan.phases.order_by("number"))
    phase = next((one for one in phases if one.number == number), phases[0])
    rows = list(
        plan.prescriptions.filter(phase=phase, included=True)
        .select_related("exercise")
        .prefetch_related("exercise__citations", "exercise__texts")
    )
    return of_phase(
        plan, phase, rows, day=plan.clinic.today(), address=address, mark=str(words.DRAFT)
    )
