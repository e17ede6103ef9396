"""Finding a patient by what is typed: forgiving of order, accents, case and slips of the finger."""

import datetime as dt
import re
from typing import Any, TypeVar

from django.db.models import F, FloatField, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower

Patients = TypeVar("Patients", bound=QuerySet[Any])

# Of pg_trgm's word similarity: two letters changed in a name of eight still find it.
SIMILAR = 0.45
_MARKS = "-–'’‘`.,()"  # inside names and numbers
_APART = "  "  # the first two of them part a name in two
_DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%m-%d-%Y", "%d %b %Y", "%d %B %Y",
         "%b %d %Y", "%B %d %Y", "%m/%d/%y", "%d.%m.%y")  # fmt: skip
# The last of a number: a telephone shows who calls with the country's code, or without.
_TELLING = 9
_LEAST_DIGITS = 3


def _folded(text: Any, instead: str = "") -> Func:
    """Without accents, case and the marks inside names."""
    plain = Lower(Func(text, function="unaccent", output_field=TextField()))
    marks = (Value(_MARKS), Value(instead))
    return Func(plain, *marks, function="translate", output_field=TextField())


def _digits(text: Any) -> Func:
    """What is left of a telephone number as it is dialed."""
    each = (Value(r"\D"), Value(""), Value("g"))
    return Func(text, *each, function="regexp_replace", output_field=TextField())


def words_of(typed: str) -> list[str]:
    """'Kowalska, Maria' is two words."""
    return [word for word in re.split(r"[\s,;]+", typed) if word.strip(_MARKS)]


def days_of(typed: str) -> list[dt.date]:
    """The dates that this may be; '3/2/1950' may be two."""
    text = " ".join(typed.replace(",", " ").split())
    found = []
    for form in _DAYS:
        try:
            day = dt.datetime.strptime(text, form).date()
        except ValueError:
            continue
        # Of two digits of a year: nobody is born in the future.
        is_past = day <= dt.date.today()
        found.append(day if is_past else day.replace(year=day.year - 100))
    return found


def found(patients: Patients, typed: str) -> Patients:
    """Of whom every word is part of a name, email address, record number or telephone number, or
    the birth date; everybody where nothing was typed.
    """
    words = words_of(typed)
    if not words:
        return patients
    rest, born = _without_day(words)
    digits = re.sub(r"\D", "", typed)
    asked = Q()
    if born:
        asked &= Q(birth_date__in=born)
    patients = _with_said(patients)
    for word in rest:
        asked &= _means(word)
    if len(digits) >= _LEAST_DIGITS and not re.search(r"[^\W\d_]", typed):
        asked |= Q(dialed__contains=digits)  # a number typed with spaces and brackets
    return patients.filter(asked)


def similar(patients: Patients, typed: str) -> Patients:
    """Whose names are spelled nearly so, the most similar first; for when nobody is `found`."""
    words = [word for word in words_of(typed) if not any(mark.isdigit() for mark in word)]
    if not words:
        return patients.none()
    patients = _with_said(patients)
    for number, word in enumerate(words):
        how = f"similarity_{number}"
        patients = patients.annotate(**{how: _alike(word)}).filter(**{f"{how}__gte": SIMILAR})
    return patients.order_by("-similarity_0", "last_name", "first_name")


def _with_said(patients: Patients) -> Patients:
    said = Concat(
        "first_name",
        Value(" "),
        "last_name",
        Value(" "),
        "email",
        Value(" "),
        "record_number",
        output_field=TextField(),
    )
    return patients.alias(
        said=_folded(said), words=_folded(said, _APART), dialed=_digits(F("phone"))
    )


def _alike(word: str) -> Func:
    """How similar a word is to the most similar one of what is said of a patient, 0 to 1."""
    similar = (_folded(Value(word), _APART), F("words"))
    return Func(*similar, function="word_similarity", output_field=FloatField())


def _means(word: str) -> Q:
    means = Q(said__contains=_folded(Value(word)))
    digits = re.sub(r"\D", "", word)
    if len(digits) >= _LEAST_DIGITS and not re.search(r"[^\W\d_]", word):
        means |= Q(dialed__contains=digits[-_TELLING:])
        if len(digits) == len("1950"):
            means |= Q(birth_date__year=int(digits))
    return means


def _without_day(words: list[str]) -> tuple[list[str], list[dt.date]]:
    """The other words, and the dates that one of them or three in a row may be."""
    for many in (1, 3):
        for begin in range(len(words) - many + 1):
            born = days_of(" ".join(words[begin : begin + many]))
            if born:
                return [*words[:begin], *words[begin + many :]], born
    return words, []


def same_person(
    patients: Patients,
    *,
    first_name: str,
    last_name: str,
    birth_date: dt.date,
    email: str,
    phone: str,
) -> Patients:
    """Who may be the same as somebody who is being added: born on that day with a similar name, or
    of the same name, or reached by the same email address or telephone under a similar name.
    """
    patients = _with_said(patients).alias(
        alike=_alike(last_name),
        alike_first=_alike(first_name),
    )
    digits = re.sub(r"\D", "", phone)[-_TELLING:]
    alike = Q(alike__gte=SIMILAR) | Q(alike_first__gte=SIMILAR)
    same = Q(birth_date=birth_date) & alike
    same |= Q(said__contains=_folded(Value(first_name))) & Q(
        said__contains=_folded(Value(last_name))
    )
    if email:
        same |= Q(email__iexact=email) & alike
    if len(digits) >= _LEAST_DIGITS:
        same |= Q(dialed__endswith=digits) & alike
    return patients.filter(same)
