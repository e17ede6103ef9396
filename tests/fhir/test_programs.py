"""A program as a PlanDefinition: whole, in words and numbers, and judged by nobody but people."""

import json

import pytest
from django.conf import settings
from django.utils import translation

from fhir.programs import of_program
from fhir.resources.R4B.plandefinition import PlanDefinition
from programs.actions import programs
from programs.models import Program
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


def made(program):
    with translation.override("en"):
        return of_program(program, settings.SITE_ADDRESS)


def leaves(actions):
    for one in actions:
        yield from leaves(one["action"]) if "action" in one else [one]


def starters():
    return list(Program.objects.filter(clinic=None))


def test_each_program_of_the_library_is_one_without_a_fault():
    assert len(starters()) > 3
    for program in starters():
        PlanDefinition.model_validate(json.loads(json.dumps(made(program))))


def test_phases_and_exercises_are_all_there_in_their_order():
    for program in starters():
        definition = made(program)
        assert [one["title"] for one in definition["action"]] == [
            phase.title for phase in program.phases.all()
        ]
        for phase, action in zip(program.phases.all(), definition["action"], strict=True):
            rows = phase.exercises.order_by("order").select_related("exercise")
            assert [one["title"] for one in leaves(action["action"])] == [
                row.exercise.title for row in rows
            ]
            assert action["goalId"] == [f"goal-{phase.number}"]
            assert phase.weeks_text in action["description"].lower()


def test_a_dosage_is_told_as_it_is_meant():
    for program in starters():
        for phase, action in zip(program.phases.all(), made(program)["action"], strict=True):
            rows = phase.exercises.order_by("order")
            for row, one in zip(rows, leaves(action["action"]), strict=True):
                repeat = one["timingTiming"]["repeat"]
                days = {"d": 7, "wk": 1}[repeat["periodUnit"]]
                assert repeat["frequency"] * days == row.times_per_day * row.days_per_week
                assert row.dosage_text in one["description"]
                told = {part["url"]: part for part in one["extension"][0]["extension"]}
                assert told["sets"]["valueInteger"] == row.sets
                assert told["days_per_week"]["valueInteger"] == row.days_per_week
                assert one["requiredBehavior"] == ("could" if row.optional else "must")


def test_this_or_that_is_a_choice_of_one():
    choices = [
        one
        for program in starters()
        for phase in made(program)["action"]
        for one in phase["action"]
        if one.get("selectionBehavior") == "exactly-one"
    ]
    several = Program.objects.filter(clinic=None, phases__exercises__alternates__isnull=False)
    assert bool(choices) == several.exists()
    assert all(len(one["action"]) > 1 for one in choices)


def test_gates_are_words_and_evaluate_to_nothing():
    for program in starters():
        definition = made(program)
        assert "condition" not in json.dumps(definition)
        if program.entry_gate:
            assert program.entry_gate in definition["purpose"]
        for phase, action in zip(program.phases.all(), definition["action"], strict=True):
            assert not phase.gate or phase.gate_text in action["description"]


def test_a_draft_is_a_draft_and_what_is_archived_is_retired(priya):
    program = Program.objects.filter(clinic=None).first()
    assert made(program)["status"] == "active"
    copy = programs.copy(program=program, by=priya)
    assert made(copy)["status"] == "draft"


def test_a_therapist_saves_it(priya, ruth):
    program = Program.objects.filter(clinic=None).first()
    client = client_of(priya)
    address = f"/workspace/programs/{program.uuid}/fhir.json"
    assert address in client.get(f"/workspace/programs/{program.uuid}/").content.decode()
    answer = client.get(address)
    assert answer["Content-Type"] == "application/fhir+json"
    assert json.loads(answer.content)["resourceType"] == "PlanDefinition"
    assert client_of(ruth).get(address).status_code == 403
