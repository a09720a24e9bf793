import uuid

from django.core.files.uploadedfile import SimpleUploadedFile

from orgs.models import Duty, Role
from services.batch_forms import nonce_of
from services.models import Announcement, Category, Draft, ItemAttachment, ReplyTemplate
from tests.reach.roles import BUSINESS, EVERYBODY, LEDGER
from tests.services.errand import entrusted

PUBLIC = {
    "services:guide",
    "services:guide_item",
    "services:guide_poster",
    "services:guide_paper",
    "services:guide_centres",
    "services:guide_centre",
    "services:board",
    "services:organization_board",
    "services:board_notice",
    "services:query",
    "services:progress",
    "services:evaluate",
    "services:offline_worker",
    "services:evaluation_add",
    "services:complain",
}
PAGES = {
    "services:search": EVERYBODY,
    "services:requests": BUSINESS,
    "services:export": BUSINESS,
    "services:register": {Role.CLERK, Role.AGENT},
    "services:citizen_hint": {Role.CLERK, Role.AGENT},
    "services:item_hint": {Role.CLERK, Role.AGENT},
    "services:matter_hint": {Role.CLERK, Role.AGENT},
    "services:drafts": {Role.CLERK, Role.AGENT},
    "services:batch": {Role.CLERK, Role.AGENT},
    "services:offline": {Role.CLERK, Role.AGENT},
    "services:offline_desk": {Role.CLERK, Role.AGENT},
    "services:errands": {Role.AGENT, Role.CLERK, Role.CENTRE_HEAD},
    "services:errand_ledger": LEDGER,
    "services:errand_ledger_export": LEDGER,
    "services:items": BUSINESS,
    "services:items_export": BUSINESS,
    "services:item_new": {Role.CENTRE_HEAD},
    "services:item_import": {Role.CENTRE_HEAD},
    "services:reply_templates": {Role.HANDLER, Role.UNIT_HEAD, Role.CENTRE_HEAD},
    "services:reply_templates_export": {Role.HANDLER, Role.UNIT_HEAD, Role.CENTRE_HEAD},
    "services:reply_template_new": {Role.UNIT_HEAD, Role.CENTRE_HEAD},
    "services:announcements": BUSINESS,
    "services:announcement_new": {Role.CENTRE_HEAD, Role.SECRETARY},
    "services:categories": {Duty.SYSTEM, Role.CENTRE_HEAD},
    "services:category_new": {Duty.SYSTEM, Role.CENTRE_HEAD},
    "services:category_import": {Duty.SYSTEM, Role.CENTRE_HEAD},
}
FOR_ALL = {"services:search"}
OBJECTS = {
    "services:request": (["request"], set()),
    "services:unmask": (["request"], set()),
    "services:receipt": (["request"], set()),
    "services:attach": (["request"], set()),
    "services:attachment": (["request", "attachment"], set()),
    "services:act": (["request", "verb"], set()),
    "services:reply_edit": (["request"], set()),
    "services:reply_template_edit": (["reply_template"], set()),
    "services:entrust": (["request"], set()),
    "services:delegation": (["delegation"], set()),
    "services:delegation_act": (["delegation", "errand_verb"], set()),
    "services:delegation_paper": (["delegation", "paper"], set()),
    "services:errand_ledger_of": (["agent"], set()),
    "services:errand_ledger_of_export": (["agent"], set()),
    "services:draft": (["draft"], set()),
    "services:draft_discard": (["draft"], set()),
    "services:batch_result": (["page"], set()),
    "services:item": (["item"], {*Duty}),
    "services:item_edit": (["item"], {*Duty}),
    "services:item_switch": (["item"], {*Duty}),
    "services:item_paper_new": (["item"], {*Duty}),
    "services:item_paper": (["item", "paper_of_item"], {*Duty}),
    "services:item_paper_remove": (["item", "paper_of_item"], {*Duty}),
    "services:announcement": (["announcement"], {*Duty}),
    "services:announcement_edit": (["announcement"], {*Duty}),
    "services:announcement_withdraw": (["announcement"], {*Duty}),
    "services:category_edit": (["category"], EVERYBODY),
}
POST_ONLY = {
    "services:act",
    "services:delegation_act",
    "services:citizen_hint",
    "services:matter_hint",
}


def things(cast) -> dict:
    request = cast.register(accept=True)
    request.attach([SimpleUploadedFile("a.pdf", b"%PDF-1.4")], actor=cast.clerk)
    item = cast.item()
    blank = SimpleUploadedFile("申请表.pdf", b"%PDF-1.4")
    [form] = ItemAttachment.offer([blank], item=item, actor=cast.centre_head)
    page = uuid.uuid4()
    cast.register(nonce=nonce_of(page, 0))
    here = cast.home.organization
    draft = Draft.keep(actor=cast.clerk, organization=here, nonce=page, typed={"name": "覃德明"})
    announcement = Announcement.publish(
        actor=cast.secretary, organization=here, title="公示", text="内容"
    )
    template = ReplyTemplate.establish(
        actor=cast.centre_head, organization=here, name="不予办理", text="依据【规定】不予办理。"
    )
    return {
        "draft": draft.pk,
        "page": str(page),
        "request": request.pk,
        "attachment": request.attachments.get().pk,
        "verb": "dispatch",
        "delegation": entrusted(cast).pk,
        "errand_verb": "submit",
        "paper": "authorisation",
        "agent": cast.agent.pk,
        "item": item.pk,
        "paper_of_item": form.pk,
        "announcement": announcement.pk,
        "category": Category.objects.first().pk,
        "reply_template": template.pk,
    }
