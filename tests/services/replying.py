"""What the tests of replies share: good and weak words, the editor, what stands beside it."""

import re

from django.urls import reverse

from orgs.models import AuditEntry
from services.models import ReplyTemplate

GOOD = "经核对，老人已满八十岁，高龄津贴已审核通过，从2026年4月起按月发放。"
WEAK = "我们会尽快为老人办理高龄津贴，请等候银行卡到账的消息。"


def desk_of(client, case):
    """`desk(text, **more)` posts the editor as the handler does."""
    url = reverse("services:reply_edit", args=[case.pk])

    def send(text=GOOD, outcome="SOLVED", **more):
        return client.post(url, {"text": text, "outcome": outcome, "template": ""} | more)

    return send


def seen(page) -> str:
    """What the page that showed the preview hands back with the next click."""
    return re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]


def codes(page):
    return [remark.code for remark in page.context["form"].remarks]


def note_of(case):
    return AuditEntry.objects.about(case).get(action="request.submitted").note


def template(
    cast, name="高龄津贴批准", text="经核对，{}已批准，从【日期】起发放。【单位电话】", **place
):
    place = {"organization": cast.home.organization} | place
    return ReplyTemplate.establish(actor=cast.centre_head, name=name, text=text, **place)


def answered(cast, text=GOOD, grade=None, **fields):
    case = cast.handling(**fields)
    case.submit(actor=cast.handler, outcome="SOLVED", text=text)
    case.approve(actor=cast.unit_head)
    case.reply(actor=cast.handler, channel="PHONE", proof="电话告知")
    if grade:
        case.evaluate(grade=grade)
    return case
