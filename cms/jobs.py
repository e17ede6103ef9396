"""What the worker does about the public site. Each job is safe to run twice; none of a kind runs
beside itself.
"""

from procrastinate.contrib.django import app

from accounts.queue import enqueue
from cms import links, scheduled
from cms.search import findable

LINK_SECONDS = 10.0
UNHURRIED = -10  # behind whatever somebody waits for


@app.periodic(cron="*/5 * * * *")
@app.task(queue="clock", queueing_lock="publish_scheduled", lock="publish_scheduled")
def publish_scheduled(timestamp: int) -> None:
    """Articles and entries of the library with a date to go live, or to end."""
    scheduled.publish_due()


@app.periodic(cron="47 2 * * *")
@app.task(queue="clock", queueing_lock="update_search", lock="update_search", priority=UNHURRIED)
def update_search(timestamp: int) -> None:
    """Every night, what the public search finds, anew, whatever a bulk change went by."""
    findable.rebuild()


@app.periodic(cron="23 1 * * 0")
@app.task(queue="clock", queueing_lock="check_links", lock="check_links", priority=UNHURRIED)
def check_links(timestamp: int) -> None:
    """In the night to Sunday, a job for each link: asked in one, they would hold up mail for
    minutes.
    """
    for url in links.wanted():
        enqueue(check_link, url=url)


@app.task(queue="links", priority=UNHURRIED)
def check_link(url: str) -> None:
    links.check(url, LINK_SECONDS)
