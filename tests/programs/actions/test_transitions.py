"""Every transition of a plan against every status and every role."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AuditEvent, User
from accounts.permissions import Permission, Role, permissions_of
from programs.actions import drafts, pauses, phases, plans, transitions
from programs.models import Plan
from programs.models.plan import PlanStatus
from tests.conftest import make_episode, make_patient, make_plan

STATUSES = [None, *PlanStatus]


def plan_in(status):
    return Plan(status=status, activated_by=User(first_name="Colm")) if status else None


@pytest.mark.parametrize("name", transitions.TABLE)
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("role", Role)
def test_a_transition_is_allowed_from_its_status_to_its_role_only(name, status, role):
    transition = transitions.TABLE[name]
    by = User(role=role, is_active=True)
    may = Permission.TREAT in permissions_of(role)
    if not may:
        with pytest.raises(PermissionDenied):
            transitions.require(name, plan_in(status), by=by)
    elif status != transition.source:
        with pytest.raises(ValidationError) as refused:
            transitions.require(name, plan_in(status), by=by)
        assert refused.value.messages[0]
    else:
        assert transitions.require(name, plan_in(status), by=by) is transition


def do_discard(plan, by):
    plans.discard(plan=plan, by=by)


def do_pause(plan, by):
    pauses.pause(plan=plan, why="holiday", by=by)


def do_resume(plan, by):
    pauses.resume(plan=plan, by=by)


def do_move(plan, by):
    phases.start(phase=plan.phases.last(), by=by, reason="Steady in the clinic.")


ACTIONS = {
    "change": lambda plan, by: plans.change(plan=plan, by=by, note="x"),
    "undo": lambda plan, by: drafts.undo(plan=plan, by=by),
    "discard": do_discard,
    "activate": lambda plan, by: plans.activate(plan=plan, by=by),
    "adapt": lambda plan, by: plans.adapt(plan=plan, by=by),
    "move_phase": do_move,
    "pause": do_pause,
    "resume": do_resume,
    "end": lambda plan, by: plans.end(plan=plan, by=by, outcome="improved"),
}


def test_every_transition_has_its_action():
    """`draft` and `replace` happen within `assign` and `activate`."""
    assert set(ACTIONS) | {"draft", "replace"} == set(transitions.TABLE)


@pytest.fixture
def in_status(priya):
    """A plan in each status, made by the actions themselves."""

    def made(status):
        patient = make_patient(priya, f"Of{status}")
        episode = make_episode(patient, priya)
        if status == PlanStatus.DRAFT:
            return make_plan(episode, priya, active=False)
        plan = make_plan(episode, priya)
        if status == PlanStatus.ENDED:
            plans.end(plan=plan, by=priya)
        if status == PlanStatus.REPLACED:
            plans.activate(plan=plans.adapt(plan=plan, by=priya, reason="Next step now."), by=priya)
        return Plan.objects.select_related("episode", "clinic", "patient").get(pk=plan.pk)

    return made


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("status", PlanStatus)
def test_an_action_asks_the_table(name, status, in_status, priya):
    plan = in_status(status)
    transition = transitions.TABLE[name]
    if name in ("resume", "undo") and status == transition.source:
        before = do_pause if name == "resume" else ACTIONS["change"]
        before(plan, priya)
    if status != transition.source:
        with pytest.raises(ValidationError):
            ACTIONS[name](plan, priya)
        assert Plan.objects.get(pk=plan.pk).status == status
        return
    ACTIONS[name](plan, priya)
    left = Plan.objects.filter(pk=plan.pk).values_list("status", flat=True).first()
    assert left == transition.target
    assert AuditEvent.objects.filter(action=transition.event, patient_id=plan.patient_id).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACTIONS)
def test_an_administrator_may_none_of_it(name, in_status, ruth):
    status = transitions.TABLE[name].source
    plan = in_status(status)
    with pytest.raises(PermissionDenied):
        ACTIONS[name](plan, ruth)
    assert Plan.objects.get(pk=plan.pk).status == status


@pytest.mark.django_db
def test_the_loser_of_a_race_is_told_who_won(draft, priya, colm):
    plans.activate(plan=draft, by=colm)
    with pytest.raises(ValidationError, match=r"Colm Therapist.* activated this version"):
        plans.activate(plan=draft, by=priya)


@pytest.mark.django_db
def test_a_change_for_later_leaves_the_old_version_in_force_until_then(plan, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="After the holiday.")
    first_day = plan.clinic.today() + dt.timedelta(days=5)
    plans.change(plan=draft, by=priya, starts_on=first_day)
    later = plans.activate(plan=draft, by=priya)
    plan.refresh_from_db()
    now = dt.datetime.now(dt.UTC)
    assert later.is_ahead()
    assert plan.closed_at == later.effective_at
    assert Plan.objects.as_of(now).get() == plan
    assert Plan.objects.as_of(now + dt.timedelta(days=6)).get() == later
    assert later.effective_at.astimezone(plan.clinic.zone).date() == first_day
    # Something sooner: the version that waited never comes.
    sooner = plans.adapt(plan=later, by=priya, reason="No, begin now.")
    plans.change(plan=sooner, by=priya, starts_on=plan.clinic.today())
    soon = plans.activate(plan=sooner, by=priya)
    assert Plan.objects.as_of(dt.datetime.now(dt.UTC)).get() == soon
    assert Plan.objects.as_of(now + dt.timedelta(days=6)).get() == soon


@pytest.mark.django_db
def test_ending_while_a_change_waits_ends_both(plan, priya):
    draft = plans.adapt(plan=plan, by=priya, reason="Later, as agreed.")
    plans.change(plan=draft, by=priya, starts_on=plan.clinic.today() + dt.timedelta(days=5))
    later = plans.activate(plan=draft, by=priya)
    plans.end(plan=later, by=priya, outcome="improved")
    for days in (0, 1, 5, 30):
        moment = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
        assert not Plan.objects.as_of(moment).exists()
