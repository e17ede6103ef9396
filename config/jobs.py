"""The queue's own housekeeping."""

from procrastinate import JobContext, builtin_tasks
from procrastinate.contrib.django import app

KEPT_HOURS = 14 * 24


@app.periodic(cron="*/10 * * * *")
@app.task(queue="clock", queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Jobs of a worker that was killed are taken up by another; all are safe to run twice."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="20 4 * * *")
@app.task(queue="clock", queueing_lock="remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """They hold ids only, and are of no use after two weeks."""
    await builtin_tasks.remove_old_jobs(context, max_hours=KEPT_HOURS, remove_failed=True)
