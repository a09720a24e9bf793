"""A centre brings in what citizens have written to another platform before, with the answers,
at their true times: nothing twice, nothing lost."""

import json
from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orgs.models import AuditChain, AuditEntry, CalendarYear
from orgs.models.audit import first_fault
from services.models import Citizen, ServiceRequest
from tests.people import place
from tests.sheets import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HEADINGS = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
LAMP = ("101", "U0101", "路灯不亮", "2019/9/24 9:32:09", "\n\t\t村口路灯坏了一个月。\n\t\t",
        "\u3000已更换灯泡。", "2019/9/30 16:00:00")  # fmt: skip


@pytest.fixture
def office():
    return place("4299", "青溪县委", "COUNTY")


def run(path, *flags):
    out = StringIO()
    told = [str(path), "--organization", "4299", "--json", *flags]
    call_command("import_requests", *told, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def load(tmp_path, office):
    """`load(row, row…)` imports the rows under the usual headings."""

    def load(*rows, flags=()):
        return run(workbook(tmp_path / "留言.xlsx", HEADINGS, *rows), *flags)

    return load


def counts(report):
    return [report[name] for name in ("rows", "new", "duplicate", "error")]


def change(row, **cells):
    """The row with other cells: `change(LAMP, 主题="…")`."""
    named = dict(zip(HEADINGS, row, strict=True)) | cells
    return tuple(named.values())


def test_all_real_messages_load_once(shared_data, office):
    path = shared_data / "citizen-messages.xlsx"

    assert run(path) == {"rows": 939, "new": 939, "duplicate": 0, "error": 0, "errors": []}
    assert run(path) == {"rows": 939, "new": 0, "duplicate": 939, "error": 0, "errors": []}

    rows = ServiceRequest.objects.all()
    assert rows.filter(status="CLOSED", is_late_entry=True, source="ONLINE").count() == 939
    assert rows.values("number").distinct().count() == 939
    assert rows.exclude(replies__sent_at=None).filter(text__isnull=False).count() == 939
    assert not rows.filter(due_provisional=True).exists()
    row = rows.get(external_id="2549")
    assert row.subject == "A2区景蓉华苑物业管理有问题"
    assert row.content.startswith("2019年4月以来，位于A市A2区")
    assert row.received_at.isoformat() == "2019-04-25T01:32:09+00:00"
    # 2019: May 1 to 3 off, April 28 and May 5 worked.
    assert row.due_on == date(2019, 5, 17)
    assert row.replied_at.isoformat() == "2019-05-10T06:56:53+00:00"
    assert rows.search("景蓉华苑 物业").get() == row
    entries = AuditEntry.objects.filter(action="request.history_recorded")
    assert (entries.count(), entries.filter(actor=None).count()) == (939, 939)
    assert first_fault(AuditChain.objects.get()) == ""


def test_answered_message_is_a_closed_request_at_its_own_times(load, office):
    assert counts(load(LAMP)) == [1, 1, 0, 0]

    row = ServiceRequest.objects.get()
    received, replied = "2019-09-24T01:32:09+00:00", "2019-09-30T08:00:00+00:00"
    assert [row.received_at.isoformat(), row.registered_at.isoformat()] == [received] * 2
    assert row.accepted_at.isoformat() == received
    assert [row.replied_at.isoformat(), row.closed_at.isoformat()] == [replied] * 2
    assert (row.status, row.outcome) == ("CLOSED", "EXPLAINED")
    assert (row.source, row.is_late_entry, row.external_id) == ("ONLINE", True, "101")
    assert (row.subject, row.content) == ("路灯不亮", "村口路灯坏了一个月。")
    assert row.number == f"FB1909-{office.pk}-0001"
    assert (row.mode, row.promised_days) == ("COMMITTED", 15)
    # National Day off, September 29 and October 12 worked.
    assert (row.due_on, row.due_provisional) == (date(2019, 10, 18), False)
    reply = row.replies.get()
    assert (reply.text, reply.channel, reply.outcome) == ("已更换灯泡。", "ONLINE", "EXPLAINED")
    assert [reply.submitted_at.isoformat(), reply.sent_at.isoformat()] == [replied] * 2
    assert (row.citizen.name, row.citizen.phone) == ("U0101", "")
    assert not row.can_evaluate()
    entry = AuditEntry.objects.get(target_type="services.servicerequest")
    assert (entry.actor_name, entry.label, entry.note) == ("系统", "补录", "原编号 101")


def test_calendar_of_each_year_is_there(load):
    load(LAMP, change(LAMP, 留言编号="102", 留言时间="2011/4/2 18:00:54"))

    years = CalendarYear.objects.order_by("year").values_list("year", "confirmed")
    assert list(years) == [(2011, True), (2012, True), (2019, True), (2020, True)]


def test_promise_is_for_the_command_to_say(load):
    load(LAMP, flags=["--promised-days", "3"])

    row = ServiceRequest.objects.get()
    assert row.due_on == date(2019, 9, 27)
    assert row.replied_at > row.due_at


def test_unanswered_message_stays_open_and_overdue(load):
    load(change(LAMP, 答复意见=None, 答复时间=None))

    row = ServiceRequest.objects.get()
    assert (row.status, row.replied_at, row.due_on) == ("ACCEPTED", None, date(2019, 10, 18))
    assert list(ServiceRequest.objects.overdue()) == [row]


def test_dates_and_numbers_of_excel_are_understood(load):
    report = load(
        change(
            LAMP, 留言编号=101, 留言时间=datetime(2019, 9, 24, 9, 32), 答复时间=date(2019, 9, 30)
        ),
        change(LAMP, 留言编号="102", 留言时间="2019-09-24 09:32", 答复时间="2019年9月30日"),
    )

    assert counts(report) == [2, 2, 0, 0]
    told = ServiceRequest.objects.order_by("pk").values_list("external_id", "received_at")
    assert [(number, at.isoformat()) for number, at in told] == [
        ("101", "2019-09-24T01:32:00+00:00"),
        ("102", "2019-09-24T01:32:00+00:00"),
    ]


def test_nameless_citizens_remain_different_people(load):
    load(change(LAMP, 留言用户=None), change(LAMP, 留言编号="102", 留言用户=" "))

    assert list(Citizen.objects.values_list("name", flat=True)) == ["匿名网友", "匿名网友"]


def test_bad_rows_are_named_and_good_ones_go_in(load):
    report = load(
        LAMP,
        change(LAMP, 留言编号=None, 留言主题=" ", 留言详情="\n\t"),
        change(LAMP, 留言编号="103", 留言时间="去年春天"),
        change(LAMP, 留言编号="104", 答复时间="2019/9/24 9:32:08"),
        change(LAMP, 留言编号="105", 答复时间=None),
        change(LAMP, 留言编号="106", 答复意见=None),
        change(LAMP, 留言编号="107", 答复时间="2026/3/2 9:00:01"),
        change(LAMP, 留言编号="108", 留言时间="1019/9/24 9:32:09"),
        change(LAMP, 留言编号="109", 留言主题="字" * 101),
        change(LAMP, 留言编号="101", 留言主题="另一件事"),
        LAMP,
    )

    def error(row, column, value, message):
        return {"row": row, "column": column, "value": value, "message": message}

    how = "时间不对，请写成 2019/4/25 9:32:09 这样的年月日时分秒。"
    late = "答复时间早于留言时间 2019/9/24 9:32:09。"
    assert report == {
        "rows": 11,
        "new": 1,
        "duplicate": 1,
        "error": 9,
        "errors": [
            error(3, "留言编号", "", "留言编号不能为空。"),
            error(3, "留言主题", "", "留言主题不能为空。"),
            error(3, "留言详情", "", "留言详情不能为空。"),
            error(4, "留言时间", "去年春天", how),
            error(5, "答复时间", "2019/9/24 9:32:08", late),
            error(6, "答复时间", "", "有答复意见，但没有答复时间。"),
            error(7, "答复意见", "", "有答复时间，但没有答复意见。"),
            error(8, "答复时间", "2026/3/2 9:00:01", "时间晚于现在。"),
            error(9, "留言时间", "1019/9/24 9:32:09", "时间早于 2000 年。"),
            error(10, "留言主题", "字" * 101, "最多 100 个字，现在是 101 个。"),
            error(11, "留言编号", "101", "与第 2 行编号相同，内容不同。"),
        ],
    }
    assert ServiceRequest.objects.get().external_id == "101"


def test_answer_that_comes_later_is_not_lost_silently(load):
    load(change(LAMP, 答复意见=None, 答复时间=None))
    number = ServiceRequest.objects.get().number

    report = load(LAMP)

    assert report["errors"] == [
        {
            "row": 2,
            "column": "答复意见",
            "value": "已更换灯泡。",
            "message": f"已导入为未答复的办件 {number}，请在该办件中登记答复。",
        }
    ]


def test_same_number_at_another_organization_is_another_message(load, tmp_path):
    load(LAMP)
    place("4298", "白河县委", "COUNTY")
    out = StringIO()

    call_command(
        "import_requests", str(tmp_path / "留言.xlsx"), "--organization", "4298", stdout=out
    )

    assert out.getvalue() == "共 1 行：新增 1，重复 0，错误 0。\n"
    assert ServiceRequest.objects.filter(external_id="101").count() == 2


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--organization", "9999"], "没有代码为“9999”的党组织，请先导入党组织名册。"),
        (["--organization", "4299", "--promised-days", "0"], "答复时限应为 1 至 365 个工作日。"),
    ],
)
def test_wrong_order_is_refused(office, tmp_path, flags, said):
    path = workbook(tmp_path / "留言.xlsx", HEADINGS, LAMP)

    with pytest.raises(CommandError) as refusal:
        call_command("import_requests", str(path), *flags)

    assert str(refusal.value) == said
    assert not ServiceRequest.objects.exists()


def test_file_that_is_no_table_is_refused(office, tmp_path):
    path = tmp_path / "留言.xlsx"
    path.write_text("不是表格")

    with pytest.raises(CommandError):
        run(path)
