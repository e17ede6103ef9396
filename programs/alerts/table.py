"""The rules as a page for people: `docs/alerts.md`."""

from django.utils import translation

from programs.alerts.rules import RULES, Rule

_HEAD = """# Alerts

Made by `manage.py write_alert_table` from `programs/alerts/rules.py`; don't edit it here. Thresholds are those of the
clinical brief; the therapist decides, not the rule. Alerts are not the only safety net: free text is read by people, and
nobody watches all day. What to do about rules that nothing raises yet: [clinical safety](clinical-safety.md), "Not yet".

| rule | severity | raised by | when | holds back | the patient reads | suggested to the therapist | certainty | source | said offline |
|---|---|---|---|---|---|---|---|---|---|
"""  # noqa: E501 - a row of a table is one line


def as_markdown() -> str:
    """The whole page, in English."""
    with translation.override("en"):
        return _HEAD + "".join(f"| {' | '.join(_cells(rule))} |\n" for rule in RULES.values())


def _cells(rule: Rule) -> list[str]:
    said = str(rule.advice).format(emergency="the emergency number", phone="the clinic's number")
    return [
        rule.code,
        rule.severity.label,
        rule.raised_by,
        rule.when,
        "; ".join(hold.words for hold in rule.holds) or "–",
        said or "–",
        rule.action,
        rule.certainty,
        rule.source,
        "yes" if rule.offline else "no",
    ]
