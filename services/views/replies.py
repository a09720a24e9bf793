"""答复: written beside what was asked, seen as the citizen will see it, then submitted."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from orgs.masking import mask_text
from orgs.models import NotAllowed
from orgs.models.calendar import workdays
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.listing import paged
from services.lights import light_of
from services.models import ReplyTemplate
from services.models.guards import is_handler
from services.models.reply_template import KEEPERS, USERS
from services.reply_context import similar_replies
from services.reply_forms import ReplyEditorForm, ReplyTemplateForm
from services.reply_points import asked_points
from services.reply_tables import ReplyTemplateFilter, ReplyTemplateTable
from services.views.handling import find, lost_race


def edit(request, pk):
    """写答复 → 预览 → 提交审核."""
    item = find(request, pk)
    if not (is_handler(item, request.user) and item.may_ever("submit", request.user)):
        raise PermissionDenied
    desk = Desk(item, request.user)
    form = desk.form(request)
    if "submit" not in item.verbs_for(request.user):
        return too_late(request, item, form)
    if form.is_settled:
        try:
            item.submit(actor=request.user, **form.verb_fields())
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            return lost_race(request, pk, "submit", form)
        messages.success(request, "已提交审核。")
        return redirect(item)
    return render(request, "services/reply_edit.html", desk.context(form))


def too_late(request, item, form):
    """The case has moved on: what was typed is shown once more, on the page of the case."""
    words = f"当前为“{item.get_status_display()}”，不能写答复。"
    if not form.is_bound:
        messages.info(request, words)
        return redirect(item)
    form.add_error(None, words)
    return lost_race(request, item.pk, "submit", form)


class Desk:
    """The page of one reply: the matter, and what may be put into the editor."""

    def __init__(self, item, user):
        self.item, self.user = item, user
        self.templates = list(ReplyTemplate.objects.fitting(item).for_list())
        self.past = similar_replies(item, user)

    def form(self, request):
        given = {"request_row": self.item, "user": self.user, "templates": self.templates}
        if request.method == "POST" and "insert" not in request.POST:
            return ReplyEditorForm(request.POST, **given)
        typed = request.POST if request.method == "POST" else request.GET
        return ReplyEditorForm(initial=self.initial(typed), **given)

    def initial(self, typed):
        """The last draft or what was typed, with what was chosen at its end."""
        draft = self.item.current_reply()
        text = typed.get("text", draft.text if draft else "")
        outcome = typed.get("outcome", draft.outcome if draft else "")
        template, more = self.chosen(typed.get("insert", ""))
        used = template.pk if template else typed.get("template", "")
        whole = "\n".join(filter(None, [text.rstrip(), more]))
        return {"outcome": outcome, "text": whole, "template": used}

    def chosen(self, key):
        """`template-3` or `past-17`, out of what the page offers."""
        for template in self.templates:
            if key == f"template-{template.pk}":
                return template, template.filled(self.item)
        for past in self.past:
            if key == f"past-{past.reply.pk}":
                return None, past.text
        return None, ""

    def context(self, form):
        last = self.item.current_reply()
        content = self.item.content
        if not self.item.can_unmask(self.user):
            content = mask_text(content)
        return {
            "item": self.item,
            "content": content,
            "points": asked_points(content),
            "light": light_of(self.item, workdays()),
            "templates": [(row, row.filled(self.item)) for row in self.templates],
            "past": self.past,
            "form": form,
            "returned": last if last and last.is_approved is False else None,
            "preview": preview_of(form) if form.is_bound and form.has_reply else None,
        }


def preview_of(form):
    """The reply on the citizen's page, before it is one."""
    return {"text": mask_text(form.cleaned_data["text"]), "outcome": form.outcome_words}


def filtered(request):
    rows = ReplyTemplate.objects.visible_to(request.user).for_list()
    return ReplyTemplateFilter(request.GET, rows)


@allow(*USERS)
def templates(request):
    """答复模板."""
    found = filtered(request)
    context = {
        "table": paged(request, ReplyTemplateTable(found.qs, user=request.user)),
        "filter": found,
        "may_create": request.user.holds(*KEEPERS),
    }
    return render(request, "services/reply_templates.html", context)


@allow(*USERS)
def export(request):
    """导出: the templates that the filters show."""
    table = ReplyTemplateTable(filtered(request).qs, user=request.user)
    return export_response(request, table, "答复模板")


@allow(*KEEPERS)
def create(request):
    """新增模板."""
    form = ReplyTemplateForm(request.POST or None, user=request.user)
    if form.is_valid():
        row = ReplyTemplate.establish(actor=request.user, **form.verb_fields())
        messages.success(request, f"已新增模板“{row}”。")
        return redirect("services:reply_templates")
    return render(request, "services/reply_template_form.html", {"form": form})


def revise(request, pk):
    """修改 or 停用 one template."""
    row = get_object_or_404(ReplyTemplate.objects.visible_to(request.user).for_list(), pk=pk)
    if not row.may_maintain(request.user):
        raise PermissionDenied
    form = ReplyTemplateForm(request.POST or None, instance=row, user=request.user)
    title = row.name
    if form.is_valid():
        changed = row.revise(actor=request.user, **form.verb_fields())
        messages.success(request, "已保存。" if changed else "内容没有变化。")
        return redirect("services:reply_templates")
    context = {"form": form, "template": row, "title": title}
    return render(request, "services/reply_template_form.html", context)
