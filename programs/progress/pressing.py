"""Who of many patients waits for somebody, and how urgently, said in SQL: the list of patients is
counted and ordered by it without reading those who are not on its page.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Least
from django.db.models.lookups import LessThan

from accounts.models import Clinic
from patients.models import Message
from programs.models import Alert, Pause, Session
from programs.models.alert import Code, Severity
from programs.progress.inbox import ANSWER_IN

SILENCE_RULES = (Code.A15, Code.A16)  # no log, and with it too few


@dataclass(frozen=True)
class Pressing:
    """What is asked of each patient, by `clinic`'s settings at `now`. `reads_messages`: what was
    written and not answered waits for this reader, too.
    """

    clinic: Clinic
    now: dt.datetime
    reads_messages: bool

    def urgency(self) -> Subquery | Expression:
        """Of the most urgent thing of each, the smallest first; null where nothing waits."""
        raised = self._alerts(patient=OuterRef("pk")).annotate(key=self._of_alert())
        first = Subquery(raised.order_by("key").values("key")[:1])
        if not self.reads_messages:
            return first
        asked = Message.objects.filter(patient=OuterRef("pk")).to_be_answered()
        letter = Subquery(asked.annotate(key=self._of_letter()).values("key")[:1])
        return Least(first, letter)

    def waits(self) -> Q:
        """Anything at all."""
        return self._asks_or(self._alerts())

    def needs(self) -> Q:
        """More than that nothing was heard."""
        return self._asks_or(self._alerts().exclude(rule__in=SILENCE_RULES))

    def _asks_or(self, alerts: QuerySet[Alert]) -> Q:
        waits = Q(pk__in=alerts.values("patient_id"))
        if not self.reads_messages:
            return waits
        return waits | Q(pk__in=Message.objects.to_be_answered().values("patient_id"))

    def silent(self) -> Q:
        """An open alert says that no log came in, nothing was heard of since, and no pause was
        made. The alert is the hourly rule's, which knows what was due (`programs.course.silence`).
        """
        today = self.clinic.today()
        lately = today - dt.timedelta(days=self.clinic.silent_days_first_phase)
        heard = Session.objects.current().filter(patient=OuterRef("pk"), done_on__gt=lately)
        now = Q(last=None) | Q(last__gte=today)
        paused = Pause.objects.filter(
            now, patient=OuterRef("pk"), first__lte=today, episode__closed_at=None
        )
        quiet = self._alerts(rule=Code.A15).values("patient_id")
        return Q(pk__in=quiet) & ~Q(Exists(heard)) & ~Q(Exists(paused))

    def _alerts(self, **which: Any) -> QuerySet[Alert]:
        waiting: QuerySet[Alert] = Alert.objects.waiting(self.now).filter(**which)
        return waiting.order_by()

    def _of_alert(self) -> Expression:
        ranks = [When(severity=one, then=Value(float(one.rank))) for one in Severity]
        return self._key(Case(*ranks), F("due_at"))

    def _of_letter(self) -> Expression:
        due = ExpressionWrapper(F("written_at") + ANSWER_IN, output_field=DateTimeField())
        return self._key(Value(float(len(Severity))), due)

    def _key(self, worst: Expression, due: Any) -> Expression:
        """As `programs.progress.inbox.urgency`: the late, the worst, what is due first."""
        not_late = Case(When(LessThan(due, self.now), then=Value(0.0)), default=Value(1.0))
        return _Numbers(not_late, worst, _Seconds(due))


class _Seconds(Func):
    template = "extract(epoch from %(expressions)s)"
    output_field = FloatField()


class _Numbers(Func):
    """An array: of two, the first number that differs says which is the smaller."""

    template = "ARRAY[%(expressions)s]::double precision[]"
    output_field = ArrayField(FloatField())
