"""核对列: which sheet, where its heading is, and what each column means."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from orgs.forms.imports import ColumnsForm, HeadingForm
from orgs.import_steps import steps_of
from orgs.models import ImportBatch
from orgs.nudge import nudge
from orgs.rosters.error_workbook import LOST
from orgs.rosters.kinds import kind_of
from orgs.rosters.lines import column_lines
from orgs.rosters.survey import said_of, survey
from orgs.rosters.together import read_together
from orgs.tasks import work_on_import
from orgs.views.imports import find
from orgs.views.verbs import carry_out
from orgs.workbook import BadWorkbook

LONGEST_HEADING = 3


def columns(request, pk):
    """核对列."""
    batch = find(request, pk)
    if "map_columns" not in batch.verbs_for(request.user):
        if batch.work or batch.status != "PARSING":
            return redirect(batch)
        raise PermissionDenied
    may_drop = "drop" in batch.verbs_for(request.user)
    try:
        found, refusal = surveyed(batch, request)
    except (BadWorkbook, FileNotFoundError) as broken:
        refusal = LOST if isinstance(broken, FileNotFoundError) else str(broken)
        context = {"batch": batch, "refusal": refusal, "may_drop": may_drop}
        return render(request, "orgs/import_unread.html", context)
    alike = alike_of(batch, found)
    form = ColumnsForm(request.POST or None, table=found.table, alike=alike)
    if form.is_valid():
        sheets = sheets_said(form, found.table, alike)
        if carry_out(form, read_together, batch=batch, actor=request.user, sheets=sheets):
            nudge(work_on_import, pk)
            for asked in ImportBatch.objects.of_file(batch).at_work().order_by("pk"):
                nudge(work_on_import, asked.pk)
            return redirect(batch)
    heading = found.table.heading_rows
    place = {"sheet": found.table.sheet, "first": heading[0], "last": heading[-1]}
    lines = column_lines(found, form, batch.kind)
    shown = {found.table.sheet, *(sheet.name for sheet in alike)}
    context = {
        "batch": batch,
        "form": form,
        "heading_form": HeadingForm(sheets=found.sheets, initial=place),
        "place": place,
        "found": found,
        "others": [name for name in found.rosters if name not in shown],
        "kind": kind_of(batch),
        "lines": lines,
        "unused": [line.heading for line in lines if not line.how],
        "open": sum(line.how == "待确认" for line in lines),
        "refusal": refusal,
        "steps": steps_of(batch, at=1),
        "may_drop": may_drop,
    }
    return render(request, "orgs/import_columns.html", context)


def alike_of(batch, found) -> list:
    """Other sheets that may be read in one go with this one; of organizations none, as those of
    one sheet may lie below those of another, which must be in before."""
    if batch.kind == ImportBatch.Kind.ORGANIZATIONS:
        return []
    taken = batch.sheets_in()
    return [sheet for sheet in found.alike if sheet.name not in taken]


def sheets_said(form, table, alike) -> list[dict]:
    """What is said of each sheet that is to be read, the one on the page first."""
    table.remap(form.chosen)
    also = form.cleaned_data.get("also", ())
    return [said_of(table), *(s.said(table.columns) for s in alike if s.name in also)]


def surveyed(batch, request):
    """The file as the address asks to see it; what cannot be shown so, as it is found, with why."""
    asked = request.POST if request.method == "POST" else request.GET
    sheet, heading = asked.get("sheet"), rows_between(asked.get("first"), asked.get("last"))
    if asked.get("was") not in (None, sheet):
        heading = []  # of another sheet
    if sheet is None and batch.sheet:
        sheet, heading = batch.sheet, batch.heading_rows
    kind, refusal = kind_of(batch), ""
    with batch.file.open() as file:
        if sheet is None and (taken := batch.sheets_in()):
            left = [name for name in survey(file, kind).rosters if name not in taken]
            sheet = next(iter(left), None)
        try:
            return survey(file, kind, batch=batch, sheet=sheet, heading=heading), refusal
        except BadWorkbook as error:
            refusal = str(error)
        return survey(file, kind, batch=batch), refusal


def rows_between(first, last) -> list[int]:
    """[3, 4] of "3" and "4"; nothing where they say nothing that could be a heading."""
    try:
        first, last = int(first or ""), int(last or first or "")
    except ValueError:
        return []
    if not 1 <= first <= last <= 50:
        return []
    return list(range(first, min(last, first + LONGEST_HEADING - 1) + 1))
