"""考核方案: the versions, one of them whole, and the editor of a draft."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from assessments.models import Scheme
from assessments.models.scheme_course import fingerprint
from assessments.scheme_forms import PARTS, CopyForm, RemoveForm, SchemeForm, WithdrawForm, bound
from assessments.scheme_tables import (
    IndicatorTable,
    SchemeTable,
    by_goal,
    facts,
    parts,
    state_of,
    sums,
)
from orgs.models import AuditEntry, Role, Sector
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.history import HISTORY_SHOWN, history_line
from orgs.views.listing import paged
from orgs.views.verbs import carry_out

READERS = (Role.AGENT, Role.SECRETARY, Role.REVIEWER)


def find(request, pk):
    return get_object_or_404(Scheme.objects.visible_to(request.user), pk=pk)


def draft(request, pk):
    """A version that is to be changed: 403 for whoever may not change any."""
    row = find(request, pk)
    if not request.user.holds(Role.REVIEWER):
        raise PermissionDenied
    return row


def closed(request, row):
    """Back to the page of a version that nobody can change, with the way on; else None."""
    if not (reason := row.why_closed()):
        return None
    messages.error(request, reason)
    return redirect(row)


@allow(*READERS)
def schemes(request):
    """方案列表: every version, the newest first."""
    rows = (
        Scheme.objects.visible_to(request.user).annotate(used=Count("cycles")).order_by("-version")
    )
    return render(request, "assessments/schemes.html", {"table": paged(request, SchemeTable(rows))})


def scheme(request, pk):
    """One version whole: weights, sums, indicators, voters, stars, vetoes, history."""
    row = find(request, pk)
    sector = request.GET.get("sector", Sector.RURAL)
    sector = sector if sector in Sector.values else ""
    context = {
        "scheme": row,
        "state": state_of(row),
        "faults": row.faults(),
        "sums": sums(row),
        "sheets": by_goal(row, sector),
        "sector": sector,
        "sectors": Sector.choices,
        "facts": facts(row),
        "parts": parts(row),
        "versions": Scheme.objects.visible_to(request.user).exclude(pk=row.pk)[:10],
        "may_edit": row.may_edit(request.user),
        "may_copy": request.user.holds(Role.REVIEWER),
        "may_withdraw": row.may_withdraw(request.user),
        "history": [
            history_line(entry) for entry in AuditEntry.objects.about(row).reverse()[:HISTORY_SHOWN]
        ],
    }
    return render(request, "assessments/scheme.html", context)


def export(request, pk):
    """导出: all indicators of one version."""
    row = find(request, pk)
    return export_response(request, IndicatorTable(row.indicators.select_related("goal")), str(row))


def scheme_copy(request, pk):
    """另起一版: a draft with everything of this one."""
    row = draft(request, pk)
    form = CopyForm(request.POST or None, prefix="copy")
    if form.is_valid() and carry_out(form, row.copy, actor=request.user, **form.cleaned_data):
        made = Scheme.objects.filter(based_on=row).first()
        messages.success(request, f"已另起第 {made.version} 版，可以修改了。")
        return redirect(made)
    text = "权重、目标、指标、测评对象和星级标准都照抄过来，再逐项修改。"
    return ask(request, row, form, "另起一版", text)


def scheme_withdraw(request, pk):
    """停用."""
    row = draft(request, pk)
    form = WithdrawForm(request.POST or None, prefix="withdraw")
    if form.is_valid() and carry_out(form, row.withdraw, actor=request.user, **form.cleaned_data):
        messages.success(request, "已停用，以后启动年度考核时不再列出。")
        return redirect(row)
    return ask(request, row, form, "停用", "已经启动的年度考核不受影响。")


def ask(request, row, form, submit, text):
    context = {"scheme": row, "form": form, "submit": submit, "text": text}
    return render(request, "assessments/scheme_ask.html", context)


def scheme_edit(request, pk):
    """修改权重和门槛."""
    row = draft(request, pk)
    if answer := closed(request, row):
        return answer
    form = bound(SchemeForm, request.POST or None, copy(row))
    return edited(request, row, row, form, row.revise, "修改权重和门槛")


def part_edit(request, pk, part, part_pk=None):
    """Add or change one part of a draft."""
    row = draft(request, pk)
    name, form_class = part_of(part)
    rows = getattr(row, name)
    this = get_object_or_404(rows, pk=part_pk) if part_pk else rows.model(scheme=row)
    if answer := closed(request, row):
        return answer
    form = bound(form_class, request.POST or None, copy(this))
    label = ("修改" if part_pk else "增加") + rows.model._meta.verbose_name

    def put(**arguments):
        row.put(part=this, **arguments)

    return edited(request, row, this, form, put, label, part=part)


def edited(request, row, this, form, verb, label, part=""):
    """Carry out, or show the form; after a lost race it holds what was typed and may go again."""
    status = 200
    if form.is_valid():
        if carry_out(form, verb, actor=request.user, **form.cleaned_data):
            messages.success(request, "已保存。")
            return redirect(row.get_absolute_url() + (f"#{part}" if part else ""))
        status = 409
        if this.pk and type(this).objects.filter(pk=this.pk).exists():
            this.refresh_from_db()
            form.data = form.data.copy()
            form.data["seen"] = fingerprint(this)
    context = {"scheme": row, "form": form, "label": label, "part": part, "this": this}
    return render(request, "assessments/scheme_form.html", context, status=status)


def part_remove(request, pk, part, part_pk):
    """删除 one part of a draft, after a question."""
    row = draft(request, pk)
    this = get_object_or_404(getattr(row, part_of(part)[0]), pk=part_pk)
    if answer := closed(request, row):
        return answer
    form = RemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if carry_out(form, row.remove, actor=request.user, part=this):
            messages.success(request, "已删除。")
            return redirect(f"{row.get_absolute_url()}#{part}")
    return ask(request, row, form, "删除", f"{this._meta.verbose_name}：{this}")


def part_of(part):
    if part not in PARTS:
        raise Http404
    return PARTS[part]
