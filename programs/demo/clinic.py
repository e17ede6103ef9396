"""Builds the demo clinics by the same actions that the site uses, dated relative to today."""

import datetime as dt
import random
import uuid

from django.db import transaction
from django.utils import timezone

from accounts import actions as accounts
from accounts.demo import DEMO_DOMAIN, DEMO_LOGINS, DEMO_PASSWORD, DemoLogin
from accounts.models import Clinic, User
from accounts.permissions import Role
from cms import editing
from cms.models import Author
from cms.starter.articles import take_over
from patients.actions import caregivers, episodes, invitations
from patients.actions import patients as patient_actions
from patients.models import Episode, Patient
from programs.actions import check_ins, clock_alerts, discharge, phases, plans, sessions
from programs.course.course import Course
from programs.demo import last_year, letters
from programs.demo.people import ELSEWHERE, PEOPLE, DemoPatient
from programs.demo.stories import MEASURED, STORIES, Moment
from programs.models import Measure, Plan, PlanPhase, Program
from programs.models.check_in import AnsweredWith
from programs.models.session import Done

CLINIC_NAME = "Riverside Foot and Nerve Clinic"
OTHER_NAME = "Lakeside Balance Center"
# What people named in the form that asks for two activities, in their own words.
_ACTIVITIES = {
    "en": ["Walk to the shop", "Stand to cook"],
    "es": ["Caminar a la tienda", "Estar de pie para cocinar"],
}
_NAMESPACE = uuid.UUID("5f0c6d2e-0d53-4d3f-8a55-0f2b7d3c9a10")


def exists() -> bool:
    return User.objects.filter(email__endswith=f"@{DEMO_DOMAIN}").exists()


@transaction.atomic
def build() -> None:
    """A clinic with 2 therapists, an administrator, 12 patients and those of last year; and a small
    one in another time zone, whose people nobody of the first one sees.
    """
    clinic = accounts.create_clinic(
        name=CLINIC_NAME,
        time_zone="America/New_York",
        phone="555-0134",
        emergency_number="911",
        office_hours="Mon–Fri 8:00–17:00",
    )
    staff = _staff(clinic, "Priya", "Tom", "Ruth")
    _editing(staff)
    last_year.build([staff["Priya"], staff["Tom"]], clinic.today())
    _fill(clinic, staff, PEOPLE)
    letters.build(clinic, staff["Priya"])
    _family(Patient.objects.get(clinic=clinic, first_name="Ana"))
    other = accounts.create_clinic(
        name=OTHER_NAME,
        time_zone="America/Chicago",
        phone="555-0178",
        emergency_number="911",
        office_hours="Mon–Thu 9:00–18:00",
    )
    _fill(other, _staff(other, "Marcus", "Nora"), ELSEWHERE)


def _fill(clinic: Clinic, staff: dict[str, User], people: list[DemoPatient]) -> None:
    for number, person in enumerate(people):
        _Builder(person, clinic, staff[person.therapist], number).build()
    for patient in Patient.objects.filter(clinic=clinic, episodes__closed_at=None):
        clock_alerts.of_patient(patient)  # what the worker does each hour


def _family(ana: Patient) -> None:
    """Her son does sessions with her."""
    login = _login("Luis")
    assert ana.user is not None
    son = caregivers.invite(
        patient=ana,
        by=ana.user,
        name=login.name,
        email=login.email,
        does_sessions=True,
        reads_messages=False,
    )
    caregivers.accept(caregiver=son, password=DEMO_PASSWORD)


def _login(first_name: str) -> DemoLogin:
    return next(login for login in DEMO_LOGINS if login.name.startswith(f"{first_name} "))


def _staff(clinic: Clinic, *first_names: str) -> dict[str, User]:
    return {name: _member(_login(name), clinic) for name in first_names}


def _member(login: DemoLogin, clinic: Clinic) -> User:
    first, last = login.name.split()
    return accounts.create_user(
        email=login.email,
        first_name=first,
        last_name=last,
        role=login.role,
        clinic=clinic,
        password=DEMO_PASSWORD,
        credentials="PT, DPT" if login.role == Role.THERAPIST else "",
    )


def _editing(staff: dict[str, User]) -> None:
    """Priya writes articles and Tom signs them off; so far he has read one."""
    editing.set_up()
    editing.make_reviewer(user=staff["Tom"])
    for name in ("Priya", "Tom"):
        author = Author.of(staff[name])
        author.is_invented = True
        author.save(update_fields=["is_invented"])
    take_over(writer=Author.of(staff["Priya"]), reviewer=staff["Tom"], reviewed="numb-feet")


