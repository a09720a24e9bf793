"""一人一档: what happened to one member, newest first, from wherever it is on record."""

from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from orgs.models import AuditEntry, ImportBatch, ImportRow
from orgs.partial_date import PartialDate
from orgs.rosters.presenter import Presenter
from orgs.views.history import history_line

#: Of each kind; what is older is with the auditor.
SHOWN = 50
#: Who read somebody's data is for the auditor alone.
UNTOLD = ("member.unmasked", "member.exported")


def timeline_of(member, *, transfers, seats, names) -> list[dict]:
    """Lines with title, at, actor and text; `day` says when in words where the hour is unknown.

    `transfers` with both organizations, `seats` with their committees; `names` tells whether the
    reader may see what the person was called.
    """
    lines = [
        *entry_lines(member, names),
        *transfer_lines(transfers),
        *import_lines(member),
        *seat_lines(seats),
        *party_lines(member),
    ]
    return sorted(lines, key=lambda line: line["at"], reverse=True)


def entry_lines(member, names):
    entries = AuditEntry.objects.about(member).exclude(action__in=UNTOLD).reverse()[:SHOWN]
    for entry in entries:
        line = history_line(entry)
        yield line if names else {**line, "text": without_names(line["text"])}


def without_names(text) -> str:
    """A change of name tells both, to a reader for whom names are masked."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("姓名："))


def transfer_lines(transfers):
    """What happened to the person's transfers, with the way they went."""
    ways = {str(row.pk): f"{row.from_words} → {row.to_words}" for row in transfers}
    entries = AuditEntry.objects.filter(target_type="orgs.transfer", target_id__in=ways)
    for entry in entries.order_by("-at", "-pk")[:SHOWN]:
        line = history_line(entry)
        yield {**line, "text": "\n".join(filter(None, [ways[entry.target_id], line["text"]]))}


def import_lines(member):
    """The rosters that brought or changed the person, and those that were taken back."""
    changed = Q(member=member, verdict=ImportRow.Verdict.UPDATE)
    rows = ImportRow.objects.with_content().filter(changed | Q(pk=member.origin_id))
    rows = rows.filter(batch__status__in=(ImportBatch.Status.COMMITTED, ImportBatch.Status.UNDONE))
    rows = rows.filter(batch__decided_at__isnull=False)
    rows = list(
        rows.select_related("batch__decided_by", "batch__undone_by").order_by("-pk")[:SHOWN]
    )
    presenter = Presenter(rows)
    for row in rows:
        where = f"{row.batch.file_name}第 {row.number} 行"
        changed = [f"{label}：{was or '空'} → {now or '空'}"
                   for label, was, now in presenter.differences(row)]  # fmt: skip
        yield {
            "title": f"名册导入：{row.get_verdict_display()}",
            "actor": str(row.batch.decided_by or "系统"),
            "at": row.batch.decided_at,
            "text": "\n".join([where, *changed]),
        }
        if row.batch.undone_at:
            yield {
                "title": "撤销名册导入",
                "actor": str(row.batch.undone_by or "系统"),
                "at": row.batch.undone_at,
                "text": where,
            }


def seat_lines(seats):
    """党内任职: taken up and left."""
    for seat in seats:
        post = f"{seat.committee}{seat.get_post_display()}"
        if seat.started:
            yield on(seat.started, f"任{post}", seat.get_source_display())
        if seat.ended_on:
            why = [seat.get_left_reason_display(), seat.left_note]
            yield on(PartialDate.on(seat.ended_on), f"不再任{post}", "，".join(filter(None, why)))


def party_lines(member):
    if member.joined:
        yield on(member.joined, "加入党组织")
    if member.confirmed:
        yield on(member.confirmed, "转为正式党员")


def on(day: PartialDate, title, text="") -> dict:
    return {"title": title, "at": midnight(day.earliest), "day": str(day), "text": text}


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
