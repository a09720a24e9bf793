"""The department makes results public, on its days, by somebody who scored nothing."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assessments.models import Assessment, Cycle, Publication, Result, database_today
from assessments.publication import lock, publish, reopen
from orgs.models import AuditEntry, NotAllowed, Notice, Role, Sector, ServiceCentre
from tests.assessments.cycles import CycleCast
from tests.assessments.resulting import VOICES, say, score_all, shift
from tests.people import person, post


@pytest.fixture
def year(cast):
    found = CycleCast(cast)
    score_all(found)
    say(found, **VOICES)
    shift(found.cycle, publication=(0, 4), appeal=(0, 9))
    return found


@pytest.fixture
def above(cast):
    user = person("county-department", "县委组织部")
    post(user, cast.county, Role.REVIEWER)
    return user


def public_url(cycle):
    return reverse("assessments:publicity_cycle", args=[cycle.year, cycle.pk])


def test_department_publishes_and_everybody_can_look(year, client, signed_in):
    assert client.get(public_url(year.cycle)).status_code == 404

    url = reverse("assessments:results_act", args=[year.cycle.pk, "publish"])
    answer = signed_in(year.department).post(url, follow=True)

    assert "已办理：公示结果。" in answer.content.decode()
    page = client.get(public_url(year.cycle))
    assert len(page.content) < 100_000
    text = page.content.decode()
    assert "西岭村党支部" in text
    assert "第 1 名，总分 92.00，群众测评有效票 6000 张，应参评 6000 人" in text
    assert Publication.objects.get().published_by == year.department
    told = Notice.objects.filter(kind="results.published").values_list("recipient", flat=True)
    assert set(told) == {user.pk for user in year.secretaries.values()}
    assert AuditEntry.objects.filter(action="cycle.published").count() == 1


def test_who_scored_may_not_publish(year, signed_in):
    with pytest.raises(NotAllowed):
        publish(year.cycle, actor=year.second)
    url = reverse("assessments:results_act", args=[year.cycle.pk, "publish"])
    assert signed_in(year.second).post(url).status_code == 403
    assert signed_in(year.superior).post(url).status_code == 403


def test_unreviewed_organizations_need_a_reason(year):
    Assessment.objects.filter(sector=Sector.UNIVERSITY).update(status="SUBMITTED")
    with pytest.raises(ValidationError) as refusal:
        publish(year.cycle, actor=year.department)
    assert refusal.value.message_dict == {
        "pending_reason": ["还有 1 个没有定稿，记为待定请写明原因。"]
    }

    publish(year.cycle, actor=year.department, pending_reason="班子调整，另行考评")
    row = Result.objects.get(assessment__sector=Sector.UNIVERSITY)
    assert (row.is_pending, row.held_reason) == (True, "班子调整，另行考评")


def test_publication_keeps_to_its_days_by_the_database(year, client):
    shift(year.cycle, publication=(1, 5))
    with pytest.raises(NotAllowed):
        publish(year.cycle, actor=year.department)

    shift(year.cycle, publication=(0, 4))
    publish(year.cycle, actor=year.department)
    assert client.get(public_url(year.cycle)).status_code == 200
    assert "2026 年度考核" in client.get(reverse("assessments:publicity")).content.decode()

    shift(year.cycle, publication=(-5, -1))
    assert client.get(public_url(year.cycle)).status_code == 404


def test_public_page_shows_one_group_when_asked(year, client):
    publish(year.cycle, actor=year.department)
    text = client.get(public_url(year.cycle), {"sector": "RURAL", "level": "bad"}).content.decode()
    assert "西岭村党支部" in text
    assert "西岭师专党总支" not in text


def test_public_page_tells_the_groups_and_where_to_object(year, client):
    publish(year.cycle, actor=year.department)

    page = client.get(public_url(year.cycle))
    headings = [(heading, size) for heading, size, _ in page.context["groups"]]
    assert headings == [
        ("农村领域 · 村（社区）", 1),
        ("国有企业领域 · 单位", 1),
        ("高校领域 · 单位", 1),
    ]
    assert "当地便民服务中心的监督电话" in page.content.decode()

    ServiceCentre.objects.create(
        organization=year.cycle.organization, kind="CENTRE", name="县中心", complaint_phone="12345"
    )
    assert 'href="tel:12345"' in client.get(public_url(year.cycle)).content.decode()


def test_second_publication_is_refused(year):
    publish(year.cycle, actor=year.department)
    with pytest.raises(NotAllowed):
        publish(year.cycle, actor=year.department)
    assert Publication.objects.count() == 1


def test_department_locks_after_the_window_of_appeals(year):
    publish(year.cycle, actor=year.department)
    with pytest.raises(NotAllowed):
        lock(year.cycle, actor=year.department)

    shift(year.cycle, appeal=(-9, -1))
    lock(year.cycle, actor=year.department)
    assert Cycle.objects.get(pk=year.cycle.pk).status == "LOCKED"


def test_only_from_above_it_is_reopened_and_the_old_publication_stays(year, above, signed_in):
    publish(year.cycle, actor=year.department)
    with pytest.raises(NotAllowed):
        reopen(year.cycle, actor=year.department, reason="改分")

    url = reverse("assessments:results_act", args=[year.cycle.pk, "reopen"])
    assert signed_in(year.department).post(url).status_code == 403
    signed_in(above).post(url, {"reopen-reason": "票数有误"})

    assert Cycle.objects.get(pk=year.cycle.pk).status == "OPEN"
    old = Publication.objects.get()
    assert (old.withdrawn_by, old.withdrawn_reason, len(old.rows)) == (above, "票数有误", 3)
    publish(year.cycle, actor=year.department)
    assert Publication.objects.count() == 2


def test_reason_of_an_earlier_publication_is_not_told_again(year, above):
    Assessment.objects.filter(sector=Sector.UNIVERSITY).update(status="SUBMITTED")
    publish(year.cycle, actor=year.department, pending_reason="班子调整，另行考评")
    reopen(year.cycle, actor=above, reason="已补考评")
    Assessment.objects.update(status="REVIEWED")

    publish(year.cycle, actor=year.department)

    assert set(Result.objects.values_list("held_reason", flat=True)) == {""}


def test_public_page_takes_as_many_queries_for_three_as_for_one(
    year, client, django_assert_max_num_queries
):
    publish(year.cycle, actor=year.department)
    counts = []
    for query in ({"sector": "RURAL"}, {}):
        with django_assert_max_num_queries(20) as captured:
            client.get(public_url(year.cycle), query)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_windows_lie_around_today(year):
    assert Cycle.objects.get(pk=year.cycle.pk).publication_until == database_today() + timedelta(4)
