"""Progress forms go out as questionnaires and come in as the same; of others, what can be asked."""

import json
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fhir.incoming_forms import CALCULATED, HIDDEN, LARGEST, read
from fhir.questionnaires import CONTROL, HL7, UNIT, of_form
from patients.incoming import UnreadableError
from programs.models import ProgressForm, ProgressFormVersion
from tests.conftest import client_of
from tests.fhir.valid import faults_alone

pytestmark = pytest.mark.django_db
ORIGIN = "https://footing.example"
PAGE = "/cms/forms/questionnaire/"
LIST = "/cms/snippets/programs/progressform/"


def asked(**fields):
    return {"help": "", "name": "", "only_if": ""} | fields


EVERY_KIND = [
    ("scale", asked(text="How bad?", low="not at all", high="worst", name="pain", help="Now.")),
    ("number", asked(text="How far?", unit="steps", minimum=0, maximum=20000, name="steps",
                     only_if="pain at most 6")),
    ("yes_no", asked(text="Did you fall?", name="fell", only_if="steps at least 10")),
    ("text", asked(text="How?", only_if="fell is yes")),
    ("one_of", asked(text="Which shoe?", options=["Left", "Right one"], name="shoe")),
    ("many_of", asked(text="What did you feel?", options=["Burning", "Cold"], name="felt",
                      only_if="shoe is Right one")),
    ("foot_map", asked(text="Where?", name="where", only_if="felt includes Burning")),
    ("yes_no", asked(text="There before?", only_if="where includes L_sole_heel")),
    ("measure", {"measure": "M2", "name": "", "only_if": "fell is no"}),
]  # fmt: skip


def form_of(parts, **fields):
    blocks = [{"type": kind, "value": value, "id": str(uuid.uuid4())} for kind, value in parts]
    body = json.dumps(blocks)
    return ProgressForm(code="walk", title="After the walk", intro="Two questions.", body=body,
                        **fields)  # fmt: skip


def out(form):
    version = ProgressFormVersion(form=form, number=1, content=form.content())
    return of_form(version, version.definitions(), ORIGIN)


def as_asked(content):
    """Without ids that each form makes anew; no help is none, however it is kept."""
    return [
        {name: one or None for name, one in part.items() if name != "name" or len(one) < 31}
        for part in content["parts"]
    ]


def again(form):
    incoming = read(json.dumps(out(form)))
    assert incoming.remarks == [one for one in incoming.remarks if "with a point" in one]
    back = ProgressForm(code=incoming.code, title=incoming.title, intro=incoming.intro,
                        body=json.dumps(incoming.body))  # fmt: skip
    return back.content()


def test_each_kind_of_question_comes_back_as_it_went():
    form = form_of(EVERY_KIND)
    assert faults_alone(out(form)) == []
    back = again(form)
    assert as_asked(back) == as_asked(form.content())
    assert (back["title"], back["intro"]) == (form.title, form.intro)


@pytest.mark.parametrize("code", ["weekly", "monthly"])
def test_the_forms_that_are_here_come_back(code):
    form = ProgressForm.objects.get(clinic=None, code=code)
    assert as_asked(again(form)) == as_asked(form.content())


words = st.text(st.characters(whitelist_categories=("L", "N", "P")), min_size=1, max_size=30)
number = st.integers(-50, 50)
QUESTIONS = {
    "scale": st.fixed_dictionaries({"low": words, "high": words}),
    "number": st.tuples(number, st.integers(1, 90), words).map(
        lambda one: {"minimum": one[0], "maximum": one[0] + one[1], "unit": one[2][:20]}),
    "yes_no": st.just({}), "text": st.just({}), "foot_map": st.just({}),
    "one_of": st.lists(words, min_size=2, max_size=5, unique=True).map(lambda o: {"options": o}),
    "many_of": st.lists(words, min_size=2, max_size=5, unique=True).map(lambda o: {"options": o}),
}  # fmt: skip


