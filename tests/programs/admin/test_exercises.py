"""Exercises in Wagtail's admin: drafts, the load rule, copies, archive, and who may do what."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.permissions import Role
from programs.actions import library
from programs.admin.motion_field import BALANCE_JOINTS, NERVE_JOINTS, MotionWidget
from programs.library import usage
from programs.library.plain import EXERCISE_FIELDS
from programs.media import drawings
from programs.models import Exercise
from programs.models.exercise_text import SPOKEN
from tests.conftest import client_of, make_clinic, make_user

pytestmark = pytest.mark.django_db

LIST = "/cms/snippets/programs/exercise/"
NOT_TEXT = {
    "level",
    "steps",
    "safety_setup",
    "needs_helper",
    "home_use",
    "rest_seconds",
    "out_seconds",
    "back_seconds",
}


@pytest.fixture
def glide():
    return Exercise.objects.get(clinic=None, code="G01")


@pytest.fixture
def copy(glide, priya):
    return library.copy_exercise(exercise=glide, by=priya)


def page(exercise, name="edit"):
    return f"{LIST}{name}/{exercise.pk}/"


def angles(exercise, **changed):
    """The motion as the editor's controls post it; `A_knee=20` changes one."""
    motion = exercise.motion.to_json()
    prefix = "b-" if exercise.kind == "balance" else ""
    data = {"motion_data-side": motion.get("side", "right")}
    for end in ("A", "B"):
        for name, value in motion[end].items():
            if isinstance(value, dict):
                data |= {f"motion_data-{end}-b-{name}-{inner}": at for inner, at in value.items()}
            else:
                data[f"motion_data-{end}-{prefix}{name}"] = value
    return data | {f"motion_data-{name.replace('_', '-')}": v for name, v in changed.items()}


def form_data(exercise, **changed):
    """What the edit form of an exercise posts when nothing is changed."""
    texts = [name for name in EXERCISE_FIELDS if name not in NOT_TEXT]
    optional = ("level", "rest_seconds", "out_seconds", "back_seconds")
    rules = list(exercise.precaution_rules.all())
    data = {"code": exercise.code} | {name: getattr(exercise, name) for name in texts}
    data |= {name: getattr(exercise, name) or "" for name in optional}
    data |= {
        "steps": "\n".join(exercise.steps),
        "home_use": "on",
        "shows_figure": "on",
        "media-count": "0",
        "precaution_rules-TOTAL_FORMS": len(rules),
        "precaution_rules-INITIAL_FORMS": len(rules),
        "precaution_rules-MIN_NUM_FORMS": 0,
        "precaution_rules-MAX_NUM_FORMS": 1000,
        "citations": [source.pk for source in exercise.citations.all()],
    }
    texts = list(exercise.texts.all())
    data |= {"texts-TOTAL_FORMS": len(texts), "texts-INITIAL_FORMS": len(texts)}
    for number, text in enumerate(texts):
        words = {name: getattr(text, name) for name in SPOKEN} | {"steps": "\n".join(text.steps)}
        words |= {"id": text.pk, "ORDER": number + 1, "locale": text.locale_id}
        data |= {f"texts-{number}-{name}": value for name, value in words.items()}
    for number, rule in enumerate(rules):
        prefix = f"precaution_rules-{number}"
        data |= {
            f"{prefix}-id": rule.pk,
            f"{prefix}-ORDER": number + 1,
            f"{prefix}-condition": rule.condition,
            f"{prefix}-effect": rule.effect,
            f"{prefix}-words": rule.words,
        }
    return data | angles(exercise) | changed


def test_a_draft_changes_nothing_until_it_is_published(as_priya, glide):
    answer = as_priya.post(page(glide), form_data(glide, cue="Softly now."))
    assert answer.status_code == 302
    glide.refresh_from_db()
    assert glide.cue != "Softly now."
    assert glide.has_unpublished_changes
    as_priya.post(page(glide), form_data(glide, cue="Softly now.", **{"action-publish": "yes"}))
    glide.refresh_from_db()
    assert glide.cue == "Softly now."


