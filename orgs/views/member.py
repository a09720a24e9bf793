"""一人一档: one member, what is known, what happened."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from orgs.forms.member import UnmaskForm
from orgs.models import AuditEntry, ImportBatch, ImportRow, Member
from orgs.models.rights import on_member
from orgs.views.history import history_line

HISTORY_SHOWN = 50


def find(request, pk, right=None):
    """The member, 404 out of reach, 403 without the right to this."""
    rows = Member.objects.visible_to(request.user).select_related("organization")
    member = get_object_or_404(rows, pk=pk)
    if right and right not in on_member(request.user, member):
        raise PermissionDenied
    return member


def detail(request, pk):
    """一人一档."""
    member = find(request, pk)
    context = {
        "member": member,
        "name": member.name_for(request.user),
        "age": member.age_on(timezone.localdate()),
        "party_years": years_in_party(member),
        "rights": on_member(request.user, member),
        "transfers": member.transfers.select_related("from_organization", "to_organization"),
        "seats": member.seats.select_related("committee__organization").order_by("-pk"),
        "timeline": timeline(member, request.user),
    }
    return render(request, "orgs/member.html", context)


def years_in_party(member) -> int | None:
    """党龄 in full years, counted from the day on which the person became a full member."""
    since = member.confirmed
    if since is None or not member.is_on_register:
        return None
    today, first = timezone.localdate(), since.earliest
    return today.year - first.year - ((today.month, today.day) < (first.month, first.day))


def timeline(member, user) -> list[dict]:
    """What happened, newest first; who read the data in full is for the auditor alone."""
    entries = AuditEntry.objects.about(member).exclude(action="member.unmasked").reverse()
    lines = [history_line(entry) for entry in entries[:HISTORY_SHOWN]]
    lines += transfer_lines(member)
    if member.name_for(user) != member.name:
        for line in lines:
            line["text"] = without_names(line["text"])
    return sorted(lines + import_lines(member), key=lambda line: line["at"], reverse=True)


def without_names(text) -> str:
    """A change of name tells both, to a reader for whom names are masked."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("姓名："))


def transfer_lines(member) -> list[dict]:
    """What happened to the person's transfers, with the way they went."""
    rows = member.transfers.select_related("from_organization", "to_organization")
    ways = {str(row.pk): f"{row.from_words} → {row.to_words}" for row in rows}
    if not ways:
        return []
    rows = AuditEntry.objects.filter(target_type="orgs.transfer", target_id__in=ways)
    lines = []
    for entry in rows.order_by("-at", "-pk")[:HISTORY_SHOWN]:
        line = history_line(entry)
        line["text"] = "\n".join(filter(None, [ways[entry.target_id], line["text"]]))
        lines.append(line)
    return lines


def import_lines(member) -> list[dict]:
    """The rosters that brought or changed the person."""
    told = (ImportRow.Verdict.NEW, ImportRow.Verdict.UPDATE)
    rows = member.import_rows.filter(
        verdict__in=told,
        batch__status=ImportBatch.Status.COMMITTED,
        batch__decided_at__isnull=False,
    )
    rows = rows.select_related("batch__decided_by").only(
        "number", "verdict", "batch__file_name", "batch__decided_at", "batch__decided_by"
    )
    return [
        {
            "title": f"名册导入：{row.get_verdict_display()}",
            "actor": str(row.batch.decided_by or "系统"),
            "at": row.batch.decided_at,
            "text": f"{row.batch.file_name}第 {row.number} 行",
        }
        for row in rows.order_by("-pk")[:HISTORY_SHOWN]
    ]


def unmask(request, pk):
    """查看全文: numbers and address in full, for a reason, on record."""
    member = find(request, pk, "unmask")
    form = UnmaskForm(request.POST or None)
    shown = form.is_valid()
    if shown:
        AuditEntry.record(
            request.user, "member.unmasked", member, label="查看党员信息",
            organization=member.organization, note=form.words(),
        )  # fmt: skip
    context = {"member": member, "form": form, "shown": shown}
    response = render(request, "orgs/member_unmask.html", context)
    response["Cache-Control"] = "no-store"
    return response
