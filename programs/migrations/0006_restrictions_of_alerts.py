"""What older alerts held back, as rows: until now it was derived from the open ones."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import migrations

STOPPING = ("critical", "urgent")
# rule: [(kind, for that day only)], as in programs.alerts.rules when this was written.
HOLDS = {
    "A7": [("standing", False)],
    "A8": [("today", True)],
    "A10": [("nerve", False)],
    "A12": [("nerve", True), ("tension", False)],
    "A13": [("nerve", False)],
    "A18": [("misfit", False)],
    "STOP": [("today", True)],
}


def restrict(apps, schema_editor):
    Alert = apps.get_model("programs", "Alert")
    Restriction = apps.get_model("programs", "Restriction")
    alerts = Alert.objects.select_related("clinic", "session__plan", "plan")
    for alert in alerts.iterator(500):
        held = [("all", False)] if alert.severity in STOPPING else HOLDS.get(alert.rule, [])
        stopped = alert.session is not None and alert.session.stopped
        if stopped and not any(kind in ("today", "all") for kind, _ in held):
            first = Alert.objects.filter(session=alert.session).order_by("pk").first()
            held = [*held, ("today", True)] if first == alert else held
        rows = [_row(Restriction, alert, *one) for one in held]
        # The first alerts of this kind did not say which exercises they were about.
        Restriction.objects.bulk_create(row for row in rows if row.kind != "misfit" or row.codes)


def _row(Restriction, alert, kind, for_a_day):
    zone = ZoneInfo(alert.clinic.time_zone)
    first = day = alert.raised_at.astimezone(zone).date()
    if alert.session is not None:
        later = 1 if alert.rule == "A12" else 0
        day = max(first, alert.session.done_on + dt.timedelta(days=later))
    plan = alert.session.plan if alert.session is not None else alert.plan
    codes = sorted({line.split(":")[0] for line in alert.about}) if kind == "misfit" else []
    return Restriction(
        clinic_id=alert.clinic_id,
        patient_id=alert.patient_id,
        episode_id=plan.episode_id,
        kind=kind,
        codes=codes,
        cause="alert",
        alert=alert,
        first=first,
        until=day if for_a_day else None,
        made_at=alert.raised_at,
        lifted_at=alert.acknowledged_at,
        lifted_by_id=alert.acknowledged_by_id,
        lifted_words=alert.response,
    )


class Migration(migrations.Migration):
    dependencies = [("programs", "0005_restrictions")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
