"""The pages of remote monitoring: who opens them, what is entered there, the files for a biller."""

import csv
import io
import uuid
from io import BytesIO

import pytest
from pypdf import PdfReader

from accounts.models import AuditEvent
from patients.actions import patients
from programs.actions import discharge, monitoring
from programs.export import monitoring as files
from programs.models import LiveTalk, MonitoringAnswers, MonitoringCare, MonitoringEntry
from programs.monitoring.calendar import month_before, month_of
from programs.monitoring.words import DISCLAIMERS
from programs.progress import monitoring as reading
from tests.conftest import OF_THE_WALL, client_of, make_episode, make_patient, page_of, prove
from tests.programs.actions import test_monitoring as acts
from tests.programs.actions.test_monitoring import NONE, last_month, log, minutes, papers, talk
from tests.trail import newest

pytestmark = pytest.mark.django_db
monitored = acts.monitored
LIST = "/workspace/monitoring/"


def at(patient, page=""):
    return f"/workspace/patients/{patient.pk}/monitoring/{page}"


def of_month(patient, page="", month=None):
    return f"{at(patient, page)}?month={month or last_month(patient):%Y-%m}"


def sent(patient, do, month=None, **data):
    return {"do": do, "month": f"{month or last_month(patient):%Y-%m}", **data}


def of_minutes(patient, **changed):
    day = last_month(patient).isoformat()
    values = {"entry_id": str(uuid.uuid4()), "done_on": day, "minutes": "12",
              "assistant_minutes": "", "what": "Read the answers of the week."}  # fmt: skip
    return sent(patient, "minutes", **(values | changed))


def text_of(answer):
    return "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


# Switched off, nothing of it is there


ADDRESSES = ["", "papers/", "pdf/", "csv/", "enter/", f"minutes/{uuid.UUID(int=1)}/"]


def test_switched_off_no_address_answers_and_no_page_names_it(ana, plan, priya, ruth):
    for who in (priya, ruth):
        client = client_of(who)
        assert client.get(LIST).status_code == 404
        assert client.get(f"{LIST}file/").status_code == 404
        for page in ADDRESSES:
            assert client.get(at(ana, page)).status_code == 404, page
            assert client.post(at(ana, page)).status_code == 404, page
        overview = client.get(f"/workspace/patients/{ana.pk}/").content.decode()
        assert "onitoring" not in overview
        assert "timer.js" not in overview


def test_switched_off_later_what_was_entered_is_out_of_reach(monitored, ana, priya):
    assert client_of(priya).get(at(ana)).status_code == 200
    acts.switch_on(ana.clinic, monitoring=False)
    assert client_of(priya).get(at(ana)).status_code == 404
    ana.clinic.refresh_from_db()
    priya.clinic.refresh_from_db()
    assert reading.of_clinic(priya, last_month(ana)) == []


# Who opens what


def test_the_administrator_reads_and_enters_nothing(monitored, ana, ruth):
    client = client_of(ruth)
    page = client.get(of_month(ana)).content.decode()
    for words in ("Save the minutes", "Sign and lock", "Begin anew", "Change</a>"):
        assert words not in page
    assert client.post(at(ana, "enter/"), of_minutes(ana)).status_code == 403
    assert client.get(at(ana, "papers/")).status_code == 403
    for page in ("pdf/", "csv/"):
        assert client.get(of_month(ana, page)).status_code == 200


def test_nobody_else_sees_it(monitored, ana, colm, olive, bert, mara):
    for who in (colm, olive, ana.user, bert.user, mara.user):
        for page in ADDRESSES:
            send = client_of(who).post if page == "enter/" else client_of(who).get
            assert send(at(ana, page)).status_code == 404, (who, page)
    assert client_of(None).get(at(ana)).status_code == 302


def test_the_portal_knows_nothing_of_it(monitored, as_ana):
    for page in ("", "progress/", "me/"):
        assert b"onitoring" not in as_ana.get(f"/portal/{page}").content


@pytest.mark.parametrize("month", ["2024-12", "2999-01", "2026-13", "x", "2026"])
def test_no_worksheet_of_such_a_month(month, monitored, ana, priya):
    for address in (at(ana), at(ana, "pdf/"), at(ana, "csv/"), LIST):
        assert client_of(priya).get(f"{address}?month={month}").status_code == 404


