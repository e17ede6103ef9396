"""What goes on paper, as plain data: the same for the PDF and for the page in the browser."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.storage import default_storage

from programs.course.course import Course
from programs.course.today import safety_items
from programs.handout import words
from programs.handout.figures import printed_pair, qr_svg
from programs.models import Plan, PlanPhase, Prescription
from programs.models.described import SafetyItem
from programs.models.snapshot import ExerciseSnapshot
from programs.motion import Motion
from programs.timing.schedule import days_of
from programs.timing.week import WEEK

MOST_PICTURES = 2


@dataclass(frozen=True)
class Picture:
    """A drawing (`svg`) or one of the clinic's own pictures (`file`, a name in the storage)."""

    alt: str
    caption: str
    svg: str = ""
    file: str = ""

    @property
    def address(self) -> str:
        return default_storage.url(self.file)


@dataclass(frozen=True)
class Item:
    """One exercise. `ticks`: how many boxes on each day, Monday first; 0 is a day off."""

    number: int
    title: str
    kind: str
    kind_words: str
    dosage: str
    frequency: str
    tempo: str
    cue: str
    start: str
    steps: tuple[str, ...]
    equipment: str
    precautions: str
    note: str
    pictures: tuple[Picture, ...]
    ticks: tuple[int, ...]

    @property
    def boxes(self) -> range:
        """One for each time of a day on which it is due."""
        return range(max(self.ticks))


@dataclass(frozen=True)
class Handout:
    """One phase of a plan on paper.

    `mark` says why it is not to be handed out as it is, or is empty. `address` is the portal's, or
    where `join_code` is typed in. `size` is the text size that the patient reads best.
    """

    patient: str
    plan: str
    phase: str
    version: int
    day: dt.date
    mark: str
    note: str
    therapist: str
    clinic: str
    phone: str
    office_hours: str
    out_of_hours: str
    emergency: str
    address: str
    safety: tuple[str, ...]
    items: tuple[Item, ...]
    size: str = "normal"
    join_code: str = ""
    join_until: str = ""

    @property
    def join_words(self) -> str:
        """How the patient gets in for the first time, before the code; empty without one."""
        return words.JOIN.format(address=self.address) if self.join_code else ""

    @property
    def join_then(self) -> str:
        return words.JOIN_THEN.format(date=self.join_until) if self.join_code else ""

    @property
    def date_words(self) -> str:
        return words.date(self.day)

    @property
    def qr(self) -> str:
        return qr_svg(self.address)

    @property
    def qr_alt(self) -> str:
        return words.qr_alt(self.address)

    @property
    def to_write(self) -> tuple[str, ...]:
        """The grid's rows to write in, as the page asks that paper is entered on."""
        return str(words.WORDS["pain"]), str(words.WORDS["falls"])


def of_course(course: Course, today: dt.date, *, address: str, mark: str = "") -> Handout:
    """The phase of the day, or of the nearest day on which this version held."""
    last = course.last - dt.timedelta(days=1) if course.last else today
    phase = course.phase_on(max(course.first, min(today, last)))
    mark = mark or standing_of(course, today)
    return of_phase(
        course.plan, phase, course.in_phase(phase), day=today, address=address, mark=mark
    )


def standing_of(course: Course, today: dt.date) -> str:
    """What to know of a frozen version before it is handed out; nothing for the one in force."""
    if course.first > today:
        return words.AHEAD.format(date=words.date(course.first))
    if course.last is None or today < course.last:
        return ""
    return str(words.OLD if course.plan.status == "replaced" else words.ENDED)


def of_phase(
    plan: Plan,
    phase: PlanPhase,
    rows: Sequence[Prescription],
    *,
    day: dt.date,
    address: str,
    mark: str = "",
) -> Handout:
    """`plan` comes with clinic, patient, episode and `activated_by`; `rows` are what is done."""
    clinic = plan.clinic
    return Handout(
        patient=str(plan.patient),
        plan=plan.plain_title,
        phase=f"{phase.number}: {phase.plain_title}",
        version=plan.version,
        day=day,
        mark=mark,
        note=plan.note,
        therapist=str(plan.activated_by or ""),
        clinic=clinic.name,
        phone=clinic.phone,
        office_hours=clinic.office_hours_words,
        out_of_hours=clinic.out_of_hours_words,
        emergency=clinic.emergency_number,
        address=address,
        safety=_safety(rows, plan),
        items=tuple(_item(number, row, plan.weekdays) for number, row in enumerate(rows, start=1)),
        size=plan.patient.text_size,
    )


def _safety(rows: Sequence[Prescription], plan: Plan) -> tuple[str, ...]:
    return tuple(str(SafetyItem(item).label) for item in safety_items(tuple(rows), plan.episode))


def _item(number: int, row: Prescription, weekdays: Sequence[int]) -> Item:
    shown = row.shown
    due = days_of(row, weekdays)
    return Item(
        number=number,
        title=shown.plain_title,
        kind=shown.kind,
        kind_words=shown.plain_kind,
        dosage=row.dosage_text,
        frequency=row.frequency_text,
        tempo=row.tempo_text,
        cue=shown.cue,
        start=shown.starting,
        steps=tuple(shown.steps),
        equipment=shown.equipment,
        precautions=shown.care,
        note=row.plain_note,
        pictures=_pictures(shown),
        ticks=tuple(row.times_per_day if day in due else 0 for day in range(WEEK)),
    )


def _pictures(shown: ExerciseSnapshot) -> tuple[Picture, ...]:
    """The drawing, or the clinic's own pictures where its therapists chose these instead."""
    own = [item for item in shown.media if item["kind"] == "image"][:MOST_PICTURES]
    if own and not shown.shows_figure:
        return tuple(Picture(item["alt"], item["caption"], file=item["file"]) for item in own)
    title = shown.plain_title
    motion = Motion.from_json(shown.motion)
    start, end = printed_pair(motion, **shown.drawn_as)
    return (
        Picture(words.start_alt(title, shown.description), str(words.WORDS["start"]), svg=start),
        Picture(words.end_alt(title), str(words.WORDS["end"]), svg=end),
    )
