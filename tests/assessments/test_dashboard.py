"""看板: who sees which part of the tree, numbers that lead to their cases, findings in words."""

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from orgs.models import AuditEntry, Level, Role
from services.models import Category
from tests.people import Township, person, place, post

URL = reverse("assessments:dashboard")
EXPORT = reverse("assessments:dashboard_export")


@pytest.fixture
def look(client, enter):
    def look(user, **asked):
        enter(user)
        return client.get(URL, asked)

    return look


def panel(response, name):
    return next(p for p in response.context["dashboard"].panels if p.name == name)


def rows(response, name):
    return [row.record for row in panel(response, name).table.rows]


def busy(cast):
    """柳河镇: three answered, one overdue, one soon due; its village: one answered, one overdue."""
    village = {"organization": cast.home.village}
    cast.handling()
    cast.handling(**village)
    cast.replied().evaluate(grade=5)
    cast.replied().evaluate(grade=2)
    cast.replied(**village)
    redone = cast.replied()
    redone.redo(actor=cast.centre_head, reason="仍未解决")


# Who sees what


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.CENTRE_HEAD, ["柳河镇", "柳河镇一村"]),
        (Role.SECRETARY, ["柳河镇", "柳河镇一村"]),
        (Role.REVIEWER, ["柳河镇", "柳河镇一村"]),
    ],
)
def test_reader_starts_at_the_top_of_his_or_her_reach(look, cast, role, names):
    page = look(cast.home.people[role])

    lens = page.context["lens"]
    assert [str(lens.node), *map(str, lens.children)] == names
    assert lens.above == []


def test_county_reviewer_goes_down_level_by_level_and_up_again(client, look, cast):
    reviewer = person("county", "县组织部")
    post(reviewer, cast.county, Role.REVIEWER)
    busy(cast)

    county = look(reviewer)
    assert [row["name"] for row in rows(county, "board")] == ["柳河镇"]
    town = client.get(rows(county, "board")[0]["name_url"])
    assert [row["name"] for row in rows(town, "board")] == ["柳河镇（本级）", "柳河镇一村"]
    village = client.get(rows(town, "board")[1]["name_url"])

    assert str(village.context["lens"].node) == "柳河镇一村"
    assert [str(row) for row, _ in village.context["lens"].above] == ["青溪县委", "柳河镇"]
    assert "board" not in [p.name for p in village.context["dashboard"].panels]
    assert "东山乡" in panel(county, "board").note


@pytest.mark.parametrize("asked", ["away", "county", "nonsense", "999999999999999999999"])
def test_organization_out_of_reach_does_not_exist(look, cast, asked):
    known = {"away": cast.away.organization.pk, "county": cast.county.pk}

    page = look(cast.secretary, organization=known.get(asked, asked))

    assert page.status_code == 404


def test_head_of_the_centre_does_not_count_what_lies_beside_the_villages(look, cast):
    unit = place("4299101901", "柳河镇商会", Level.UNIT, cast.home.organization)
    cast.register()
    cast.register(organization=unit)

    assert look(cast.centre_head).context["dashboard"].volumes["registered"] == 1
    assert look(cast.secretary).context["dashboard"].volumes["registered"] == 2


def test_nothing_of_a_sister_township_leaks_into_the_numbers(look, cast):
    busy(cast)

    page = look(cast.away.people[Role.SECRETARY])

    assert page.context["dashboard"].volumes["registered"] == 0
    assert "高龄津贴" not in page.content.decode()


# Numbers


def test_numbers_and_lights_of_the_board_counted_by_hand(look, cast, clock):
    busy(cast)
    clock.set("2026-03-10 09:00")

    found = {row["name"]: row for row in rows(look(cast.secretary), "board")}

    own, village = found["柳河镇（本级）"], found["柳河镇一村"]
    assert [own[key] for key in ("registered", "answered", "open")] == [4, 3, 2]
    assert (own["on_time"].counts, own["satisfied"].counts) == ("3 / 4", "1 / 2")
    assert (own["light"].tone, own["light"].words) == ("red", "2 件超期")
    assert [village[key] for key in ("registered", "answered", "open")] == [2, 1, 1]
    assert (village["on_time"].counts, village["light"].words) == ("1 / 2", "1 件超期")


