"""导出: a table as an Excel file, text only, on record."""

from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone

from orgs.exports import workbook_bytes
from orgs.masking import mask_text
from orgs.models import AuditEntry

#: Conditions that the record of an export does not repeat.
PRIVATE = {"q": "（关键词）", "number": "（号码）"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_response(request, table, title):
    """What the table shows, as a download; `table.as_values()` gives what its cells say."""
    headers, *rows = table.as_values()
    return download(request, title, headers, rows, said=conditions(request))


def conditions(request) -> str:
    """What the filters were, without names and numbers of anybody: the record is for good."""
    asked = {name: value for name, value in request.GET.items() if value}
    return "&".join(f"{name}={PRIVATE.get(name) or mask_text(asked[name])}" for name in asked)


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
