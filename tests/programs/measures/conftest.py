"""The starter measures as parsed definitions; no database is needed for them."""

from programs.measures.definition import Definition
from programs.measures.reading import readings
from programs.measures.scoring import scores
from programs.starter import loader

ENTRIES = {entry["code"]: entry for entry in loader.read("measures.yaml")}


def parse(entry):
    columns = ("code", "version", "title", "shipped")
    data = {name: value for name, value in entry.items() if name not in columns}
    return Definition.from_json(*(entry[name] for name in columns), data)


MEASURES = {code: parse(entry) for code, entry in ENTRIES.items()}


def values(code, answers):
    return {score.key: score.value for score in scores(MEASURES[code], answers)}


def value(code, answers):
    return values(code, answers)[code]


def read(code, answers, *, age=None, sex=None, before=None):
    definition = MEASURES[code]
    earlier = None if before is None else scores(definition, before)
    return readings(definition, scores(definition, answers), age=age, sex=sex, before=earlier)


def levels(code, answers, **known):
    return [str(reading.level) for reading in read(code, answers, **known)]
