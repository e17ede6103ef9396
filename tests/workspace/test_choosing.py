"""Exercises are chosen by eye: the still pictures, and the library with its filters."""

import re
from xml.etree import ElementTree

import pytest

from programs.actions import library, prescriptions
from programs.media import drawings
from programs.models import Exercise
from programs.motion import Motion
from programs.motion.people import PEOPLE
from tests.conftest import OF_THE_WALL, client_of

pytestmark = pytest.mark.django_db
LIBRARY = "/workspace/library/"


def exercise(code):
    return Exercise.objects.get(code=code, clinic=None)


def still(one, named=True):
    name = f"?v={one.drawing_name}" if named else ""
    return f"{LIBRARY}{one.uuid}/still/{name}"


def titles(client, query=""):
    page = client.get(f"{LIBRARY}?{query}").content.decode()
    return re.findall(r"<strong>(\w\d\d) ", page)


def chips(client, query=""):
    """The words of each filter that is offered, without how many it leaves."""
    page = client.get(f"{LIBRARY}?{query}").content.decode()
    found = re.findall(r'<a class="chip"[^>]*>\s*([\w ]+?)\s*<', page)
    return [words.strip() for words in found]


def test_a_still_is_a_drawing_that_is_kept_under_its_name(as_priya):
    one = exercise("G01")
    answer = as_priya.get(still(one))
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    root = ElementTree.fromstring(answer.content)
    assert root.get("viewBox").split()[2:] == [root.get("width"), root.get("height")]
    assert b"prefers-color-scheme: dark" in answer.content
    again = as_priya.get(still(one), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_a_still_by_another_name_is_asked_for_again(as_priya):
    answer = as_priya.get(still(exercise("G01"), named=False))
    assert answer["Cache-Control"] == "private, no-cache"


def test_who_is_not_logged_in_gets_no_still_and_keeps_none(client):
    answer = client.get(still(exercise("G01")))
    assert answer.url.startswith("/account/login/")
    assert not answer.has_header("Cache-Control")


def test_a_clinics_own_exercise_is_not_seen_by_another_clinic(as_priya, priya, olive):
    own = library.copy_exercise(exercise=exercise("G01"), by=priya)
    assert as_priya.get(still(own)).status_code == 200
    assert client_of(olive).get(still(own)).status_code == 404


def test_another_movement_has_another_name():
    one = exercise("G01")
    moved = Motion.from_json(one.motion_data).mirrored().to_json()
    same = drawings.name(one.motion_data, **one.drawn_as)
    assert same == one.drawing_name
    assert drawings.name(moved, **one.drawn_as) != same
    for other in ({"kind": "tension"}, {"person": PEOPLE[1]}, {"has_helper": True}):
        assert drawings.name(one.motion_data, **(one.drawn_as | other)) != same


@pytest.mark.parametrize("code", ["B02", "B07", "G01", "T02", "F01"])
def test_both_positions_stand_side_by_side(code):
    one = exercise(code)
    root = ElementTree.fromstring(one.drawing)
    left, _, width, height = map(float, root.get("viewBox").split())
    end = root.find(".//{*}g[@class='figure']/{*}g/{*}g[last()]")
    shifted = float(re.match(r"translate\((\S+) 0\)", end.get("transform"))[1])
    assert shifted == pytest.approx((width + drawings.GAP) / 2)
    assert width == 2 * height + drawings.GAP
    assert left < 0


def test_where_the_figure_is_not_shown_the_own_picture_is(as_priya, monkeypatch):
    own = {"kind": "image", "file": "kept/one.webp"}
    monkeypatch.setattr(Exercise, "kept_media", [own])
    one = exercise("G01")
    assert as_priya.get(still(one)).status_code == 200
    Exercise.objects.filter(pk=one.pk).update(shows_figure=False)
    answer = as_priya.get(still(one))
    assert answer.url.endswith("kept/one.webp")
    assert answer["Cache-Control"] == "private, no-cache"


def test_a_line_of_a_plan_is_drawn_as_the_patient_gets_it(as_priya, draft, priya):
    prescriptions.add(phase=draft.phases.first(), exercise=exercise("G02"), by=priya)
    row = draft.prescriptions.filter(exercise__code="G02").first()
    limits = {**row.dosage, "angle_limits": {"hip_max": 30}, "side": "left"}
    prescriptions.change(prescription=row, by=priya, **limits)
    row = draft.prescriptions.get(pk=row.pk)
    address = f"/workspace/prescriptions/{row.pk}/still/?v={row.shown.drawing_name}"
    drawn = as_priya.get(address).content.decode()
    assert drawn == row.shown.drawing
    assert drawn != exercise("G02").drawing
    assert address in as_priya.get(f"/workspace/plans/{draft.pk}/").content.decode()


@pytest.mark.parametrize("look", ["gallery", "list"])
def test_the_library_shows_each_figure_in_one_query(as_priya, look, django_assert_num_queries):
    as_priya.get(f"{LIBRARY}?look={look}")
    with django_assert_num_queries(3 + OF_THE_WALL):
        page = as_priya.get(LIBRARY).content.decode()
    assert f"shelf--{look}" in page
    assert page.count('loading="lazy"') == Exercise.objects.filter(clinic=None).count()
    assert still(exercise("T09")) in page


def test_filters_combine_and_stand_in_the_address(as_priya):
    assert titles(as_priya, "kind=glide&pose=sit") == ["G01", "G03", "G04", "G05", "G09", "G10"]
    page = as_priya.get(f"{LIBRARY}?kind=glide&pose=sit&q=nerve").content.decode()
    assert 'href="?q=nerve&amp;pose=sit&amp;look=gallery" aria-current="true"' in page
    assert 'href="?q=nerve&amp;kind=glide&amp;pose=sidelying&amp;look=gallery"' in page


def test_only_filters_that_lead_to_something_are_offered(as_priya):
    offered = chips(as_priya, "kind=balance")
    assert "Standing" in offered
    assert "Tibial" not in offered
    assert "Glide" in offered
    assert "Many" not in " ".join(chips(as_priya))


def test_what_is_set_can_be_taken_away_where_nothing_is_left(as_priya):
    page = as_priya.get(f"{LIBRARY}?kind=balance&nerve=tibial").content.decode()
    assert "No exercise fits" in page
    assert page.count('aria-current="true"') == 3  # both filters, and the look


@pytest.mark.parametrize("query", ["kind=nonsense", "pose=%00", "look=nonsense", "nerve=many"])
def test_an_address_that_nobody_made_is_answered(as_priya, query):
    assert as_priya.get(f"{LIBRARY}?{query}").status_code == 200


def test_the_look_is_remembered(as_priya, priya):
    as_priya.get(f"{LIBRARY}?look=list")
    assert "shelf--list" in as_priya.get(LIBRARY).content.decode()
    assert "shelf--gallery" in client_of(priya).get(LIBRARY).content.decode()


def test_what_is_searched_for_in_both_editors_shows_its_figure(as_priya, draft, priya):
    found = as_priya.get(f"/workspace/plans/{draft.pk}/pick/", {"phase": 1, "q": "G05"})
    assert still(exercise("G05")) in found.content.decode()
