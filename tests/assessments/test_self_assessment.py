"""The secretary fills in what the portal does not know, hands in, and may be sent back."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from assessments.models import Answer, Assessment, Cycle, EvidenceCase, EvidenceFile, EvidenceMember
from assessments.opening import open_cycle, prepare
from orgs.models import AuditEntry, NotAllowed, Notice, Role
from tests.assessments.cycles import CycleCast, windows
from tests.orgs.members import enrolled
from tests.people import person, post

PDF = b"%PDF-1.7 minutes of the meeting"


@pytest.fixture
def people(cast):
    return CycleCast(cast)


@pytest.fixture
def row(people):
    return people.assessment()


@pytest.fixture
def secretary(people):
    return people.secretaries["RURAL"]


def asked(row):
    return [a for a in row.answers.select_related("indicator") if a.wants_self_points]


def complete(row):
    return {a.pk: {"self_points": a.indicator.points, "text": "有记录"} for a in asked(row)}


def fresh(row):
    return Assessment.objects.select_related("cycle", "organization").get(pk=row.pk)


def typed(row, **more):
    """The form as the page sends it back, everything scored in full."""
    data = {"version": row.version, "summary": "全年服务群众 300 人次。"}
    for answer in row.answers.select_related("indicator"):
        if answer.wants_self_points:
            data[f"self_points_{answer.pk}"] = f"{answer.indicator.points.normalize():f}"
        data[f"text_{answer.pk}"] = ""
    return data | more


def first(row, code="2.4") -> Answer:
    return row.answers.get(indicator__code=code)


def test_saving_keeps_what_was_typed_and_says_what_changed(row, secretary):
    answer = first(row)

    row.fill(
        actor=secretary, version=1, summary="总结",
        entries={answer.pk: {"self_points": Decimal("2.5"), "text": "走访困难党员 6 人"}},
    )  # fmt: skip

    row, answer = fresh(row), first(row)
    assert (row.status, row.version, row.summary) == ("FILLING", 2, "总结")
    assert (answer.self_points, answer.text) == (Decimal("2.50"), "走访困难党员 6 人")
    entry = AuditEntry.objects.about(row).last()
    assert entry.changes == {
        "2.4": ["未填", "2.5 分；走访困难党员 6 人"],
        "summary": ["", "总结"],
    }


def test_what_the_portal_counted_is_not_typed_over(row, secretary):
    answer = first(row, "6.1")
    Answer.objects.filter(pk=answer.pk).update(figure="COMPUTED", figure_points=Decimal("4"))

    row.fill(
        actor=secretary, version=1, summary="", entries={answer.pk: {"self_points": Decimal("8")}}
    )

    assert first(row, "6.1").self_points is None
    assert first(row, "6.1").own_points == Decimal("4")


def test_handing_in_closes_the_form_and_tells_the_department(row, secretary, people):
    row.submit(actor=secretary, version=1, summary="总结", entries=complete(row))

    row = fresh(row)
    assert (row.status, row.submitted_by, row.is_late) == ("SUBMITTED", secretary, False)
    told = Notice.objects.filter(kind="assessment.submitted")
    assert {notice.recipient for notice in told} == {people.department, people.second}
    assert {notice.url for notice in told} == {row.cycle.get_absolute_url()}
    with pytest.raises(NotAllowed):
        row.fill(actor=secretary, version=row.version, summary="", entries={})


def test_handing_in_waits_for_every_score(row, secretary, client, signed_in):
    data = typed(row, then="submit")
    lacking = asked(row)[0]
    data[f"self_points_{lacking.pk}"] = ""

    page = signed_in(secretary).post(row.get_absolute_url(), data)

    assert page.status_code == 200
    form = page.context["form"]
    assert form.errors == {f"self_points_{lacking.pk}": ["提交前请填写自评分。"]}
    assert fresh(row).status == "NOT_STARTED"


def test_secretary_hands_in_through_the_page(row, secretary, signed_in):
    page = signed_in(secretary).post(row.get_absolute_url(), typed(row, then="submit"))

    assert page.status_code == 302
    assert fresh(row).status == "SUBMITTED"


def test_superior_sends_back_and_it_is_handed_in_again(row, secretary, people, signed_in):
    row.submit(actor=secretary, version=1, summary="", entries=complete(row))
    page = signed_in(people.department).post(
        reverse("assessments:self_act", args=[row.pk, "send_back"]),
        {"send_back-reason": "请补充走访记录"},
    )
    assert page.status_code == 302
    row = fresh(row)
    assert (row.status, row.return_reason) == ("RETURNED", "请补充走访记录")
    assert Notice.objects.get(kind="assessment.returned").recipient == secretary

    row.submit(actor=secretary, version=row.version, summary="", entries={})

    assert (fresh(row).status, fresh(row).return_reason) == ("SUBMITTED", "")


def test_nobody_hands_in_for_another_branch(row, people, signed_in):
    stranger = people.secretaries["UNIVERSITY"]

    assert signed_in(stranger).get(row.get_absolute_url()).status_code == 404
    with pytest.raises(NotAllowed):
        row.submit(actor=stranger, version=1, summary="", entries=complete(row))


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ({"self_from": date(2030, 1, 1), "self_until": date(2030, 1, 9)}, "自评从 1月1日开始。"),
        (
            {"self_from": date(2020, 1, 1), "self_until": date(2020, 1, 9)},
            "自评已于 1月9日截止。需要补报的，请向上级申请延期。",
        ),
    ],
)
def test_the_window_is_kept_by_the_clock_of_the_database(cast, clock, window, words):
    people = CycleCast(cast)
    Cycle.objects.update(**window)
    row = people.assessment()
    # An app server whose clock is wrong by years changes nothing.
    clock.set("2020-01-05 09:00" if "2020" in str(window) else "2030-01-05 09:00")

    with pytest.raises(NotAllowed) as refusal:
        row.fill(actor=people.secretaries["RURAL"], version=1, summary="x", entries={})

    assert str(refusal.value) == words


def test_extension_opens_the_form_again_and_the_late_entry_is_on_record(cast, people):
    people.cycle.self_from, people.cycle.self_until = date(2020, 1, 1), date(2020, 1, 9)
    people.cycle.review_until = date(2099, 3, 31)
    people.cycle.save()
    row, secretary = people.assessment(), people.secretaries["RURAL"]

    row.extend(actor=people.department, until=date(2099, 1, 1), reason="村委会换届")
    row = fresh(row)
    row.submit(actor=secretary, version=1, summary="", entries=complete(row))

    row = fresh(row)
    assert (row.status, row.is_late, row.extended_until) == ("SUBMITTED", True, date(2099, 1, 1))
    entries = AuditEntry.objects.about(row)
    assert [(e.label, e.note) for e in entries] == [
        ("自评延期", "村委会换届"),
        ("填写自评", ""),
        ("提交自评", "逾期补报"),
    ]


def test_not_applicable_is_asked_for_and_needs_no_score(row, people, cast):
    answer = first(row)
    indicator = answer.indicator
    type(indicator).objects.filter(pk=indicator.pk).update(may_be_waived=True)
    entries = complete(row)
    entries[answer.pk] = {"self_points": None, "text": "", "waiver_reason": "没有党员困难户"}

    row.submit(actor=people.secretaries["RURAL"], version=1, summary="", entries=entries)

    assert first(row).waiver_reason == "没有党员困难户"
    assert fresh(row).status == "SUBMITTED"


def test_evidence_is_added_seen_through_the_scope_and_removed(row, secretary, people, signed_in):
    answer = first(row)
    url = reverse("assessments:answer", args=[row.pk, answer.pk])
    client = signed_in(secretary)
    upload = SimpleUploadedFile("会议记录.pdf", PDF)

    client.post(url, {"add_file": "1", "upload": upload})
    bad = client.post(url, {"add_file": "1", "upload": SimpleUploadedFile("a.exe", b"MZ")})

    file = EvidenceFile.objects.get()
    assert "不支持“a.exe”这种文件" in bad.content.decode()
    assert b"".join(client.get(file.get_absolute_url()).streaming_content) == PDF
    stranger = signed_in(people.secretaries["UNIVERSITY"])
    assert stranger.get(file.get_absolute_url()).status_code == 404
    client = signed_in(secretary)
    gone = reverse("assessments:evidence_remove", args=[row.pk, answer.pk, "file", file.pk])
    assert client.post(gone).status_code == 302
    assert not EvidenceFile.objects.exists()
    labels = [(e.label, e.note) for e in AuditEntry.objects.about(row)]
    assert labels == [("添加佐证", "2.4 会议记录.pdf"), ("移除佐证", "2.4 会议记录.pdf")]


def test_a_request_is_cited_only_by_who_may_see_it(row, secretary, people, cast, signed_in):
    answer = first(row)
    url = reverse("assessments:answer", args=[row.pk, answer.pk])
    foreign = cast.register()
    own = cast.register(organization=people.places["RURAL"], actor=clerk_at(people))
    client = signed_in(secretary)

    page = client.post(url, {"add_case": "1", "number": foreign.number})
    client.post(url, {"add_case": "1", "number": own.number.lower()})

    assert "没有找到这个编号的办件，请核对。" in page.content.decode()
    assert [case.request for case in EvidenceCase.objects.all()] == [own]


def test_a_member_is_cited_by_name_and_shown_masked(row, secretary, people, cast, signed_in):
    answer = first(row)
    url = reverse("assessments:answer", args=[row.pk, answer.pk])
    cited = enrolled(people.places["RURAL"], "单雄信", 1)
    enrolled(people.places["RURAL"], "王伟", 2)
    enrolled(people.places["RURAL"], "王伟", 3)
    enrolled(cast.home.village, "程咬金", 4)
    client = signed_in(secretary)

    twins = client.post(url, {"add_member": "1", "person": "王伟"})
    foreign = client.post(url, {"add_member": "1", "person": "程咬金"})
    client.post(url, {"add_member": "1", "person": "单 雄信"})

    assert "有同名的党员，请填身份证号。" in twins.content.decode()
    assert "本组织在册党员里没有这个人，请核对姓名。" in foreign.content.decode()
    assert [row.member for row in EvidenceMember.objects.all()] == [cited]
    page = client.get(url).content.decode()
    assert "单*信" in page and "单雄信" not in page
    gone = EvidenceMember.objects.get().pk
    client.post(reverse("assessments:evidence_remove", args=[row.pk, answer.pk, "member", gone]))
    assert not EvidenceMember.objects.exists()


def clerk_at(people):
    clerk = person("rural-clerk", "西岭窗口")
    post(clerk, people.places["RURAL"], Role.CLERK)
    return clerk


def test_handed_in_evidence_stays(row, secretary, signed_in):
    answer = first(row)
    upload = SimpleUploadedFile("会议记录.pdf", PDF)
    file = EvidenceFile.add(actor=secretary, answer=answer, upload=upload)
    row = fresh(row)
    row.submit(actor=secretary, version=1, summary="", entries=complete(row))
    gone = reverse("assessments:evidence_remove", args=[row.pk, answer.pk, "file", file.pk])

    assert signed_in(secretary).post(gone).status_code == 403
    assert EvidenceFile.objects.filter(pk=file.pk).exists()


def test_page_of_a_figure_shows_how_it_came_about(row, secretary, signed_in):
    answer = first(row, "6.1")
    Answer.objects.filter(pk=answer.pk).update(
        figure="COMPUTED", numerator=8, denominator=10, figure_points=Decimal("4.57"),
        computed_at=row.cycle.opened_at,
    )  # fmt: skip

    page = signed_in(secretary).get(reverse("assessments:answer", args=[row.pk, answer.pk]))

    text = page.content.decode()
    assert "8 ÷ 10" in text and "80.00%" in text
    assert "8 × （80.00% − 60.00%）÷（95.00% − 60.00%）" in text
    assert "本期到期的办件中，按期回复的" in text


def test_report_tells_everything_on_paper_and_in_word(row, secretary, signed_in):
    row.fill(
        actor=secretary, version=1, summary="全年服务群众 300 人次。",
        entries={first(row).pk: {"self_points": Decimal("3"), "text": "走访 6 人。"}},
    )  # fmt: skip
    client = signed_in(secretary)

    page = client.get(reverse("assessments:self_report", args=[row.pk])).content.decode()
    word = client.get(reverse("assessments:self_report_docx", args=[row.pk]))

    sentence = "2.4 党员管理和困难党员关怀：自评 3 / 3 分。走访 6 人。"
    assert sentence in page
    content = io.BytesIO(b"".join(word.streaming_content))
    lines = [paragraph.text for paragraph in Document(content).paragraphs]
    assert lines[0] == "西岭村党支部2026年度服务型党组织建设自评报告"
    assert sentence in lines and "全年服务群众 300 人次。" in lines


def test_last_year_stands_beside(people, row, secretary, signed_in):
    row.fill(
        actor=secretary, version=1, summary="",
        entries={first(row).pk: {"self_points": Decimal("1.5"), "text": "只走访 1 人"}},
    )  # fmt: skip
    following = open_cycle(
        scheme=people.scheme, organization=people.town, year=2027, actor=people.department,
        **windows(),
    )  # fmt: skip
    prepare(following)
    now = following.assessments.get(sector="RURAL")

    text = signed_in(secretary).get(now.get_absolute_url()).content.decode()

    assert "2026 年：1.50 分，只走访 1 人" in text


def test_page_takes_the_same_queries_for_more_answers(row, secretary, queries):
    few = queries(secretary, row.get_absolute_url())
    for answer in asked(row)[:5]:
        upload = SimpleUploadedFile("会议.pdf", PDF)
        EvidenceFile.add(actor=secretary, answer=answer, upload=upload)

    assert queries(secretary, row.get_absolute_url()) == few
