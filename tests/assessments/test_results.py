"""The department computes the results of a year; each can be checked by hand, term by term."""

from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assessments.models import Bonus, Cycle, Result, ResultRun, Veto
from assessments.results import ask, compute
from assessments.tasks import compute_all_results
from orgs.models import AuditEntry, NotAllowed, Sector
from tests.assessments.cycles import CycleCast
from tests.assessments.resulting import VOICES, say, score_all


@pytest.fixture
def year(cast):
    found = CycleCast(cast)
    score_all(found)
    say(found, **VOICES)
    return found


def result(year, sector=Sector.RURAL):
    return Result.objects.select_related("assessment__cycle__scheme").get(
        assessment=year.assessment(sector)
    )


def numbers(row):
    return row.own, row.public, row.review, row.bonus, row.total, row.stars, row.get_tier_display()


def test_three_organizations_as_by_hand(year):
    assert compute(year.cycle) == 3

    # 0.1·100 + 0.5·92 + 0.4·90 = 92; 0.1·80 + 0.5·75.5 + 0.4·80 = 77.75;
    # 0.1·90 + 0.5·64.25 + 0.4·50 = 61.125, shown half up
    assert numbers(result(year)) == (D(100), D(92), D(90), 0, D(92), 5, "先进")
    assert numbers(result(year, Sector.STATE_OWNED)) == (
        D(80), D("75.50"), D(80), 0, D("77.75"), 3, "中间",
    )  # fmt: skip
    assert numbers(result(year, Sector.UNIVERSITY)) == (
        D(90), D("64.25"), D(50), 0, D("61.13"), 2, "后进",
    )  # fmt: skip
    assert result(year, Sector.UNIVERSITY).gap == D(40)
    assert (result(year).rank, result(year).group_size) == (1, 1)
    assert result(year).reasons == [
        "总分 92.00，群众测评 92.00，达到 5 星标准（总分不低于 90 分、群众测评不低于 85 分）。",
        "定为 5 星。",
    ]


def test_computing_again_gives_the_same(year):
    compute(year.cycle)
    fields = [f.name for f in Result._meta.fields if f.name != "computed_at"]
    before = list(Result.objects.values(*fields))

    compute(year.cycle)

    assert list(Result.objects.values(*fields)) == before


def test_organization_without_valid_votes_is_pending_and_never_zero(year):
    say(year, **VOICES | {Sector.RURAL: None})
    compute(year.cycle)

    row = result(year)
    assert (row.is_pending, row.total, row.stars, row.rank, row.tier) == (
        True,
        None,
        None,
        None,
        "",
    )
    assert row.pending_reasons == ["群众测评待定：测评还没有结束"]
    assert (row.own, row.review) == (D(100), D(90))


def test_organization_without_ballot_or_review_is_pending(year):
    year.assessment().__class__.objects.filter(sector=Sector.RURAL).update(status="SUBMITTED")
    say(year, **{Sector.UNIVERSITY: "80"})
    compute(year.cycle)

    assert result(year).pending_reasons == ["组织考评没有定稿", "群众测评没有结果"]
    assert result(year).review is None  # not before it is confirmed
    assert result(year, Sector.STATE_OWNED).pending_reasons == ["群众测评没有结果"]


def test_bonus_counts_up_to_the_limit_of_the_scheme(year):
    where = year.assessment(Sector.STATE_OWNED)
    said = {"actor": year.department, "assessment": where, "evidence": "通报"}
    Bonus.grant(points=D(2), reason="省级表彰", **said)
    with pytest.raises(ValidationError) as refusal:
        Bonus.grant(points=D("1.5"), reason="市级表彰", **said)
    compute(year.cycle)

    assert refusal.value.message_dict == {"points": ["加分合计不超过 3 分，已加 2 分。"]}
    row = result(year, Sector.STATE_OWNED)
    assert (row.bonus, row.total, row.stars) == (D(2), D("79.75"), 3)
    entry = AuditEntry.objects.get(action="result.bonus_granted")
    assert entry.note == "省级表彰，加 2 分；依据：通报"


def test_who_asks_while_it_is_computed_is_not_forgotten(year, clock):
    ask(year.cycle, actor=year.department)

    def tell(done, total, words):
        if words == "评定星级":
            clock.advance(minutes=1)
            ask(year.cycle, actor=year.department)

    compute(year.cycle, tell)

    assert ResultRun.objects.waiting().count() == 1


def test_veto_caps_the_stars_and_says_so(year):
    rule = year.scheme.veto_rules.get(name="被列为软弱涣散党组织")
    veto = Veto.impose(
        actor=year.department, assessment=year.assessment(), rule=rule, reason="县委通知"
    )
    compute(year.cycle)
    row = result(year)
    assert (row.stars, row.rule, row.vetoes) == (2, "VETO", ["被列为软弱涣散党组织"])
    assert row.reasons[1:] == ["有否决情形（被列为软弱涣散党组织），最高 2 星。", "定为 2 星。"]

    veto.lift(actor=year.department, reason="已转化")
    compute(year.cycle)
    assert result(year).stars == 5


def test_low_voice_of_the_people_caps_the_stars(year):
    say(year, **VOICES | {Sector.RURAL: "59.99"})
    compute(year.cycle)

    row = result(year)
    assert (row.total, row.stars, row.rule) == (D("76.00"), 2, "LOW_PUBLIC")
    assert row.reasons[1] == "群众测评低于 60 分，最高 2 星。"