def test_green_yellow_and_red_stand_in_that_order_from_below(look, cast, clock):
    reviewer = person("county", "县组织部")
    post(reviewer, cast.county, Role.REVIEWER)
    cast.register(organization=cast.away.organization, actor=cast.outsider)
    third = Township(cast.county, "4299103", "白石镇")
    cast.handling()
    clock.set("2026-03-05 09:00")
    clerk = third.people[Role.CLERK]
    cast.register(organization=third.organization, actor=clerk, accept=True, promised_days=2)
    clock.set("2026-03-09 17:00")
    lights = [row["light"].tone for row in rows(look(reviewer), "board")]
    assert lights == ["yellow", "yellow", "green"]
    clock.set("2026-03-09 18:00")

    page = look(reviewer)

    assert [row["light"].tone for row in rows(page, "board")] == ["red", "red", "green"]
    assert panel(page, "board").finding == "柳河镇超期最多，1 件（共 2 件）"


def test_every_number_leads_to_exactly_its_cases(client, look, cast, clock):
    busy(cast)
    clock.set("2026-03-09 09:00")
    cast.register(accept=True, promised_days=1)
    clock.set("2026-03-10 09:00")
    page = look(cast.secretary, period="month")
    links = [
        (row[key.removesuffix("_url")], url)
        for p in page.context["dashboard"].panels
        for row in (bound.record for bound in p.table.rows)
        if isinstance(row, dict)
        for key, url in row.items()
        if key.endswith("_url") and url and isinstance(row[key.removesuffix("_url")], int)
    ]
    links += [
        (int(counter["value"]), counter["url"]) for counter in page.context["dashboard"].counters()
    ]
    assert len(links) > 20

    for number, url in links:
        assert (url, client.get(url).context["page"].count) == (url, number)


def test_list_says_what_it_was_narrowed_to_and_keeps_it(client, look, cast, clock):
    busy(cast)
    clock.set("2026-03-10 09:00")
    page = look(cast.secretary, period="month")
    missed = next(row for row in rows(page, "rates") if row["label"] == "按期办结率")

    narrowed = client.get(missed["missed_url"])

    text = narrowed.content.decode()
    assert "只列出：柳河镇，按期办结率：未按期回复，2026年3月1日至2026年3月31日。" in text
    assert 'name="figure" value="on_time.missed"' in text
    assert "只列出" not in client.get(reverse("services:requests")).content.decode()


def test_figure_without_its_period_finds_nothing(enter, client, cast):
    cast.replied()
    enter(cast.secretary)

    url = reverse("services:requests")
    assert client.get(url, {"box": "all", "figure": "on_time.met"}).context["page"].count == 0
    assert client.get(url, {"box": "all", "figure": "nonsense"}).context["page"].count == 1


# Words


def test_findings_say_what_the_figures_say(look, cast, clock):
    Category.ensure("民政救助", "养老服务", "高龄津贴")
    leaf = Category.objects.get(name="高龄津贴")
    busy(cast)
    for _ in range(4):
        cast.handling(category=leaf).reassign(
            actor=cast.unit_head, handler=cast.deputy, reason="分担"
        )
    clock.set("2026-03-10 09:00")

    page = look(cast.secretary, period="month")

    said = {p.name: p.finding for p in page.context["dashboard"].panels}
    assert said == {
        "board": "柳河镇（本级）超期最多，6 件（共 7 件），主要在民政（6 件）",
        "overdue": "超期 7 件，最久的超期 1 个工作日",
        "rates": "按期办结率 40.0%；满意率样本不足（1 / 2），只看件数",
        "months": "本期登记 10 件，首次答复 4 件；期末在办 7 件，比期初多 7 件",
        "backlog": "在办 7 件，收到都在 20 个工作日以内",
        "categories": "诉求分类：“未分类”最多，6 件，占 60.0%",
        "sources": "来源：“现场”最多，10 件，占 100.0%",
        "excluded": "本期没有剔除的办件",
    }
    for words in said.values():
        assert words in page.content.decode()


def test_month_that_is_over_ends_with_its_last_day(look, cast, clock):
    first = cast.handling()
    cast.handling()
    clock.set("2026-04-02 09:00")
    first.withdraw(actor=cast.clerk, reason="不办了", signed=True)
    cast.handling()

    march = look(cast.secretary, period="last_month")

    assert panel(march, "months").finding == (
        "本期登记 2 件，首次答复 0 件；期末在办 2 件，比期初多 2 件"
    )
    told = rows(march, "months")[-1]
    assert (told["month"], told["registered"], told["open"]) == ("2026年3月", 2, 2)
    april = rows(look(cast.secretary, period="month"), "months")
    assert [(row["registered"], row["open"]) for row in april[-2:]] == [(2, 2), (1, 2)]