def test_an_angle_no_joint_has_is_refused_by_name(as_priya, glide):
    answer = as_priya.post(page(glide), form_data(glide, **{"motion_data-B-knee": "200"}))
    assert "knee: 200° is outside its range, 0° to 140°" in answer.content.decode()
    answer = as_priya.post(page(glide), form_data(glide, **{"motion_data-B-knee": "far"}))
    assert "is not an angle in degrees" in answer.content.decode()


def test_saving_against_the_load_rule_needs_a_reason(as_priya, glide):
    still = {"motion_data-A-neck": "0", "motion_data-B-neck": "0"}  # nothing unloads any more
    answer = as_priya.post(page(glide), form_data(glide, **still))
    assert "A glide loads the nerve at one joint and unloads it at another" in (
        answer.content.decode()
    )
    answer = as_priya.post(page(glide), form_data(glide, rule_reason="Neck fusion.", **still))
    assert answer.status_code == 302


def test_the_preview_follows_the_angles_and_warns(as_priya, glide):
    def preview(**changed):
        data = form_data(glide, **changed)
        return as_priya.post("/cms/exercises/motion/", data).content.decode()

    calm = preview()
    assert calm.count("<svg") >= 3
    assert "head lifts by 40°" in calm
    assert "The label does not match" not in calm
    assert "Alshami et al 2008" in calm
    assert "alshami2008" not in calm
    warned = preview(**{"motion_data-A-neck": "-15"})
    assert "The label does not match" in warned
    assert "These angles make a tension" in warned
    assert "outside its range" in preview(**{"motion_data-B-knee": "999"})
    assert "Choose its kind" in preview(kind="")
    assert "Choose its position first." in preview(pose="")


def test_the_preview_answers_any_balance_exercise(as_priya):
    for exercise in Exercise.objects.filter(kind="balance"):
        data = angles(exercise) | {"kind": "balance", "pose": exercise.pose}
        assert b"<svg" in as_priya.post("/cms/exercises/motion/", data).content


@pytest.mark.parametrize("code", ["G01", "T07", "B01", "B14"])
def test_the_controls_post_the_motion_they_show(code):
    exercise = Exercise.objects.get(clinic=None, code=code)
    data = angles(exercise) | {"kind": exercise.kind, "pose": exercise.pose}
    posted = MotionWidget().value_from_datadict(data, {}, "motion_data")
    assert type(exercise.motion).from_json(posted) == exercise.motion
    html = MotionWidget().render("motion_data", exercise.motion_data)
    assert all(f'name="motion_data-A-{joint}"' in html for joint, _ in NERVE_JOINTS)
    assert all(f'name="motion_data-B-b-{joint}"' in html for joint, _ in BALANCE_JOINTS)


def test_an_exercise_starts_from_another(as_priya, glide):
    answer = as_priya.get(f"/cms/exercises/{glide.pk}/motion/").json()
    assert (answer["kind"], answer["nerve"]) == ("glide", "tibial")
    assert answer["motion"]["B"]["knee"] == 25


def test_a_copy_is_a_draft_of_the_clinics_own(as_priya, glide, priya):
    answer = as_priya.post(f"/cms/exercises/{glide.pk}/copy/")
    copy = Exercise.objects.get(code="G01-2")
    assert answer.url == page(copy)
    assert (copy.clinic, copy.live, copy.is_public) == (priya.clinic, False, False)
    assert copy.motion == glide.motion
    assert [rule.words for rule in copy.precaution_rules.all()] == [
        rule.words for rule in glide.precaution_rules.all()
    ]
    assert copy not in Exercise.objects.visible_to(priya).active()
    assert library.copy_exercise(exercise=glide, by=priya).code == "G01-3"


