"""抽查: the department draws at random; the seed lets anybody draw again; results are kept."""

from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from assessments.models import Assessment, Review, SpotCheck
from assessments.models.review_spot_check import sample
from orgs.models import Level, NotAllowed, Notice, Role
from tests.assessments.reviewing import open_year, scored, second_person
from tests.people import place


@pytest.fixture
def cycle(cast):
    """Twelve villages and two companies of the home township, with their forms."""
    cycle = open_year(cast)
    for number in range(14):
        is_village = number < 12
        organization = place(
            f"42991013{number:02}", f"柳河{number}号", Level.VILLAGE if is_village else Level.UNIT,
            cast.home.organization,
        )  # fmt: skip
        Assessment.objects.create(
            cycle=cycle, organization=organization, name=organization.name, status="SUBMITTED",
            sector="RURAL" if is_village else "PRIVATE", level=organization.level,
        )  # fmt: skip
    return cycle


@pytest.fixture
def county(cast):
    return second_person(cast, "县组工", where=cast.county)


def drawn(row):
    return list(row.items.order_by("number").values_list("assessment__name", flat=True))


def test_same_seed_draws_the_same_list(cycle, county):
    first = SpotCheck.draw(actor=county, cycle=cycle, seed=20251231, percent=25)
    again = SpotCheck.draw(actor=county, cycle=cycle, seed=20251231, percent=25)
    other = SpotCheck.draw(actor=county, cycle=cycle, seed=7, percent=25)

    assert drawn(first) == drawn(again) != drawn(other)
    assert first.is_reproduced()
    assert (first.drawn_from, len(drawn(first))) == (14, 4)  # 3 of 12 villages, 1 of 2 companies


def test_list_that_was_tampered_with_does_not_reproduce(cycle, county):
    row = SpotCheck.draw(actor=county, cycle=cycle, seed=1, count=2)

    row.items.first().delete()

    assert not row.is_reproduced()


def test_seed_is_chosen_by_chance_and_kept(cycle, county):
    rows = [SpotCheck.draw(actor=county, cycle=cycle, count=1) for _ in range(3)]

    assert len({row.seed for row in rows}) == 3


@given(st.integers(0, 10**9), st.integers(1, 100), st.randoms())
def test_draw_takes_its_share_of_each_group_whatever_the_order(seed, percent, chance):
    people = [
        (s, "VILLAGE", f"{s}{n:03}", i * 40 + n) for i, s in enumerate("AB") for n in range(37)
    ]
    shuffled = list(people)
    chance.shuffle(shuffled)

    found = sample(people, seed, percent=percent)

    assert found == sample(shuffled, seed, percent=percent)
    assert len(set(found)) == len(found)
    assert Counter(pk // 40 for pk in found) == dict.fromkeys((0, 1), -(-37 * percent // 100))


def test_department_draws_on_the_page(cycle, county, signed_in):
    client = signed_in(county)
    page = reverse("assessments:spot_check_draw")

    neither = client.post(page, {"cycle": cycle.pk})
    done = client.post(page, {"cycle": cycle.pk, "count": "2", "seed": "42"}, follow=True)

    assert neither.context["form"].non_field_errors() == ["个数和比例请填一个，并且只填一个。"]
    row = SpotCheck.objects.get()
    assert (row.seed, row.count, row.drawn_by) == (42, 2, county)
    assert "种子 42，每组 2 个，范围 14 个" in done.content.decode()
    assert "按种子复算一致" in done.content.decode()


def test_only_the_department_of_the_whole_range_draws(cast, cycle, signed_in):
    with pytest.raises(NotAllowed):
        SpotCheck.draw(actor=cast.reviewer, cycle=cycle, count=1)
    form = signed_in(cast.reviewer).get(reverse("assessments:spot_check_draw")).context["form"]
    assert list(form.fields["cycle"].queryset) == []


def test_result_is_recorded_by_somebody_who_did_not_score(cast, cycle, county, signed_in):
    row = SpotCheck.draw(actor=county, cycle=cycle, seed=3, count=1)
    item = row.items.first()
    add_scores(item.assessment, cast.secretary)
    page = reverse("assessments:spot_check_report", args=[row.pk, item.pk])

    by_scorer = signed_in(cast.secretary).post(page, {"outcome": "SAME"})
    without_note = signed_in(cast.reviewer).post(page, {"outcome": "DIFFERENT"})
    signed_in(cast.reviewer).post(page, {"outcome": "DIFFERENT", "note": "会议记录只有 1 次"})

    assert by_scorer.context["form"].non_field_errors() == [
        "为它打分的人不能核查，请由另一位同志核查。"
    ]
    assert without_note.context["form"].errors == {"note": ["不一致的请写明哪里不一致。"]}
    item.refresh_from_db()
    assert (item.outcome, item.note, item.checked_by) == (
        "DIFFERENT", "会议记录只有 1 次", cast.reviewer,
    )  # fmt: skip
    notice = Notice.objects.get(kind="spot_check.different")
    assert (notice.recipient, notice.body) == (cast.secretary, "会议记录只有 1 次")


def add_scores(assessment, actor):
    for indicator in assessment.cycle.scheme.indicators_for(assessment.sector):
        assessment.answers.create(indicator=indicator, self_points=1)
    scored(assessment, actor)
    assert Review.of(assessment).scorer_ids() == {actor.pk}


def test_drawn_organization_does_not_learn_of_it(cast, cycle, county, signed_in):
    row = SpotCheck.draw(actor=county, cycle=cycle, seed=3, count=14)
    village = row.items.first().assessment.organization
    own = second_person(cast, "村书记", Role.SECRETARY, village)

    assert list(SpotCheck.objects.visible_to(own)) == []
    assert signed_in(own).get(row.get_absolute_url()).status_code == 404


def test_export_holds_the_list(cycle, county, signed_in, tmp_path):
    row = SpotCheck.draw(actor=county, cycle=cycle, seed=3, count=1)

    answer = signed_in(county).get(reverse("assessments:spot_check_export", args=[row.pk]))

    file = tmp_path / "list.xlsx"
    file.write_bytes(answer.content)
    sheet = list(load_workbook(file).active.values)
    assert [line[1] for line in sheet[-2:]] == drawn(row)
    assert {line[4] for line in sheet[-2:]} == {"待核查"}


def test_closed_year_is_not_drawn_from(cycle, county):
    cycle.status = "LOCKED"
    cycle.save()

    with pytest.raises(NotAllowed):
        SpotCheck.draw(actor=county, cycle=cycle, count=1)


def test_nothing_is_drawn_from_an_empty_year(cast, county):
    with pytest.raises(ValidationError):
        SpotCheck.draw(actor=county, cycle=open_year(cast), count=1)


def test_lists_take_as_many_queries_with_three_rows(cycle, county, queries):
    row = SpotCheck.draw(actor=county, cycle=cycle, seed=3, count=1)
    pages = reverse("assessments:spot_checks"), row.get_absolute_url()
    one = [queries(county, url) for url in pages]

    more = SpotCheck.draw(actor=county, cycle=cycle, seed=3, count=3)
    SpotCheck.draw(actor=county, cycle=cycle, seed=4, count=3)

    assert [queries(county, url) for url in (pages[0], more.get_absolute_url())] == one
