"""The table of rules is whole, agrees with what raises alerts, and with the page made of it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from programs.alerts import advice, of_answers
from programs.alerts.rules import RULES, RaisedBy
from programs.alerts.table import as_markdown
from programs.models.alert import Code, Severity
from programs.models.session import NewSign

CONSTANTS = [
    *of_answers.SIGNS.values(),
    of_answers.SKIN,
    of_answers.INJURY,
    of_answers.FALL,
    of_answers.NEXT_MORNING,
    of_answers.STOPPED,
]


def test_each_code_has_its_row():
    assert set(RULES) == set(Code)
    assert all(code is rule.code for code, rule in RULES.items())


def test_each_sign_that_is_asked_for_raises_its_rule():
    assert set(of_answers.SIGNS) == set(NewSign)


@pytest.mark.parametrize("raised", CONSTANTS, ids=lambda one: one.message)
def test_what_is_raised_says_what_its_row_says(raised):
    rule = RULES[raised.rule]
    assert (raised.severity, raised.advice) == (rule.severity, rule.advice)
    assert rule.raised_by is RaisedBy.ANSWERS


def test_answers_tell_the_patient_something_and_time_does_not():
    for rule in RULES.values():
        assert bool(rule.advice) is (rule.raised_by is RaisedBy.ANSWERS), rule.code


@pytest.mark.django_db
def test_the_device_says_by_itself_what_the_table_says_it_can(clinic):
    said = {one.line.text for one in advice.on_the_spot(clinic)}
    for rule in RULES.values():
        words = str(rule.advice).format(emergency=clinic.emergency_number, phone=clinic.phone)
        assert (words in said) is rule.offline, rule.code


def test_the_page_of_rules_is_not_stale():
    page = Path(settings.BASE_DIR) / "docs" / "alerts.md"
    assert page.read_text(encoding="utf-8") == as_markdown(), "manage.py write_alert_table"


def test_the_page_names_each_rule_once_with_its_severity():
    rows = re.findall(r"^\| (\S+) \| ([^|]+) \|", as_markdown(), re.MULTILINE)[1:]
    assert rows == [(code.value, Severity(RULES[code].severity).label) for code in RULES]


def test_the_command_writes_the_page(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    call_command("write_alert_table")
    assert (tmp_path / "docs" / "alerts.md").read_text(encoding="utf-8") == as_markdown()