def test_a_new_exercise_belongs_to_who_writes_it(as_priya, glide, priya):
    data = form_data(glide, code="N1", title="New", **{"action-publish": "yes"})
    for name in ("precaution_rules", "texts"):
        data |= {f"{name}-INITIAL_FORMS": 0, f"{name}-TOTAL_FORMS": 0}
    assert as_priya.post(f"{LIST}add/", data).status_code == 302
    made = Exercise.objects.get(code="N1")
    assert (made.clinic, made.live) == (priya.clinic, True)
    again = as_priya.post(f"{LIST}add/", data)
    assert "Another exercise has this code" in again.content.decode()


def test_revisions_are_compared_and_kept(as_priya, glide):
    as_priya.post(page(glide), form_data(glide, cue="One."))
    as_priya.post(page(glide), form_data(glide, cue="Two.", **{"motion_data-B-knee": "30"}))
    first, second = glide.revisions.order_by("created_at")
    name = "wagtailsnippets_programs_exercise:revisions_compare"
    compared = as_priya.get(reverse(name, args=[glide.pk, first.pk, second.pk])).content.decode()
    assert "One." in compared
    assert "Two." in compared
    assert "End, knee: 25 → 30" in compared
    assert as_priya.get(page(glide, "history")).status_code == 200


@pytest.mark.parametrize("mode", ["patient", "article", "print"])
def test_each_preview_shows_the_exercise(glide, mode, rf):
    response = glide.make_preview_request(preview_mode=mode)
    html = response.content.decode()
    assert glide.patient_title in html
    assert "<svg" in html
    assert "css/figure.css" in html


def test_usage_is_counted(glide, plan, priya):
    found = usage.of_exercise(glide, priya.clinic)
    assert (found.programs, found.active_plans) == (3, 1)
    assert str(found).startswith("in 3 programs, 1 active plan")
    assert usage.of_exercise(glide, make_clinic("Hilltop")).active_plans == 0


def test_what_is_used_is_archived_not_deleted(as_priya, glide, plan):
    answer = as_priya.post(page(glide, "delete"))
    assert answer.url == f"/cms/exercises/{glide.pk}/archive/"
    assert b"archived, never deleted" in as_priya.get(answer.url).content
    as_priya.post(answer.url)
    glide.refresh_from_db()
    assert glide.archived_at is not None
    assert glide not in Exercise.objects.active()
    assert plan.prescriptions.filter(exercise=glide).exists()
    as_priya.post(answer.url)
    glide.refresh_from_db()
    assert glide.archived_at is None


def test_what_nobody_uses_is_deleted(as_priya, copy):
    assert as_priya.post(page(copy, "delete")).status_code == 302
    assert not Exercise.objects.filter(pk=copy.pk).exists()


def test_another_clinics_exercise_does_not_exist(copy, olive):
    there = client_of(olive)
    for name in ("edit", "history", "usage", "delete", "unpublish"):
        assert there.get(page(copy, name)).status_code == 404, name
        assert there.post(page(copy, name)).status_code == 404, name
    for name in ("copy", "archive", "motion"):
        assert there.get(f"/cms/exercises/{copy.pk}/{name}/").status_code == 404, name
    assert copy.title.encode() not in there.get(LIST).content
    assert copy.code.encode() not in there.get("/cms/exercises/figures/").content
    assert copy.code.encode() not in there.get("/cms/snippets/choose/programs/exercise/").content


def test_with_several_clinics_the_platforms_are_read_and_copied(as_priya, glide, olive):
    assert as_priya.get(page(glide)).url == page(glide, "history")
    cue = glide.cue
    as_priya.post(page(glide), form_data(glide, cue="Mine.", **{"action-publish": "yes"}))
    as_priya.post(page(glide, "unpublish"))
    glide.refresh_from_db()
    assert (glide.cue, glide.live) == (cue, True)
    assert as_priya.get(f"/cms/exercises/{glide.pk}/archive/").status_code == 404
    with pytest.raises(ValidationError):
        library.archive_exercise(exercise=glide, by=olive)
    assert as_priya.get(f"/cms/exercises/{glide.pk}/copy/").status_code == 200


