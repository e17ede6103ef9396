"""Which program fits whom: explicit rules with their reasons."""

import pytest

from patients.actions import episodes
from programs.actions import plans
from programs.actions import programs as program_actions
from programs.models import Program
from programs.plans import choosing, combining, suggestions
from tests.conftest import make_episode

pytestmark = pytest.mark.django_db


def program(code):
    return Program.objects.get(clinic=None, code=code)


def fitting(episode):
    found = suggestions.fits(Program.objects.filter(clinic=None).order_by("code"), episode)
    return [fit.program.code for fit in suggestions.suggested(found)]


@pytest.mark.parametrize(
    ("findings", "codes"),
    [
        ({"nerves": ["tibial"], "irritability": "moderate"}, ["P4", "P1"]),
        ({"nerves": ["plantar"], "sensation": "reduced"}, ["P4"]),
        ({"nerves": ["deep_fibular"]}, ["P5", "P1"]),
        ({"nerves": ["deep_fibular"], "conditions": ["foot_drop"]}, ["P1"]),
        ({"nerves": ["sural"]}, ["P1"]),
        ({"nerves": ["many"], "sensation": "lost", "fall_risk": "high"}, ["P3", "P6"]),
        ({"cause": "diabetes", "nerves": ["tibial"], "sensation": "lost"}, ["P3"]),
        ({"nerves": ["tibial"], "irritability": "high"}, ["P2"]),
        ({"nerves": ["tibial"], "fall_risk": "moderate"}, ["P4", "P1", "P6"]),
    ],
)
def test_what_is_suggested(ana, priya, findings, codes):
    assert fitting(make_episode(ana, priya, **findings)) == codes


def test_an_open_red_flag_suggests_nothing(episode, priya):
    episodes.record_screen(episode=episode, present=["foot_lesion"], by=priya)
    assert fitting(episode) == []


def test_nothing_is_suggested_before_the_red_flags_were_asked(ana, priya):
    assert fitting(make_episode(ana, priya, screened=False)) == []


def test_the_reason_is_said_and_so_is_what_speaks_against(episode):
    found = {
        fit.program.code: fit
        for fit in suggestions.fits(Program.objects.filter(clinic=None), episode)
    }
    assert found["P4"].reason == (
        "tibial or plantar nerve, irritability low or moderate, protective feeling not lost, "
        "no red flag open → P4"
    )
    assert found["P3"].against == ["polyneuropathy", "protective feeling lost"]


def test_every_program_is_listed_once_favorites_and_used_ones_before_others(episode, priya):
    plans.discard(plan=plans.assign(program=program("P6"), episode=episode, by=priya), by=priya)
    plans.assign(program=program("P3"), episode=episode, by=priya)
    program_actions.toggle_favorite(program=program("P2"), by=priya)
    choice = choosing.load(priya, episode)
    assert [fit.program.code for fit in choice.suggested] == ["P4", "P1"]
    assert [fit.program.code for fit in choice.favorites] == ["P2"]
    assert [fit.program.code for fit in choice.lately] == ["P3"]
    assert [fit.program.code for fit in choice.others] == ["P5", "P6", "P7"]
    program_actions.toggle_favorite(program=program("P2"), by=priya)
    assert choosing.load(priya, episode).favorites == []


def test_favorites_are_one_s_own(episode, priya, colm):
    program_actions.toggle_favorite(program=program("P2"), by=colm)
    assert choosing.load(priya, episode).favorites == []


# ── two programs as one plan ──


def test_two_programs_lie_on_one_line_of_weeks():
    found = combining.stretches([program("P4"), program("P6")])
    assert [(one.first_week, one.last_week) for one in found] == [
        (1, 2), (3, 4), (5, 6), (7, 8), (9, 12),
    ]  # fmt: skip
    assert [len(one.phases) for one in found] == [2, 2, 2, 2, 1]
    # P6's first phase ends with week 4: its gate stands there, and not before.
    conditions = found[1].gate
    assert all(condition in conditions for condition in program("P6").phases.all()[0].gate)
    assert len(conditions) == len({str(one) for one in conditions})


def test_an_exercise_of_both_comes_once_with_the_first_ones_dosage(episode, priya):
    draft = plans.assign(
        program=program("P4"), second_program=program("P6"), episode=episode, by=priya
    )
    for phase in draft.phases.all():
        codes = list(phase.prescriptions.values_list("exercise__code", flat=True))
        assert len(codes) == len(set(codes)), phase
    first = draft.phases.get(number=1)
    of_p4 = program("P4").phases.all()[0].exercises.get(exercise__code="B02")
    assert first.prescriptions.get(exercise__code="B02").dosage == of_p4.dosage
    assert draft.title == f"{program('P4').title} + {program('P6').title}"[:120]
    assert draft.programs == [program("P4"), program("P6")]
    assert plans.activate(plan=draft, by=priya).is_active


def test_one_program_alone_is_as_it_was():
    for one in Program.objects.filter(clinic=None):
        found = combining.stretches([one])
        phases = list(one.phases.all())
        assert [stretch.title for stretch in found] == [phase.title for phase in phases]
        assert [stretch.gate for stretch in found] == [phase.gate for phase in phases]
        assert [stretch.weeks_text for stretch in found] == [p.weeks_text for p in phases]


def test_the_strictest_angle_limit_of_both_holds(episode, priya):
    first, second = program("P4"), program("P6")
    first.caps, second.caps = {"hip_max": 70, "knee_min": 5}, {"hip_max": 60}
    first.save()
    second.save()
    draft = plans.assign(program=first, second_program=second, episode=episode, by=priya)
    assert draft.caps == {"hip_max": 60, "knee_min": 5}
