"""Any movement within the human ranges, for property-based tests."""

import math

from hypothesis import strategies as st

from programs.motion import Motion
from programs.motion.angles import BASES, COM_PLACES, EYES, POSES, RANGES

NERVE_JOINTS = ("neck", "trunk", "hip", "knee", "ankle", "ever", "toe")
LEG_JOINTS = ("hip", "hip_abd", "knee", "ankle")
BODY_JOINTS = ("trunk", "trunk_side", "neck", "neck_rot")


def angles(joint):
    low, high = RANGES[joint]
    return st.integers(math.ceil(low), math.floor(high))


keyframes = st.fixed_dictionaries({joint: angles(joint) for joint in NERVE_JOINTS})
legs = st.fixed_dictionaries({joint: angles(joint) for joint in LEG_JOINTS})
tasks = st.fixed_dictionaries(
    {
        "L": legs,
        "R": legs,
        **{joint: angles(joint) for joint in BODY_JOINTS},
        "base": st.sampled_from(BASES),
        "com": st.sampled_from(COM_PLACES),
        "eyes": st.sampled_from(EYES),
    }
)
nerve_motions = st.builds(
    lambda pose, a, b, side: {"pose": pose, "A": a, "B": b, "side": side},
    st.sampled_from(POSES),
    keyframes,
    keyframes,
    st.sampled_from(["left", "right"]),
).map(Motion.from_json)
balance_motions = st.builds(
    lambda pose, a, b: {"pose": pose, "A": a, "B": b},
    st.sampled_from(["sit", "stand"]),
    tasks,
    tasks,
).map(Motion.from_json)
motions = st.one_of(nerve_motions, balance_motions)
