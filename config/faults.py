"""Faults, told to a Sentry of the clinic's choice where SENTRY_DSN names one: kind and place only.

An event is not cleaned but made anew: of what the library has gathered, the kinds of the errors and
the lines of code they passed are taken, and what the log names a request or a job by. Everything
else could be a row: what an error says, values of variables, addresses, headers, what was sent, who
asked. The log on the machine says more, and is found by the same name.
"""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from config import logs

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

# Loggers whose sentences are written in the code, with values only behind `%`. Others put together
# what they say (procrastinate a job with its arguments).
PLAIN_SPOKEN = ("accounts", "cms", "config", "django", "fhir", "footing", "patients", "portal",
                "programs", "workspace")  # fmt: skip
QUOTING = "django.security"  # says what was sent
OF_A_FRAME = ("module", "function", "filename", "lineno", "in_app")


def tell(dsn: str) -> None:
    """Begin to, in this process: what is logged as an error, and what ends a command."""
    import sentry_sdk  # noqa: PLC0415 - nothing of it is needed without an address
    from sentry_sdk.integrations.atexit import AtexitIntegration  # noqa: PLC0415
    from sentry_sdk.integrations.dedupe import DedupeIntegration  # noqa: PLC0415
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration  # noqa: PLC0415
    from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415

    sentry_sdk.init(
        dsn=dsn,
        # None that reads requests, queries or what runs beside: nothing of them is to be known.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR, sentry_logs_level=None),
            ExcepthookIntegration(),
            DedupeIntegration(),
            AtexitIntegration(callback=lambda pending, timeout: None),
        ],
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_breadcrumb=lambda crumb, hint: None,
        before_send=scrubbed,
        before_send_transaction=lambda event, hint: None,
        auto_session_tracking=False,
        send_client_reports=False,
        enable_logs=False,
        trace_propagation_targets=[],
    )


def scrubbed(event: "Event", hint: "Hint") -> "Event":
    """A new event with nothing in it that anybody typed."""
    given: Mapping[str, Any] = event
    kept: dict[str, Any] = {
        name: given[name]
        for name in ("event_id", "timestamp", "platform", "level", "logger")
        if name in given
    }
    if values := (given.get("exception") or {}).get("values"):
        kept["exception"] = {"values": [_exception(one) for one in values]}
    if said := _sentence(given, hint):
        kept["logentry"] = {"message": said}
    kept["tags"] = logs.where(hint.get("log_record") or object())
    return kept  # type: ignore[return-value]


def _exception(given: Mapping[str, Any]) -> dict[str, Any]:
    frames = (given.get("stacktrace") or {}).get("frames") or []
    return {
        "type": given.get("type"),
        "module": given.get("module"),
        "stacktrace": {
            "frames": [{name: one.get(name) for name in OF_A_FRAME} for one in frames],
        },
    }


def _sentence(given: Mapping[str, Any], hint: Mapping[str, Any]) -> str:
    """As the code has it, without what it was filled with; empty where that isn't sure."""
    record = hint.get("log_record")
    logger = str(given.get("logger", "")).partition(".")[0]
    if not isinstance(record, logging.LogRecord) or logger not in PLAIN_SPOKEN:
        return ""
    if record.name.startswith(QUOTING):
        return ""
    return str(record.msg)
