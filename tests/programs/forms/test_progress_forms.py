"""Progress forms: composed in Wagtail, versioned, asked with conditions, answered once."""

import json
import uuid

import pytest
from django.http import QueryDict

from programs.actions import plans
from programs.forms import answering
from programs.forms.answering import AnswerForms
from programs.forms.foot_map import feet
from programs.measures.foot_regions import REGIONS, regions_in_words
from programs.models import CheckIn, ProgressForm
from programs.models.form_blocks import FormBody
from programs.notation import ask_only_if
from programs.notation.question_kinds import QuestionKind
from tests.conftest import client_of, make_plan

pytestmark = pytest.mark.django_db

BODY = [
    {"type": "yes_no", "value": {"name": "fell", "text": "Did you fall?"}},
    {
        "type": "number",
        "value": {
            "name": "walked",
            "text": "How far did you walk?",
            "unit": "minutes",
            "minimum": 0,
            "maximum": 300,
        },
    },
    {"type": "text", "value": {"text": "How did it happen?", "only_if": "fell is yes"}},
    {
        "type": "many_of",
        "value": {"name": "shoes", "text": "Which shoes?", "options": ["Old", "New", "None"]},
    },
    {"type": "scale", "value": {"name": "sure", "text": "How sure?", "low": "no", "high": "very"}},
    {
        "type": "one_of",
        "value": {"text": "Where?", "options": ["In", "Out"], "only_if": "walked at least 5"},
    },
    {"type": "foot_map", "value": {"name": "numb", "text": "Where is it numb?"}},
    {"type": "measure", "value": {"measure": "M11"}},
]


def make_form(body=BODY, code="mine", **fields):
    form = ProgressForm(code=code, title="Mine", body=json.dumps(body), **fields)
    form.full_clean()
    form.save()
    return form


def answers(form, data):
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    bound = AnswerForms(form.version, form.version.definitions(), query)
    assert bound.is_valid(), [part.form.errors for part in bound.parts]
    return bound


def test_the_blocks_and_the_fields_know_every_kind_of_question():
    assert set(FormBody.base_blocks) == set(QuestionKind)
    assert set(answering._FIELDS) == set(QuestionKind) - {QuestionKind.MEASURE}


def test_a_published_change_is_a_new_version_and_the_old_one_stays():
    form = make_form()
    first = form.version
    form.save()
    assert form.versions.count() == 1
    form.title = "Mine, newer"
    form.save()
    assert [row.number for row in form.versions.all()] == [2, 1]
    first.refresh_from_db()
    assert first.title == "Mine"


def test_a_draft_makes_no_version():
    form = make_form(live=False)
    assert not form.versions.exists()


def test_answers_are_kept_by_name_and_what_is_empty_is_null():
    form = make_form()
    kept = answers(form, {"fell": "no", "walked": "12.5", "numb": ["L_sole_heel"]}).answers
    questions = kept["questions"]
    assert (questions["fell"], questions["walked"], questions["numb"]) == (
        False,
        12.5,
        ["L_sole_heel"],
    )
    assert questions["shoes"] is None
    assert questions["sure"] is None
    assert all(value is None for value in kept["M11"].values())


def test_nowhere_and_none_of_these_are_answers():
    form = make_form()
    questions = answers(form, {"numb": "nowhere", "shoes": "none"}).answers["questions"]
    assert (questions["numb"], questions["shoes"]) == ([], [])


def test_a_question_is_asked_only_if_its_condition_holds():
    form = make_form()
    hidden = next(part["name"] for part in form.version.parts if part["kind"] == "text")
    calm = answers(form, {"fell": "no", hidden: "sneaked in"})
    assert hidden not in calm.answers["questions"]
    fell = answers(form, {"fell": "yes", hidden: "On the stairs."})
    assert fell.answers["questions"][hidden] == "On the stairs."
    assert not answers(form, {}).is_answered


@pytest.mark.parametrize(
    ("text", "answer", "holds"),
    [
        ("pain at least 4", 4, True),
        ("pain at least 4", 3, False),
        ("pain at most 4", 5, False),
        ("pain at least 4", None, False),
        ("pain at least 4", 0, False),
    ],
)
def test_conditions_on_numbers(text, answer, holds):
    condition = ask_only_if.parse(text, {"pain": "scale"})
    assert ask_only_if.holds(condition, {"pain": answer}) is holds


