"""How gunicorn serves Footing: `gunicorn --config python:config.gunicorn config.wsgi`.

Read by gunicorn before there are settings. What differs is said on its command line, which wins.
"""

import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

bind = "127.0.0.1:8000"
workers = 2
timeout = 30
# The heartbeat between gunicorn's processes is a file: on a slow disk they would seem to be stuck.
if Path("/dev/shm").is_dir():  # noqa: S108 - gunicorn makes a file of its own there
    worker_tmp_dir = "/dev/shm"  # noqa: S108
# Nobody steers it but by signals.
control_socket_disable = True
# No access log: addresses can be keys (docs/operating.md).
accesslog = None


def post_worker_init(worker: Any) -> None:
    """What is loaded stays for good: the collector of garbage need not look at it each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


if os.environ.get("METRICS_TOKEN"):
    # Each process counts in files of this folder, and any of them tells all (config.metrics). It is
    # this gunicorn's own and gone with it, so that no number of an earlier run is counted again.
    _counts = tempfile.mkdtemp(prefix="footing-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = _counts
    from prometheus_client import multiprocess  # looks for the folder when it is imported

    def child_exit(server: Any, worker: Any) -> None:
        """What it counted stays in the sums."""
        multiprocess.mark_process_dead(worker.pid)

    def on_exit(server: Any) -> None:
        shutil.rmtree(_counts, ignore_errors=True)
