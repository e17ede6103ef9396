import copy
import uuid

import pytest
from django.core.exceptions import ValidationError

from programs.actions import check_ins, plans
from programs.models import CheckIn, Measure, ProgressForm
from programs.progress import answered, overview
from programs.progress import of_patient as progress
from programs.starter import loader
from tests.conftest import form_of, make_plan
from tests.programs.measures.conftest import MEASURES

pytestmark = pytest.mark.django_db


def check_in(answers, **versions):
    return CheckIn(answers=answers, versions=dict.fromkeys(answers, 1) | versions)


def second_version(code, **changed):
    """A newer version of a starter measure, stored beside the first."""
    first = Measure.objects.get(code=code, version=1)
    definition = copy.deepcopy(first.definition) | changed
    return Measure.objects.create(
        code=code, version=2, title=first.title, shipped=True, definition=definition
    )


def test_what_the_database_holds_is_what_the_file_says():
    stored = {measure.code: measure.parsed for measure in Measure.objects.all()}
    assert stored == MEASURES


@pytest.mark.parametrize("count", [1, 3])
def test_scores_of_any_number_of_check_ins_cost_one_query(count, django_assert_num_queries):
    answers = {"M2": {"numb": 4}, "M3": {}}
    rows = [check_in(answers) for _ in range(count)]
    with django_assert_num_queries(1):
        scored = answered.scored(rows)
    assert [row for row, _ in scored] == rows
    for _, scores in scored:
        found = {score.key: score.value for score in scores}
        assert found["M2.numb"] == 4
        assert found["M2.burning"] is None
        assert found["M3"] is None


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("load", "queries"), [(overview.load, 14), (progress.load, 8)])
def test_pages_with_check_ins_cost_one_query_more_for_the_definitions(
    plan, ana, count, load, queries, django_assert_num_queries
):
    for _ in range(count):
        check_ins.record(
            check_in_id=uuid.uuid4(), plan=plan, form=form_of(plan), answers={"M2": {}}, by=ana.user
        )
    with django_assert_num_queries(queries):
        load(ana)


def test_no_check_ins_cost_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert answered.scored([]) == []


def test_each_check_in_is_scored_by_the_version_it_answered():
    items = [{"key": "numb", "label": "Numbness"}]
    second_version("M2", items=items)
    old, new = answered.scored([check_in({"M2": {"numb": 3}}), check_in({"M2": {"numb": 4}}, M2=2)])
    assert [score.label for score in old[1]] == ["Numb", "Tingling", "Burning", "Stabbing"]
    assert [(score.label, score.value) for score in new[1]] == [("Numbness", 4)]


def test_a_version_that_is_not_stored_is_an_error_and_not_another_version():
    with pytest.raises(KeyError):
        answered.scored([check_in({"M2": {"numb": 3}}, M2=9)])


def test_a_form_asks_in_the_words_of_the_version_it_was_published_with(as_ana, plan, priya):
    items = [{"key": "numb", "label": "How numb?"}]
    second_version("M2", items=items, patient_title="Newer words")
    ProgressForm.objects.get(code="weekly").save()  # published anew
    old = plan.forms.get(phase__number=1)
    content = as_ana.get(f"/portal/check-in/{old.pk}/{uuid.uuid4()}/").content
    assert b"Newer words" not in content
    plan = plans.activate(plan=make_plan_again(plan, priya), by=priya)
    new = plan.forms.get(phase__number=1)
    content = as_ana.get(f"/portal/check-in/{new.pk}/{uuid.uuid4()}/").content
    assert b"Newer words" in content
    assert b"How numb?" in content
    assert b"Tingling" not in content


def make_plan_again(plan, by):
    """A new plan from the same program, which takes the forms as they are now."""
    plans.end(plan=plan, by=by)
    return make_plan(plan.episode, by, active=False)


def test_a_stored_check_in_keeps_the_version_it_was_given_on(plan, ana):
    answers = {"M2": {"numb": 5}}
    form = form_of(plan)
    check_ins.record(check_in_id=uuid.uuid4(), plan=plan, form=form, answers=answers, by=ana.user)
    second_version("M2", note="Newer.")
    check_ins.record(check_in_id=uuid.uuid4(), plan=plan, form=form, answers=answers, by=ana.user)
    assert [row.versions for row in CheckIn.objects.order_by("answered_at")] == [{"M2": 1}] * 2


def test_a_measure_is_cleaned_with_its_name_and_field():
    measure = Measure.objects.get(code="M7")
    measure.definition = measure.definition | {"better": "faster"}
    with pytest.raises(ValidationError, match="M7 version 3: better: has to be"):
        measure.full_clean()


def loading(monkeypatch, entries):
    original = loader.read
    monkeypatch.setattr(
        loader, "read", lambda name: entries if name == "measures.yaml" else original(name)
    )
    return loader.load()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"better": "up"}, "measures.yaml, M7 version 4: M7 version 4: better: has to be"),
        ({"title": None}, "measures.yaml, M7 version 4: "),
        ({"shipped": None}, "measures.yaml, M7 version 4: "),
    ],
)
def test_a_faulty_entry_names_itself_and_is_not_stored(monkeypatch, changed, message):
    entries = [entry for entry in loader.read("measures.yaml") if entry["code"] == "M7"]
    with pytest.raises(ValueError, match=message):
        loading(monkeypatch, [entries[0] | {"version": 4} | changed])
    assert not Measure.objects.filter(code="M7", version=4).exists()


def test_a_faulty_entry_of_a_stored_version_names_itself_too(monkeypatch):
    entries = [entry for entry in loader.read("measures.yaml") if entry["code"] == "M7"]
    with pytest.raises(ValueError, match="M7 version 3: better: has to be"):
        loading(monkeypatch, [entries[0] | {"better": "up"}])


def test_a_stored_version_is_never_rewritten_but_named(monkeypatch):
    entries = [entry for entry in loader.read("measures.yaml") if entry["code"] == "M7"]
    report = loading(monkeypatch, [entries[0] | {"note": "Other words."}])
    assert report.skipped == ["M7 Timed Up & Go"]
    assert Measure.objects.get(code="M7").definition == {
        name: value
        for name, value in entries[0].items()
        if name not in {"code", "version", "title", "shipped"}
    }