def test_conditions_on_words():
    known = {"fell": "yes_no", "feels": "many_of", "where": "one_of"}
    fell = ask_only_if.parse("fell is no", known)
    assert ask_only_if.holds(fell, {"fell": False})
    assert not ask_only_if.holds(fell, {"fell": None})
    burning = ask_only_if.parse("feels includes Burning", known)
    assert ask_only_if.holds(burning, {"feels": ["burning", "cold"]})
    assert not ask_only_if.holds(burning, {"feels": []})
    assert ask_only_if.holds(ask_only_if.parse("where is In", known), {"where": "In"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gibberish", "not understood"),
        ("later is yes", "No question before"),
        ("fell at least 3", "can't be asked that way"),
        ("fell is maybe", "yes or no"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(text, words):
    with pytest.raises(ValueError, match=words):
        ask_only_if.parse(text, {"fell": "yes_no"})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([*BODY, BODY[0]], "Another question has this name"),
        ([*BODY, BODY[-1]], "in the form already"),
        ([{"type": "text", "value": {"text": "Why?", "only_if": "fell is yes"}}], "No question"),
        ([{"type": "yes_no", "value": {"name": "Bad name", "text": "?"}}], "Small letters"),
    ],
)
def test_a_faulty_form_is_refused_beside_its_question(body, words, as_priya):
    block = ProgressForm._meta.get_field("body").stream_block
    value = block.to_python(body)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - Wagtail's error holds blocks' errors
        block.clean(value)
    assert words in str(caught.value.as_json_data())


def test_a_foot_has_its_regions_on_both_sides_and_in_words():
    drawn = [shape.value for foot in feet() for shape in foot.shapes]
    assert sorted(drawn) == sorted(REGIONS)
    assert regions_in_words(["L_sole_heel", "R_top_ankle"]) == ("Left heel, Right ankle and above")
    assert regions_in_words([]) == "nowhere"


@pytest.fixture
def asked(episode, priya):
    """An active plan with the form above, and the form due in its first phase."""
    form = make_form(clinic=priya.clinic)
    draft = make_plan(episode, priya, active=False)
    plans.change(plan=draft, forms=[form], by=priya)
    plan = plans.activate(plan=draft, by=priya)
    return plan.forms.get(phase__number=1)


def test_the_patient_answers_and_the_therapist_reads(asked, as_ana, as_priya, ana):
    page = as_ana.get("/portal/").content.decode()
    assert "Mine" in page
    url = f"/portal/check-in/{asked.pk}/{uuid.uuid4()}/"
    form = as_ana.get(url).content.decode()
    assert 'data-if-name="fell"' in form
    assert 'data-region="L_sole_heel"' in form
    assert form.count("<fieldset") >= 5
    data = {"fell": "no", "walked": "20", "numb": ["R_sole_heel"]}
    assert as_ana.post(url, data).status_code == 302
    assert as_ana.post(url, {"fell": "yes"}).status_code == 302  # sent twice, stored once
    stored = CheckIn.objects.get()
    assert (stored.form.form.code, stored.questions["fell"]) == ("mine", False)
    assert "Mine" not in as_ana.get("/portal/").content.decode()
    read = as_priya.get(f"/workspace/patients/{ana.pk}/check-ins/").content.decode()
    assert "How far did you walk?" in read
    assert "20 minutes" in read
    assert "Right heel" in read


def test_an_answer_that_can_not_be_keeps_what_was_typed(asked, as_ana):
    url = f"/portal/check-in/{asked.pk}/{uuid.uuid4()}/"
    page = as_ana.post(url, {"walked": "900", "note": "Keep me."}).content.decode()
    assert "less than or equal to 300" in page
    assert 'value="900"' in page
    assert "Keep me." in page
    assert not CheckIn.objects.exists()


def test_an_answered_form_shows_the_questions_it_was_answered_on(asked, as_ana, as_priya, ana):
    as_ana.post(f"/portal/check-in/{asked.pk}/{uuid.uuid4()}/", {"fell": "yes"})
    form = asked.version.form
    form.body = json.dumps([{"type": "yes_no", "value": {"name": "fell", "text": "Stumbled?"}}])
    form.save()
    read = as_priya.get(f"/workspace/patients/{ana.pk}/check-ins/").content.decode()
    assert "Did you fall?" in read
    assert "Stumbled?" not in read


def test_another_patients_form_does_not_exist(asked, bert):
    url = f"/portal/check-in/{asked.pk}/{uuid.uuid4()}/"
    assert client_of(bert.user).get(url).status_code == 404
    assert client_of(bert.user).post(url, {"fell": "no"}).status_code == 404
    assert not CheckIn.objects.exists()


def test_a_form_of_another_clinic_is_not_seen(olive, priya):
    form = make_form(clinic=priya.clinic)
    list_page = "/cms/snippets/programs/progressform/"
    assert b"mine" in client_of(priya).get(list_page).content
    assert b"mine" not in client_of(olive).get(list_page).content
    assert client_of(olive).get(f"{list_page}edit/{form.pk}/").status_code == 404


def test_the_preview_shows_the_form(priya):
    form = make_form(clinic=priya.clinic)
    html = form.make_preview_request().content.decode()
    assert "Did you fall?" in html
    assert "How sure" in html
