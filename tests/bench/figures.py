"""How long the exercise figures take to draw, without their cache, and how large they are."""

import itertools
from time import perf_counter
from typing import Any

import yaml

from programs.motion import Motion, figure_svg
from programs.motion.figure import drawn
from programs.starter.loader import EXERCISE_FILES, FOLDER

ROUNDS = 15


def measured(rounds: int = ROUNDS) -> str:
    """Over the starter library; the quickest of some rounds, for the machine does other things."""
    arguments = [_arguments(entry) for entry in _library()]
    times = [[_milliseconds(one) for one in arguments] for _ in range(rounds)]
    best = [min(of_one) for of_one in zip(*times, strict=True)]
    largest = max(len(figure_svg(motion, **rest).encode()) for motion, rest in arguments)
    return (
        f"figure, uncached: mean {sum(best) / len(best):.2f} ms, worst {max(best):.2f} ms, "
        f"largest {largest} bytes"
    )


def _library() -> list[dict[str, Any]]:
    files = (yaml.safe_load((FOLDER / name).read_text()) for name in EXERCISE_FILES)
    return list(itertools.chain.from_iterable(files))


def _arguments(entry: dict[str, Any]) -> tuple[Motion, dict[str, Any]]:
    rest = {"kind": entry["kind"], "nerve": entry.get("nerve"), "title": entry["title"]}
    return Motion.from_json(entry["motion"]), rest


def _milliseconds(one: tuple[Motion, dict[str, Any]]) -> float:
    motion, rest = one
    drawn.cache_clear()
    began = perf_counter()
    figure_svg(motion, **rest)
    return (perf_counter() - began) * 1000
