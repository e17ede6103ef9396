"""Reading: what belongs to the plan first, saved for later, and questions from each."""

import uuid

import pytest

from cms.models import ArticlePage
from programs.models import Question, SavedPage
from tests.conftest import OF_THE_WALL, client_of

pytestmark = pytest.mark.django_db


def read(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def row(plan):
    return plan.prescriptions.filter(phase__number=1, included=True).get(exercise__code="G01")


@pytest.fixture
def article():
    return ArticlePage.objects.get(slug="numb-feet")


def test_what_belongs_to_the_plan_stands_first_with_its_reason(as_ana, plan):
    learn = as_ana.get("/portal/learn/").context["learn"]
    why = {one.article.slug: one.why for one in learn.belonging}
    assert why["numb-feet"].startswith("Shows “")
    assert all(why.values())
    assert {one.article.slug for one in learn.others}.isdisjoint(why)
    assert len(learn.belonging) + len(learn.others) == ArticlePage.objects.listed_here().count()
    assert [one.shown.code for one, _ in learn.exercises][:2] == ["G01", "G03"]


def test_without_a_plan_there_are_the_articles(as_ana):
    page = read(as_ana, "/portal/learn/")
    assert "Numb feet" in page
    assert "To read with your plan" not in page


def test_an_article_is_saved_and_taken_off(as_ana, ana, plan, article):
    data = {"article": str(article.translation_key)}
    for _ in range(2):  # a double click saves once
        assert as_ana.post("/portal/learn/save/", data | {"save": "1"}).url == "/portal/learn/"
    assert SavedPage.objects.get().article == article
    assert "Saved for later" in read(as_ana, "/portal/learn/")
    as_ana.post("/portal/learn/save/", data | {"remove": "1"})
    assert not SavedPage.objects.exists()


def test_an_exercise_tells_how_and_what_it_rests_on(as_ana, row):
    page = read(as_ana, f"/portal/learn/{row.pk}/")
    assert row.shown.plain_title in page
    assert "What it rests on" in page
    assert "Whether it helps is less sure." in page
    assert row.gate_reason not in page or not row.gate_reason


def test_an_exercise_is_saved_from_its_page(as_ana, row):
    data = {"exercise": str(row.pk), "back": str(row.pk), "save": "1"}
    assert as_ana.post("/portal/learn/save/", data).url == f"/portal/learn/{row.pk}/"
    assert "Take off my list" in read(as_ana, f"/portal/learn/{row.pk}/")


def test_a_question_about_an_exercise_reaches_the_therapist(as_ana, as_priya, row):
    as_ana.post(f"/portal/ask/exercise/{row.pk}/", {"text": "How far?"})
    question = Question.objects.get()
    assert (question.exercise, question.article) == (row.exercise, None)
    assert "See the exercise" in read(as_priya, f"/workspace/questions/{question.pk}/")
    assert row.shown.plain_title in read(as_ana, "/portal/ask/")


def test_nobody_reads_or_saves_anothers_exercise(row, ana, bert, priya, colm):
    address = f"/portal/learn/{row.pk}/"
    other = client_of(bert.user)
    assert other.get(address).status_code == 404
    assert other.get(f"/portal/ask/exercise/{row.pk}/").status_code == 404
    assert (
        other.post("/portal/learn/save/", {"exercise": str(row.pk), "save": "1"}).status_code == 404
    )
    assert client_of(priya).get(address).status_code == 404
    assert client_of(priya).post("/portal/learn/save/", {}).status_code == 404


def test_a_draft_of_ones_own_plan_is_not_read(as_ana, draft):
    row = draft.prescriptions.first()
    assert as_ana.get(f"/portal/learn/{row.pk}/").status_code == 404


@pytest.mark.parametrize("data", [{}, {"article": "x"}, {"exercise": str(uuid.UUID(int=1))}])
def test_saving_what_is_not_there(as_ana, plan, data):
    assert as_ana.post("/portal/learn/save/", data | {"save": "1"}).status_code == 404


def test_a_draft_article_is_not_listed_even_when_saved(as_ana, as_priya, plan, article):
    as_ana.post("/portal/learn/save/", {"article": str(article.translation_key), "save": "1"})
    article.unpublish()
    assert article.title not in read(as_ana, "/portal/learn/")


def test_queries_of_learn(as_ana, plan, django_assert_num_queries):
    as_ana.get("/portal/learn/")
    with django_assert_num_queries(15 + OF_THE_WALL):
        as_ana.get("/portal/learn/")


def test_articles_are_read_in_the_patients_language(as_ana, ana, plan):
    ana.language = "es"
    ana.save(update_fields=["language"])
    html = as_ana.get("/portal/learn/").content.decode()
    assert "/es/articulos/pies-adormecidos/" in html
    assert "/articles/numb-feet/" not in html
    assert "Por ahora, solo en inglés" not in html
    assert "Muestra «Mire arriba, extienda la pierna» de su plan." in html


def test_what_was_saved_stays_saved_in_another_language(as_ana, ana, plan):
    article = ArticlePage.objects.get(slug="numb-feet")
    as_ana.post("/portal/learn/save/", {"article": str(article.translation_key), "save": "1"})
    ana.language = "es"
    ana.save(update_fields=["language"])
    html = as_ana.get("/portal/learn/").content.decode()
    saved = html.split("Guardado para después")[1].split("</section>")[0]
    assert 'href="/es/articulos/pies-adormecidos/"' in saved
    as_ana.post("/portal/learn/save/", {"article": str(article.translation_key)})
    assert not SavedPage.objects.exists()
