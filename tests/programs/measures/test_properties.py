from hypothesis import given
from hypothesis import strategies as st

from programs.measures.item import AnswerKind
from programs.measures.reading import Reading, readings
from programs.measures.scoring import scores, symptom_points
from tests.programs.measures.conftest import MEASURES, value

numbers = st.none() | st.integers(-20, 110) | st.floats(-20, 110) | st.booleans() | st.just("3")
STRENGTHS = ["none", "mild", "moderate", "severe"]
FREQUENCIES = ["occasional", "frequent", "almost_continuous"]
strengths = st.fixed_dictionaries(
    {
        "strength": st.none() | st.sampled_from([*STRENGTHS, "?"]),
        "frequency": st.none() | st.sampled_from([*FREQUENCIES, "?"]),
    }
)
activities = st.lists(
    st.fixed_dictionaries({"name": st.just("walk"), "score": st.none() | st.integers(-1, 11)}),
    max_size=5,
)
ANSWERS = {
    AnswerKind.YES_NO: st.none() | st.booleans() | st.just("yes"),
    AnswerKind.STRENGTH_FREQUENCY: st.none() | strengths,
    AnswerKind.ACTIVITIES: st.none() | activities,
}


@st.composite
def answered(draw):
    definition = draw(st.sampled_from(list(MEASURES.values())))
    kinds = {item.key: ANSWERS.get(item.answer, numbers) for item in definition.items}
    return definition, draw(st.fixed_dictionaries({}, optional=kinds))


@given(answered())
def test_a_score_is_within_its_range_or_none(drawn):
    for score in scores(*drawn):
        if score.value is not None:
            assert score.minimum is None or score.value >= score.minimum
            assert score.maximum is None or score.value <= score.maximum


@given(
    answered(),
    st.data(),
    st.none() | st.integers(0, 120),
    st.sampled_from(["female", "male", "", None]),
)
def test_a_reading_never_raises(drawn, data, age, sex):
    definition, answers = drawn
    before = data.draw(st.none() | answered().map(lambda other: scores(definition, other[1])))
    found = readings(definition, scores(definition, answers), age=age, sex=sex, before=before)
    assert all(isinstance(reading, Reading) and reading.words for reading in found)
    assert all(reading.source for reading in found)


@given(answered())
def test_taking_an_answer_away_never_makes_a_number_of_nothing(drawn):
    definition, _ = drawn
    assert all(score.value is None for score in scores(definition, {}))
    assert readings(definition, scores(definition, {}), age=70, sex="male", before=None) == []


@given(st.sampled_from(STRENGTHS), st.sampled_from(FREQUENCIES))
def test_more_strength_or_frequency_never_scores_less(strength, frequency):
    m3 = MEASURES["M3"]
    points = symptom_points(m3, {"strength": strength, "frequency": frequency})
    for stronger in STRENGTHS[STRENGTHS.index(strength) + 1 :]:
        assert symptom_points(m3, {"strength": stronger, "frequency": frequency}) > points
    for oftener in FREQUENCIES[FREQUENCIES.index(frequency) + 1 :]:
        more = symptom_points(m3, {"strength": strength, "frequency": oftener})
        assert more == points == 0 if strength == "none" else more > points


@given(activities.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_activities_keeps_the_mean(orders):
    one, other = orders
    assert value("M4", {"activities": one}) == value("M4", {"activities": other})