@st.composite
def random_forms(draw):
    parts = []
    for place in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(sorted(QUESTIONS)))
        more = {"text": draw(words), "help": draw(st.just("") | words), "name": f"n{place}"}
        only_if = ""
        if parts and draw(st.booleans()):
            name, before = draw(st.sampled_from([(one[1]["name"], one) for one in parts]))
            only_if = condition(draw, name, *before)
        parts.append((kind, more | draw(QUESTIONS[kind]) | {"only_if": only_if}))
    return parts


def condition(draw, name, kind, value):
    if kind in {"scale", "number"}:
        return f"{name} {draw(st.sampled_from(['at least', 'at most']))} {draw(number)}"
    if kind == "yes_no":
        return f"{name} is {draw(st.sampled_from(['yes', 'no']))}"
    if kind == "foot_map":
        return f"{name} includes R_sole_heel"
    if kind in {"one_of", "many_of"}:
        verb = "is" if kind == "one_of" else "includes"
        return f"{name} {verb} {draw(st.sampled_from(value['options']))}"
    return ""


@given(random_forms())
@settings(max_examples=60)
def test_random_forms_come_back(parts):
    form = form_of(parts)
    assert faults_alone(out(form)) == []
    assert as_asked(again(form)) == as_asked(form.content())


def theirs(*items, **fields):
    given = {"resourceType": "Questionnaire", "status": "active", "title": "Feet", "name": "Feet"}
    return json.dumps(given | {"item": list(items)} | fields)


def item(link="1", kind="boolean", text="Numb?", **more):
    return {"linkId": link, "type": kind, "text": text} | more


def limits(lowest, highest):
    return [{"url": f"{HL7}/minValue", "valueInteger": lowest},
            {"url": f"{HL7}/maxValue", "valueInteger": highest}]  # fmt: skip


def control(code):
    return {"url": CONTROL, "valueCodeableConcept": {"coding": [{"code": code}]}}


def when(link, operator="=", **answer):
    return [{"question": link, "operator": operator} | answer]


def test_a_form_of_somebody_else_is_asked_with_its_conditions_under_names_of_ours():
    incoming = read(theirs(
        item("/88.1", "choice", "How often?", answerOption=[
            {"valueCoding": {"code": "0", "display": "Never"}},
            {"valueCoding": {"code": "1", "display": "Daily"}}]),
        item("/88.2", "integer", "How bad?", extension=[*limits(0, 10), control("slider")],
             enableWhen=when("/88.1", answerCoding={"code": "1", "display": "Daily"})),
        item("/88.3", "string", "Where?", enableWhen=when("/88.2", ">", answerInteger=4)),
    ))  # fmt: skip
    kinds = [one["type"] for one in incoming.body]
    assert kinds == ["one_of", "scale", "text"]
    assert [one["value"]["only_if"] for one in incoming.body] == [
        "", "q_88_1 is Daily", "q_88_2 at least 5"
    ]  # fmt: skip
    assert incoming.remarks == ["“How bad?”: say what 0 and what 10 is."]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (item(kind="date"), "kind date"), (item(kind="attachment"), "kind attachment"),
        (item(kind="reference"), "kind reference"), (item(kind="display"), "words without"),
        ({"linkId": "1", "type": "boolean"}, "no words"),
        (item(kind="integer"), "from what to what"),
        (item(kind="integer", extension=limits(5, 5)), "not smaller"),
        (item(kind="choice", answerValueSet="http://x.org/v"), "another file"),
        (item(kind="choice", answerOption=[{"valueString": "one"}]), "1 answers"),
        (item(kind="choice", answerOption=[{"valueString": "one"}] * 2), "same twice"),
    ],
)  # fmt: skip
def test_what_can_not_be_asked_is_left_out_and_said(wrong, words):
    incoming = read(theirs(item("0", text="Cold?"), wrong))
    assert incoming.questions == ["Cold?"]
    assert words in incoming.remarks[0]


