import itertools
import re
import xml.etree.ElementTree as ET
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.motion import Motion, describe, figure, figure_svg, front, hands, people
from tests.programs.motion.strategies import motions

LARGEST = 12 * 1024  # bytes
SVG_TAGS = {"svg", "g", "path", "rect", "circle", "polyline", "animate", "animateTransform", "span"}
HELPED = {"B09", "B14", "B15", "B16"}  # as the library declares


FILM = re.compile(r'<svg [^>]*class="figure__moving.*?</svg>')


def drawn(exercise, **options):
    options = {
        "person": people.shown_in(exercise["id"]),
        "has_helper": exercise["id"] in HELPED,
    } | options
    return figure_svg(
        Motion.from_json(exercise["motion"]),
        kind=exercise["kind"],
        nerve=exercise["nerve"],
        title=exercise["title"],
        **options,
    )


def by_class(root, name):
    return [node for node in root.iter() if name in (node.get("class") or "").split()]


def test_is_well_formed_and_of_known_elements(exercise):
    root = ET.fromstring(drawn(exercise))
    assert root.tag == "span"
    assert {node.tag for node in root.iter()} <= SVG_TAGS


def test_has_one_moving_figure_and_a_still_pair(exercise):
    root = ET.fromstring(drawn(exercise))
    assert root.get("class") == "figure figure--animated"
    (pair,) = by_class(root, "figure__pair")
    moving, still = pair.findall(".//svg")
    assert "figure__moving" in moving.get("class")
    assert [node.text for node in by_class(pair, "figure__caption")] == ["Start", "End"]
    assert not list(still.iter("animateTransform"))
    assert moving.get("viewBox") == still.get("viewBox")


def test_stands_still_until_asked_and_moves_three_times(exercise):
    moves = [node for node in ET.fromstring(drawn(exercise)).iter() if "animate" in node.tag]
    assert {(move.get("begin"), move.get("repeatCount")) for move in moves} == {("indefinite", "3")}


def test_at_rest_it_is_the_start(exercise):
    """What moves carries its start itself: else the body falls apart before and after."""
    film = ET.fromstring(drawn(exercise)).find(".//svg")
    still = ET.fromstring(drawn(exercise, animated=False)).find(".//svg")
    for parent in list(film.iter()):
        for child in list(parent):
            if child.tag.startswith("animate"):
                parent.remove(child)
    assert _moved_shapes(film) == _moved_shapes(still)


def _moved_shapes(node, moved=()):
    """Every shape that is seen, with all the ways that it is moved."""
    if node.get("opacity") == "0":
        return []
    if node.get("transform"):
        moved = (*moved, node.get("transform"))
    shape = [(node.get("d"), node.get("points"), moved)] if node.tag in {"path", "polyline"} else []
    return shape + [one for child in node for one in _moved_shapes(child, moved)]


def test_without_animation_only_the_stills_are_left(exercise):
    text = drawn(exercise, animated=False)
    assert "figure__moving" not in text
    assert "<animate" not in text
    assert len(by_class(ET.fromstring(text), "figure__end")) == 2


def test_nothing_the_content_security_policy_forbids(exercise):
    text = drawn(exercise)
    for forbidden in ("style=", "<style", "<script", "href=", "javascript:", " on", "url("):
        assert forbidden not in re.sub(r'aria-label="[^"]*"', "", text)


def test_colors_come_from_classes_only(exercise):
    assert not re.search(r"(fill|stroke|color)=|#[0-9a-f]{3}", drawn(exercise))


def test_no_ids_so_that_many_may_stand_on_a_page(exercise):
    assert " id=" not in drawn(exercise)


@pytest.mark.parametrize(("hold", "back"), [(0, 2), (0, 3), (3, 3)])
def test_is_small_and_moves(exercise, hold, back):
    motion = Motion.from_json(exercise["motion"])
    for one in (motion, motion.mirrored(), motion.capped({"knee_min": 10, "ankle_max": 5}).motion):
        other = {**exercise, "motion": one.to_json()}
        film = FILM.search(drawn(other, hold=hold, back=back))
        assert film, "more than fits"
        assert len(film[0].encode()) <= LARGEST


def test_what_would_be_too_large_is_shown_as_start_and_end(monkeypatch):
    monkeypatch.setattr(figure, "LARGEST", 5000)
    motion = Motion.from_json({"pose": "sit", "A": {"knee": 85}, "B": {"knee": 25}})
    root = ET.fromstring(figure_svg(motion, kind="tension", nerve="tibial", hold=3.25))
    assert root.get("class") == "figure"
    assert len(root.findall(".//*[@class='figure__end']")) == 2


def test_every_number_has_at_most_one_decimal(exercise):
    root = ET.fromstring(drawn(exercise))
    for node in root.iter():
        for name in ("d", "points", "viewBox", "cx", "x", "width"):
            assert not re.search(r"\.\d\d", node.get(name) or "")


def test_something_moves(exercise):
    assert "<animate" in drawn(exercise)


