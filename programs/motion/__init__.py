"""Joint-angle motions: their ranges, the nerve-load rule, the drawing and the words for it."""

from programs.motion.angles import Capped, Motion
from programs.motion.figure import figure_svg, portrait, still_pair
from programs.motion.load import JointLoad, joint_loads, rule
from programs.motion.words import describe

__all__ = [
    "Capped",
    "JointLoad",
    "Motion",
    "describe",
    "figure_svg",
    "joint_loads",
    "portrait",
    "rule",
    "still_pair",
]
