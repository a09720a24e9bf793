"""名册导入: the list, the upload, and one batch with what comes next."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from orgs.forms.imports import VERB_FORMS, UploadForm
from orgs.import_steps import steps_of
from orgs.import_tables import BOXES, ImportFilter, ImportTable
from orgs.models import Duty, ImportBatch, Role
from orgs.models.roster import DECIDERS
from orgs.models.roster_course import VERBS
from orgs.nudge import nudge
from orgs.progress import Progress
from orgs.rosters.kinds import KINDS
from orgs.rosters.upload import bring
from orgs.tasks import work_on_import
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.import_rows import rows_of
from orgs.views.import_sheets import sheets_of
from orgs.views.listing import paged
from orgs.views.verbs import carry_out

READERS = (Role.AGENT, *DECIDERS, Duty.SYSTEM)
RELATED = ("organization", "created_by", "decided_by", "undone_by")


def find(request, pk):
    rows = ImportBatch.objects.visible_to(request.user).select_related(*RELATED)
    return get_object_or_404(rows, pk=pk)


def filtered(request):
    box = request.GET.get("box", "all")
    if box not in BOXES:
        raise Http404
    rows = ImportBatch.objects
    rows = rows.awaiting(request.user) if box == "mine" else rows.visible_to(request.user)
    return box, ImportFilter(request.GET, rows.select_related("organization", "created_by"))


@allow(*READERS)
def imports(request):
    """导入列表: what was uploaded, by whom, and how far it is."""
    box, found = filtered(request)
    context = {
        "filter": found,
        "table": paged(request, ImportTable(found.qs)),
        "box": box,
        "boxes": BOXES.items(),
        "kinds": kinds_of(request.user),
    }
    return render(request, "orgs/imports.html", context)


@allow(*READERS)
def export(request):
    """导出: the imports that the filters show."""
    box, found = filtered(request)
    return export_response(request, ImportTable(found.qs), f"名册导入（{BOXES[box]}）")


def kinds_of(user) -> list:
    """The kinds of rosters that the user may bring for somebody."""
    return [
        kind
        for kind in KINDS.values()
        if kind.may_import(user, None) or kind.importable_by(user).exists()
    ]


@allow(*READERS)
def upload(request):
    """上传: the file is looked at, kept, and its columns are gone through next."""
    kinds = kinds_of(request.user)
    if not kinds:
        raise PermissionDenied
    place = request.GET.get("organization") or request.user.acting_organization
    asked = {"organization": place, "kind": request.GET.get("kind") or kinds[0].code}
    form = UploadForm(
        request.POST or None, request.FILES or None, actor=request.user, kinds=kinds, initial=asked
    )
    if form.is_valid():
        batch = bring(actor=request.user, **form.cleaned_data)
        return redirect("orgs:import_columns", batch.pk)
    twin = form.twin and ImportBatch.objects.visible_to(request.user).filter(pk=form.twin.pk)
    context = {"form": form, "twin": twin and twin.first(), "steps": steps_of(None), "kinds": kinds}
    return render(request, "orgs/import_upload.html", context)


def detail(request, pk, *, bound=None, status=200):
    """一次导入: what the rows would change, and what comes next."""
    batch = find(request, pk)
    progress = Progress(f"import:{pk}").read() if batch.work else None
    if request.htmx and request.htmx.target == "work":
        if not batch.work:
            return HttpResponseClientRefresh()
        context = {"progress": progress, "url": batch.get_absolute_url(),
                   "words": batch.get_work_display()}  # fmt: skip
        return render(request, "ui/progress.html", context)
    names, bound = batch.verbs_for(request.user), bound or {}
    if names[:1] == ["map_columns"] and batch.status == "PARSING":
        return redirect("orgs:import_columns", pk)
    context = {
        "batch": batch,
        "progress": progress,
        "names": names,
        "forms": {n: bound.get(n) or form_of(n, batch) for n in names if n in VERB_FORMS},
        "steps": steps_of(batch),
        "may_choose": batch.counts.get("updated") or batch.counts.get("duplicate"),
        "needs_another": batch.may_be_decided_by(request.user),
        "unused": batch.unused_columns,
        **sheets_of(batch, request.user),
        **rows_of(request, batch),
    }
    return render(request, "orgs/import.html", context, status=status)


def form_of(verb, batch):
    now = {"on_duplicate": batch.on_duplicate, "seen": batch.edition}
    return VERB_FORMS[verb](prefix=verb, initial=now)


@require_POST
def act(request, pk, verb):
    """Carry out one verb of a batch."""
    batch = find(request, pk)
    if verb not in VERB_FORMS:
        raise Http404
    form = VERB_FORMS[verb](request.POST, prefix=verb)
    if form.is_valid():
        if carry_out(form, getattr(batch, verb), actor=request.user, **form.cleaned_data):
            if batch.work:
                nudge(work_on_import, pk)
            else:
                messages.success(request, f"已{VERBS[verb].label}。")
            return redirect(batch)
        messages.error(request, form.non_field_errors()[0])
        return detail(request, pk, bound={verb: form}, status=409)
    return detail(request, pk, bound={verb: form})
