"""工作日历: the years, one year, and its changes by the system administrator."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce, ExtractYear
from django.shortcuts import get_object_or_404, redirect, render

from orgs.forms.calendar import AdoptForm, CalendarFileForm, DayForm, YearForm, seal
from orgs.models import CalendarDay, CalendarYear, Duty, Role
from orgs.resources import CalendarDayResource
from orgs.tables import YearTable
from orgs.views.access import allow
from orgs.workbook_container import BadWorkbook
from orgs.year_page import months, spans


def may_edit(request) -> bool:
    return request.user.duty == Duty.SYSTEM


def find(request, pk, *, to_edit=False):
    year = get_object_or_404(CalendarYear, pk=pk)
    if to_edit and not may_edit(request):
        raise PermissionDenied
    return year


@allow(*Role, Duty.SYSTEM)
def calendars(request):
    """年度列表; a further year is opened here."""
    form = YearForm(request.POST or None) if may_edit(request) else None
    if form and form.is_valid():
        year, made = CalendarYear.seed(form.cleaned_data["year"], actor=request.user)
        messages.success(request, f"已新增{year}日历。" if made else f"{year}日历已经有了。")
        return redirect(year)
    days = CalendarDay.objects.order_by().annotate(of=ExtractYear("date"))
    counted = days.filter(of=OuterRef("year")).values("of").annotate(n=Count("pk")).values("n")
    rows = CalendarYear.objects.annotate(
        exceptions=Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    )
    context = {"table": YearTable(rows, orderable=False), "form": form}
    return render(request, "orgs/calendars.html", context)


def calendar(request, pk, *, form=None):
    """一年: twelve months, every exception in words."""
    year = find(request, pk)
    rows = {day.date: day for day in CalendarDay.objects.filter(date__year=year.pk)}
    if may_edit(request) and form is None:
        form = DayForm(year=year, initial=picked(request, rows))
    context = {
        "year": year,
        "months": months(year.pk, rows),
        "spans": spans(rows),
        "form": form,
        "may_edit": may_edit(request),
        "others": CalendarYear.objects.filter(year__in=(year.pk - 1, year.pk + 1)).order_by("year"),
    }
    return render(request, "orgs/calendar.html", context)


def picked(request, rows) -> dict:
    """The day clicked in the year, with what it is now, to begin the form with."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return {}
    now = rows.get(day)
    kind = {True: "WORK", False: "REST"}[now.is_workday] if now else ""
    return {"date": day, "kind": kind, "name": now.name if now else ""}


def set_day(request, pk):
    """上班, 放假, or back to what the weekday says."""
    year = find(request, pk, to_edit=True)
    if request.method != "POST":
        return redirect(year)
    form = DayForm(request.POST, year=year)
    if form.is_valid():
        year.change(actor=request.user, **form.change_fields())
        messages.success(request, f"{form.cleaned_data['date']:%-m月%-d日}已保存。")
        return redirect(year)
    return calendar(request, pk, form=form)


def confirm(request, pk):
    """国务院已公布: deadlines counted in this year are no longer provisional."""
    year = find(request, pk, to_edit=True)
    if request.method == "POST":
        if not year.confirmed:
            year.change(actor=request.user, confirmed=True)
        messages.success(request, f"{year}日历已确认。")
        return redirect(year)
    return render(request, "orgs/calendar_confirm.html", {"year": year})


@allow(Duty.SYSTEM)
def import_file(request):
    """导入: the file is read and shown first, and taken over only after that."""
    if "days" in request.POST:
        return adopt(request)
    form = CalendarFileForm(request.POST or None, request.FILES or None)
    preview = None
    if form.is_valid():
        try:
            preview = previewed(form.cleaned_data["file"])
        except BadWorkbook as refusal:
            form.add_error("file", str(refusal))
    return render(request, "orgs/calendar_import.html", {"form": form, "preview": preview})


def previewed(upload) -> dict:
    rows, days, errors = CalendarDayResource().preview(upload)
    return {"rows": rows, "days": days, "errors": errors, "sealed": seal(days)}


def adopt(request):
    """Carry out what the preview has shown."""
    form = AdoptForm(request.POST)
    if form.is_valid():
        days = form.cleaned_data["days"]
        CalendarYear.adopt(days, actor=request.user)
        messages.success(request, f"已导入 {len(days)} 天。")
        return redirect("orgs:calendars")
    messages.error(request, form.errors["days"][0])
    return redirect("orgs:calendar_import")
