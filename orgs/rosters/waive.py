"""忽略校验: a number whose check digit is wrong, but which stands so on the card, may go in.

The police have issued such numbers; whoever has seen the card lets the row in, with a reason, on
record. Numbers that lost digits in Excel, or are wrong in any other way, are never let in.
"""

from django.db import transaction
from django.utils import timezone

from orgs.fields import blind_index, normalise
from orgs.masking import id_number_error
from orgs.models import AuditEntry, ImportBatch, ImportRow, NotAllowed
from orgs.models.national_codes import Sex
from orgs.rosters.cells import as_text
from orgs.rosters.review import review
from orgs.rosters.verdict import Verdict

CHECK_DIGIT = "身份证号码校验不通过"
MOST = 200
SAVED = ["id_index", "faults", "warnings", "is_warned", "verdict"]


def waivable(batch) -> list[ImportRow]:
    """The rows with nothing wrong but the check digit; of the first rows with errors."""
    if batch.kind != ImportBatch.Kind.MEMBERS:
        return []
    rows = batch.rows.with_content().filter(verdict=Verdict.ERROR).order_by("number")[:MOST]
    return [row for row in rows if number_of(batch, row)]


def number_of(batch, row) -> str:
    """The number of a row whose only fault is its check digit; else ""."""
    place = {column["field"]: column["index"] for column in batch.columns}.get("id_number")
    if place is None or [fault["field"] for fault in row.faults] != ["id_number"]:
        return ""
    number = normalise(as_text(row.raw[place]))
    is_lost = not isinstance(row.raw[place], str) or number.endswith("000")
    wrong = id_number_error(number, timezone.localdate())
    return number if wrong.startswith(CHECK_DIGIT) and not is_lost else ""


@transaction.atomic
def waive(batch, *, actor, rows, reason):
    """The rows with these numbers are judged as if the check digit were right."""
    batch._begin("waive", actor)
    wrong = batch.rows.with_content().filter(number__in=rows, verdict=Verdict.ERROR)
    chosen = list(wrong.order_by("number"))
    for row in chosen:
        let_pass(batch, row, reason)
    ImportRow.objects.save_values(chosen)
    ImportRow.objects.bulk_update(chosen, SAVED, batch_size=500)
    batch.counts["warned"] += len(chosen)
    numbers = [row.number for row in chosen]
    review(batch, batch.rows.filter(number__in=numbers))
    batch.save(update_fields=["counts"])
    AuditEntry.record(
        actor, "roster.waived", batch, label="忽略证件校验", organization=batch.organization,
        note=f"第 {'、'.join(map(str, numbers))} 行，原因：{reason}",
    )  # fmt: skip


def let_pass(batch, row, reason):
    number = number_of(batch, row)
    if not number:
        raise NotAllowed(f"第 {row.number} 行还有别的错误，不能忽略。")
    row.id_index = blind_index(number)
    if twin := batch.rows.filter(id_index=row.id_index).exclude(pk=row.pk).first():
        raise NotAllowed(f"第 {row.number} 行和第 {twin.number} 行是同一个号码，请先改好名册。")
    (fault,) = row.faults
    said = {name: fault[name] for name in ("row", "column", "field", "value")}
    row.warnings = [*row.warnings, {**said, "message": f"{CHECK_DIGIT}，核对证件后忽略：{reason}"}]
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    sex = Sex.MALE if number[16] in "13579" else Sex.FEMALE
    row.values = {"sex": sex, "born": born} | row.values | {"id_number": number}
    # until it is judged, which comes next
    row.faults, row.is_warned, row.verdict = [], True, Verdict.NEW
