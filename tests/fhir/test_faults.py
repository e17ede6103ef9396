"""The check of what is written finds the faults that validators were measured with."""

import copy

import pytest

from tests.fhir.conftest import of_kind
from tests.fhir.valid import faults

pytestmark = pytest.mark.django_db


def first(bundle, kind, holds=lambda one: True):
    return next(one for one in of_kind(bundle, kind) if holds(one))


def scored(one):
    return "valueQuantity" in one


def unknown_element(bundle):
    first(bundle, "Patient")["shoeSize"] = 44


def wrong_type(bundle):
    first(bundle, "Observation", scored)["valueQuantity"]["value"] = "much"


def no_status(bundle):
    del first(bundle, "Observation")["status"]


def code_outside_a_required_set(bundle):
    first(bundle, "CarePlan")["status"] = "running"


def code_outside_a_long_set(bundle):
    first(bundle, "Observation")["status"] = "done"


def two_values(bundle):
    first(bundle, "Observation", scored)["valueString"] = "3"


def bad_date(bundle):
    first(bundle, "Patient")["birthDate"] = "1956-13-45"


def bad_unit_of_time(bundle):
    first(bundle, "ServiceRequest")["occurrenceTiming"]["repeat"]["periodUnit"] = "day"


def value_and_reason(bundle):
    first(bundle, "Observation", scored)["dataAbsentReason"] = {"text": "Not answered"}


def no_name_of_an_item(bundle):
    del first(bundle, "Questionnaire")["item"][0]["linkId"]


def an_answer_beside_items(bundle):
    response = first(bundle, "QuestionnaireResponse", lambda one: "item" in one["item"][0])
    response["item"][0]["answer"] = [{"valueInteger": 3}]


def two_items_of_one_name(bundle):
    items = first(bundle, "Questionnaire", lambda one: len(one["item"]) > 1)["item"]
    items[1]["linkId"] = items[0]["linkId"]


def wrong_type_of_an_option(bundle):
    item = first(bundle, "Questionnaire")["item"][0]
    item |= {"type": "choice", "answerOption": [{"valueBoolean": True}]}
    item.pop("item", None)


def reference_to_a_wrong_kind(bundle):
    patient = first(bundle, "Patient")
    first(bundle, "EpisodeOfCare")["careManager"] = {"reference": f"Patient/{patient['id']}"}


def reference_to_nothing(bundle):
    first(bundle, "Procedure")["subject"] = {"reference": "Patient/nobody"}


def script_in_a_narrative(bundle):
    text = first(bundle, "CarePlan")["text"]
    text["div"] = text["div"].replace("</div>", "<script>alert(1)</script></div>")


def patient_without_a_name(bundle):
    del first(bundle, "Patient")["name"]


def patient_without_identifier(bundle):
    del first(bundle, "Patient")["identifier"]


def condition_without_category(bundle):
    del first(bundle, "Condition")["category"]


def plan_without_narrative(bundle):
    del first(bundle, "CarePlan")["text"]


def plan_of_no_activity(bundle):
    first(bundle, "CarePlan")["category"].pop()


def note_of_nobody(bundle):
    del first(bundle, "CarePlan", lambda one: "note" in one)["note"][0]["authorReference"]


def order_without_reason(bundle):
    del first(bundle, "ServiceRequest")["reasonReference"]


def order_of_nobody(bundle):
    del first(bundle, "ServiceRequest")["requester"]


def group_without_members(bundle):
    del first(bundle, "Observation", lambda one: "hasMember" in one)["hasMember"]


def goal_without_description(bundle):
    del first(bundle, "Goal")["description"]


def resource_twice(bundle):
    bundle["entry"].append(copy.deepcopy(bundle["entry"][0]))


SEEDED = [
    unknown_element, wrong_type, no_status, code_outside_a_required_set, code_outside_a_long_set,
    two_values, bad_date, bad_unit_of_time, value_and_reason, no_name_of_an_item,
    an_answer_beside_items, two_items_of_one_name, wrong_type_of_an_option,
    reference_to_a_wrong_kind, reference_to_nothing, script_in_a_narrative, patient_without_a_name,
    patient_without_identifier, condition_without_category, plan_without_narrative,
    plan_of_no_activity, note_of_nobody, order_without_reason, order_of_nobody,
    group_without_members, goal_without_description, resource_twice,
]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDED, ids=lambda seed: seed.__name__)
def test_a_seeded_fault_is_found(bundle, seed):
    seed(bundle)
    assert len(faults(bundle)) >= 1
