"""导入模板 and 错误表: the files of an import that leave the portal."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from orgs.models import AuditEntry, ImportBatch
from orgs.rosters.error_workbook import NoErrorWorkbook, error_workbook
from orgs.rosters.kinds import KINDS
from orgs.rosters.template_workbook import template_workbook
from orgs.views.export import XLSX
from orgs.views.onward import onward

NOT_MADE = "错误表还没有生成，或者生成后内容又有变化。请在这一批的页面上点“生成错误表”。"


def errors(request, pk):
    """错误表: the original file with what is wrong in it, on record."""
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
    try:
        content = error_table(batch)
    except NoErrorWorkbook as reason:
        messages.error(request, str(reason))
        return redirect(onward(request))
    AuditEntry.record(
        request.user, "roster.errors_downloaded", batch, label="下载错误表",
        organization=batch.organization, note=f"原文件：{batch.file_name}",
    )  # fmt: skip
    return attached(content, f"错误表-{batch.file_name.rsplit('.', 1)[0]}")


def error_table(batch) -> bytes:
    """Of a long roster a worker has made it when it was asked to."""
    if not batch.is_long or not batch.file:
        return error_workbook(batch)
    if not batch.has_error_table:
        raise NoErrorWorkbook(NOT_MADE)
    try:
        with batch.marked.open("rb") as file:
            return file.read()
    except FileNotFoundError as error:
        raise NoErrorWorkbook(NOT_MADE) from error


def template(request, kind):
    """导入模板 of one kind of roster; nothing of anybody stands in it."""
    kind = KINDS.get(kind.upper())
    if kind is None:
        raise Http404
    user = request.user
    places = kind.importable_by(user)
    if not kind.may_import(user, None) and not places.exists():
        raise Http404
    return attached(template_workbook(kind, places.active()), f"{kind.label}导入模板")


def attached(content, title):
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.xlsx"
    return response
