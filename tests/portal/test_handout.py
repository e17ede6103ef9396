"""The patient's own plan on paper."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from patients.actions import episodes
from programs.actions import plans
from tests.conftest import OF_THE_WALL, client_of, make_episode, make_plan

pytestmark = pytest.mark.django_db
PAGE, FILE = "/portal/plan/print/", "/portal/plan/print/file/"


@pytest.mark.parametrize("address", [PAGE, FILE])
def test_only_the_patient_gets_it(address, plan, ana, priya, colm, olive, ruth, ed):
    assert client_of(ana.user).get(address).status_code == 200
    assert client_of(None).get(address).status_code == 302
    for staff in (priya, colm, olive, ruth, ed):
        assert client_of(staff).get(address).status_code == 404


def test_each_gets_the_own_plan(plan, ana, bert, colm):
    make_plan(make_episode(bert, colm), colm)
    for patient, other in ((ana, bert), (bert, ana)):
        page = client_of(patient.user).get(PAGE).content.decode()
        assert str(patient) in page
        assert other.first_name not in page


@pytest.mark.parametrize("address", [PAGE, FILE])
def test_without_exercises_it_leads_to_the_page_that_says_why(address, as_ana, draft):
    assert as_ana.get(address).url == "/portal/plan/"


def test_a_stopped_plan_is_not_printed(as_ana, plan, priya):
    episodes.record_screen(episode=plan.episode, present=["cauda_equina"], by=priya)
    for address in (PAGE, FILE):
        assert as_ana.get(address).url == "/portal/plan/"
    assert b"plan/print/" not in as_ana.get("/portal/plan/").content


def test_the_plan_page_leads_to_it(as_ana, plan):
    assert f'href="{PAGE}"' in as_ana.get("/portal/plan/").content.decode()


def test_the_page_says_what_the_file_says(as_ana, plan):
    page = as_ana.get(PAGE).content.decode()
    shown = plan.prescriptions.filter(phase__number=1).first().shown
    for words in ("Ana Reyes", shown.plain_title, shown.cue, shown.starting, "2 × 10, right", "911",
                  "555-0134", "loss of bladder or bowel control", "not watched all day",
                  "A firm counter, sink or rail", "Tick what you did", "Pain after"):  # fmt: skip
        assert words in page, words
    assert page.count('class="print-figure ') == 8
    assert page.count('handout__box"') == 22  # 2 exercises on 6 days, 2 on 5


def test_the_file_is_private_and_named_after_nobody(as_ana, plan):
    answer = as_ana.get(FILE)
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    today = plan.clinic.today().isoformat()
    assert answer["Content-Disposition"] == f'inline; filename="plan-{today}.pdf"'


@pytest.mark.parametrize(
    ("query", "width"),
    [("", 595), ("?paper=us-letter&size=large", 612), ("?paper=\x00&size=huge", 595)],
)
def test_paper_and_size_are_chosen_and_nonsense_is_the_default(query, width, as_ana, plan):
    reader = PdfReader(BytesIO(as_ana.get(FILE + query).content))
    assert round(reader.pages[0].mediabox.width) == width


def test_the_page_shows_the_chosen_size(as_ana, plan):
    assert "handout--large" in as_ana.get(PAGE + "?size=large").content.decode()
    assert "handout--normal" in as_ana.get(PAGE + "?size=x").content.decode()


def test_what_is_typed_is_escaped_on_the_page(as_ana, draft, priya):
    plans.change(plan=draft, by=priya, note="<script>alert(1)</script>")
    plans.activate(plan=draft, by=priya)
    page = as_ana.get(PAGE).content.decode()
    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in page


def test_the_code_leads_to_the_portal(as_ana, plan, settings):
    settings.SITE_ADDRESS = "https://clinic.example"
    handout = as_ana.get(PAGE).context["handout"]
    assert handout.address == "https://clinic.example/portal/"


def test_a_fixed_number_of_queries(as_ana, plan, django_assert_num_queries):
    # Four of them keep the login's session.
    with django_assert_num_queries(12 + OF_THE_WALL):
        as_ana.get(PAGE)
