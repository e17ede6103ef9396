from dataclasses import replace

import pytest

from programs.handout import loading

ADDRESS = "https://footing.test/portal/"


@pytest.fixture
def handout(plan, ana):
    """The first phase of P1, as the patient has it: four exercises."""
    return loading.current(ana, address=ADDRESS)


@pytest.fixture
def six(handout):
    """With the one of the most words three times."""
    assert len(handout.items) == 4
    return replace(
        handout, items=(*handout.items, *(replace(handout.items[0], number=one) for one in (5, 6)))
    )
