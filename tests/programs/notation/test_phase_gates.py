"""Gates of a phase in words and as data."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.notation import phase_gates

conditions = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("sessions_done"),
            "percent": st.integers(1, 100),
            "days": st.integers(1, 84),
        }
    ),
    st.fixed_dictionaries({"kind": st.just("last_green"), "count": st.integers(1, 20)}),
    st.fixed_dictionaries({"kind": st.just("green_days"), "days": st.integers(1, 84)}),
    st.fixed_dictionaries(
        {
            "kind": st.just("hold_met"),
            "exercise": st.from_regex(r"[A-Z][A-Z0-9]{1,5}(-[1-9])?", fullmatch=True),
            "seconds": st.integers(1, 120),
        }
    ),
    st.fixed_dictionaries({"kind": st.just("settles"), "minutes": st.integers(1, 30)}),
    st.just({"kind": "no_falls"}),
    st.just({"kind": "skin_intact"}),
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["measure_least", "measure_most"]),
            "measure": st.sampled_from(["M5", "M7", "M8"]),
            "value": st.integers(0, 500).map(float),
        }
    ),
)


@given(conditions)
@settings(max_examples=200, deadline=None)
def test_what_is_said_is_understood(condition):
    phase_gates.check(condition)
    assert phase_gates.parse_line(phase_gates.say_one(condition)) == condition


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_line_is_a_condition_a_question_or_refused(text):
    with suppress(ValueError):  # anything else would be a page that breaks
        for condition in phase_gates.parse(text):
            phase_gates.check(condition)


@pytest.mark.parametrize("line", phase_gates.EXAMPLES[:-1])
def test_each_example_is_computed(line):
    assert not phase_gates.is_judgment(phase_gates.parse_line(line))


def test_other_words_are_asked_of_the_therapist():
    condition = phase_gates.parse_line("  chair stand   looks steady. ")
    assert condition == {"kind": "judgment", "words": "chair stand looks steady"}


@pytest.mark.parametrize(
    "line", ["120 % of sessions in 14 days", "green for 0 days", "B06 held 900 s"]
)
def test_a_number_out_of_range_is_refused(line):
    with pytest.raises(ValueError, match="out of range"):
        phase_gates.parse_line(line)


@pytest.mark.parametrize(
    "condition",
    [{"kind": "unknown"}, {"kind": "last_green"}, {"kind": "judgment", "words": " "}, {}],
)
def test_data_that_is_no_condition_is_refused(condition):
    with pytest.raises(ValueError, match=r".+"):
        phase_gates.check(condition)
