"""What was done stays written: the database refuses changes, the chain betrays them, the auditor
reads, filters, exports and verifies.
"""

import json
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from openpyxl import load_workbook

from orgs.models import AuditChain, AuditEntry, Duty, Role, Tag, User, triggers

AUDIT = reverse("orgs:audit")


def record(cast, actor=None, action="request.accepted", label="受理", **more):
    about = more.pop("about", cast.home.organization)
    return AuditEntry.record(
        actor or cast.clerk, action, about, label=label, organization=cast.home.organization, **more
    )


@pytest.fixture
def guarded(db):
    """The guard against deleting, which the test database goes without."""
    triggers.install(connection, [triggers.AUDIT_DELETE])
    yield
    if connection.vendor == "sqlite":
        triggers.remove(connection, [triggers.AUDIT_DELETE])


def forge(sql, *values):
    """What the owner of the database could do with the guards away."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


# What the database refuses


def test_entry_cannot_be_changed_or_deleted(cast, guarded):
    entry = record(cast)

    with pytest.raises(IntegrityError, match="只能追加"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(note="不曾发生")
    with pytest.raises(IntegrityError, match="只能追加"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).delete()
    with pytest.raises(IntegrityError, match="只能追加"), transaction.atomic():
        entry.note = "不曾发生"
        entry.save()
    assert AuditEntry.objects.get(pk=entry.pk).note == ""


def test_every_guard_is_in_place_but_the_one_tests_go_without(db):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        found = {name for (name,) in cursor.fetchall()}

    expected = {guard.name for guard in triggers.GUARDS}
    if connection.vendor == "sqlite":
        expected.remove(triggers.AUDIT_DELETE.name)
    assert expected <= found


def test_administrator_gets_no_post_past_the_model(cast):
    with pytest.raises(IntegrityError, match="不得兼任"), transaction.atomic():
        cast.auditor.posts.create(organization=cast.county, role=Role.SECRETARY)
    post = cast.clerk.posts.get()
    with pytest.raises(IntegrityError, match="不得兼任"), transaction.atomic():
        type(post).objects.filter(pk=post.pk).update(user=cast.auditor)
    assert not cast.auditor.posts.exists()


def test_holder_of_a_post_becomes_no_administrator_past_the_model(cast):
    with pytest.raises(IntegrityError, match="不得兼任"), transaction.atomic():
        User.objects.filter(pk=cast.clerk.pk).update(duty=Duty.SYSTEM)
    assert User.objects.get(pk=cast.clerk.pk).duty == Duty.BUSINESS

    cast.clerk.posts.update(ended_on="2026-03-01")
    User.objects.filter(pk=cast.clerk.pk).update(duty=Duty.SYSTEM)
    assert User.objects.get(pk=cast.clerk.pk).duty == Duty.SYSTEM


# What the chain betrays


def verify(*arguments):
    out = StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def three_entries(cast):
    return [record(cast, note=str(number)) for number in range(3)]


def test_untouched_chain_is_whole_and_prints_its_head(three_entries):
    code, told = verify()

    head = AuditChain.objects.get().head
    assert (code, told) == (0, f"2026-03-02 3 条 {head} 完整\n共 1 天，全部完整。\n")


def test_what_is_read_back_hashes_as_it_was_written(cast):
    cast.clerk.ip = "2001:db8::ff"
    record(cast, changes={"name": ["甲", "乙"], "level": ["", "VILLAGE"]}, note="换行\n与“引号”")

    assert verify()[0] == 0


def test_changed_entry_is_named(three_entries):
    forge("UPDATE orgs_auditentry SET note = 'x' WHERE id = %s", three_entries[1].pk)

    code, told = verify()
    assert code == 1
    assert "有误：2026-03-02 第 2 条被改动" in told


def test_deleted_entry_is_named(three_entries):
    forge("DELETE FROM orgs_auditentry WHERE id = %s", three_entries[1].pk)

    assert "2026-03-02 第 2 条缺失" in verify()[1]


def test_swapped_entries_are_named(three_entries):
    first, second, _ = (entry.pk for entry in three_entries)
    triggers.remove(connection)
    AuditEntry.objects.filter(pk=first).update(sequence=99)
    AuditEntry.objects.filter(pk=second).update(sequence=1)
    AuditEntry.objects.filter(pk=first).update(sequence=2)

    assert "2026-03-02 第 1 条被改动" in verify()[1]


def test_cut_tail_is_named(three_entries):
    forge("DELETE FROM orgs_auditentry WHERE id = %s", three_entries[2].pk)

    assert "2026-03-02 第 3 条起缺失（应有 3 条）" in verify()[1]


def test_tail_cut_together_with_its_head_is_caught_by_what_was_kept(three_entries, tmp_path):
    kept = tmp_path / "heads.json"
    kept.write_text(verify("--json")[1], encoding="utf-8")
    triggers.remove(connection)
    three_entries[2].delete()
    AuditChain.objects.update(count=2, head=three_entries[1].hash)

    assert verify()[0] == 0
    code, told = verify("--anchors", str(kept))
    assert code == 1
    assert "2026-03-02 第 3 条与留存的校验值不符" in told


def test_day_that_vanished_is_caught_by_what_was_kept(three_entries, tmp_path):
    kept = tmp_path / "heads.json"
    kept.write_text(verify("--json")[1], encoding="utf-8")
    triggers.remove(connection)
    AuditEntry.objects.all().delete()
    AuditChain.objects.all().delete()

    assert "2026-03-02 的记录链缺失" in verify("--anchors", str(kept))[1]


def test_kept_heads_still_hold_after_more_was_written(cast, three_entries, tmp_path):
    kept = tmp_path / "heads.json"
    kept.write_text(verify("--json")[1], encoding="utf-8")
    record(cast)

    assert verify("--anchors", str(kept))[0] == 0


def test_day_without_records_is_not_called_whole(three_entries):
    assert verify("--day", "2020-01-01")[1].splitlines()[-1] == "没有操作记录，请核对日期。"
    with pytest.raises(CommandError, match="日期应写成 2026-03-02，现在是“三月二日”"):
        verify("--day", "三月二日")


def test_file_that_keeps_no_heads_is_refused_in_words(three_entries, tmp_path):
    other = tmp_path / "其他.json"
    other.write_text("[]", encoding="utf-8")

    with pytest.raises(CommandError, match="不是 verify_audit --json 存下的文件。$"):
        verify("--anchors", str(other))
    with pytest.raises(CommandError, match="^打不开比对文件 .*，请检查路径和权限。$"):
        verify("--anchors", str(tmp_path / "没有.json"))


def test_entries_without_their_chain_are_named(three_entries):
    AuditChain.objects.all().delete()

    assert "2026-03-02 的记录链缺失" in verify()[1]


def test_one_day_as_json(cast, three_entries, clock):
    clock.set("2026-03-03 09:00")
    record(cast)
    forge("UPDATE orgs_auditentry SET note = 'x' WHERE id = %s", three_entries[0].pk)

    code, told = verify("--day", "2026-03-03", "--json")
    chain = AuditChain.objects.get(day="2026-03-03")
    assert code == 0
    assert json.loads(told) == {
        "whole": True,
        "fault": "",
        "days": [{"day": "2026-03-03", "count": 1, "head": chain.head, "fault": ""}],
    }
    assert verify()[0] == 1


# What the auditor sees


def rows(response):
    return [row.pk for row in response.context["page"].rows]


def test_auditor_reads_newest_first(cast, signed_in, clock):
    first = record(cast)
    clock.advance(minutes=1)
    second = record(cast)

    page = signed_in(cast.auditor).get(AUDIT)

    assert rows(page) == [second.pk, first.pk]
    assert "柳窗口人员" in page.content.decode()


def test_nobody_else_reads_the_log(cast, signed_in):
    entry = record(cast)

    for user in (cast.clerk, cast.system_admin, cast.security_admin, cast.reviewer):
        client = signed_in(user)
        assert client.get(AUDIT).status_code == 403
        assert client.get(reverse("orgs:audit_export")).status_code == 403
        assert client.get(reverse("orgs:audit_entry", args=[entry.pk])).status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"action": "citizen.unmasked"}, ["查看个人信息"]),
        ({"action": "request."}, ["受理"]),
        ({"actor": "柳承办"}, ["查看个人信息"]),
        ({"actor": "4299101-clerk"}, ["受理"]),
        ({"ip": "10.2."}, ["查看个人信息"]),
        ({"q": "上门"}, ["查看个人信息"]),
        ({"organization": "柳河镇"}, ["查看个人信息", "受理"]),
        ({"organization": "东山乡"}, []),
        ({"at_after": "2026-03-02", "at_before": "2026-03-02"}, ["受理"]),
        ({"at_after": "2026-03-03"}, ["查看个人信息"]),
        ({"at_before": "2026-03-01"}, []),
    ],
)
def test_auditor_filters(cast, signed_in, clock, query, expected):
    record(cast)
    clock.set("2026-03-03 00:01")
    cast.handler.ip = "10.2.3.4"
    record(cast, cast.handler, "citizen.unmasked", "查看个人信息", note="上门办理")

    page = signed_in(cast.auditor).get(AUDIT, query)

    assert [row.label for row in page.context["page"].rows] == expected


def test_pages_follow_one_another_without_gap_or_repetition(cast, signed_in):
    made = [record(cast).pk for _ in range(45)]  # all in the same second
    client, seen, cursor = signed_in(cast.auditor), [], ""

    for _ in range(3):
        page = client.get(AUDIT, {"cursor": cursor})
        seen += rows(page)
        cursor = page.context["page"].next_cursor

    assert seen == made[::-1]
    assert cursor == ""


def test_list_takes_as_many_queries_for_three_rows_as_for_one(cast, queries):
    record(cast)
    one = queries(cast.auditor, AUDIT)
    record(cast)
    record(cast, cast.handler)

    assert queries(cast.auditor, AUDIT) == one


def test_entry_shows_before_and_after_in_words(cast, signed_in):
    cast.home.village.revise(actor=cast.system_admin, level="UNIT", name="新村")
    entry = AuditEntry.objects.latest("pk")

    page = signed_in(cast.auditor).get(reverse("orgs:audit_entry", args=[entry.pk]))

    assert page.context["changes"] == [
        ("党组织名称", "柳河镇一村", "新村"),
        ("层级", "村（社区）", "单位"),
    ]


def test_auditor_verifies_the_day_from_an_entry(cast, signed_in, three_entries):
    url = reverse("orgs:audit_entry", args=[three_entries[0].pk])
    client = signed_in(cast.auditor)

    assert "核验通过" in client.get(url, {"verify": 1}).content.decode()
    forge("UPDATE orgs_auditentry SET note = 'x' WHERE id = %s", three_entries[2].pk)
    assert "第 3 条被改动" in client.get(url, {"verify": 1}).content.decode()


def test_export_holds_what_the_filter_shows_and_is_itself_on_record(cast, signed_in):
    record(cast)
    record(cast, cast.handler, "citizen.unmasked", "查看个人信息", note="上门办理")
    cast.home.village.revise(actor=cast.system_admin, level="UNIT", tags=Tag.named(["老区"]))

    response = signed_in(cast.auditor).get(
        reverse("orgs:audit_export"), {"action": "organization."}
    )

    sheet = load_workbook(BytesIO(response.content)).active
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    entry = AuditEntry.objects.get(action="organization.revised")
    heading = next(n for n, line in enumerate(lines) if line[0] == "时间")
    assert len(lines) == heading + 2
    said = dict(zip(lines[heading], lines[heading + 1], strict=True))
    assert said["时间"] == "2026-03-02 09:00:00"
    assert said["操作人"] == "系统员"
    assert said["变更内容"] == "层级：村（社区） → 单位；标签：空 → 老区"
    assert said["校验值"] == entry.hash
    assert AuditEntry.objects.latest("pk").note == "操作记录，1 条，条件：action=organization."