@pytest.mark.parametrize(
    ("last", "veto", "stars", "rule"),
    [
        (3, False, 4, "STEP"),  # up by one only
        (4, False, 5, "BAND"),
        (None, False, 5, "BAND"),
        (5, True, 2, "VETO"),
    ],
)
def test_one_star_a_year_unless_vetoed(year, last, veto, stars, rule):
    if last:
        last_year(year, last)
    if veto:
        rules = year.scheme.veto_rules.first()
        Veto.impose(actor=year.department, assessment=year.assessment(), rule=rules, reason="通报")
    compute(year.cycle)

    assert (result(year).stars, result(year).rule) == (stars, rule)


def test_good_organization_falls_one_star_only(year):
    last_year(year, 5, Sector.STATE_OWNED)
    compute(year.cycle)

    row = result(year, Sector.STATE_OWNED)
    assert (row.total, row.stars, row.rule) == (D("77.75"), 4, "STEP")
    assert row.reasons[1] == "上年 5 星，没有否决情形，一年最多降一星。"


def last_year(year, stars, sector=Sector.RURAL):
    now = year.assessment(sector)
    cycle = Cycle.objects.get(pk=year.cycle.pk)
    cycle.pk, cycle.year, cycle.status = None, cycle.year - 1, "LOCKED"
    cycle.save(force_insert=True)
    form = now.__class__(
        cycle=cycle, organization=now.organization, name=now.name, sector=sector, level=now.level,
        status="REVIEWED",
    )  # fmt: skip
    form.save()
    terms = {"weights": ["0.1", "0.5", "0.4"]}
    Result.objects.create(
        assessment=form, total=stars * 18, stars=stars, tier="MIDDLE", rank=1, group_size=1,
        terms=terms, computed_at=cycle.opened_at,
    )  # fmt: skip


def test_only_the_department_above_rules_and_not_on_its_own(year):
    for actor in (year.secretaries[Sector.RURAL], year.superior, year.cast.reviewer):
        with pytest.raises(NotAllowed):
            Bonus.grant(
                actor=actor, assessment=year.assessment(), points=D(1), reason="a", evidence="b"
            )
    assert not Bonus.objects.exists()


def test_department_asks_and_the_sweep_computes(year, signed_in):
    client = signed_in(year.department)
    page = client.post(reverse("assessments:results_compute", args=[year.cycle.pk]), follow=True)
    assert "等待计算结果" in page.content.decode()

    compute_all_results()
    compute_all_results()

    assert Result.objects.count() == 3
    assert ResultRun.objects.get().done_at is not None
    page = client.get(reverse("assessments:results", args=[year.cycle.pk])).content.decode()
    assert "重新计算" in page
    assert "77.75" in page


def test_secretary_may_not_compute(year, signed_in):
    client = signed_in(year.superior)
    url = reverse("assessments:results_compute", args=[year.cycle.pk])
    assert client.post(url).status_code == 403
    with pytest.raises(NotAllowed):
        ask(year.cycle, actor=year.superior)


def test_organization_sees_its_result_only_once_it_is_public(year, signed_in):
    compute(year.cycle)
    url = reverse("assessments:result", args=[year.assessment().pk])
    client = signed_in(year.secretaries[Sector.RURAL])
    assert "92.00" not in client.get(url).content.decode()
    assert "92.00" in signed_in(year.superior).get(url).content.decode()

    Cycle.objects.filter(pk=year.cycle.pk).update(status="PUBLISHED")
    assert "92.00" in signed_in(year.secretaries[Sector.RURAL]).get(url).content.decode()


def test_department_gives_and_takes_back_on_the_page(year, signed_in):
    client, pk = signed_in(year.department), year.assessment().pk
    url = reverse("assessments:result_act", args=[pk, "grant"])
    wrong = client.post(
        url, {"grant-points": "5", "grant-reason": "表彰", "grant-evidence": "通报"}
    )
    assert "加分合计不超过 3 分，已加 0 分。" in wrong.content.decode()

    client.post(url, {"grant-points": "1", "grant-reason": "表彰", "grant-evidence": "通报"})
    bonus = Bonus.objects.get()
    undo = reverse("assessments:result_undo", args=[pk, "bonus", bonus.pk])
    assert "撤销加分请写明原因" in client.post(undo, follow=True).content.decode()
    client.post(undo, {f"bonus-{bonus.pk}-reason": "重复登记"})
    assert not Bonus.objects.exists()


def test_ranking_heads_each_group_and_leaves_room_to_sign(year, signed_in):
    compute(year.cycle)
    page = signed_in(year.department).get(reverse("assessments:results", args=[year.cycle.pk]))

    text = page.content.decode()
    assert text.count('class="ranking-group"') == 3
    assert "农村领域 · 村（社区）" in text
    assert "层级" not in [column.header for column in page.context["table"].columns]
    assert f"<span>单位：{year.cycle.organization}</span><span>负责人签字：</span>" in text


def test_ranking_takes_as_many_queries_for_three_as_for_one(year, queries, cast):
    compute(year.cycle)
    url = reverse("assessments:results", args=[year.cycle.pk])
    some = queries(year.department, f"{url}?sector=RURAL")

    assert queries(year.department, url) == some
