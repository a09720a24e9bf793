"""操作记录, for the audit administrator alone."""

from django.shortcuts import get_object_or_404, render

from orgs.filters import AuditFilter
from orgs.models import AuditChain, AuditEntry, Duty
from orgs.models.audit import first_fault
from orgs.paging import KeysetPage
from orgs.tables import AuditTable
from orgs.views.access import allow
from orgs.views.export import export_response

EXPORT_LIMIT = 20_000
UNMASKED = "citizen.unmasked"


def filtered(request):
    rows = AuditEntry.objects.visible_to(request.user).select_related("organization")
    return AuditFilter(request.GET, rows)


@allow(Duty.AUDIT)
def audit(request):
    """操作记录, newest first."""
    found = filtered(request)
    page = KeysetPage(found.qs, order="-at", cursor=request.GET.get("cursor", ""))
    context = {
        "filter": found,
        "table": AuditTable(page.rows),
        "page": page,
        "action": request.GET.get("action", ""),
        "unmasked": UNMASKED,
    }
    return render(request, "orgs/audit.html", context)


@allow(Duty.AUDIT)
def export(request):
    """导出: the entries that the filters show, with what was changed."""
    rows = filtered(request).qs.order_by("-at", "-pk")[:EXPORT_LIMIT]
    return export_response(request, AuditTable(rows), "操作记录")


def chain_fault(day) -> str:
    chain = AuditChain.objects.filter(day=day).first()
    return first_fault(chain) if chain else f"{day} 的记录链缺失"


def entry(request, pk):
    """One entry: who, what, from where, before and after; on demand the day's chain."""
    rows = AuditEntry.objects.visible_to(request.user).select_related("organization", "actor")
    found = get_object_or_404(rows, pk=pk)
    same = rows.filter(target_type=found.target_type, target_id=found.target_id)
    checked = "verify" in request.GET
    context = {
        "entry": found,
        "changes": list(found.change_rows()),
        "same": same.exclude(pk=pk)[:10] if found.target_id else [],
        "checked": checked,
        "fault": chain_fault(found.day) if checked else "",
    }
    return render(request, "orgs/audit_entry.html", context)
