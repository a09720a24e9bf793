"""Assessors are told once a day that something came in, not once for each organization."""

import pytest

from orgs.models import Notice
from tests.assessments.cycles import CycleCast
from tests.assessments.test_self_assessment import complete, fresh


@pytest.fixture
def people(cast):
    return CycleCast(cast)


def hand_in(people, sector):
    row = fresh(people.assessment(sector))
    secretary = people.secretaries[sector]
    row.submit(actor=secretary, version=row.version, summary="", entries=complete(row))
    return row


def told(people):
    rows = Notice.objects.filter(recipient=people.department, kind__startswith="assessment.")
    return sorted(rows.values_list("title", flat=True))


def test_assessor_is_told_once_a_day_of_all_that_was_handed_in(people):
    hand_in(people, "RURAL")
    hand_in(people, "UNIVERSITY")

    assert told(people) == ["2026 年度考核有党组织提交了自评，请查看"]


def test_what_was_sent_back_is_told_by_its_name(people):
    row = hand_in(people, "RURAL")
    row.send_back(actor=people.department, reason="补会议记录")

    hand_in(people, "RURAL")

    assert told(people) == [
        "2026 年度考核有党组织提交了自评，请查看",
        "退回的自评已重新提交：西岭村党支部",
    ]
