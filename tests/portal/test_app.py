"""The app on the phone: what it keeps, what it weighs, and that its scripts are complete."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from config.static_files import IMPORT
from portal.views.app import SHELL
from programs.alerts import advice, of_answers
from programs.course import response
from programs.models.session import NewSign

STATIC = re.compile(r'(?:src|href)="/static/([^"#?]+)')
FIRST, LATER = 120_000, 20_000  # bytes, compressed


def scripts():
    return [name for name in SHELL if name.endswith(".js")]


def text_of(name):
    return Path(finders.find(name)).read_text(encoding="utf-8")


def imports_of(name):
    """The names of the files that a script of ours imports."""
    folder = Path(name).parent
    found = re.findall(r'(?:from|import) "(\.[^"]+)"', text_of(name))
    return {str((Path("/") / folder / one).resolve().relative_to("/")) for one in found}


def test_every_import_is_one_that_production_renames():
    for name in scripts():
        renamed = {match["url"] for match in re.finditer(IMPORT, text_of(name))}
        assert len(renamed) == len(imports_of(name)), name


def test_the_shell_has_all_that_its_scripts_import():
    for name in scripts():
        assert imports_of(name) <= set(SHELL), name


def test_no_script_holds_a_sentence():
    """Words come from the page, so that they can be translated."""
    for name in scripts():
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text_of(name), flags=re.S)
        assert not re.findall(r'"[A-Z][a-z]+ [a-z]+ [^"]*"', code), name


@pytest.mark.django_db
def test_the_shell_has_all_that_the_kept_pages_show(as_ana, plan):
    for page in ("/portal/", "/portal/plan/", f"/portal/session/{plan.pk}/"):
        wanted = set(STATIC.findall(as_ana.get(page).content.decode()))
        assert len(wanted) > 5
        # The icon for a phone's first screen is asked for when it is put there.
        assert wanted - {"icons/app-any-192.png"} <= set(SHELL), page


@pytest.mark.django_db
def test_today_is_light_with_all_that_it_brings(as_ana, plan):
    """All that a first and a later visit transfer, the kept copies included."""
    pages = {
        page: len(as_ana.get(page, HTTP_ACCEPT_ENCODING="gzip").content)
        for page in ("/portal/", "/portal/plan/", f"/portal/session/{plan.pk}/")
    }
    assert as_ana.get("/portal/", HTTP_ACCEPT_ENCODING="gzip")["Content-Encoding"] == "gzip"
    files = (*SHELL, "js/portal/worker.js")
    static = sum(len(gzip.compress(text_of(name).encode())) for name in files)
    headers = 400 * (len(files) + len(pages) + 3)
    assert sum(pages.values()) + static + headers < FIRST
    assert pages["/portal/"] + 4 * 400 < LATER


@pytest.mark.django_db
@pytest.mark.parametrize("sign", list(NewSign))
def test_the_device_says_what_the_server_says_of_a_sign(sign, clinic):
    said = {one.line.text for one in advice.on_the_spot(clinic) if one.value == sign}
    raised = of_answers.of_signs([sign])
    assert said == {str(one.advice).format(emergency=911, phone="555-0134") for one in raised}


@pytest.mark.django_db
def test_the_device_has_the_worst_first_and_the_rules_own_numbers(clinic):
    lines = advice.on_the_spot(clinic)
    ranks = [one.line.severity.rank for one in lines]
    assert ranks == sorted(ranks)
    assert [one.value for one in lines if one.field == "rise"] == [str(response.RISE_RED)]
    script = text_of("js/session/advice.js")
    assert f"AMBER_RISE = {response.RISE_AMBER};" in script
    assert f"AMBER_PAIN = {response.PAIN_AMBER};" in script
