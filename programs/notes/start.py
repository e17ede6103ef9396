"""Why somebody came, what was found, and the red-flag questions."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patients.models import RedFlagScreen
from patients.models.episode import BodySide, Nerve
from programs.notes.known import Known
from programs.notes.wording import Part, Rows, Section, Sentence, Source, day, joined, say

_FEET = {
    BodySide.LEFT: gettext_lazy("the left foot"),
    BodySide.RIGHT: gettext_lazy("the right foot"),
    BodySide.BOTH: gettext_lazy("both feet"),
}


def named(label: object) -> str:
    """A choice's label in the reader's language, as it stands within a sentence."""
    words = _(str(label))
    short, colon, more = words.partition(": ")
    told = f"{short} ({more})" if colon else words
    return told[:1].lower() + told[1:]


def reason(known: Known) -> Section:
    episode = known.episode
    source = _of_episode(known)
    nerves = _(" and ").join(named(Nerve(one).label) for one in episode.nerves)
    return Section(
        _("Reason for care"),
        [
            say(
                _("In our care since %(day)s for numbness of %(feet)s."),
                day=Part(day(known.begun), source),
                feet=_FEET[BodySide(episode.side)],
            ),
            say(
                _("Cause on record: %(cause)s. Nerves: %(nerves)s."),
                cause=named(episode.get_cause_display()),
                nerves=nerves or _("not recorded"),
            ),
        ],
    )


def findings(known: Known) -> Section:
    episode = known.episode
    source = _of_episode(known)
    falls = episode.falls_12_months
    said = [
        say(
            _(
                "Protective sensation: %(sensation)s. Irritability: %(irritability)s. "
                "Fall risk: %(risk)s."
            ),
            sensation=Part(named(episode.get_sensation_display()), source),
            irritability=named(episode.get_irritability_display()),
            risk=named(episode.get_fall_risk_display()),
        ),
        say(
            _("Falls in the 12 months before: %(falls)s."),
            falls=_("not known") if falls is None else Part(str(falls), source),
        ),
        say(
            _("Walking aid: %(aid)s. Somebody can stand by at home: %(helper)s."),
            aid=named(episode.get_walking_aid_display()),
            helper=_("yes") if episode.helper_at_home else _("no"),
        ),
    ]
    if episode.foot_risk is not None:
        risk = named(episode.get_foot_risk_display())
        said.append(say(_("Risk of a foot ulcer by IWGDF: %(risk)s."), risk=Part(risk, source)))
    if episode.nerve_surgery_on:
        when = Part(day(episode.nerve_surgery_on), source)
        said.append(say(_("Nerve repair or decompression on %(day)s."), day=when))
    if episode.conditions:
        conditions = "; ".join(named(one) for one in episode.condition_labels)
        said.append(say(_("Also on record: %(conditions)s."), conditions=conditions))
    if episode.precautions.strip():
        words = " ".join(episode.precautions.split()).rstrip(".")
        said.append(say(_("Precautions: %(words)s."), words=words))
    return Section(_("Findings"), said)


def _of_episode(known: Known) -> Source:
    return Source.row(Rows.EPISODE, known.episode.pk)


def red_flags(known: Known, *, only_lately: bool = False) -> Section:
    """The screens, oldest first: which signs were present, and what came of them."""
    screens = [
        one
        for one in known.screens
        if not only_lately or one.is_open or known.is_within(known.local(one.screened_at))
    ]
    if not screens and not only_lately:
        nothing = say(_("The red-flag questions have not been asked."))
        return Section(_("Red-flag questions"), [nothing])
    return Section(_("Red-flag questions"), [], [_screen(one, known) for one in screens])


def _screen(screen: RedFlagScreen, known: Known) -> Sentence:
    asked = {
        "day": Part(day(known.local(screen.screened_at)), Source.row(Rows.SCREEN, screen.pk)),
        "who": screen.screened_by.name_with_credentials,
    }
    summed_up = [say(_("The others were said to be asked, not answered one by one."))]
    if not screen.present:
        said = [say(_("Asked on %(day)s by %(who)s: no sign was present."), **asked)]
        return joined(said + (summed_up if screen.summed_up else []))
    flags = "; ".join(named(flag.label) for flag in screen.flags)
    said = [say(_("Asked on %(day)s by %(who)s, present: %(flags)s."), **asked, flags=flags)]
    said += summed_up if screen.summed_up else []
    if screen.cleared_at is None:
        said.append(say(_("Not cleared yet.")))
    else:
        said.append(
            say(
                _("Cleared on %(day)s: %(words)s"),
                day=day(known.local(screen.cleared_at)),
                words=closed_sentence(screen.clearance_note),
            )
        )
    return joined(said)


def closed_sentence(typed: str) -> str:
    """What somebody typed, on one line and with its full stop."""
    words = " ".join(typed.split())
    return words if words.endswith((".", "!", "?", "”")) else f"{words}."
