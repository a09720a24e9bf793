"""Staged rows judged again: when they go in, or when somebody chooses another way with 重复."""

from collections import Counter

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from orgs.models import ImportBatch, ImportRow, Member, NotAllowed
from orgs.rosters.counts import counted
from orgs.rosters.desk import pronounce
from orgs.rosters.verdict import Judge, Verdict

CHUNK = 2000


def silent(done, total, words):
    """Of `tell` where nobody listens."""


def in_order(rows, tell=silent, words=""):
    """So many at a time as are held; `tell` hears how many there were."""
    last, done, total = -1, 0, 0 if tell is silent else rows.count()
    rows = rows.with_content().order_by("number")
    while some := list(rows.filter(number__gt=last)[:CHUNK]):
        tell(done, total, words)
        last, done = some[-1].number, done + len(some)
        yield some


def review_stale(batch):
    """Rows whose person has appeared, changed or gone since they were judged."""
    there = Member.objects.filter(id_index=OuterRef("id_index"))
    same = Member.objects.filter(pk=OuterRef("member_id"), version=OuterRef("target_version"))
    appeared = Q(verdict=Verdict.NEW) & (Q(id_index__isnull=True) | Exists(there))
    met = Q(verdict__in=(Verdict.UPDATE, Verdict.UNCHANGED)) | Q(
        verdict=Verdict.DUPLICATE, target_version__isnull=False
    )
    review(batch, batch.rows.filter(appeared | (met & ~Exists(same))))


@transaction.atomic
def choose_on_duplicate(batch, on_duplicate) -> ImportBatch:
    """跳过, 更新 or 停止, after the preview has shown how many there are."""
    batch.refresh_from_db(from_queryset=ImportBatch.objects.select_for_update(of=("self",)))
    if batch.status != ImportBatch.Status.PENDING:
        raise NotAllowed(f"这一批{batch.get_status_display()}，请刷新后查看。")
    batch.on_duplicate = on_duplicate
    met = Q(verdict=Verdict.UPDATE) | Q(verdict=Verdict.DUPLICATE, target_version__isnull=False)
    review(batch, batch.rows.filter(met))
    batch.save(update_fields=["on_duplicate", "counts"])
    return batch


def review(batch, rows):
    """Judge these rows anew and count the batch again."""
    places = {c["field"]: c["index"] for c in batch.columns if c["field"]}
    headings = {c["field"]: c["heading"] for c in batch.columns if c["field"]}
    judge, moved, warned = Judge(batch, places), 0, 0
    for some in in_order(rows):
        told = judge.judge([(row.number, row.values, row.id_index) for row in some])
        warned -= sum(bool(row.warnings) for row in some)
        for row in some:
            if told[row.number].verdict != row.verdict:
                # what the last judgement said of the person no longer holds
                row.warnings = [note for note in row.warnings if not note.get("judged")]
                pronounce(row, told[row.number], places, headings)
        warned += sum(bool(row.warnings) for row in some)
        moved += ImportRow.objects.bulk_update(
            some,
            ["verdict", "faults", "warnings", "is_warned", "prior", "member", "target_version"],
            batch_size=500,
        )  # fmt: skip
    if moved:
        verdicts = batch.rows.values_list("verdict").annotate(count=Count("pk")).order_by()
        found = Counter(dict(verdicts)) | Counter(warned=batch.counts["warned"] + warned)
        batch.counts = counted(found, batch.counts["skipped"])
