"""The citizen grades the work once; nobody who did it may."""

import pytest
from django.urls import reverse

from orgs.models import AuditEntry
from services.models import Evaluation


@pytest.fixture
def replied(cast):
    return cast.replied()


def url_of(request, name="evaluate"):
    return reverse(f"services:{name}", args=[request.number, request.query_code])


def test_citizen_grades_and_reads_the_grade_again(replied, client):
    form = client.get(url_of(replied)).content.decode()
    for grade in ("非常满意", "满意", "基本满意", "不满意", "非常不满意"):
        assert grade in form
    assert " checked" not in form

    answer = client.post(url_of(replied), {"grade": "5", "comment": "办得快"}, follow=True)

    assert answer.redirect_chain == [(url_of(replied), 302)]
    text = answer.content.decode()
    assert "谢谢您的评价" in text
    assert "非常满意" in text
    assert "办得快" in text
    rating = Evaluation.objects.get()
    assert (rating.grade, rating.comment, rating.ip) == (5, "办得快", "127.0.0.1")
    replied.refresh_from_db()
    assert replied.status == "CLOSED"
    assert "您的评价：非常满意" in client.get(url_of(replied, "progress")).content.decode()


def test_bad_grade_says_what_happens_next(replied, client):
    page = client.post(url_of(replied), {"grade": "2", "comment": ""}, follow=True)

    text = page.content.decode()
    assert "3月3日前（一个工作日内）有人回访您" in text
    assert "3月23日前（十五个工作日内）整改" in text
    assert "没有留电话" not in text


def test_bad_grade_without_a_telephone_says_how_to_be_reached(cast, client):
    request = cast.replied(citizen={"name": "向明兰", "phone": ""})

    page = client.post(url_of(request), {"grade": "1", "comment": ""}, follow=True)

    assert "您登记时没有留电话" in page.content.decode()


def test_second_post_gets_the_same_polite_page(replied, client):
    first = client.post(url_of(replied), {"grade": "5", "comment": ""}, follow=True)
    second = client.post(url_of(replied), {"grade": "1", "comment": ""}, follow=True)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.redirect_chain == second.redirect_chain
    assert [row.grade for row in Evaluation.objects.all()] == [5]


def test_no_grade_is_an_error_at_the_field_and_keeps_the_words(replied, client):
    page = client.post(url_of(replied), {"comment": "等了很久"})

    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"grade"}
    assert "等了很久" in page.content.decode()
    assert not Evaluation.objects.exists()


def test_unknown_grade_is_refused(replied, client):
    page = client.post(url_of(replied), {"grade": "6", "comment": ""})

    assert set(page.context["form"].errors) == {"grade"}


@pytest.mark.parametrize("who", ["clerk", "dispatcher", "handler", "unit_head"])
def test_who_had_a_hand_in_it_is_refused_while_signed_in(cast, replied, enter, who):
    client = enter(getattr(cast, who))

    page = client.get(url_of(replied))
    answer = client.post(url_of(replied), {"grade": "5", "comment": ""})

    assert "经办人员不能评价自己办理的诉求" in page.content.decode()
    assert answer.status_code == 403
    assert "经办人员不能评价自己办理的诉求" in answer.content.decode()
    assert "评价这次办理</a>" not in client.get(url_of(replied, "progress")).content.decode()
    assert not Evaluation.objects.exists()


def test_before_the_answer_there_is_nothing_to_grade(cast, client):
    request = cast.pending()

    assert "还没有答复您" in client.get(url_of(request)).content.decode()
    assert client.post(url_of(request), {"grade": "5", "comment": ""}).status_code == 403
    assert not Evaluation.objects.exists()


def test_late_grade_is_pointed_elsewhere(replied, client, clock):
    clock.set("2026-03-24 09:00")

    page = client.get(url_of(replied)).content.decode()

    assert "评价期限（到 2026年3月23日（星期一）为止）已过" in page


def test_redone_case_is_graded_anew(cast, replied, client, clock):
    replied.evaluate(grade=1)
    replied.redo(actor=cast.callback, reason="仍未到账")
    assert "还没有答复您" in client.get(url_of(replied)).content.decode()
    replied.submit(actor=cast.handler, outcome="SOLVED", text="已补发。")
    replied.approve(actor=cast.unit_head)
    replied.reply(actor=cast.handler, channel="PHONE", proof="电话告知")

    client.post(url_of(replied), {"grade": "4", "comment": ""})

    assert [(row.round, row.grade) for row in Evaluation.objects.all()] == [(1, 1), (2, 4)]
    text = client.get(url_of(replied, "progress")).content.decode()
    assert "已补发。" in text
    assert "（第 1 次办理）" in text


def test_grade_is_on_record_without_the_words(replied, client):
    client.post(url_of(replied), {"grade": "2", "comment": "电话13900000021"})

    entry = AuditEntry.objects.get(action="request.evaluated")
    assert (entry.actor, entry.note) == (None, "不满意")


def test_wrong_code_opens_no_form(replied, client):
    wrong = reverse("services:evaluate", args=[replied.number, "AAAAAA"])

    assert client.get(wrong).status_code == 404
    assert client.post(wrong, {"grade": "1", "comment": ""}).status_code == 404
    assert not Evaluation.objects.exists()
