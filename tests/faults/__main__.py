"""`make faults`: an installation of its own is hurt in every way, and what came of it counted.

Method: PostgreSQL (with fsync), gunicorn with two processes and the worker as deploy/ starts them,
each started again 2 s after it ended; the demo clinic with more patients. Patients send sessions,
others read two public pages and a therapist's caseload, ask for new passwords, and are reminded,
while one fault is done again and again. Who gets no answer sends the same again. Afterwards the
database and the mail server's letters are counted. Ends with 1 where anything was lost, stored
twice, or answered 500; times are printed, and judged by whoever reads them.
"""

import argparse
import random
import sys

from config.setup.processes import SetupProblem, exit_with
from tests.faults import report, site
from tests.faults.run import Load, run
from tests.faults.scenarios import SCENARIOS


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make faults",
        epilog="; ".join(f"{one.name}: {one.words}" for one in SCENARIOS),
    )
    parser.add_argument("--only", nargs="+", choices=[one.name for one in SCENARIOS], default=[])
    parser.add_argument("--sessions", type=int, default=200, help="of most scenarios; some: half")
    parser.add_argument("--seconds", type=float, default=40, help="of a scenario, at the least")
    parser.add_argument("--mails", type=int, default=40, help="new passwords in a scenario")
    parser.add_argument("--reminders", type=int, default=24, help="patients to remind in each")
    parser.add_argument("--senders", type=int, default=6, help="patients who send at once")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--write", action="store_true", help="the tables into docs/reliability.md")
    asked = parser.parse_args(given)
    print(f"--seed {asked.seed}", flush=True)
    load = Load(asked.sessions, asked.seconds, asked.mails)
    chosen = [one for one in SCENARIOS if not asked.only or one.name in asked.only]
    counted, problems, used = [], [], set()
    with site.running(senders=asked.senders, reminded=asked.reminders) as hurt:
        version = hurt.sql("SHOW server_version")[0][0].split()[0]
        for number, scenario in enumerate(chosen):
            print(f"{scenario.words} …", flush=True)
            one = run(hurt, scenario, load, used, asked.seed + number)
            counted.append(one)
            problems += [f"{scenario.words}: {words}" for words in one.problems]
            print(
                " ", *(f"{words};" for words in one.problems), *sorted(set(one.wrong)), flush=True
            )
            print(report.tables([one], version), flush=True)
        if any(one.five_hundreds for one in counted):
            print(hurt.log()[-20_000:])
    text = report.tables(counted, version)
    print(text)
    if asked.write:
        report.write(text)
    if problems:
        raise SetupProblem("\n".join(["what must not be:", *problems]))
    return 0


if __name__ == "__main__":
    sys.setswitchinterval(0.001)
    exit_with(main)
