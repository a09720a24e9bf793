"""Numbers that somebody typed are masked wherever the reader has no right to see them in full."""

from datetime import date

import pytest
from django.urls import reverse

from tests.services.errand import entrusted

PHONE, MASKED = "13900000021", "139****0021"


def said(words):
    return f"{words}，电话 {PHONE}"


@pytest.fixture
def case(cast):
    """A case in whose every free text somebody has left a telephone number."""
    case = cast.handling(content=said("诉求"))
    case.propose_pause(
        actor=cast.handler, ground="INSPECTION", reason=said("中止"), until=date(2026, 3, 9),
        proof=said("证明"),
    )  # fmt: skip
    case.decline(actor=cast.unit_head, opinion=said("批复"))
    case.submit(actor=cast.handler, outcome="SOLVED", text=said("初稿"))
    case.return_draft(actor=cast.unit_head, reason=said("退回"))
    case.submit(actor=cast.handler, outcome="SOLVED", text=said("答复"))
    case.approve(actor=cast.unit_head)
    case.reply(actor=cast.handler, channel="PHONE", proof=said("凭证"))
    case.evaluate(grade=1, comment=said("意见"))
    case.add_to_evaluation(text=said("追评"))
    case.call_back(actor=cast.callback, is_reached=True, is_solved=True, note=said("回访"))
    case.rectify(actor=cast.handler, result=said("整改"))
    case.complain(actor=cast.clerk, text=said("投诉"))
    case.answer_complaint(actor=cast.centre_head, answer=said("回应"))
    case.propose_exclusion(actor=cast.unit_head, reason=said("剔除"))
    return case


def test_who_may_not_unmask_reads_no_number(case, cast, enter):
    page = enter(cast.reviewer).get(case.get_absolute_url()).content.decode()

    assert PHONE not in page
    for words in ("诉求", "初稿", "退回", "答复", "凭证", "意见", "追评", "回访", "整改", "投诉",
                  "回应", "剔除", "中止", "批复"):  # fmt: skip
        assert f"{words}，电话 {MASKED}" in page


def test_who_may_unmask_reads_what_was_typed(case, cast, enter):
    page = enter(cast.handler).get(case.get_absolute_url()).content.decode()

    for words in ("诉求", "答复", "意见", "回访", "投诉", "剔除"):
        assert f"{words}，电话 {PHONE}" in page


def test_grounds_of_a_refusal_are_masked_as_well(cast, enter):
    case = cast.register()
    case.propose_refusal(actor=cast.clerk, reason=said("原因"), alternative=said("途径"))
    case.endorse(actor=cast.centre_head, opinion="同意")

    page = enter(cast.reviewer).get(case.get_absolute_url()).content.decode()

    assert PHONE not in page
    assert f"原因，电话 {MASKED}" in page and f"途径，电话 {MASKED}" in page


def test_errand_shows_its_readers_the_same(cast, enter):
    errand = entrusted(
        cast, scope=[said("递交材料")], signature="FAMILY", signature_note=said("女儿代签")
    )
    errand.visit(actor=cast.agent, purpose=said("上门核实"))
    errand.suspend(actor=cast.agent, reason=said("群众外出"))
    paper = reverse("services:delegation_paper", args=[errand.pk, "authorisation"])

    for url in (errand.get_absolute_url(), paper):
        assert PHONE not in enter(cast.reviewer).get(url).content.decode()
    page = enter(cast.reviewer).get(errand.get_absolute_url()).content.decode()
    for words in ("递交材料", "女儿代签", "上门核实", "群众外出"):
        assert f"{words}，电话 {MASKED}" in page
    assert (
        f"群众外出，电话 {PHONE}"
        in enter(cast.agent).get(errand.get_absolute_url()).content.decode()
    )
