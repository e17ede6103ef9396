"""Measures as a therapist fills them in: ranges beside the numbers, feet to tap."""

import re

import pytest
from crispy_forms.utils import render_crispy_form

from programs.forms.foot_sites import ACROSS, feet_facing
from programs.forms.in_clinic import range_words
from programs.forms.measures import measure_form
from programs.measures.foot_sites import SITES
from tests.programs.measures.conftest import MEASURES


def shown(code, **given):
    return render_crispy_form(measure_form(MEASURES[code], **given))


@pytest.mark.parametrize(
    ("code", "item", "words"),
    [
        ("M7", "seconds", "2 to 300 s; under 5 or over 60 it is asked once more"),
        ("M5", "stands", "0 to 60 stands; over 30 it is asked once more"),
        ("M6", "tandem", "0 to 10 s"),
        ("M9", "right_big_toe", "0 to 3 correct of 3"),
        ("X2", "total", "0 to 80"),
        ("M15", "item_1", ""),
    ],
)
def test_the_range_is_said_beside_the_number(code, item, words):
    assert range_words(MEASURES[code].item(item)) == words
    assert words in shown(code, in_clinic=True)
    if words:
        assert words not in shown(code)  # patients are asked as before


@pytest.mark.parametrize("code", MEASURES)
def test_every_answer_has_its_field_in_the_clinic_as_elsewhere(code):
    names = [re.findall(r'name="([^"]+)"', shown(code, in_clinic=here)) for here in (True, False)]
    assert names[0] == names[1] != []


@pytest.mark.parametrize("code", ["M9", "M10"])
def test_each_site_is_a_spot_on_its_foot_and_a_field(code):
    page = shown(code, in_clinic=True)
    spots = re.findall(r'data-site="([^"]+)" data-label="([^"]+)"', page)
    assert spots == [(f"{code}-{item.key}", item.label) for item in MEASURES[code].items]
    assert "right foot is on the left" in page


def test_the_feet_face_whoever_looks_at_the_soles():
    right, left = feet_facing(MEASURES["M9"])
    assert (right.title, left.title) == ("Right foot", "Left foot")
    assert [right.is_mirrored, left.is_mirrored] == [True, False]
    # The big toes point to the middle between the two.
    for foot, is_inside in ((right, lambda x: x > ACROSS / 2), (left, lambda x: x < ACROSS / 2)):
        where = {site.name.rsplit("_", 2)[-2]: site.x for site in foot.sites}
        assert is_inside(where["big"])
        assert not is_inside(where["fifth"])


def test_sites_lie_apart_so_that_a_thumb_finds_one():
    for code in ("M9", "M10"):
        for foot in feet_facing(MEASURES[code]):
            spots = [(site.x, site.y) for site in foot.sites]
            for number, (x, y) in enumerate(spots):
                for other_x, other_y in spots[number + 1 :]:
                    assert (x - other_x) ** 2 + (y - other_y) ** 2 > 16**2  # radius 8 each
    assert all(0 < x < ACROSS for x, _ in SITES.values())


@pytest.mark.parametrize(
    ("code", "answers"), [("M9", ["0", "1", "2", "3"]), ("M10", ["yes", "no"])]
)
def test_what_a_button_fills_in_is_an_answer(code, answers):
    page = shown(code, in_clinic=True)
    assert re.findall(r'data-answer="([^"]*)"', page) == [*answers, ""]