# The page of a month


def test_the_page_says_what_stands_on_top_and_which_counts_are_met(monitored, ana, plan, priya):
    for offset in range(31):
        log(plan, monitored.consent_on + acts.dt.timedelta(days=offset))
    talk(ana, priya, 22)
    page = client_of(priya).get(of_month(ana)).content.decode()
    for words in DISCLAIMERS:
        assert words.split(".")[0].split("’")[0] in page
    assert page.index("not billing advice") < page.index("Which counts are met")
    assert "meets the count for 98980" in page
    assert "Live talk: Telephone, 14:00, with the patient" in page
    assert "lacks the four answers" in page
    assert newest("patient.read").detail == {"page": "patient_monitoring"}


def test_minutes_are_entered_once_by_a_double_click(monitored, ana, priya):
    client, data = client_of(priya), of_minutes(ana)
    for _ in range(2):
        assert client.post(at(ana, "enter/"), data).url == of_month(ana)
    entry = MonitoringEntry.objects.get()
    assert (entry.minutes, entry.assistant_minutes, entry.by) == (12, 0, priya)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"minutes": "0"}, "greater than or equal to 1"),
        ({"minutes": "481"}, "less than or equal to 480"),
        ({"minutes": "2.5"}, "whole number"),
        ({"assistant_minutes": "13"}, "a part of all minutes"),
        ({"what": "ok"}, "in a sentence"),
        ({"done_on": "2999-01-01"}, "still to come"),
        ({"done_on": "soon"}, "valid date"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(changed, words, monitored, ana, priya):
    data = of_minutes(ana, **({"what": "Looked at the pain line."} | changed))
    page = client_of(priya).post(at(ana, "enter/"), data)
    assert page.status_code == 200
    assert words in page.content.decode()
    assert data["what"] in page.content.decode()
    assert not MonitoringEntry.objects.exists()


def test_another_patients_id_is_404(monitored, ana, bert, colm, priya):
    entry = minutes(ana, priya)
    patients.join_care_team(patient=bert, therapist=priya, by=colm)
    client = client_of(priya)
    data = of_minutes(bert, entry_id=str(entry.pk))
    assert client.post(at(bert, "enter/"), data).status_code == 404
    assert client.get(at(bert, f"minutes/{entry.pk}/")).status_code == 404


def test_a_button_that_is_not_on_the_page(monitored, ana, priya):
    assert client_of(priya).post(at(ana, "enter/"), sent(ana, "bill")).status_code == 404


def test_a_talk_of_the_clinics_hour(monitored, ana, priya):
    data = {f"talk-{name}": value for name, value in {
        "talk_id": str(uuid.uuid4()), "done_on": last_month(ana).isoformat(), "time": "23:30",
        "minutes": "8", "assistant_minutes": "2", "channel": "video", "with_whom": "caregiver",
        "what": "Talked with her daughter.",
    }.items()}  # fmt: skip
    client_of(priya).post(at(ana, "enter/"), sent(ana, "talk", **data))
    talked = LiveTalk.objects.get()
    assert talked.done_on == last_month(ana)
    assert talked.began_at.astimezone(ana.clinic.zone).hour == 23
    data["talk-done_on"], data["talk-talk_id"] = "2999-01-01", str(uuid.uuid4())
    page = client_of(priya).post(at(ana, "enter/"), sent(ana, "talk", **data))
    assert "still to come" in page.content.decode()


@pytest.mark.parametrize(
    ("day", "words"), [("2999-01-01", "still to come"), ("2024-12-31", "no worksheets of that")]
)
@pytest.mark.parametrize("do", ["minutes", "talk"])
def test_a_day_that_can_not_be_is_said_beside_it(do, day, words, monitored, ana, priya):
    data = of_minutes(ana) | {"do": do}
    if do == "talk":
        of_talk = {"talk_id": str(uuid.uuid4()), "time": "14:00", "channel": "phone",
                   "with_whom": "patient"}  # fmt: skip
        data |= {f"talk-{name}": value for name, value in (data | of_talk).items()}
    data |= {"done_on": day, "talk-done_on": day}
    page = client_of(priya).post(at(ana, "enter/"), data)
    [form] = page.context["forms_with_errors"]
    assert list(form.errors) == ["done_on"]
    assert words in form.errors["done_on"][0]


def test_the_four_questions_are_answered_one_by_one(monitored, ana, priya):
    names = list(NONE)
    data = {f"answers-{name}": "no" for name in names}
    data["answers-answers_id"] = str(uuid.uuid4())
    less = {name: value for name, value in data.items() if "home" not in name}
    page = client_of(priya).post(at(ana, "enter/"), sent(ana, "answers", **less))
    assert "Answer yes or no." in page.content.decode()
    client_of(priya).post(at(ana, "enter/"), sent(ana, "answers", **data))
    assert MonitoringAnswers.objects.get().home_health is False


def test_put_right_on_a_page_of_its_own(monitored, ana, priya):
    entry, one = minutes(ana, priya, 14), talk(ana, priya)
    client = client_of(priya)
    address = at(ana, f"minutes/{entry.pk}/")
    data = page_of(client, address) | {"minutes": "0", "why": "It was another patient."}
    assert client.post(address, data).url == of_month(ana)
    assert client.get(address).status_code == 404  # the newer one is put right now
    address = at(ana, f"talks/{one.pk}/")
    data = page_of(client, address) | {"minutes": "7"}
    page = client.post(address, data)
    assert "required" in page.content.decode()
    client.post(address, data | {"why": "The clock said seven."})
    assert reading.of_patient(ana, last_month(ana)).sheet.minutes.total == 7
    assert "The clock said seven." in client.get(of_month(ana)).content.decode()


# Papers


def test_papers_are_entered_and_keep_what_somebody_else_changed(ana, episode, priya):
    acts.switch_on(ana.clinic)
    client = client_of(priya)
    data = page_of(client, at(ana, "papers/"))
    assert "Nobody watches my entries all day" in data["consent_words"]
    answer = client.post(at(ana, "papers/"), data | {"consent_on": "2026-01-05"})
    assert "A consent has a date" in answer.content.decode()
    data |= {"consent_on": "2026-01-05", "consent_how": "written"}
    assert client.post(at(ana, "papers/"), data).status_code == 302
    older = page_of(client, at(ana, "papers/"))
    care = MonitoringCare.objects.get()
    monitoring.change(care=care, by=priya, payer="Aetna")
    answer = client.post(at(ana, "papers/"), older | {"payer": "Medicare"})
    assert "Somebody changed this" in answer.content.decode()


def test_the_words_of_the_consent_are_in_the_patients_language(ana, episode, priya):
    acts.switch_on(ana.clinic)
    patients.change(patient=ana, by=priya, language="es")
    data = page_of(client_of(priya), at(ana, "papers/"))
    assert data["consent_words"].startswith("Mi clínica mira lo que anoto")


def test_begin_anew_after_a_withdrawal(monitored, ana, priya):
    client = client_of(priya)
    today = ana.clinic.today()
    monitoring.change(care=monitored, by=priya, withdrawn_on=today)
    assert "Begin anew" in client.get(at(ana)).content.decode()
    address = at(ana, "papers/?again=1")
    data = page_of(client, address) | {"consent_on": today.isoformat(), "consent_how": "spoken"}
    assert client.post(address, data).status_code == 302
    assert MonitoringCare.objects.count() == 2


def test_papers_are_of_the_open_episode_and_earlier_ones_are_completed(
    monitored, ana, bert, colm, episode, priya
):
    discharge.end_care(episode=episode, outcome="goals_met", by=priya)
    client = client_of(priya)
    assert page_of(client, at(ana, "papers/"))["payer"] == "Medicare Part B"
    again = make_episode(ana, priya)
    assert not page_of(client, at(ana, "papers/")).get("consent_on")
    newer = monitoring.begin(episode=again, by=priya, payer="Aetna")
    # Of a record that was merged an older one may have been written down later.
    MonitoringCare.objects.filter(pk=newer.pk).update(made_at=episode.opened_at)
    assert page_of(client, at(ana, "papers/"))["payer"] == "Aetna"
    earlier = at(ana, f"papers/?of={monitored.pk}")
    assert earlier in client.get(at(ana)).content.decode()
    data = page_of(client, earlier) | {"payer": "Cigna"}
    assert client.post(earlier, data).status_code == 302
    monitored.refresh_from_db()
    newer.refresh_from_db()
    assert (monitored.payer, newer.payer) == ("Cigna", "Aetna")
    patients.join_care_team(patient=bert, therapist=priya, by=colm)
    for wrong in (at(ana, "papers/?of=x"), at(bert, f"papers/?of={monitored.pk}")):
        assert client.get(wrong).status_code == 404


def test_without_an_episode_there_is_nothing_to_consent_to(ana, priya):
    acts.switch_on(ana.clinic)
    assert client_of(priya).get(at(ana, "papers/")).url.endswith("/episode/")
    page = client_of(priya).get(at(ana)).content.decode()
    assert "Begin with the consent" in page


# Signing


def test_sign_with_what_the_page_showed(monitored, ana, priya):
    client = client_of(priya)
    shown = client.get(of_month(ana)).context["sign_form"].initial["shown"]
    data = {"sign-shown": shown, "sign-conclusion": "Steadier; balance goes on."}
    minutes(ana, priya)
    page = client.post(at(ana, "enter/"), sent(ana, "sign", **data))
    assert "Something came in since" in page.content.decode()
    data["sign-shown"] = page.context["sign_form"]["shown"].value()
    client.post(at(ana, "enter/"), sent(ana, "sign", **data))
    page = client.get(of_month(ana)).content.decode()
    assert "Signed by Priya Therapist, PT, DPT" in page
    assert "Save the minutes" not in page
    data = {"open-why": "A call was forgotten."}
    client.post(at(ana, "enter/"), sent(ana, "open", **data))
    assert "A call was forgotten." in client.get(of_month(ana)).content.decode()


def test_a_month_that_runs_can_not_be_signed(monitored, ana, priya):
    assert "Sign and lock" not in client_of(priya).get(at(ana)).content.decode()


# Files


def test_the_files_begin_with_what_has_to_be_said(monitored, ana, priya):
    talk(ana, priya, 22, what="=1+1 was typed here.")
    client = client_of(priya)
    answer = client.get(of_month(ana, "csv/"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[:5]] == list(DISCLAIMERS)
    assert [row[0] for row in rows if row and row[0] == "98980"] == ["98980"]
    [work] = [row for row in rows if len(row) > 4 and "was typed here" in row[4]]
    assert work[4].startswith("'=1+1")
    answer = client.get(of_month(ana, "pdf/"))
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(text_of(answer).split())
    assert text.index("not billing advice") < text.index("98980")
    for words in ("R26.81 unsteadiness on feet", "Not signed", "meets the count for 98980"):
        assert words in text
    event = newest("monitoring.exported")
    assert event.detail == {"month": last_month(ana).isoformat(), "file": "pdf"}
    assert "Ana" not in answer["Content-Disposition"]


def test_a_signed_month_is_printed_as_it_was_signed(monitored, ana, plan, priya):
    acts.sign(ana, priya)
    log(plan, last_month(ana))
    text = " ".join(text_of(client_of(priya).get(of_month(ana, "pdf/"))).split())
    assert "Signed by Priya Therapist, PT, DPT" in text
    assert "Since then something came in that is not in it." in text


TYPED = ["\u200fمرحبا", "漢字 😀", "#let x = 1 \\ $a$ *b*", "<script>alert(1)</script>"]


@pytest.mark.parametrize("typed", TYPED)
def test_whatever_is_typed_the_files_are_made(typed, monitored, ana, priya):
    minutes(ana, priya, what=f"{typed} was looked at.")
    for page in ("", "pdf/", "csv/"):
        assert client_of(priya).get(of_month(ana, page)).status_code == 200


# The clinic's month


def another(priya, name, consent):
    patient = make_patient(priya, name)
    monitoring.begin(episode=make_episode(patient, priya), by=priya, **papers(consent))
    return patient


def test_the_list_says_who_is_ready_and_who_is_not_and_why(monitored, ana, priya, ruth):
    month = last_month(ana)
    talk(ana, priya, 22)
    monitoring.answer(answers_id=uuid.uuid4(), patient=ana, month=month, by=priya, **NONE)
    dora = another(priya, "Dora", monitored.consent_on)
    for who in (priya, ruth):
        answer = client_of(who).get(f"{LIST}?month={month:%Y-%m}")
        rows = {str(row.patient): row for row in answer.context["rows"]}
        assert rows["Ana Reyes"].why_not_ready == []
        assert rows["Dora Reyes"].why_not_ready == ["No code meets its count."]
        page = answer.content.decode()
        assert "98980" in page
        assert "2 patients · 1 ready · 0 signed" in page
    assert newest("patients.listed").named == sorted([ana.pk, dora.pk])
    acts.sign(ana, priya)
    page = client_of(ruth).get(f"{LIST}?month={month:%Y-%m}").content.decode()
    assert "signed by Priya Therapist" in page


def test_before_anything_was_entered_nobody_is_listed(ana, episode, priya):
    acts.switch_on(ana.clinic)
    priya.clinic.refresh_from_db()
    monitoring.begin(episode=episode, by=priya)
    assert len(reading.of_clinic(priya, month_of(ana.clinic.today()))) == 1
    assert reading.of_clinic(priya, last_month(ana)) == []


def test_only_whom_one_treats_and_only_while_they_are_monitored(monitored, ana, priya, colm):
    assert reading.of_clinic(colm, last_month(ana)) == []
    before = month_before(monitored.consent_on)
    assert reading.of_clinic(priya, before) == []
    monitoring.change(care=monitored, by=priya, withdrawn_on=monitored.consent_on)
    assert reading.of_clinic(priya, month_of(ana.clinic.today())) == []


def test_the_list_asks_as_much_for_one_as_for_three(
    monitored, ana, plan, priya, django_assert_num_queries
):
    client = client_of(priya)
    talk(ana, priya)
    client.get(LIST)
    with django_assert_num_queries(12 + OF_THE_WALL):
        client.get(LIST)
    for name in ("Dora", "Emil"):
        one = another(priya, name, monitored.consent_on)
        minutes(one, priya)
    with django_assert_num_queries(12 + OF_THE_WALL):
        client.get(LIST)


def test_the_clinics_file_asks_who_it_is_first(monitored, ana, priya, ruth):
    talk(ana, priya, 22)
    client = client_of(ruth)
    address = f"{LIST}file/?month={last_month(ana):%Y-%m}"
    assert "reauthenticate" in client.get(address).url
    answer = prove(client).get(address)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[:5]] == list(DISCLAIMERS)
    of_ana = [row for row in rows if row and row[0] == "Ana Reyes"]
    assert {"98979", "98980", "98981"} <= {row[7] for row in of_ana}
    assert AuditEvent.objects.filter(action="monitoring.exported", named=[ana.pk]).exists()


def test_of_a_signed_month_list_and_file_say_what_was_signed(monitored, ana, priya, ruth):
    talk(ana, priya, 22)
    month = last_month(ana)
    acts.sign(ana, priya)
    monitoring.change(care=monitored, by=priya, payer="Aetna")
    for day in range(3):
        log(ana.plans.get(), month + acts.dt.timedelta(days=day))
    [row] = client_of(priya).get(f"{LIST}?month={month:%Y-%m}").context["rows"]
    assert "98985" in [line.code for line in row.sheet.met]
    assert row.met_words == "98980"
    rows = csv.reader(io.StringIO(files.of_clinic([row]).lstrip("\ufeff")))
    of_ana = [one for one in rows if one and one[0] == "Ana Reyes"]
    assert {(one[4], one[5]) for one in of_ana} == {("Medicare Part B", "signed")}


def test_the_payer_is_that_of_the_month(monitored, ana, episode, priya):
    discharge.end_care(episode=episode, outcome="goals_met", by=priya)
    today = ana.clinic.today()
    later = papers(today, payer="Aetna")
    monitoring.begin(episode=make_episode(ana, priya), by=priya, **later)
    made = files.of_clinic([reading.of_patient(ana, last_month(ana))])
    assert "Medicare Part B" in made
    assert "Aetna" not in made
