"""Random histories of a plan, replayed: the plan 'as of' any moment is what was shown then."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programs.actions import phases, plans, prescriptions
from programs.course import on_day, today
from programs.models import Pause, Plan
from tests.conftest import make_episode, make_patient, make_plan

pytestmark = pytest.mark.django_db

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.integers(1, 9), st.integers(0, 4)),
        st.tuples(st.just("phase"), st.integers(1, 4), st.just(0)),
        st.tuples(st.just("pause"), st.integers(0, 5), st.integers(0, 3)),
        st.tuples(st.just("wait"), st.integers(1, 96), st.just(0)),
        st.tuples(st.just("end"), st.just(0), st.just(0)),
        st.tuples(st.just("new"), st.integers(0, 3), st.just(0)),
    ),
    max_size=8,
)


def seen(plan):
    """What one version shows: its dosages and days."""
    rows = plan.prescriptions.filter(included=True).order_by("phase__number", "order")
    return list(rows.values_list("exercise__code", "sets", "reps")), plan.weekdays


class History:
    """Does steps at growing moments, and writes down by itself what shows from when."""

    def __init__(self, patient, by):
        self.patient, self.by = patient, by
        self.episode = make_episode(patient, by)
        self.now = dt.datetime.now(dt.UTC) - dt.timedelta(days=60)
        self.phases = []  # (from when, number)
        self.paused = set()
        self.shown = []  # (from when, what), the newest entry about a moment counts
        self.new(0)

    @property
    def active(self):
        plans_ = Plan.objects.active().select_related("episode", "clinic", "program")
        return plans_.filter(episode=self.episode).first()

    def _activate(self, draft, days):
        draft.starts_on = self.patient.clinic.local_date(self.now) + dt.timedelta(days=days)
        draft.save(update_fields=["starts_on"])
        before = self.active is not None
        active = plans.activate(plan=draft, by=self.by, at=self.now, reason="A good reason.")
        midnight = dt.datetime.combine(draft.starts_on, dt.time(), tzinfo=self.patient.clinic.zone)
        since = max(self.now, midnight) if before else self.now
        self.shown = [entry for entry in self.shown if entry[0] < since]
        self.shown.append((since, (active.version, seen(active))))

    def new(self, days, _=0):
        if self.active is None:
            self._activate(make_plan(self.episode, self.by, "P2", active=False), days)

    def change(self, sets, days):
        if (active := self.active) is not None:
            draft = plans.adapt(plan=active, by=self.by)
            row = draft.prescriptions.first()
            prescriptions.change(prescription=row, by=self.by, sets=sets)
            self._activate(draft, days)

    def phase(self, number, _):
        if (active := self.active) is not None:
            today_ = self.patient.clinic.local_date(self.now)
            if active.effective_at > self.now or active.starts_on > today_:
                return  # it waits: its phase is decided from then on
            phases.start(
                phase=active.phases.get(number=number),
                by=self.by,
                at=self.now,
                reason="Steady in the clinic.",
            )
            self.phases.append((self.now, number))
            _, (version, what) = self.shown[-1]
            self.shown.append((self.now, (version, what)))

    def pause(self, offset, length):
        """Rows of their own: the action takes no days that are over."""
        first = self.patient.clinic.local_date(self.now) + dt.timedelta(days=offset)
        days = {first + dt.timedelta(days=number) for number in range(length + 1)}
        if not days & self.paused:
            Pause.objects.create(patient=self.patient, episode=self.episode, first=first,
                                 last=max(days), why="holiday", made_by=self.by)  # fmt: skip
            self.paused |= days

    def wait(self, hours, _):
        self.now += dt.timedelta(hours=hours)

    def end(self, *_):
        if (active := self.active) is not None:
            plans.end(plan=active, by=self.by, at=self.now)
            self.phases.append((self.now, 1))  # a plan after this one begins anew
            self.shown = [entry for entry in self.shown if entry[0] <= self.now]
            self.shown.append((self.now, None))

    def phase_at(self, shown, midnight):
        """The last decision before what is shown began that day."""
        since = max(shown.since or midnight, midnight)
        begun = [number for moment, number in self.phases if moment <= since]
        return begun[-1] if begun else 1

    def at(self, moment):
        known = [what for since, what in self.shown if since <= moment]
        return known[-1] if known else None


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS, probes=st.lists(st.integers(0, 70 * 24 * 60), min_size=3, max_size=12))
def test_the_plan_as_of_any_moment_is_what_was_shown_then(priya, steps, probes):
    with transaction.atomic():
        history = History(make_patient(priya, "Replay"), priya)
        start = history.now
        for name, *numbers in steps:
            history.wait(1, 0)
            getattr(history, name)(*numbers)
        for minutes in probes:
            moment = start + dt.timedelta(minutes=minutes)
            found = Plan.objects.as_of(moment).filter(episode=history.episode).first()
            assert (found and (found.version, seen(found))) == history.at(moment)
        versions = history.episode.plans.order_by("version").values_list("version", flat=True)
        assert list(versions) == list(range(1, len(versions) + 1))
        _days_agree(history, start)
        transaction.set_rollback(True)


def _days_agree(history, start):
    """The page of a day names just the versions that were on screen during it."""
    clinic = history.patient.clinic
    for offset in (0, 1, 2, 5, 9):
        day = clinic.local_date(start) + dt.timedelta(days=offset)
        midnight = dt.datetime.combine(day, dt.time(), tzinfo=clinic.zone)
        ends = midnight + dt.timedelta(days=1)
        inside = [since for since, _ in history.shown if midnight < since < ends]
        wanted = {
            what[0] for moment in (midnight, *inside) if (what := history.at(moment)) is not None
        }
        record = on_day.load(history.patient, day)
        assert {shown.plan.version for shown in record.shown} == wanted
        assert (record.pause is not None) == (bool(wanted) and day in history.paused)
        for shown in record.shown:
            assert shown.phase.number == history.phase_at(shown, midnight)
            assert not (shown.due and day in history.paused)


def test_today_shows_the_version_in_force_and_the_next_one_from_its_day(plan, priya, ana):
    draft = plans.adapt(plan=plan, by=priya, reason="Next week.")
    row = draft.prescriptions.first()
    prescriptions.change(prescription=row, by=priya, sets=5)
    plans.change(plan=draft, by=priya, starts_on=ana.clinic.today() + dt.timedelta(days=3))
    plans.activate(plan=draft, by=priya)
    now = today.load(ana)
    assert now.plan == plan
    assert now.change_words == ""


def test_the_patient_reads_what_changed_for_a_week(plan, priya, ana, monkeypatch):
    draft = plans.adapt(plan=plan, by=priya, reason="Going well.")
    prescriptions.change(prescription=draft.prescriptions.first(), by=priya, sets=3)
    plans.activate(plan=draft, by=priya)
    words = today.load(ana).change_words
    assert words.startswith("Your therapist changed your plan: “")
    assert "is now 3 × 10, right" in words
    assert "it was 2 × 10, right" in words
    later = ana.clinic.today() + dt.timedelta(days=7)
    monkeypatch.setattr(type(ana.clinic), "today", lambda self: later)
    assert today.load(ana).change_words == ""


def test_a_change_of_another_phase_is_not_told_to_the_patient(plan, priya, ana):
    draft = plans.adapt(plan=plan, by=priya, reason="Later, as agreed.")
    row = draft.prescriptions.filter(phase__number=2).first()
    prescriptions.change(prescription=row, by=priya, sets=4)
    active = plans.activate(plan=draft, by=priya)
    assert active.change_words == ""


def test_a_draft_can_not_begin_before_the_version_it_follows(draft, priya):
    with pytest.raises(ValidationError):
        plans.adapt(plan=draft, by=priya)
