"""The queue's own housekeeping."""

from procrastinate import JobContext, builtin_tasks
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

KEPT_HOURS = 14 * 24


@app.periodic(cron="*/10 * * * *")
@app.task(queue="clock", queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Jobs of a worker that was killed are taken up by another; all are safe to run twice.

    Each on its own: what fails is raised when all had their turn, so that this job shows as failed.
    """
    jobs = context.app.job_manager
    failures: list[Exception] = []
    for job in await jobs.get_stalled_jobs():
        try:
            await jobs.retry_job(job)
        except UniqueViolation:
            # Its successor waits under the same lock and will do the same.
            await jobs.finish_job(job, status=Status.FAILED, delete_job=False)
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("Failed for some", failures)


@app.periodic(cron="20 4 * * *")
@app.task(queue="clock", queueing_lock="remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """They hold ids only, and are of no use after two weeks."""
    await builtin_tasks.remove_old_jobs(context, max_hours=KEPT_HOURS, remove_failed=True)
