"""Staff look at a ballot: numbers while it runs, afterwards what may be shown."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assessments.ballots.shown import groups_shown, texts_shown
from assessments.models import Assessment, Ballot, database_today
from assessments.models.ballot_preparing import prepare_ballots, rerun
from assessments.public_results import public_results
from orgs.models import NotAllowed
from tests.assessments.balloting import cast_votes, closed, opened, prepared
from tests.assessments.reviewing import submitted
from tests.assessments.test_ballot_tally import HALF, SCHEME, WEIGHTS, count, group
from tests.people import place

DAY = timedelta(days=1)
QUESTIONS = [f"问题 {number}" for number in range(1, 8)]


def shown(*groups):
    SCHEME.overall_share = HALF
    return groups_shown(list(groups), QUESTIONS, WEIGHTS, SCHEME)


def test_group_under_five_is_counted_with_another():
    few, many = group("党员", ["A" * 7] * 4), group("群众", ["AAAAAAD"] * 9 + ["B" * 7])

    found = shown(few, many)

    assert [(one.label, one.is_hidden) for one in found] == [("党员、群众（合并计算）", False)]


def test_fewer_than_five_in_all_are_hidden():
    found = shown(group("党员", ["A" * 7] * 2), group("群众", ["A" * 7] * 2))

    assert [one.is_hidden for one in found] == [True]


def test_two_small_groups_are_counted_together():
    found = shown(
        group("党员", ["A" * 7] * 3),
        group("职工", ["B" * 7] * 3),
        group("群众", ["C" * 7] * 5 + ["D" * 7]),
    )

    assert [one.label for one in found] == ["党员、职工（合并计算）", "群众", "合计"]
    assert found[2].questions[0].cells == ("3", "3", "5", "1", "0")


def test_unanimous_group_is_banded():
    [one] = shown(group("群众", ["A" * 7] * 6))

    assert one.questions[0].cells == ("九成以上", "", "", "", "")


@pytest.mark.parametrize(
    ("others", "cells"),
    [(1, ("九成以上", "", "", "", "")), (2, ("9", "0", "0", "2", "0"))],
)
def test_nine_in_ten_look_like_all_of_them(others, cells):
    [one] = shown(group("群众", ["A" * 7] * 9 + ["D" * 7] * others))

    assert one.questions[0].cells == cells


def test_free_texts_are_shown_from_ten_ballots_on():
    SCHEME.least_texts = 10

    assert texts_shown(["修路", ""], 9, SCHEME) == []
    assert texts_shown(["修路", ""], 10, SCHEME) == ["修路"]
    assert count([], 7, HALF).mean(WEIGHTS, HALF) is None


def page_of(client, found):
    return client.get(reverse("assessments:ballot", args=[found.assessment.pk]))


def test_before_the_end_only_turnout_is_seen(cast, signed_in):
    found = opened(cast)
    cast_votes(found, "PUBLIC", ["D" * 7] * 6)

    page = page_of(signed_in(cast.secretary), found)

    assert [row.used for row in page.context["strata"]] == [0, 6, 0]
    assert "groups" not in page.context


def test_after_the_end_the_score_stands_beside_its_turnout(cast, signed_in):
    found = opened(cast)
    for code in ("SERVED", "PUBLIC", "PARTY"):
        cast_votes(found, code, ["BBBBBCA"] * 5 + ["BBBBBCD"] * 5)
    closed(found)

    page = page_of(signed_in(cast.secretary), found)

    assert "群众测评得分 <strong>62.00</strong>" in page.content.decode()
    assert [one.label for one in page.context["groups"]][:1] == ["服务对象"]


def test_failed_ballot_is_run_again_once_and_then_stays_pending(cast, client):
    found = opened(cast)
    ballot, today = closed(found), database_today()
    days = {"first": today, "last": today + timedelta(days=3)}

    with pytest.raises(ValidationError, match="不能是过去的日子"):
        rerun(ballot=ballot, actor=found.first, first=today - DAY, last=today - DAY)
    second = rerun(ballot=ballot, actor=found.first, **days)
    found.ballot = second
    page = client.get(reverse("assessments:vote_result", args=[ballot.key]))
    assert page.context["result"].faults[0] == "有效票 0 张，至少要 15 张"  # of this round
    assert public_results(found.cycle)[found.assessment.pk].faults == ("重新测评还没有结束",)
    second.set_numbers(
        actor=found.first, numbers={row.pk: {"eligible": 9} for row in second.strata.all()}
    )
    second.open(actor=found.first)
    closed(found)

    assert public_results(found.cycle)[found.assessment.pk].is_pending
    with pytest.raises(NotAllowed):
        rerun(ballot=second, actor=found.first, **days)


def test_valid_ballot_is_not_run_again(cast):
    found = opened(cast)
    for code in ("SERVED", "PUBLIC", "PARTY"):
        cast_votes(found, code, ["A" * 7] * 10)

    with pytest.raises(NotAllowed):
        rerun(
            ballot=closed(found), actor=found.first, first=database_today(), last=database_today()
        )


def test_department_numbers_opens_and_ends_by_the_page(cast, signed_in):
    found = prepared(cast)
    client, pk = signed_in(found.first), found.assessment.pk
    row = found.ballot.strata.first()
    said = {f"set_numbers-eligible_{r.pk}": 30 for r in found.ballot.strata.all()}
    wrong = client.post(
        reverse("assessments:ballot_act", args=[pk, "set_numbers"]),
        said | {f"set_numbers-issued_{row.pk}": 31},
    )
    assert wrong.context["numbers"].errors == {f"issued_{row.pk}": ["不能多于应到 30 人。"]}
    for verb, data in (("set_numbers", said), ("open", {}), ("close", {"close-reason": "齐了"})):
        url = reverse("assessments:ballot_act", args=[pk, verb])
        assert (verb, client.post(url, data).status_code) == (verb, 302)

    assert Ballot.objects.get().status == "CLOSED"


def test_secretary_of_the_township_looks_but_does_not_open(cast, signed_in):
    found = prepared(cast)
    client = signed_in(cast.secretary)

    assert page_of(client, found).status_code == 200
    url = reverse("assessments:ballot_act", args=[found.assessment.pk, "open"])
    assert client.post(url).status_code == 403


def test_whole_year_is_prepared_and_opened_in_one_go(cast, signed_in):
    found = prepared(cast)
    submitted(found.cycle, cast.away.village)
    client = signed_in(found.first)
    for verb in ("prepare", "open"):
        url = reverse("assessments:ballots_act", args=[found.cycle.pk, verb])
        assert client.post(url).status_code == 302

    assert sorted(Ballot.objects.values_list("status", flat=True)) == ["OPEN", "PREPARED"]


def test_list_of_the_year_takes_as_many_queries_for_three_as_for_one(cast, queries):
    found = prepared(cast)
    url = reverse("assessments:ballots", args=[found.cycle.pk])
    one = queries(found.first, url)
    for number in (2, 3):
        where = place(f"429910120{number}", f"柳河{number}村", "VILLAGE", cast.home.organization)
        submitted(found.cycle, where)
    prepare_ballots(cycle=found.cycle, actor=found.first)

    assert Assessment.objects.count() == 3
    assert queries(found.first, url) == one


def test_results_of_a_year_take_as_many_queries_for_many(cast, django_assert_num_queries):
    found = prepared(cast)
    cycle = type(found.cycle).objects.select_related("scheme").get()
    with django_assert_num_queries(3):
        public_results(cycle)


def test_sum_does_not_tell_what_a_banded_group_said():
    found = shown(group("群众", ["A" * 7] * 6), group("职工", ["AAAAAAB"] * 5 + ["B" * 7]))

    assert found[2].questions[0].cells == ("—",) * 5
