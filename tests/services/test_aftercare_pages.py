"""After the answer the citizen may say more, and hears back, with nothing but the receipt."""

import pytest
from django.urls import reverse

from orgs.models import AuditEntry, Notice, Role
from services.models import Complaint, Evaluation


def url_of(request, name):
    return reverse(f"services:{name}", args=[request.number, request.query_code])


def progress_of(client, request):
    return client.get(url_of(request, "progress")).content.decode()


@pytest.fixture
def rated(cast):
    request = cast.replied()
    request.evaluate(grade=3, comment="还行")
    return request


def test_citizen_adds_once_and_reads_it_again(rated, client):
    url = url_of(rated, "evaluation_add")
    assert "只能追评一次" in client.get(url).content.decode()
    assert url in progress_of(client, rated)

    answer = client.post(url, {"text": "后来又拖了一个月"}, follow=True)

    assert answer.redirect_chain == [(url, 302)]
    text = answer.content.decode()
    assert "谢谢您的追评" in text
    assert "后来又拖了一个月" in text
    rating = Evaluation.objects.get()
    assert (rating.grade, rating.comment) == (3, "还行")
    assert AuditEntry.objects.filter(action="request.evaluation_added", actor=None).count() == 1
    assert url not in progress_of(client, rated)


def test_second_addition_gets_the_same_page_and_changes_nothing(rated, client):
    url = url_of(rated, "evaluation_add")
    client.post(url, {"text": "第一次"})

    answer = client.post(url, {"text": "第二次"}, follow=True)

    assert answer.status_code == 200
    assert "第一次" in answer.content.decode()
    assert Evaluation.objects.get().addition == "第一次"


def test_addition_before_a_grade_is_refused_politely(cast, client):
    request = cast.replied()
    url = url_of(request, "evaluation_add")

    page, posted = client.get(url), client.post(url, {"text": "早了"})

    assert "还没有评价" in page.content.decode()
    assert url_of(request, "evaluate") in page.content.decode()
    assert posted.status_code == 403
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("role", [Role.CLERK, Role.HANDLER, Role.UNIT_HEAD])
def test_whoever_did_the_work_adds_nothing(cast, rated, enter, role):
    client = enter(cast.home.people[role])
    url = url_of(rated, "evaluation_add")

    page, posted = client.get(url), client.post(url, {"text": "办得很好"})

    assert "经办人员不能追评" in page.content.decode()
    assert posted.status_code == 403
    assert Evaluation.objects.get().addition == ""


def test_complaint_reaches_the_centre_and_its_answer_the_citizen(cast, client):
    request = cast.handling()
    url = url_of(request, "complain")

    answer = client.post(url, {"text": "窗口推了三次，电话13900000055"}, follow=True)

    assert answer.redirect_chain == [(url, 302)]
    assert "您的投诉已收到" in answer.content.decode()
    row = Complaint.objects.get()
    assert (row.text, row.taken_by) == ("窗口推了三次，电话13900000055", None)
    assert Notice.objects.filter(kind="request.complained", recipient=cast.centre_head).exists()
    page = progress_of(client, request)
    assert "正在处理" in page
    assert "电话139****0055" in page

    request.answer_complaint(actor=cast.centre_head, answer="已批评教育并当面道歉。")

    page = progress_of(client, request)
    assert "已批评教育并当面道歉。" in page
    assert cast.centre_head.name not in page


def test_complaint_sent_twice_is_one(cast, client):
    url = url_of(cast.register(), "complain")

    pages = [client.post(url, {"text": "没人接电话"}, follow=True) for _ in range(2)]

    assert [page.status_code for page in pages] == [200, 200]
    assert "您的投诉已收到" in pages[1].content.decode()
    assert Complaint.objects.count() == 1


def test_after_an_answer_there_may_be_another_complaint(cast, client):
    request = cast.register()
    url = url_of(request, "complain")
    client.post(url, {"text": "没人接电话"})
    request.answer_complaint(actor=cast.centre_head, answer="已更换电话。")

    assert "提交投诉" in client.get(url).content.decode()
    client.post(url, {"text": "还是没人接"})

    assert Complaint.objects.count() == 2


@pytest.mark.parametrize("name", ["evaluation_add", "complain"])
def test_empty_text_is_named_and_nothing_is_kept(rated, client, name):
    page = client.post(url_of(rated, name), {"text": "  "})

    assert page.context["form"].errors["text"]
    assert Evaluation.objects.get().added_at is None
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("name", ["evaluation_add", "complain"])
def test_wrong_code_tells_nothing_and_five_lock_the_number(rated, client, name):
    wrong = reverse(f"services:{name}", args=[rated.number, "AAAAAA"])
    nowhere = reverse(f"services:{name}", args=["FB0000-00-0000", "AAAAAA"])

    answers = [client.post(wrong, {"text": "x"}) for _ in range(5)]

    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].content == client.post(nowhere, {"text": "x"}).content
    assert client.get(url_of(rated, name)).status_code == 429


@pytest.mark.parametrize("name", ["evaluation_add", "complain"])
def test_pages_leave_no_trace(rated, client, name):
    answer = client.get(url_of(rated, name))

    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
