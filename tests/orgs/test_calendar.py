"""The working calendar: read by all, kept by the system administrator, imported after a look."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orgs.exports import workbook_bytes
from orgs.models import AuditEntry, CalendarDay, CalendarYear
from orgs.models.calendar import calendar_version, workdays
from orgs.resources import CalendarDayResource
from orgs.workbook_container import BadWorkbook
from orgs.year_page import months, spans

LIST = reverse("orgs:calendars")
IMPORT = reverse("orgs:calendar_import")
HEAD = ("日期", "上班或放假", "名称")


def url(name, year):
    return reverse(f"orgs:{name}", args=[year])


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


@pytest.fixture
def system(cast, signed_in):
    return signed_in(cast.system_admin)


# Reading


def test_years_tell_what_is_confirmed_and_what_is_provisional(cast, signed_in):
    page = signed_in(cast.clerk).get(LIST)

    told = [(row.get_cell("year"), row.get_cell("confirmed")) for row in page.context["table"].rows]
    assert [cell for _, cell in told][1] == "国务院已公布，已确认"
    assert "暂定，待国务院公布" in page.content.decode()
    assert page.context["form"] is None


def test_year_shows_rest_days_and_moved_days_in_words(cast, signed_in):
    page = signed_in(cast.clerk).get(url("calendar", 2026))

    days = {
        day.date: day
        for month in page.context["months"]
        for week in month["weeks"]
        for day in week
        if day
    }
    assert len(days) == 365
    assert (days[date(2026, 10, 1)].mark, days[date(2026, 10, 1)].words) == ("休", "国庆节，放假")
    assert (days[date(2026, 10, 10)].mark, days[date(2026, 10, 10)].kind) == ("班", "on")
    assert days[date(2026, 3, 7)].words == "周末休息"
    assert days[date(2026, 3, 2)].words == "上班"
    assert page.context["form"] is None


def test_days_in_a_row_are_told_as_one():
    def off(day, name="国庆节"):
        return CalendarDay(date=day, is_workday=False, name=name)

    rows = [off(date(2026, 10, 1)), off(date(2026, 10, 2)), off(date(2026, 10, 5))]
    rows.append(CalendarDay(date=date(2026, 10, 6), is_workday=True, name="国庆节"))

    assert spans({row.date: row for row in rows}) == [
        (date(2026, 10, 1), date(2026, 10, 2), "国庆节", False),
        (date(2026, 10, 5), date(2026, 10, 5), "国庆节", False),
        (date(2026, 10, 6), date(2026, 10, 6), "国庆节", True),
    ]


def test_leap_year_has_its_day():
    february = months(2028, {})[1]

    assert [day.date.day for week in february["weeks"] for day in week if day][-1] == 29


def test_list_takes_as_many_queries_for_three_years_as_for_one(cast, queries):
    three = queries(cast.clerk, LIST)
    CalendarYear.objects.filter(year__gt=2025).delete()

    assert queries(cast.clerk, LIST) == three


def test_year_that_is_not_there_is_not_found(cast, system):
    assert system.get(url("calendar", 2040)).status_code == 404


# Changing


def set_day(client, day, kind, name="", year=2026):
    return client.post(url("calendar_day", year), {"date": day, "kind": kind, "name": name})


def test_administrator_sets_a_day_off_and_deadlines_follow(cast, system):
    version = calendar_version()

    assert set_day(system, "2026-03-04", "REST", "县运动会").url == url("calendar", 2026)

    assert not workdays().is_workday(date(2026, 3, 4))
    assert calendar_version() == version + 1
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.changes) == (
        cast.system_admin,
        {"2026-03-04": ["", "县运动会放假"]},
    )


def test_administrator_makes_a_saturday_a_workday_and_takes_it_back(cast, system):
    set_day(system, "2026-03-07", "WORK", "补班")
    assert workdays().is_workday(date(2026, 3, 7))

    set_day(system, "2026-03-07", "USUAL")
    assert not workdays().is_workday(date(2026, 3, 7))
    assert AuditEntry.objects.latest("pk").changes == {"2026-03-07": ["补班上班", "恢复默认"]}


def test_day_of_another_year_is_refused_and_the_text_stays(cast, system):
    response = set_day(system, "2027-03-04", "REST", "县运动会")

    assert errors(response) == {"date": ["请填写2026年的日期。"]}
    assert 'value="县运动会"' in response.content.decode()
    assert not CalendarDay.objects.filter(date="2027-03-04").exists()


def test_clicked_day_fills_the_form(cast, system):
    form = system.get(url("calendar", 2026), {"day": "2026-10-01"}).context["form"]

    assert form.initial == {"date": date(2026, 10, 1), "kind": "REST", "name": "国庆节"}
    assert system.get(url("calendar", 2026), {"day": "x"}).context["form"].initial == {}


def test_administrator_confirms_a_year_once(cast, system):
    assert workdays().is_provisional(date(2027, 1, 4), date(2027, 1, 5))

    for _ in range(2):
        system.post(url("calendar_confirm", 2027))

    assert not workdays().is_provisional(date(2027, 1, 4), date(2027, 1, 5))
    assert AuditEntry.objects.filter(action="calendar.changed").count() == 1
    assert "确认为国务院公布的安排" not in system.get(url("calendar", 2027)).content.decode()


def test_administrator_opens_a_further_year(cast, system):
    for _ in range(2):
        assert system.post(LIST, {"year": 2028}).url == url("calendar", 2028)

    assert not CalendarYear.objects.get(year=2028).confirmed
    assert AuditEntry.objects.filter(action="calendar.opened").count() == 1


def test_others_read_but_do_not_change(cast, signed_in):
    for user in (cast.clerk, cast.reviewer, cast.centre_head, cast.security_admin, cast.auditor):
        client = signed_in(user)
        assert client.get(url("calendar", 2026)).status_code == 200
        assert set_day(client, "2026-03-04", "REST").status_code == 403
        assert client.post(url("calendar_confirm", 2027)).status_code == 403
        assert client.post(IMPORT).status_code == 403
    signed_in(cast.clerk).post(LIST, {"year": 2028})
    assert not CalendarYear.objects.filter(year=2028).exists()
    assert workdays().is_workday(date(2026, 3, 4))


# Importing


def sheet(*rows, head=HEAD):
    return SimpleUploadedFile("放假安排.xlsx", workbook_bytes("放假安排", head, rows))


def upload(client, *rows, **more):
    return client.post(IMPORT, {"file": sheet(*rows, **more)})


HOLIDAYS = [
    (date(2028, 10, 2), "放假", "国庆节"),
    ("2028年10月3日", "休", "国庆节"),
    ("2028.10.14", "上班", "国庆节调休上班"),
]


def test_file_is_shown_first_and_nothing_is_written(cast, system):
    page = upload(system, *HOLIDAYS, ("2026-10-01", "放假", "国庆节"))

    preview = page.context["preview"]
    assert preview["errors"] == []
    assert [(str(row["day"].date), row["outcome"]) for row in preview["rows"]] == [
        ("2028-10-02", "新增"),
        ("2028-10-03", "新增"),
        ("2028-10-14", "新增"),
        ("2026-10-01", "不变"),
    ]
    assert "确认导入 3 天" in page.content.decode()
    assert not CalendarDay.objects.filter(date__year=2028).exists()


def test_confirmed_preview_is_written_through_the_verb(cast, system):
    preview = upload(system, *HOLIDAYS, ("2026-10-01", "上班", "")).context["preview"]

    assert system.post(IMPORT, {"days": preview["sealed"]}).url == LIST

    assert CalendarDay.objects.get(date="2028-10-14").is_workday
    assert CalendarDay.objects.get(date="2026-10-01").is_workday
    year = CalendarYear.objects.get(year=2028)
    assert (year.confirmed, year.version) == (False, 2)
    changed = AuditEntry.objects.filter(action="calendar.changed").order_by("pk")
    assert [entry.changes for entry in changed] == [
        {"2026-10-01": ["国庆节放假", "上班"]},
        {
            "2028-10-02": ["", "国庆节放假"],
            "2028-10-03": ["", "国庆节放假"],
            "2028-10-14": ["", "国庆节调休上班上班"],
        },
    ]


def test_bad_rows_are_named_and_nothing_can_be_confirmed(cast, system):
    page = upload(
        system,
        ("2028-10-02", "放假", "国庆节"),
        ("2028-02-30", "放假", "春节"),
        ("明天", "放假", ""),
        ("2028-10-03", "可能", ""),
        ("2028-10-02", "上班", ""),
        ("2028-10-04", "放假", "长" * 41),
    )

    assert page.context["preview"]["errors"] == [
        {"row": 3, "message": "没有“2028-02-30”这一天，请核对。"},
        {"row": 4, "message": "日期“明天”看不懂，请写成 2026-10-01。"},
        {"row": 5, "message": "“上班或放假”只能填上班或放假，现在是“可能”。"},
        {"row": 6, "message": "与第 2 行是同一天。"},
        {"row": 7, "message": "名称最多 40 个字。"},
    ]
    assert "确认导入" not in page.content.decode()


def test_heading_may_stand_lower_and_columns_in_any_order(cast):
    rows = [("名称", "日期", "上班或放假"), ("国庆节", "2028-10-02", "放假")]

    _, days, faults = CalendarDayResource().preview(sheet(*rows, head=("二〇二八年安排", "", "")))

    assert (days, faults) == ([(date(2028, 10, 2), False, "国庆节")], [])


def test_csv_is_read_as_well(cast, system):
    text = "日期,上班或放假,名称\r\n2028-10-02,放假,国庆节\r\n".encode("gb18030")
    file = SimpleUploadedFile("放假.csv", text)

    preview = system.post(IMPORT, {"file": file}).context["preview"]

    assert preview["days"] == [(date(2028, 10, 2), False, "国庆节")]


@pytest.mark.parametrize(
    ("head", "rows", "words"),
    [
        (
            ("天", "事"),
            [("2028-10-02", "放假")],
            "没有找到表头",
        ),
        (HEAD, [], "表头下面没有内容，请填好后再上传。"),
    ],
)
def test_sheet_without_heading_or_rows_is_refused(db, head, rows, words):
    with pytest.raises(BadWorkbook, match=words):
        CalendarDayResource().preview(sheet(*rows, head=head))


def test_other_files_are_refused_on_the_page(cast, system):
    for name, content in (("a.exe", b"MZ"), ("a.xlsx", b"not a workbook")):
        response = system.post(IMPORT, {"file": SimpleUploadedFile(name, content)})
        assert list(errors(response)) == ["file"]


def test_unchanged_file_says_so(cast, system):
    page = upload(system, ("2026-10-01", "放假", "国庆节"))

    assert "与现有日历完全一致" in page.content.decode()


def test_altered_or_old_preview_is_refused(cast, system, clock):
    sealed = upload(system, *HOLIDAYS).context["preview"]["sealed"]

    assert system.post(IMPORT, {"days": sealed + "x"}).url == IMPORT
    clock.advance(minutes=29)
    system.get(LIST)
    clock.advance(minutes=29)
    system.get(LIST)
    clock.advance(minutes=3)
    assert system.post(IMPORT, {"days": sealed}).url == IMPORT
    assert not CalendarDay.objects.filter(date__year=2028).exists()