def test_start_and_end_differ(exercise):
    start, end, *_ = ET.fromstring(drawn(exercise, animated=False)).findall(".//svg")
    assert ET.tostring(start) != ET.tostring(end)
    assert _shapes(start) != _shapes(end)


def _shapes(svg):
    return [
        (node.get("d"), node.get("points"), node.get("transform"), node.get("opacity"))
        for node in svg.iter()
        if node.get("class") != "f-arrow"
    ]


def test_label_says_title_and_movement(exercise):
    root = ET.fromstring(drawn(exercise)).find("*[@role='img']")
    assert root.get("aria-label").startswith(exercise["title"] + ". ")
    is_helped = exercise["id"] in HELPED
    described = describe(Motion.from_json(exercise["motion"]), has_helper=is_helped)
    assert root.get("aria-label").endswith(described)
    assert ("helper" in described) == is_helped


def test_title_is_escaped():
    motion = Motion.from_json({"pose": "sit", "A": {}, "B": {"knee": 40}})
    text = figure_svg(motion, kind="glide", title="<b>\"&'")
    assert "<b>" not in text
    named = ET.fromstring(text).find("*[@role='img']")
    assert named.get("aria-label").startswith("<b>\"&'. ")


def test_nerve_is_drawn_only_for_nerve_movements(exercise):
    has = "f-nerve" in drawn(exercise)
    assert has == (exercise["kind"] != "balance")


def test_glide_shows_load_and_unload_tension_only_load(nerve_exercise):
    text = drawn(nerve_exercise)
    assert "f-load" in text
    assert ("f-unload" in text) == (nerve_exercise["kind"] == "glide")


def test_course_is_colored_where_it_is_loaded_or_let_go():
    motion = Motion.from_json(
        {"pose": "sit", "A": {"neck": 25, "knee": 85, "ankle": 5}, "B": {"knee": 25, "ankle": -5}}
    )
    root = ET.fromstring(figure_svg(motion, kind="glide", nerve="tibial", animated=False))
    start = root.find(".//svg")
    assert len(by_class(start, "f-nerve")) == 5
    assert len(by_class(start, "f-taut")) == 1  # the knee straightens
    assert len(by_class(start, "f-slack")) == 2  # the head lifts, the foot points


def test_foot_inset_when_the_sole_or_toes_move(nerve_exercise):
    motion = nerve_exercise["motion"]
    wanted = any(end["ever"] or end["toe"] for end in (motion["A"], motion["B"]))
    wanted |= Motion.from_json(motion).deltas().keys() == {"ankle"}
    assert ("f-window" in drawn(nerve_exercise)) == wanted


def test_standing_tasks_show_their_footprints(balance_exercise):
    standing = balance_exercise["motion"]["pose"] == "stand"
    assert ("f-weight" in drawn(balance_exercise)) == standing


def is_from_the_front(exercise):
    return front.shows_best(Motion.from_json(exercise["motion"]))


@pytest.mark.parametrize("code", ["B04", "B06", "B10", "B12", "B15", "B16"])
def test_sideways_tasks_are_seen_from_the_front(by_code, code):
    assert is_from_the_front(by_code[code])


@pytest.mark.parametrize(
    "code", ["B01", "B02", "B03", "B05", "B07", "B08", "B09", "B11", "B13", "B14"]
)
def test_forward_tasks_are_seen_from_the_side(by_code, code):
    assert not is_from_the_front(by_code[code])


def test_a_helper_stands_by_where_one_is_needed(exercise):
    assert ("f-helper" in drawn(exercise)) == (exercise["id"] in HELPED)


@pytest.mark.parametrize("code", ["B09", "B15", "B16"])
def test_a_helper_stands_by_though_nobody_declared_it(by_code, code):
    assert "f-helper" in drawn(by_code[code], has_helper=False)


def test_a_helper_is_somebody_else(by_code):
    for person in people.PEOPLE:
        root = ET.fromstring(drawn(by_code["B16"], person=person))
        helper = by_class(root, "f-helper")[0].get("class").split()
        assert helper[1] not in root.find(".//svg").get("class").split()


def test_who_stands_wears_shoes_and_nobody_else_does(exercise):
    shod = exercise["kind"] == "balance" or exercise["motion"]["pose"] == "stand"
    assert ("f-shoe" in drawn(exercise)) == shod


def test_a_strap_is_round_a_sock_and_in_two_fists(nerve_exercise):
    text = drawn(nerve_exercise)
    if "f-strap" in text:
        assert "f-sock" in text
        assert text.count(hands.fist()) == 2 * len(re.findall("<svg [^>]*class=", text))


def test_hands_on_a_counter_are_drawn_after_it(by_code):
    for code in ("B02", "B03", "B05", "B07", "T07"):
        text = drawn(by_code[code], animated=False)
        assert text.index(hands.grip()) < text.rindex("f-held") < text.rindex(hands.grip())