@pytest.mark.parametrize(
    ("conditions", "more"),
    [
        (when("1", "!=", answerBoolean=True), {}), (when("1", "exists", answerBoolean=True), {}),
        (when("gone", answerBoolean=True), {}), (when("2", answerBoolean=True), {}),
        (when("1", answerBoolean=True) + when("1", answerBoolean=False), {"enableBehavior": "any"}),
        (when("1", ">", answerInteger=1), {}),
    ],
)  # fmt: skip
def test_a_condition_that_can_not_be_said_is_no_condition_and_that_is_said(conditions, more):
    incoming = read(theirs(item("1"), item("2", text="Cold?", enableWhen=conditions, **more)))
    assert incoming.body[1]["value"]["only_if"] == ""
    assert "always asked" in incoming.remarks[-1]


@pytest.mark.parametrize(
    ("silent", "more"),
    [("readOnly", {"readOnly": True}),
     ("hidden", {"extension": [{"url": HIDDEN, "valueBoolean": True}]}),
     ("computed", {"extension": [{"url": CALCULATED, "valueExpression": {
         "language": "text/fhirpath", "expression": "1 + 1"}}]})],
)  # fmt: skip
def test_what_nobody_is_to_answer_is_left_out(silent, more):
    incoming = read(theirs(item("0", text="Cold?"), item("1", "integer", "Sum", **more)))
    assert incoming.questions == ["Cold?"]
    assert "hidden, computed" in incoming.remarks[0]


def test_a_name_like_a_measure_of_ours_is_none_in_a_form_of_somebody_else():
    group = {"linkId": "M2", "type": "group", "item": [item("1"), item("2", text="Cold?")]}
    assert read(theirs(group)).questions == ["Numb?", "Cold?"]


def test_a_measure_of_ours_that_is_for_the_clinic_alone_is_left_out():
    group = {"linkId": "M6", "type": "group", "item": [item("1")]}
    url = f"{ORIGIN}/fhir/Questionnaire/form-7"
    incoming = read(theirs(item("0", text="Cold?"), group, url=url))
    assert incoming.questions == ["Cold?"]
    assert "not a measure" in incoming.remarks[0]


def options(*pairs):
    return [{"valueCoding": {"code": code, "display": words}} for code, words in pairs]


@pytest.mark.parametrize(
    ("answer", "only_if"),
    [
        ({"answerCoding": {"code": "1"}}, "q_1 is Daily"),
        ({"answerCoding": {"code": "1", "display": "Every day"}}, "q_1 is Daily"),
        ({"answerCoding": {"display": "Daily"}}, "q_1 is Daily"),
        ({"answerString": "Daily"}, "q_1 is Daily"), ({"answerCoding": {"code": "9"}}, ""),
        ({"answerString": "Hourly"}, ""), ({"answerBoolean": True}, ""),
        ({"answerInteger": 1}, ""),
    ],
)  # fmt: skip
def test_a_condition_on_a_choice_goes_by_the_options(answer, only_if):
    asked = item("1", "choice", "How often?", answerOption=options(("0", "Never"), ("1", "Daily")))
    incoming = read(theirs(asked, item("2", text="Cold?", enableWhen=when("1", **answer))))
    assert incoming.body[1]["value"]["only_if"] == only_if
    assert bool(only_if) is not any("always asked" in one for one in incoming.remarks)


def test_a_number_is_no_answer_to_yes_or_no():
    incoming = read(theirs(item("1"), item("2", enableWhen=when("1", answerInteger=1))))
    assert incoming.body[1]["value"]["only_if"] == ""


def test_what_is_cut_is_said_and_what_is_too_large_is_refused():
    incoming = read(theirs(item("1"), title="x" * 200, description="y" * 600))
    assert (len(incoming.title), len(incoming.intro)) == (120, 500)
    assert "cut" in incoming.remarks[0]
    with pytest.raises(UnreadableError, match="too large"):
        read(theirs(item("1", text="x" * LARGEST)))


