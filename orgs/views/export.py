"""导出: a table as an Excel file, text only, on record."""

from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone

from orgs.exports import workbook_bytes
from orgs.models import AuditEntry

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_response(request, table, title):
    """What the table shows, as a download; `table.as_values()` gives what its cells say."""
    headers, *rows = table.as_values()
    return download(request, title, headers, rows, said=request.GET.urlencode())


def download(request, title, headers, rows, *, said, action="list.exported", label="导出", why=""):
    """Rows as a workbook, on record; `said` are the conditions, without anybody's number."""
    AuditEntry.record(
        request.user,
        action,
        request.user,
        label=label,
        organization=request.user.acting_organization,
        note=f"{title}，{len(rows)} 条，条件：{said or '无'}" + (f"，原因：{why}" if why else ""),
    )
    response = HttpResponse(workbook_bytes(title, headers, rows), content_type=XLSX)
    name = quote(f"{title}{timezone.localdate():%Y%m%d}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
