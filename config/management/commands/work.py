"""`manage.py work`: the worker, which begins again when PostgreSQL went away."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.working import work


class Command(BaseCommand):
    help = "Does the queue's jobs, and those by the clock, until it is told to end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=1, help="jobs at a time (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(work(options["concurrency"]))
