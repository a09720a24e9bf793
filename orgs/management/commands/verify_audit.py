"""Recompute the chains of the audit trail and name the first entry that is not as written."""

import json
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from orgs.models import AuditChain, AuditEntry
from orgs.models.audit import first_fault


class Command(BaseCommand):
    help = "核验操作记录：逐日重算校验链，打印每日末条校验值；有改动、缺失时说明第一处并以 1 退出。"

    def add_arguments(self, parser):
        parser.add_argument("--day", type=day_of, help="只核验这一天，如 2026-03-02")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出，可另存作日后比对")
        parser.add_argument(
            "--anchors", type=Path, help="与以前另存的 JSON 比对，能查出整日或末尾被删的记录"
        )

    def handle(self, *, day, anchors, **options):
        chains = {chain.day: chain for chain in AuditChain.objects.order_by("day")}
        written = AuditEntry.objects.order_by().values_list("day", flat=True).distinct()
        kept = read_anchors(anchors) if anchors else {}
        days = [day] if day else sorted({*chains, *written, *kept})
        rows = [look(one, chains.get(one), kept.get(one)) for one in days]
        faults = [row["fault"] for row in rows if row["fault"]]
        self.tell(rows, faults, as_json=options["json"])
        if faults:
            raise SystemExit(1)

    def tell(self, rows, faults, *, as_json):
        if as_json:
            told = {"whole": not faults, "fault": faults[0] if faults else "", "days": rows}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for row in rows:
            state = row["fault"] or "完整"
            self.stdout.write(f"{row['day']} {row['count']} 条 {row['head'] or '—'} {state}")
        if not any(row["count"] for row in rows) and not faults:
            self.stdout.write("没有操作记录，请核对日期。" if rows else "还没有操作记录。")
            return
        self.stdout.write(f"有误：{faults[0]}" if faults else f"共 {len(rows)} 天，全部完整。")


def day_of(text) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"日期应写成 2026-03-02，现在是“{text}”") from error


def look(day, chain, anchor) -> dict:
    """One day's chain: how long it is, its head, and what is wrong with it."""
    if chain is None:
        fault = f"{day} 的记录链缺失" if anchor or AuditEntry.objects.filter(day=day) else ""
        return {"day": str(day), "count": 0, "head": "", "fault": fault}
    fault = first_fault(chain)
    if anchor and not fault:
        fault = against_anchor(chain, *anchor)
    return {"day": str(day), "count": chain.count, "head": chain.head, "fault": fault}


def against_anchor(chain, count, head) -> str:
    """Whether the entry that was the last one then still is where it was."""
    kept = AuditEntry.objects.filter(day=chain.day, sequence=count, hash=head)
    if count and not kept.exists():
        return f"{chain.day} 第 {count} 条与留存的校验值不符"
    return ""


def read_anchors(path) -> dict:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {date.fromisoformat(row["day"]): (row["count"], row["head"]) for row in told["days"]}
    except OSError as error:
        raise CommandError(f"打不开比对文件 {path}，请检查路径和权限。") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} 不是 verify_audit --json 存下的文件。") from error