def test_neighbors_in_the_library_are_different_people():
    for letter in "GTBF":
        codes = [f"{letter}{number:02d}" for number in range(1, 17)]
        for one, next_one in itertools.pairwise(codes):
            assert people.shown_in(one) is not people.shown_in(next_one)
        assert {people.shown_in(code) for code in codes} == set(people.PEOPLE)


def test_each_person_can_do_each_exercise(exercise):
    for person in people.PEOPLE:
        assert FILM.search(drawn(exercise, person=person)), person.name


def test_foam_and_closed_eyes_are_marked(balance_exercise):
    text = drawn(balance_exercise)
    assert ("f-foam" in text) == (balance_exercise["id"] == "B15")
    assert ("f-eye" in text) == (balance_exercise["id"] == "B16")


def test_eyes_closed_in_the_keyframe_is_marked_too():
    task = {"L": {}, "R": {}}
    motion = Motion.from_json({"pose": "stand", "A": task, "B": {**task, "eyes": "closed"}})
    assert "f-eye" in figure_svg(motion, kind="balance")
    assert describe(motion).endswith("a helper beside you: the eyes close.")


def test_other_side_is_the_mirror_picture(nerve_exercise):
    motion = Motion.from_json(nerve_exercise["motion"])
    right, left = (
        figure_svg(side, kind=nerve_exercise["kind"], nerve=nerve_exercise["nerve"])
        for side in (motion, motion.mirrored())
    )
    unflipped = re.sub(
        r'<g transform="translate\([^)]*\) scale\(-1 1\)">(.*?)</g></svg>', r"\1</svg>", left
    )
    assert "scale(-1 1)" in left
    assert unflipped == right


def test_same_arguments_give_the_same_string(exercise):
    assert drawn(exercise) is drawn(exercise)
    figure.drawn.cache_clear()
    first = drawn(exercise)
    figure.drawn.cache_clear()
    assert drawn(exercise) == first


@pytest.mark.parametrize(
    ("out", "hold", "back", "total"),
    [(2, 0, 2, "4s"), (3, 3, 3, "9s"), (1.5, 0, 1.5, "3s"), (2, 0, 3, "5s"), (2, 1, 3, "6s")],
)
def test_one_cycle_is_out_hold_and_back(exercise, out, hold, back, total):
    root = ET.fromstring(drawn(exercise, out=out, hold=hold, back=back))
    moves = [node for node in root.iter() if node.tag.startswith("animate")]
    assert {node.get("dur") for node in moves} == {total}
    for node in moves:
        values = node.get("values").split(";")
        assert values == values[::-1]
        if node.get("keySplines"):
            assert len(node.get("keySplines").split(";")) == len(values) - 1
        check_moments(node, values, out, hold, back)


def check_moments(node, values, out, hold, back):
    """The end is reached after `out` seconds and left `hold` seconds later."""
    if not node.get("keyTimes"):
        assert (hold, out) == (0, back)
        return
    moments = [float(moment) for moment in node.get("keyTimes").split(";")]
    assert len(moments) == len(values)
    assert (moments[0], moments[-1]) == (0, 1)
    assert moments == sorted(moments)
    cycle = out + hold + back
    assert moments[(len(values) - 1) // 2] == pytest.approx(out / cycle, abs=0.002)
    assert moments[len(values) // 2] == pytest.approx((out + hold) / cycle, abs=0.002)


@pytest.mark.parametrize("tempo", [{"out": 0}, {"back": -1}, {"hold": -0.5}])
def test_impossible_tempo_is_refused(tempo):
    motion = Motion.from_json({"pose": "sit", "A": {}, "B": {"knee": 40}})
    with pytest.raises(ValueError, match="tempo"):
        figure_svg(motion, kind="glide", **tempo)


tempos = st.sampled_from([{}, {"hold": 3}, {"out": 2, "back": 3}, {"out": 3, "hold": 5, "back": 2}])


@given(motions, st.sampled_from(["tibial", "sural", "many", None]), tempos)
@settings(max_examples=200, deadline=None)
def test_any_movement_in_range_can_be_drawn(motion, nerve, tempo):
    kind = "balance" if motion.is_balance else "tension"
    text = figure_svg(motion, kind=kind, nerve=nerve, title="x" * 120, **tempo)
    assert {node.tag for node in ET.fromstring(text).iter()} <= SVG_TAGS
    assert all(len(film.encode()) <= LARGEST for film in FILM.findall(text))
    assert "nan" not in re.sub(r'aria-label="[^"]*"', "", text)
    assert describe(motion).endswith(".")


def test_drawing_all_is_quick():
    """Under 2 ms each on a developer's machine; ten times that is the alarm here."""
    motions = [
        Motion.from_json({"pose": "sit", "A": {"hip": 85, "knee": 85}, "B": {"hip": 85, "knee": n}})
        for n in range(36)
    ]
    figure.drawn.cache_clear()
    began = process_time()
    for motion in motions:
        figure_svg(motion, kind="glide", nerve="tibial")
    assert (process_time() - began) / len(motions) < 0.02
