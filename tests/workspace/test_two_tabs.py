"""A page that is older than the record overwrites nothing, and says so."""

import pytest
from django.core.exceptions import ValidationError

from patients.actions import episodes
from patients.models import RedFlagScreen
from programs.models import PhaseStart

pytestmark = pytest.mark.django_db


def test_a_phase_is_decided_from_what_the_page_showed(as_priya, plan, ana, colm):
    first, second = plan.phases.order_by("number")[:2]
    address = f"/workspace/patients/{ana.pk}/plan/phase/"
    sent = {"phase": second.pk, "shown": first.pk, "reason": "Steady in the clinic, she says."}
    as_priya.post(address, sent)
    before = PhaseStart.objects.count()
    page = as_priya.post(address, sent, follow=True)
    assert b"Nothing was changed" in page.content
    assert PhaseStart.objects.count() == before
    odd = as_priya.post(address, sent | {"shown": "x"})
    assert odd.status_code == 404


def test_who_cleared_a_sign_first_stays_the_one_who_did(episode, priya, colm):
    screen = episodes.record_screen(episode=episode, present=["foot_lesion"], by=priya)
    as_the_other_saw_it = RedFlagScreen.objects.get(pk=screen.pk)
    episodes.clear_screen(screen=screen, note="Healed, says Dr. Lee.", by=priya)
    with pytest.raises(ValidationError, match="colleague may have cleared"):
        episodes.clear_screen(screen=as_the_other_saw_it, note="I think it is fine.", by=colm)
    screen.refresh_from_db()
    assert (screen.cleared_by, screen.clearance_note) == (priya, "Healed, says Dr. Lee.")
