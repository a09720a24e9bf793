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
    AuditEntry.record(
        request.user,
        "list.exported",
        request.user,
        label="导出",
        organization=request.user.acting_organization,
        note=f"{title}，{len(rows)} 条，条件：{request.GET.urlencode() or '无'}",
    )
    response = HttpResponse(workbook_bytes(title, headers, rows), content_type=XLSX)
    name = quote(f"{title}{timezone.localdate():%Y%m%d}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