def test_empty_part_of_the_tree_says_so(look, cast):
    page = look(cast.secretary)

    said = {p.name: p.finding for p in page.context["dashboard"].panels}
    assert said["overdue"] == "没有超期的办件"
    assert said["backlog"] == "没有在办的办件"
    assert said["rates"] == "按期办结率还没有可算的办件；满意率还没有可算的办件"
    assert "另有 1 个下级组织没有办件：柳河镇一村。" in panel(page, "board").note


def test_excluded_cases_are_listed_with_reason_and_both_names(look, cast):
    request = cast.replied()
    request.propose_exclusion(actor=cast.dispatcher, reason="诉求要求违反政策")
    request.endorse(actor=cast.centre_head, opinion="同意")

    (row,) = rows(look(cast.secretary), "excluded")

    assert (row["number"], row["reason"]) == (request.number, "诉求要求违反政策")
    assert row["proposed"] == f"{cast.dispatcher}，2026年3月2日"
    assert row["decided"] == f"{cast.centre_head}，2026年3月2日"


def test_area_comparison_is_cautioned_against(look, cast):
    busy(cast)

    assert "不宜直接排名" in look(cast.secretary).content.decode()


# The page and its exports


def test_page_has_no_inline_script_or_style(look, cast):
    busy(cast)

    text = look(cast.secretary).content.decode()

    assert not re.search(r"\sstyle=|<style|\son\w+=", text)
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts)
    assert sum("application/json" in tag for tag in scripts) == text.count("data-chart=")


def test_names_of_citizens_are_nowhere(look, cast, clock):
    busy(cast)
    clock.set("2026-03-10 09:00")

    text = look(cast.secretary).content.decode()

    assert "覃" not in text and "13900000021" not in text


def test_each_table_is_exported_as_shown_and_on_record(client, look, cast, clock):
    busy(cast)
    clock.set("2026-03-10 09:00")
    page = look(cast.secretary, period="month")

    for p in page.context["dashboard"].panels:
        answer = client.get(p.export_url)
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert sheet.max_row == len(p.table.rows) + 1
        noted = AuditEntry.objects.filter(action="list.exported").order_by("pk").last().note
        assert noted.startswith(f"柳河镇 2026年3月{p.label}，{len(p.table.rows)} 条")


def test_export_holds_counts_beside_percentages(enter, client, cast, clock):
    busy(cast)
    clock.set("2026-03-10 09:00")
    enter(cast.secretary)

    answer = client.get(EXPORT, {"panel": "board", "period": "month"})

    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["组织", "登记", "答复", "在办", "亮灯", "按期办结率", "满意率"],
        ["柳河镇（本级）", 4, 3, 2, "2 件超期", "样本不足（3 / 4）", "样本不足（1 / 2）"],
        ["柳河镇一村", 2, 1, 1, "1 件超期", "样本不足（1 / 2）", "—（0 / 0）"],
    ]


def test_export_of_no_such_table_does_not_exist(enter, client, cast):
    enter(cast.secretary)

    assert client.get(EXPORT, {"panel": "nonsense"}).status_code == 404


def test_queries_do_not_grow_with_organizations_and_cases(look, cast, clock):
    reviewer = person("county", "县组织部")
    post(reviewer, cast.county, Role.REVIEWER)
    leaf, _ = Category.ensure("民政救助", "养老服务", "高龄津贴")

    def fill(town):
        people = town.people
        for _ in range(2):
            request = cast.register(
                organization=town.organization, actor=people[Role.CLERK], accept=True, category=leaf
            )
            request.dispatch(actor=people[Role.DISPATCHER], department=town.unit)
            request.sign(actor=people[Role.HANDLER])
        request.propose_exclusion(actor=people[Role.DISPATCHER], reason="违反政策")
        request.endorse(actor=people[Role.CENTRE_HEAD])

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert look(reviewer).status_code == 200
        return len(queries)

    fill(cast.home)
    clock.set("2026-03-10 09:00")
    count()
    one = count()
    clock.set("2026-03-02 09:00")
    fill(cast.away)
    fill(Township(cast.county, "4299103", "白石镇"))
    clock.set("2026-03-10 09:00")

    assert count() == one
    assert one < 60
