"""What the worker does about the public site by the clock, as the worker."""

import datetime as dt

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cms import jobs, links
from cms.models import ArticlePage, CheckedLink
from cms.models.search import SearchEntry
from programs.models import Exercise
from tests.as_role import WORKER, as_role
from tests.cms.conftest import make_article

pytestmark = pytest.mark.django_db
A_MINUTE_AGO = timezone.now() - dt.timedelta(minutes=1)


def run(job):
    """Twice, as each has to bear."""
    for _ in range(2):
        with as_role(WORKER):
            job(timestamp=0)


def draft(index, title="Second"):
    page = make_article(index, title)
    ArticlePage.objects.filter(pk=page.pk).update(live=False)
    return ArticlePage.objects.get(pk=page.pk)


def plan_to_go_live(one, at=A_MINUTE_AGO):
    """A draft whose date has come, as it was approved."""
    revision = one.save_revision()
    revision.content["go_live_at"] = at.isoformat()
    revision.approved_go_live_at = at
    revision.save()


def test_an_article_goes_live(index):
    page = draft(index)
    plan_to_go_live(page)
    run(jobs.publish_scheduled)
    stored = ArticlePage.objects.get(pk=page.pk)
    assert stored.live
    assert stored.revisions.filter(approved_go_live_at=None).count() == stored.revisions.count()


def test_not_before_its_time(index):
    page = draft(index)
    plan_to_go_live(page, timezone.now() + dt.timedelta(minutes=1))
    run(jobs.publish_scheduled)
    assert not ArticlePage.objects.get(pk=page.pk).live


def test_an_article_ends(index):
    page = make_article(index)
    ArticlePage.objects.filter(pk=page.pk).update(expire_at=A_MINUTE_AGO)
    run(jobs.publish_scheduled)
    stored = ArticlePage.objects.get(pk=page.pk)
    assert (stored.live, stored.expired) == (False, True)


def test_exercises_of_the_platform_and_of_two_clinics(clinic, olive):
    """Each clinic's in a transaction that sees that clinic."""
    chosen = list(Exercise.objects.filter(clinic=None, live=True)[:3])
    for exercise, owner in zip(chosen, [None, clinic, olive.clinic], strict=True):
        Exercise.objects.filter(pk=exercise.pk).update(clinic=owner, live=False)
        plan_to_go_live(Exercise.objects.get(pk=exercise.pk))
    run(jobs.publish_scheduled)
    stored = Exercise.objects.filter(pk__in=[one.pk for one in chosen])
    assert list(stored.values_list("live", flat=True)) == [True] * 3
    Exercise.objects.filter(pk=chosen[2].pk).update(expire_at=A_MINUTE_AGO)
    run(jobs.publish_scheduled)
    assert not Exercise.objects.get(pk=chosen[2].pk).live


def test_one_that_fails_keeps_none_of_the_others(index, monkeypatch):
    pages = [draft(index, title) for title in ("First", "Second")]
    for page in pages:
        plan_to_go_live(page)
    publish = ArticlePage.publish

    def broken(self, *args, **kwargs):
        if self.pk == pages[0].pk:
            raise RuntimeError("not this one")
        return publish(self, *args, **kwargs)

    monkeypatch.setattr(ArticlePage, "publish", broken)
    with pytest.raises(ExceptionGroup), as_role(WORKER):
        jobs.publish_scheduled(timestamp=0)
    assert [ArticlePage.objects.get(pk=page.pk).live for page in pages] == [False, True]


def test_the_search_is_written_anew(index):
    make_article(index, "Warm feet")
    before = SearchEntry.objects.count()
    SearchEntry.objects.filter(title="Warm feet").delete()
    run(jobs.update_search)
    assert SearchEntry.objects.filter(title="Warm feet").count() == 1
    assert SearchEntry.objects.count() == before


def test_each_link_is_asked_in_a_job_of_its_own_behind_all_others(index, monkeypatch):
    urls = {"https://a.example/", "https://b.example/"}
    CheckedLink.objects.create(url="https://gone.example/", checked_at=timezone.now())
    monkeypatch.setattr(links, "outer", lambda pages: urls)
    monkeypatch.setattr(links, "ask", lambda url, timeout: (404, "It answers 404."))
    with as_role(WORKER):
        jobs.check_links(timestamp=0)
    queued = ProcrastinateJob.objects.filter(task_name=jobs.check_link.name)
    assert {one.args["url"] for one in queued} == urls
    assert {one.priority for one in queued} == {jobs.UNHURRIED}
    for _ in range(2):
        for one in queued:
            with as_role(WORKER):
                jobs.check_link(**one.args)
    assert set(CheckedLink.objects.values_list("url", "problem")) == {
        (url, "It answers 404.") for url in urls
    }
