"""A month's worksheet of remote monitoring to take along: as a PDF, and as CSV for a biller."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cms.admin.spreadsheets import spreadsheet
from programs.handout import typeset
from programs.handout.render import Paper
from programs.monitoring.calendar import day_words
from programs.monitoring.words import DISCLAIMERS
from programs.progress.monitoring import Month
from programs.progress.monitoring_sheet import Document, has_changed, payers, shown

TEMPLATE = Path(__file__).with_name("monitoring.typ")
NOT_SIGNED = "Not signed: this may still change."
CODES = ("Code", "What (our words)", "Clock", "From", "To", "Counted", "Unit", "Asks for",
         "Stands", "Times", "Why", "Still lacks")  # fmt: skip
INTERVALS = ("From", "To", "Days with data", "Which", "Sent later", "From paper, not counted",
             "In the clinic, not counted", "Logins without an answer", "Remark")  # fmt: skip
MINUTES = ("Date", "Minutes", "By an assistant", "Counts", "What was done", "Live talk", "By",
           "Remark")  # fmt: skip
Cells = Sequence[Any]


def as_pdf(month: Month) -> bytes:
    """Tagged for screen readers (PDF/UA-1), on Letter: what clinics of its payer print on."""
    data = shown(month) | {"signed": signature(month), "phone": month.patient.clinic.phone}
    return typeset.pdf(TEMPLATE, data, paper=Paper.LETTER.value)


def signature(month: Month) -> list[str]:
    """Who signed when and what they concluded, or that nobody did."""
    lock = month.lock
    if lock is None or not lock.is_locked:
        return [NOT_SIGNED]
    local = lock.at.astimezone(month.patient.clinic.zone)
    told = [
        f"Signed by {lock.by.name_with_credentials} on {day_words(local.date())} {local:%H:%M}.",
        f"Conclusion: {lock.words}",
    ]
    if has_changed(month):
        told.append("Since then something came in that is not in it.")
    return told


def as_csv(month: Month) -> str:
    """One patient's month: the codes, the two tables, who and on what papers."""
    made = shown(month)
    rows: list[Cells] = [
        *_top(made["disclaimers"]),
        (made["title"],),
        *made["who"],
        *([one] for one in signature(month)),
        (made["rules"],),
        *([one] for one in made["counting"]),
        (),
        CODES,
        *map(_code, made["lines"]),
        (),
        INTERVALS,
        *map(_interval, made["intervals"]),
        (),
        MINUTES,
        *map(_work, made["minutes"]),
        ("Total", made["total"]["minutes"], made["total"]["assistant"]),
        ("Live talks that count", made["total"]["talks"]),
        (),
        *(pair for papers in [*made["papers"], made["answers"]] for pair in papers),
        (),
        *([one] for one in made["notes"]),
    ]
    return spreadsheet(rows)


def of_clinic(months: Iterable[Month]) -> str:
    """All patients of a month: a line for each code, with what stands against it."""
    rows: list[Cells] = [
        *_top(DISCLAIMERS),
        (),
        ("Patient", "Born", "Record number", "Month", "Payer", "Ready", "Signed", *CODES),
    ]
    for month in months:
        made, patient = shown(month), month.patient
        who = (
            str(patient),
            patient.birth_date.isoformat(),
            patient.record_number,
            f"{month.month:%Y-%m}",
            "; ".join(payers(made)),
            _ready(month),
            " ".join(signature(month)),
        )
        rows += [(*who, *_code(line)) for line in made["lines"]]
    return spreadsheet(rows)


def _ready(month: Month) -> str:
    if month.is_locked:
        return "signed"
    return "yes" if month.sheet.is_ready else f"not yet: {' '.join(month.why_not_ready)}"


def _top(disclaimers: Iterable[str]) -> list[Cells]:
    return [(one,) for one in disclaimers]


def _code(line: Document) -> Cells:
    return (
        line["code"], line["what"], line["clock"], line["first"], line["last"], line["count"],
        f"{line['unit']}s", line["limits"], line["verdict"], line["times"],
        "; ".join(line["reasons"]), "; ".join(line["lacks"]),
    )  # fmt: skip


def _interval(one: Document) -> Cells:
    remark = one["ended"] if one["ends_here"] else "It ends in the next month."
    return (
        one["first"], one["last"], one["count"], one["days"], one["late"], one["paper"],
        one["clinic"], one["logins"], remark,
    )  # fmt: skip


def _work(row: Document) -> Cells:
    return (
        row["day"], row["minutes"], row["assistant"], "yes" if row["counts"] else "no",
        row["what"], row["talk"], row["by"], row["remark"],
    )  # fmt: skip
