"""A patient's thread as one reader sees it."""

from dataclasses import dataclass

from accounts.models import User
from accounts.permissions import Permission
from patients.models import Message, Patient, ThreadMark

MESSAGES_A_PAGE = 30


@dataclass(frozen=True)
class Line:
    """One message. `seen_by` are the names of those on the other side who have read it."""

    message: Message
    is_ours: bool
    is_new: bool
    seen_by: list[str]


@dataclass(frozen=True)
class Thread:
    """Newest first. `earlier` is where the next page begins; `newest` the highest number shown."""

    lines: list[Line]
    earlier: int | None
    newest: int


def load(patient: Patient, reader: User, *, before: int | None = None) -> Thread:
    """Two queries. `before` is the number of the oldest message of the page before."""
    found = Message.objects.filter(patient=patient).select_related("author")
    if before is not None:
        found = found.filter(number__lt=before)
    rows = list(found[: MESSAGES_A_PAGE + 1])
    shown = rows[:MESSAGES_A_PAGE]
    marks = list(ThreadMark.objects.filter(patient=patient).select_related("reader"))
    return Thread(
        lines=[_line(message, reader, marks) for message in shown],
        earlier=shown[-1].number if len(rows) > len(shown) else None,
        newest=max((message.number for message in shown), default=0),
    )


def _line(message: Message, reader: User, marks: list[ThreadMark]) -> Line:
    is_ours = message.from_patient == reader.may(Permission.ENTER_PORTAL)
    read_to = next((mark.up_to for mark in marks if mark.reader_id == reader.pk), 0)
    others = [
        str(mark.reader)
        for mark in marks
        if mark.up_to >= message.number
        and mark.reader.may(Permission.ENTER_PORTAL) != message.from_patient
    ]
    is_new = not is_ours and message.number > read_to
    return Line(message, is_ours, is_new, others if is_ours else [])