def test_groups_are_opened_and_hand_on_their_condition():
    inner = item("3", text="Cold?")
    group = {"linkId": "2", "type": "group", "text": "More", "item": [inner],
             "enableWhen": when("1", answerBoolean=True)}  # fmt: skip
    incoming = read(theirs(item("1"), group))
    assert incoming.body[1]["value"]["only_if"] == "q_1 is yes"
    assert incoming.remarks == ["The heading “More” is left out."]


def test_numbers_keep_their_ends_and_lack_a_unit():
    asked = item(kind="decimal", extension=[
        {"url": f"{HL7}/minValue", "valueDecimal": 0.5},
        {"url": f"{HL7}/maxValue", "valueDecimal": 9.5}])  # fmt: skip
    incoming = read(theirs(asked))
    value = incoming.body[0]["value"]
    assert (value["minimum"], value["maximum"], value["unit"]) == (0, 10, "")
    assert any("unit" in one for one in incoming.remarks)
    with_unit = item(kind="integer", extension=[*limits(0, 10), {"url": UNIT, "valueCoding": {
        "code": "min", "display": "minutes"}}])  # fmt: skip
    assert read(theirs(with_unit)).body[0]["value"]["unit"] == "minutes"


@pytest.mark.parametrize(
    "text",
    ["", "no", "[]", "{}", '{"resourceType": "Patient"}', "[" * 5000, '{"a": ' * 5000,
     theirs(), theirs(item(kind="date")), theirs({"type": "boolean"}), theirs(item(kind="never")),
     theirs({"linkId": "1", "type": "group", "item": [{"linkId": "1"}]}), theirs(7),
     theirs(*[item(str(n)) for n in range(101)]), '{"resourceType": "Questionnaire"}',
     theirs(item(extension=7)), theirs(item(enableWhen="x")), theirs(item(item={}))],
)  # fmt: skip
def test_what_is_none_is_refused_in_words(text):
    with pytest.raises(UnreadableError):
        read(text)


def test_it_is_looked_at_and_then_a_draft_of_the_clinic(as_priya, priya):
    text = theirs(item("1"), item("2", kind="date", text="Since when?"))
    page = as_priya.post(PAGE, {"text": text}).content.decode()
    assert "1 question would be asked" in page
    assert "Since when?" in page
    assert not ProgressForm.objects.filter(clinic=priya.clinic).exists()
    for _ in range(2):
        answer = as_priya.post(PAGE, {"text": text, "save": "yes"})
        assert answer.status_code == 302
    first, second = ProgressForm.objects.filter(clinic=priya.clinic).order_by("pk")
    assert (first.code, second.code) == ("feet", "feet-2")
    assert not first.live
    assert first not in ProgressForm.objects.visible_to(priya).active()
    assert as_priya.get(answer["Location"]).status_code == 200


def test_who_keeps_no_library_takes_none_in(as_ana, ruth):
    for client in (as_ana, client_of(ruth), client_of(None)):
        client.post(PAGE, {"text": theirs(item("1")), "save": "yes"})
        assert client.get(PAGE).status_code != 200
    assert not ProgressForm.objects.filter(title="Feet").exists()


def test_a_published_form_is_taken_along_and_another_clinics_is_not_there(as_priya, priya, olive):
    assert "From a FHIR Questionnaire" in as_priya.get(LIST).content.decode()
    weekly = ProgressForm.objects.get(clinic=None, code="weekly")
    address = f"/cms/forms/{weekly.pk}/questionnaire.json"
    assert address in as_priya.get(LIST).content.decode()
    made = as_priya.get(address)
    assert made["Content-Type"] == "application/fhir+json"
    assert made.json()["resourceType"] == "Questionnaire"
    form = form_of(EVERY_KIND, clinic=priya.clinic)
    form.save()
    own = f"/cms/forms/{form.pk}/questionnaire.json"
    assert as_priya.get(own).status_code == 200
    assert client_of(olive).get(own).status_code == 404
