"""Who is shown: one body with parameters, and six people made of them.

They are of different age, build, skin and sex, so that most patients find somebody like them. Skin,
shirt and hair are classes whose colors the style sheet has (`static/css/figure.css`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Hair = Literal["short", "crop", "bob", "bun", "curls", "rim"]


@dataclass(frozen=True, slots=True)
class Person:
    """`girth` multiplies the limbs' half-widths; `belly`, `bust` and `hip` are cm added to the
    trunk's. `looks` are the classes of skin, shirt and hair.
    """

    name: str
    looks: str
    hair: Hair
    girth: float = 1
    belly: float = 0
    bust: float = 0
    hip: float = 0
    has_long_sleeves: bool = False
    has_glasses: bool = False
    has_beard: bool = False
    is_old: bool = False

    def wide(self, half: float) -> float:
        """A limb's half-width."""
        return half * self.girth

    def trunk(self, half: float) -> float:
        """A half-width of the trunk, which grows less."""
        return half * (self.girth + 1) / 2


PEOPLE = (
    Person("woman_72", "s1 plum grey", "bun", has_long_sleeves=True, has_glasses=True, bust=1.6,
           hip=1, is_old=True),
    Person("man_68", "s3 blue white", "rim", girth=1.12, belly=7, has_beard=True, is_old=True),
    Person("woman_40", "s4 ochre dark", "curls", girth=0.97, bust=1.6, hip=1),
    Person("man_35", "s2 clay dark", "short"),
    Person("woman_55", "s3 sage brown", "bob", girth=1.1, bust=2.2, hip=2.4, belly=1.5),
    Person("woman_80", "s2 lilac grey", "crop", girth=0.95, bust=1, has_long_sleeves=True,
           is_old=True),
)  # fmt: skip
# Who stands by: in the quieter tones of `f-helper`, whoever it is.
HELPERS = (
    Person("helper", "s1 brown", "short"),
    Person("helper", "s4 dark", "crop"),
)


BY_NAME = {person.name: person for person in PEOPLE}
_chosen: ContextVar[str] = ContextVar("shown_person", default="")


@contextmanager
def showing(name: str) -> Iterator[None]:
    """Whom a patient has chosen is shown in all that is drawn within; '' is all of them in turn."""
    before = _chosen.set(name)
    try:
        yield
    finally:
        _chosen.reset(before)


def chosen() -> str:
    """Of whoever looks now; '' is all of them in turn."""
    return _chosen.get()


def shown_in(code: str) -> Person:
    """The same in one exercise always; neighbors in a list of exercises are different people."""
    return BY_NAME.get(chosen()) or PEOPLE[sum(code.encode()) % len(PEOPLE)]
