from typing import Any

from programs.measures.definition import AnswerKind, Definition, Item

M2 = {"numb": "Numb", "tingling": "Tingling", "burning": "Burning", "stabbing": "Stabbing"}
M3 = {"stabbing": "S", "burning": "Burning", "tingling": "T", "numbness": "N"}


def definitions_of(version: Any) -> dict:
    found = {}
    for part in version.parts:
        if part["kind"] != "measure":
            continue
        code = part["measure"]
        items = (Item("x", "x", AnswerKind.SCALE),)
        if code == "M2":
            items = tuple(
                Item(k, v, AnswerKind.SCALE, low="not at all", high="worst") for k, v in M2.items()
            )
        if code == "M3":
            items = tuple(Item(k, v, AnswerKind.STRENGTH_FREQUENCY) for k, v in M3.items())
        if code == "M4":
            items = (
                Item(
                    "activities", "x", AnswerKind.ACTIVITIES, low="cannot do it", high="as before"
                ),
            )
        found[code, part["version"]] = Definition(code, code, "", items)
    return found
