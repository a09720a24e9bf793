"""How many rows of a batch had which verdict."""

from collections import Counter

from orgs.rosters.verdict import Verdict

COUNTED = {
    Verdict.NEW: "new",
    Verdict.UPDATE: "updated",
    Verdict.UNCHANGED: "unchanged",
    Verdict.DUPLICATE: "duplicate",
    Verdict.ERROR: "error",
}


def tally(rows) -> Counter:
    found = Counter(row.verdict for row in rows)
    found["warned"] = sum(bool(r.warnings) for r in rows if r.verdict != Verdict.SKIPPED)
    return found


def counted(found: Counter, skipped: int) -> dict:
    counts = {name: found[verdict] for verdict, name in COUNTED.items()}
    return {
        "rows": sum(counts.values()), **counts, "skipped": skipped, "warned": found["warned"],
    }  # fmt: skip