class _Builder:
    """One demo patient, from the first visit to today."""

    def __init__(self, person: DemoPatient, clinic: Clinic, therapist: User, number: int) -> None:
        self.person, self.clinic, self.therapist = person, clinic, therapist
        self.number = number
        self.today = clinic.today()
        self.first_day = self.today - dt.timedelta(weeks=person.weeks)
        self.dice = random.Random(person.first_name)  # noqa: S311 - a story, not a secret

    def build(self) -> None:
        patient = self._patient()
        episode = episodes.open_episode(patient=patient, by=self.therapist, **self.person.episode)
        episodes.record_screen(
            episode=episode, present=[], by=self.therapist, at=self._at(self.first_day, 9)
        )
        user = self._login(patient)
        if not self.person.program or user is None:
            return
        plan = self._plan(episode)
        self._history(plan, user)
        self._measures(patient)
        if self.person.story == "red_flag":
            episodes.record_screen(
                episode=episode,
                present=["new_weakness"],
                by=self.therapist,
                note="Called after the alert; sent to the physician the same day.",
            )
        if self.person.outcome:
            discharge.end_care(
                episode=Episode.objects.select_related("patient", "clinic").get(pk=episode.pk),
                outcome=self.person.outcome,
                by=self.therapist,
            )

    def _at(self, day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
        moment = dt.datetime.combine(day, dt.time(hour, minute), tzinfo=self.clinic.zone)
        return min(moment, timezone.now())  # a visitor may come at night

    def _patient(self) -> Patient:
        person = self.person
        return patient_actions.add(
            by=self.therapist,
            first_name=person.first_name,
            last_name=person.last_name,
            birth_date=dt.date.fromisoformat(person.born),
            sex=person.sex,
            email=f"{person.first_name.lower()}@{DEMO_DOMAIN}",
            phone=f"555-01{40 + self.number:02d}",
            language=person.language,
            record_number=person.record_number,
        )

    def _login(self, patient: Patient) -> User | None:
        invitation = invitations.make(patient=patient, by=self.therapist)
        if not self.person.login:
            return None
        return invitations.accept(
            invitation=invitation, email=patient.email, password=DEMO_PASSWORD
        )

    def _plan(self, episode: Episode) -> Plan:
        program = Program.objects.get(clinic=None, code=self.person.program)
        draft = plans.assign(
            program=program, episode=episode, by=self.therapist, starts_on=self.first_day
        )
        plans.change(
            plan=draft, by=self.therapist, note=self.person.note, weekdays=self._weekdays()
        )
        plan = plans.activate(plan=draft, by=self.therapist, at=self._at(self.first_day, 9, 30))
        self._phases(plan)
        return plan

    def _weekdays(self) -> list[int]:
        """Five days of the week, today among them, so that there is something to try."""
        return sorted((self.today.weekday() + offset) % 7 for offset in (-5, -3, -2, -1, 0))

    def _phases(self, plan: Plan) -> None:
        """Moved on by the therapist at even steps, up to the story's phase."""
        steps = list(PlanPhase.objects.filter(plan=plan).select_related("plan__clinic"))
        days = (self.today - self.first_day).days
        for number in range(2, self.person.phase + 1):
            on = self.first_day + dt.timedelta(days=days * (number - 1) // self.person.phase)
            at = self._at(on, 10, 0)
            episodes.record_screen(
                episode=plan.episode, present=[], by=self.therapist, at=at - dt.timedelta(minutes=5)
            )
            phases.start(
                phase=steps[number - 1], by=self.therapist, at=at, reason="Steady in the clinic."
            )

    def _history(self, plan: Plan, user: User) -> None:
        """Sessions of all due days but today, which the visitor may do, and weekly check-ins."""
        course = Course.load([plan])[0]
        story = STORIES[self.person.story]
        total = max((self.today - self.first_day).days, 1)
        days = [self.first_day + dt.timedelta(days=offset) for offset in range(total)]
        due_days = [day for day in days if course.due_on(day)]
        weekly = []
        for index, day in enumerate(due_days):
            moment = Moment(
                share=(day - self.first_day).days / total,
                left=(self.today - day).days,
                nth=len(due_days) - 1 - index,
                dice=self.dice,
            )
            answers = story(moment)
            if answers is None:
                continue
            sessions.record(
                session_id=self._id("session", day),
                plan=plan,
                done={row.pk: Done.ALL for row in course.due_on(day)},
                by=user,
                at=self._at(day, 8, 12),
                **answers,
            )
            if self._is_first_of_week(day, due_days[:index]):
                weekly.append((day, moment))
        # Each makes the clock's rules look, which have to see all sessions.
        for day, moment in weekly:
            self._check_in(plan, user, day, moment)

    def _is_first_of_week(self, day: dt.date, earlier: list[dt.date]) -> bool:
        """A check-in a week, from the second week on, so that today's is due."""
        week = (day - self.first_day).days // 7
        return week > 0 and all((other - self.first_day).days // 7 < week for other in earlier)

    def _check_in(self, plan: Plan, user: User, day: dt.date, moment: Moment) -> None:
        better = moment.share if self.person.story != "patchy" else 0.1
        check_ins.record(
            check_in_id=self._id("check-in", day),
            plan=plan,
            form=plan.forms.select_related("version")[0].version,
            answers={
                "M2": {
                    "numb": round(7 - 2 * better),
                    "tingling": round(6 - 4 * better),
                    "burning": round(5 - 3 * better),
                    "stabbing": None if self.person.story == "patchy" else round(3 - 2 * better),
                },
                "M4": {
                    "activities": [
                        {"name": name, "score": round(start + gain * better)}
                        for name, (start, gain) in zip(
                            _ACTIVITIES[self.person.language], ((4, 4), (5, 3)), strict=True
                        )
                    ]
                },
            },
            by=user,
            at=self._at(day, 19),
        )

    def _measures(self, patient: Patient) -> None:
        """What the therapist measured, by the day after the first visit."""
        for after, taken in MEASURED.get(self.person.story, {}).items():
            day = self.first_day + dt.timedelta(days=after)
            for code, answers in taken.items():
                check_ins.record_measure(
                    check_in_id=self._id(code, day),
                    patient=patient,
                    measure=Measure.objects.filter(code=code).order_by("-version")[0],
                    answers=answers,
                    answered_with=AnsweredWith.CLINIC,
                    by=self.therapist,
                    on=day,
                )

    def _id(self, what: str, day: dt.date) -> uuid.UUID:
        return uuid.uuid5(_NAMESPACE, f"{self.person.record_number} {what} {day}")
