"""A letter from a version of a note: what it says, what stands on top of it, and who signs."""

import datetime as dt
from collections.abc import Iterator
from typing import TypedDict

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Clinic, User
from patients.models import Episode, Patient
from patients.models.episode import Sensation
from patients.red_flags import Tier
from programs.alerts.advice import Stop, of_rule
from programs.alerts.rules import RULES, Advice
from programs.models import Alert, ClinicalNote
from programs.models.alert import Code, Severity
from programs.models.note import NoteKind, Recipient
from programs.notes import compose, plain
from programs.notes.known import Known
from programs.notes.since import urgency
from programs.notes.start import named
from programs.notes.wording import as_text, day

# What a patient does about an open sign, by its tier; C has no stop text of its own.
_ADVICE = {Tier.EMERGENCY: Advice.EMERGENCY, Tier.SAME_DAY: Advice.CALL_TODAY}


class Head(TypedDict):
    """What a letter shows of the clinic, the patient and its writer, in its language."""

    clinic: str
    where: list[str]  # lines of the clinic's address; older letters do not have them
    logo: str  # its file's name among the private ones, or nothing; likewise
    phone: str
    office_hours: str
    date: str
    patient: str
    salutation: str
    closing: str
    signed: str
    page: str
    of: str
    warning: str
    advice: str


def text(note: ClinicalNote, to: Recipient, language: str) -> str:
    """The note as it was edited; for a patient, or in another language, from the data anew."""
    if is_of_note(note, to, language):
        return str(note.text)
    known = Known.load(note.episode, first=note.first, last=note.last)
    kind = NoteKind(note.kind)
    made = (compose if to.is_clinician else plain).sections(kind, known, language=language)
    return as_text(made)


def is_of_note(note: ClinicalNote, to: Recipient, language: str) -> bool:
    """Whether the letter begins with what was edited by hand."""
    return to.is_clinician and note.language == language


def subject(note: ClinicalNote, to: Recipient, language: str) -> str:
    with translation.override(language):
        if to.is_clinician:
            what = f"{note.patient}: {_(str(note.get_kind_display()))}"
        else:
            what = _("Your care with us")
        return f"{what}, {_days(note)}"


def _days(note: ClinicalNote) -> str:
    if note.first == note.last:
        return day(note.first)
    return _("%(first)s to %(last)s") % {"first": day(note.first), "last": day(note.last)}


def heading(note: ClinicalNote) -> str:
    """What a note is, and about whom: on top of its text where that is taken elsewhere."""
    with translation.override(note.language):
        kind = _(str(note.get_kind_display()))
        return f"{kind}, {_days(note)}\n{_born(note.patient)}"


def _born(patient: Patient) -> str:
    return _("%(patient)s, born %(day)s") % {"patient": patient, "day": day(patient.birth_date)}


def head(patient: Patient, *, name: str, by: User, on: dt.date, language: str) -> Head:
    """As clinic, patient and writer are now."""
    clinic = patient.clinic
    with translation.override(language):
        born = _born(patient)
        number = _("record %(number)s") % {"number": patient.record_number}
        return Head(
            clinic=clinic.name,
            where=clinic.address.splitlines(),
            logo=clinic.logo.name or "",
            phone=clinic.phone,
            office_hours=clinic.office_hours_words,
            date=day(on),
            patient=f"{born}, {number}" if patient.record_number else born,
            salutation=_("Dear %(name)s,") % {"name": name},
            closing=_("Kind regards,"),
            signed=by.name_with_credentials,
            page=_("Page"),
            of=_("of"),
            warning=_("Please look at this first"),
            advice=_("When to stop and get help"),
        )


def warning(episode: Episode, to: Recipient, language: str) -> str:
    """Open red flags, then open alerts that mean to stop and get help: a line each."""
    with translation.override(language):
        return "\n".join([*_flags(episode, to), *_alerts(episode, to)])


def _flags(episode: Episode, to: Recipient) -> Iterator[str]:
    screen, clinic = episode.latest_screen, episode.clinic
    if screen is None or not screen.is_open:
        return
    for flag in screen.flags:
        told = {
            "day": day(clinic.local_date(screen.screened_at)),
            "tier": named(flag.tier.label),
            "flag": named(_(flag.label)),
        }
        if to.is_clinician:
            words = _("Open red flag since %(day)s (%(tier)s): %(flag)s. %(action)s")
            yield words % (told | {"action": flag.action})
        else:
            words = _("A warning sign is open since %(day)s: %(flag)s. %(advice)s")
            yield words % (told | {"advice": _advice(flag.tier, clinic)})


def _advice(tier: Tier, clinic: Clinic) -> str:
    words = _ADVICE.get(tier) or _("See a doctor within the next days. Clinic: {phone}.")
    return str(words).format(emergency=clinic.emergency_number, phone=clinic.phone)


def _alerts(episode: Episode, to: Recipient) -> Iterator[str]:
    clinic = episode.clinic
    found = Alert.objects.open().filter(
        patient=episode.patient_id, severity__in=Severity.stopping()
    )
    for alert in found.order_by("raised_at"):
        told = {
            "day": day(clinic.local_date(alert.raised_at)),
            "what": named(alert.get_rule_display()),
            "severity": urgency(alert),
            "advice": of_rule(RULES[Code(alert.rule)], clinic),
        }
        if to.is_clinician:
            words = _(
                "Open alert since %(day)s (%(severity)s): %(what)s. The patient was told: "
                "“%(advice)s”"
            )
        else:
            words = _("Open since %(day)s: %(what)s. %(advice)s")
        yield words % told


def advice(episode: Episode, to: Recipient, language: str) -> str:
    """When a patient stops and whom to call, a line each; nothing for clinicians, who have the
    signs in the note.
    """
    if to.is_clinician:
        return ""
    clinic = episode.clinic
    with translation.override(language):
        lines = [
            f"{Stop.SIGNS} {Stop.CALL} {clinic.emergency_number}.",
            f"{Stop.TODAY} {clinic.phone}.",
        ]
        if episode.sensation != Sensation.INTACT:
            lines.append(str(Stop.LOOK).format(phone=clinic.phone))
        return "\n".join([*lines, str(Stop.ONLY_AS_SET_UP)])
