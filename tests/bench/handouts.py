"""How long a plan on paper takes to make, from the database to the finished file."""

from time import perf_counter

from accounts.demo import DEMO_DOMAIN
from accounts.models import User
from patients.models import Patient
from programs.handout import loading, render

ROUNDS = 9


def measured(rounds: int = ROUNDS) -> str:
    """The demo patient's; the first one of a process also reads the fonts."""
    user = User.objects.get(email=f"ana@{DEMO_DOMAIN}")
    patient = Patient.objects.visible_to(user).get()
    first = _milliseconds(patient, render.Size.NORMAL)
    sizes = [
        f"{size.value} {min(_milliseconds(patient, size) for _ in range(rounds)):.0f} ms"
        for size in render.Size
    ]
    return f"plan as PDF: first {first:.0f} ms, then {', '.join(sizes)}"


def _milliseconds(patient: Patient, size: render.Size) -> float:
    began = perf_counter()
    handout = loading.current(patient, address="https://footing.example/portal/")
    assert handout is not None, "the demo patient has no exercises to print"
    render.pdf(handout, size=size)
    return (perf_counter() - began) * 1000
