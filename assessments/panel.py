"""One statement of a dashboard: a finding in words, its table and, where it helps, a chart."""

from dataclasses import dataclass, replace
from typing import Any

SLIM = 4


@dataclass(frozen=True)
class Panel:
    name: str
    label: str
    finding: str
    table: Any
    unit: str = "行"
    chart: dict | None = None
    #: small ones side by side, drawn on the server
    radars: tuple = ()
    note: str = ""
    #: name, formula and rule of each figure in the table
    rules: tuple[tuple[str, str, str], ...] = ()
    #: words and address of the whole list
    more: tuple[str, str] | None = None
    export_url: str = ""

    @property
    def is_empty(self) -> bool:
        return not len(self.table.rows)

    @property
    def is_slim(self) -> bool:
        """Narrow enough to stay a table on a telephone."""
        return len(self.table.columns) <= SLIM

    @property
    def chart_id(self) -> str:
        return f"chart-{self.name}"


def linked(name, count, address) -> dict:
    """A number in a row and the way to its cases, which 0 does not have."""
    return {name: count, f"{name}_url": address if count else None}


def series(name, data, tone, *, kind="bar", stack=""):
    return {"name": name, "data": data, "tone": tone, "kind": kind, "stack": stack}


def chart(labels, *rows, horizontal=False):
    """What static/charts.js draws."""
    return {"labels": labels, "series": list(rows), "horizontal": horizontal}


def panels_of(makers, page) -> list[Panel]:
    """The panels of a page in order, each with the way to its export."""
    found = (make(page) for make in makers.values())
    return [replace(p, export_url=page.lens.export_url(p.name)) for p in found if p is not None]