@pytest.mark.parametrize("address", [LIST, "/cms/exercises/figures/"])
def test_who_enters_the_library(address, priya, ed, ruth, ana):
    assert client_of(priya).get(address).status_code == 200
    assert client_of(ed).get(address).status_code == 200
    for user in (ruth, ana.user):
        assert client_of(user).get(address).status_code == 404
    assert client_of(None).get(address).status_code == 302


def test_the_contact_sheet_shows_every_figure(as_priya):
    html = as_priya.get("/cms/exercises/figures/").content.decode()
    assert html.count('class="contact-sheet__one"') == 40
    assert html.count("<svg") >= 40 * 3


def test_the_listing_is_filtered(as_priya):
    html = as_priya.get(LIST, {"kind": "tension", "nerve": "sural"}).content.decode()
    assert "T06" in html
    assert "T01" not in html
    assert "G07" not in html
    assert "B05" in as_priya.get(LIST, {"q": "heel"}).content.decode()
    foam = as_priya.get(LIST, {"equipment__icontains": "foam"}).content.decode()
    assert "B15" in foam
    assert "B16" not in foam


def test_a_public_page_exists_only_for_what_is_public(client, glide):
    private = Exercise.objects.get(code="G02")
    assert glide.patient_title in client.get("/exercises/").content.decode()
    shown = client.get(f"/exercises/{glide.uuid}/").content.decode()
    assert glide.patient_title in shown
    assert "once a day" not in shown
    assert client.get(f"/exercises/{private.uuid}/").status_code == 404
    assert private.patient_title not in client.get("/exercises/").content.decode()
    picture = f"/exercises/{glide.uuid}/picture/"
    assert client.get(f"/exercises/{private.uuid}/picture/").status_code == 404
    assert client.get(picture)["Cache-Control"] == "public, no-cache"
    [address] = re.findall(rf'src="({picture}[^"]+)"', client.get("/exercises/").content.decode())
    drawn = client.get(address)
    assert drawn["Content-Type"] == "image/svg+xml"
    assert "immutable" in drawn["Cache-Control"]
    assert drawings.source_of_palette() in drawn["Content-Security-Policy"]
    Exercise.objects.filter(pk=glide.pk).update(live=False)
    assert client.get(f"/exercises/{glide.uuid}/").status_code == 404
    assert client.get(picture).status_code == 404


def test_public_exercises_are_chosen_by_kind(client, glide):
    Exercise.objects.filter(code__in=["B01", "B02"]).update(is_public=True)
    rise = Exercise.objects.get(clinic=None, code="B02").plain_title
    everything = client.get("/exercises/").content.decode()
    assert rise in everything
    balance = client.get("/exercises/?kind=balance").content.decode()
    assert rise in balance
    assert glide.patient_title not in balance
    assert 'href="?kind=balance"' in everything
    assert 'href="?kind=tension"' not in everything  # which would lead to nothing
    assert client.get("/exercises/?kind=%00x").context["exercises"]


def test_a_copy_of_another_clinic_is_never_public_by_itself(copy, client):
    assert client.get(f"/exercises/{copy.uuid}/").status_code == 404


def test_the_same_precaution_twice_is_refused_by_the_database(glide):
    rule = glide.precaution_rules.all()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        type(rule).objects.create(
            exercise=glide, condition=rule.condition, effect="note", words="Again."
        )


def test_a_new_clinics_therapist_keeps_their_own(copy):
    other = make_user(make_clinic("Hilltop"), "Noor", Role.THERAPIST, "hilltop.test")
    with pytest.raises(ValidationError):
        library.restore_exercise(exercise=copy, by=other)
