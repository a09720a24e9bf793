"""The organization department changes a scheme in drafts; a frozen version is only read."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from assessments.models import Scheme
from assessments.models.scheme_course import fingerprint
from orgs.models import AuditEntry, NotAllowed, Role
from tests.assessments.cycles import CycleCast
from tests.people import person, post


@pytest.fixture
def scheme(cast):
    return Scheme.objects.get(version=1)


@pytest.fixture
def draft(cast, scheme):
    return scheme.copy(actor=cast.reviewer)


@pytest.fixture
def client(cast, signed_in):
    return signed_in(cast.reviewer)


def address(name, *args):
    return reverse(f"assessments:{name}", args=args)


def typed(client, url, **changes):
    """What the form says when opened, and with these changes: ready to be sent."""
    form = client.get(url).context["form"]
    said = {bound.name: bound.value() for bound in form}
    said = {name: value for name, value in said.items() if value not in (None, False)}
    return said | changes


def test_reader_finds_versions_and_one_of_them_whole(cast, scheme, signed_in):
    client = signed_in(cast.secretary)
    rows = client.get(address("schemes")).context["table"].rows
    assert [row.get_cell_value("name") for row in rows] == [scheme.name]

    page = client.get(scheme.get_absolute_url())
    assert {line["total"] for line in page.context["sums"]} == {"100"}
    assert ("群众测评权重", "50%") in page.context["facts"]
    assert page.context["may_edit"] is False
    lines = dict.fromkeys(words for part in page.context["parts"] for _, words in part["lines"])
    assert "5 星：总分不低于 90，群众测评不低于 85，同领域同层级不超过 10%" in lines
    assert "垂直管理单位：所在地党组织占 30%，党内" in lines


def test_one_sector_shows_its_own_indicators(client, scheme):
    page = client.get(scheme.get_absolute_url(), {"sector": "COMMUNITY"})

    codes = [line["row"].code for sheet in page.context["sheets"] for line in sheet["rows"]]
    assert [code for code in codes if code.startswith("4.1")] == ["4.1a", "4.1b", "4.1c"]
    everything = client.get(scheme.get_absolute_url(), {"sector": "all"}).context["sheets"]
    assert sum(len(sheet["rows"]) for sheet in everything) == scheme.indicators.count()


def test_department_begins_another_version(client, scheme):
    answer = client.post(address("scheme_copy", scheme.pk), {"copy-name": "2027 方案"})

    made = Scheme.objects.get(version=2)
    assert answer.url == made.get_absolute_url()
    assert (made.name, made.based_on, made.why_closed()) == ("2027 方案", scheme, "")


def test_weights_are_typed_in_per_cent_and_recorded(client, draft):
    url = address("scheme_edit", draft.pk)
    said = typed(client, url, weight_public="55", weight_review="35")
    assert said["weight_self"] == "10"

    assert client.post(url, said).status_code == 302

    draft.refresh_from_db()
    assert (draft.weight_public, draft.weight_review) == (Decimal("0.55"), Decimal("0.35"))
    entry = AuditEntry.objects.about(draft).last()
    assert (entry.label, set(entry.changes)) == (
        "修改考核方案", {"weight_public", "weight_review"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "weights, errors",
    [
        (
            ("10", "35", "55"),
            {"weight_public": ["不得低于 40%，也不得低于自评或组织考评的权重，请调高。"]},
        ),
        (("25", "50", "25"), {"weight_self": ["不得高于 20%，请调低。"]}),
        (("10", "50", "30"), {"weight_review": ["三项权重合计 90%，应为 100%。"]}),
    ],
)  # fmt: skip
def test_weight_guard_speaks_at_the_field(client, draft, weights, errors):
    url = address("scheme_edit", draft.pk)
    names = ("weight_self", "weight_public", "weight_review")

    page = client.post(url, typed(client, url, **dict(zip(names, weights, strict=True))))

    assert page.context["form"].errors == errors


def test_indicator_that_breaks_the_sum_shows_at_once(client, draft):
    row = draft.indicators.get(code="6.1")
    url = address("scheme_part", draft.pk, "indicator", row.pk)

    client.post(url, typed(client, url, points="9"))

    assert draft.indicators.get(code="6.1").points == 9
    faults = client.get(draft.get_absolute_url()).context["faults"]
    assert faults[0] == "农村：指标合计 101 分，应为 100 分。"


def test_indicator_is_added_and_removed(client, draft):
    url = address("scheme_part_new", draft.pk, "indicator")
    goal = draft.goals.get(number=6)
    said = {"goal": goal.pk, "code": "6.9", "name": "特色工作", "points": "2", "floor": "60",
            "target": "95", "sectors": ["RURAL"], "is_review_scored": "on"}  # fmt: skip
    assert client.post(url, said).status_code == 302
    made = draft.indicators.get(code="6.9")
    assert (made.sectors, made.floor, made.is_self_scored) == (["RURAL"], Decimal("0.6"), False)

    gone = address("scheme_part_remove", draft.pk, "indicator", made.pk)
    assert client.get(gone).status_code == 200
    assert draft.indicators.filter(code="6.9").exists()
    client.post(gone, {"sure": "yes"})
    assert not draft.indicators.filter(code="6.9").exists()


def test_indicator_nobody_scores_is_refused(client, draft):
    row = draft.indicators.get(code="1.2")
    url = address("scheme_part", draft.pk, "indicator", row.pk)
    said = typed(client, url)
    del said["is_self_scored"], said["is_review_scored"]

    page = client.post(url, said)

    assert page.context["form"].errors == {
        "is_self_scored": ["没有人打分：请选自评、组织考评或自动取数中的一种。"]
    }


@pytest.mark.parametrize("part, related", [
    ("goal", "goals"), ("voters", "voter_groups"), ("stars", "star_bands"), ("veto", "veto_rules"),
])  # fmt: skip
def test_every_part_opens_and_saves(client, draft, part, related):
    row = getattr(draft, related).first()
    url = address("scheme_part", draft.pk, part, row.pk)

    assert client.post(url, typed(client, url)).status_code == 302
    assert client.get(address("scheme_part_new", draft.pk, part)).status_code == 200
    assert draft.faults() == []


def test_goal_with_indicators_stays(cast, draft):
    with pytest.raises(NotAllowed):
        draft.remove(actor=cast.reviewer, part=draft.goals.first())


def test_form_open_in_two_tabs_does_not_overwrite_silently(cast, client, draft):
    row = draft.veto_rules.first()
    url = address("scheme_part", draft.pk, "veto", row.pk)
    first, second = typed(client, url, name="甲"), typed(client, url, name="乙")
    client.post(url, first)

    page = client.post(url, second)

    assert page.status_code == 409
    assert "这一项在别处改过" in page.context["form"].non_field_errors()[0]
    assert draft.veto_rules.get(pk=row.pk).name == "甲"
    again = {bound.name: bound.value() for bound in page.context["form"]}
    assert (again["name"], again["seen"]) == ("乙", fingerprint(draft.veto_rules.get(pk=row.pk)))
    assert client.post(url, again).status_code == 302
    assert draft.veto_rules.get(pk=row.pk).name == "乙"


@pytest.mark.parametrize("verb", ["scheme_edit", "scheme_part"])
def test_frozen_version_says_how_to_go_on(client, scheme, verb):
    scheme.freeze()
    args = [scheme.pk, "goal", scheme.goals.first().pk] if verb == "scheme_part" else [scheme.pk]

    page = client.get(address(verb, *args), follow=True)

    assert page.redirect_chain[0][0] == scheme.get_absolute_url()
    assert "这一版方案已经定稿，不能再改。请另起一版。" in page.content.decode()


def test_version_frozen_meanwhile_is_not_changed(cast, scheme):
    stale, seen = Scheme.objects.get(pk=scheme.pk), fingerprint(scheme)
    scheme.freeze()

    with pytest.raises(NotAllowed):
        stale.revise(actor=cast.reviewer, seen=seen, note="改")


def test_withdrawn_version_opens_no_year(client, scheme):
    client.post(address("scheme_withdraw", scheme.pk), {"withdraw-reason": "上级有新文件"})

    assert list(Scheme.objects.usable()) == []
    assert AuditEntry.objects.about(scheme).last().note == "上级有新文件"


def test_rules_of_a_year_are_not_withdrawn_from_another_place(cast, scheme, signed_in):
    year = CycleCast(cast)
    stranger = person("stranger", "外镇组织委员")
    post(stranger, cast.home.village, Role.REVIEWER)

    with pytest.raises(NotAllowed):
        scheme.withdraw(actor=stranger, reason="不用了")
    page = signed_in(stranger).get(scheme.get_absolute_url())
    assert page.context["may_withdraw"] is False

    Scheme.objects.get(pk=scheme.pk).withdraw(actor=year.department, reason="上级有新文件")
    assert list(Scheme.objects.usable()) == []


def test_secretary_reads_and_changes_nothing(cast, draft, signed_in):
    client = signed_in(cast.secretary)
    for url in (
        address("scheme_edit", draft.pk), address("scheme_copy", draft.pk),
        address("scheme_withdraw", draft.pk), address("scheme_part_new", draft.pk, "goal"),
    ):  # fmt: skip
        assert client.get(url).status_code == 403
    with pytest.raises(NotAllowed):
        draft.revise(actor=cast.secretary, seen=fingerprint(draft), note="改")
    with pytest.raises(NotAllowed):
        draft.copy(actor=cast.secretary)


def test_part_of_another_version_is_not_found(client, scheme, draft):
    url = address("scheme_part", draft.pk, "goal", scheme.goals.first().pk)
    assert client.get(url).status_code == 404
    assert client.get(address("scheme_part_new", draft.pk, "nonsense")).status_code == 404


def test_export_holds_every_indicator(client, scheme):
    answer = client.get(address("scheme_export", scheme.pk))

    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert len(rows) == scheme.indicators.count() + 1
    assert rows[1][:4] == ("坚强有力的领导班子", "1.1", "班子健全、按期换届", 4)


def test_pages_take_as_many_queries_for_three_versions_as_for_one(cast, scheme, queries):
    counts = [(queries(cast.reviewer, address("schemes")),
               queries(cast.reviewer, scheme.get_absolute_url()))]  # fmt: skip
    for _ in range(2):
        scheme.copy(actor=cast.reviewer)
    counts.append((queries(cast.reviewer, address("schemes")),
                   queries(cast.reviewer, scheme.get_absolute_url())))  # fmt: skip

    assert counts[0] == counts[1]
