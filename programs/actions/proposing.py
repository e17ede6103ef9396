"""What a log, a form or a measure proposes as a finding (brief 4.1, 4.3, 1.6)."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Count, Q, Sum

from accounts.models import User
from patients.actions.proposals import Field, propose
from patients.models import Episode
from patients.models.episode import FallRisk, Sensation
from programs.measures.definition import Definition
from programs.measures.reading import Level, readings
from programs.measures.rules import NormKind
from programs.measures.scoring import Score
from programs.models import CheckIn, Session
from programs.models.measure import Versions
from programs.progress.answered import Scored, scored

YEAR = dt.timedelta(days=365)
# Filament and touch test: what they find is loss of protective feeling. For the touch test from 2
# of 6 toes on, by the IWGDF's practical guidelines (professional knowledge).
FEELING = ("M9", "M10")
# Chair stand, 4-stage balance, Timed Up & Go: under their limits somebody is at risk of falls.
FALLING = ("M5", "M6", "M7")


def of_session(session: Session, *, by: User) -> None:
    """Falls that were told count in the last 12 months; two, or one that hurt, are a high risk.

    CDC STEADI (steadi2017): high with 2 falls or more or an injury, else moderate.
    """
    if not (session.falls or session.fall_injury):
        return
    _of_falls(
        session.plan.episode,
        injury=bool(session.fall_injury),
        why=f"A fall in the session of {session.done_on:%-d %b %Y}",
        by=by,
    )


def of_check_in(check_in: CheckIn, known: Versions, *, by: User) -> None:
    """What one stored form or measure proposes for the patient's open episode."""
    episode = Episode.objects.filter(patient=check_in.patient_id, closed_at=None).first()
    if episode is None:
        return
    [(_, scores)] = scored([check_in], known)
    day = f"{check_in.answered_on:%-d %b %Y}"
    for (code, _version), definition in known.items():
        if code not in check_in.versions or _is_overtaken(check_in, code):
            continue
        if code in FEELING and _is_at_risk(definition, scores, check_in):
            why = f"{definition.title} on {day}"
            propose(episode=episode, field=Field.SENSATION, value=Sensation.LOST, why=why, by=by)
        if code in FALLING and _is_at_risk(definition, scores, check_in):
            why = f"{definition.title} on {day}"
            propose(episode=episode, field=Field.FALL_RISK, value=FallRisk.MODERATE, why=why, by=by)
    values = {score.key: score.value for score in scores}
    is_of_this_year = check_in.answered_on >= episode.clinic.today() - YEAR
    if is_of_this_year and (values.get("M13.falls") or values.get("M13.injury")):
        _of_falls(
            episode, injury=bool(values.get("M13.injury")), why=f"Falls in the form of {day}", by=by
        )


def _is_overtaken(check_in: CheckIn, code: str) -> bool:
    """A newer answer is on record: one entered late, for an earlier day, says nothing about now."""
    newer = CheckIn.objects.current().filter(
        patient=check_in.patient_id, answered_at__gt=check_in.answered_at, versions__has_key=code
    )
    return bool(newer.exists())


def _is_at_risk(definition: Definition, scores: Sequence[Score], check_in: CheckIn) -> bool:
    """Past a limit of risk, or under a cut-off for age and sex. What was not answered is not."""
    mine = [score for score in scores if score.key.split(".")[0] == definition.code]
    patient = check_in.patient
    age = patient.age_on(check_in.answered_on)
    found = readings(definition, mine, age=age, sex=patient.sex, before=None)
    is_cut_off = definition.norms is not None and definition.norms.kind is NormKind.CUT_OFF
    bad = {Level.RISK, Level.BELOW_AVERAGE} if is_cut_off else {Level.RISK}
    return any(one.level in bad for one in found)


def _of_falls(episode: Episode, *, injury: bool, why: str, by: User) -> None:
    falls = max(1, _falls_told(episode))
    propose(episode=episode, field=Field.FALLS, value=falls, why=why, by=by)
    risk = FallRisk.HIGH if injury or falls > 1 else FallRisk.MODERATE
    propose(episode=episode, field=Field.FALL_RISK, value=risk, why=why, by=by)


def _falls_told(episode: Episode) -> int:
    """In sessions and in forms of the last 12 months; the larger, as both may tell the same one."""
    since = episode.clinic.today() - YEAR
    sessions = Session.objects.current().filter(patient_id=episode.patient_id, done_on__gte=since)
    told = sessions.aggregate(
        counted=Sum("falls"), hurt=Count("pk", filter=Q(fall_injury=True, falls=None))
    )
    check_ins = CheckIn.objects.current().filter(
        patient_id=episode.patient_id, answered_on__gte=since, versions__has_key="M13"
    )
    in_forms = _falls_in(scored(list(check_ins)))
    return max((told["counted"] or 0) + told["hurt"], in_forms)


def _falls_in(found: Sequence[Scored]) -> int:
    return int(
        sum(
            score.value
            for _, scores in found
            for score in scores
            if score.key == "M13.falls" and score.value
        )
    )
