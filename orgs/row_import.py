"""Rows of an imported file: found by their headings, each counted once, every bad cell named."""

import re
import unicodedata

from orgs.workbook import BadWorkbook, read_sheets

#: Titles and notes may stand above the headings.
HEADING_ROWS = 15
#: "党组织代码（必填）*" and "党 组织代码" mean 党组织代码.
DECORATION = re.compile(r"\(.*?\)|[\s*:]")


def read_records(source, columns, optional=()) -> list[tuple[int, dict]]:
    """(row number, {field: value}) of the first sheet that has the headings.

    `columns` maps fields to headings; columns nobody asked for are left out.
    """
    missing = list(columns.values())
    for sheet in read_sheets(source):
        for index, row in enumerate(sheet.rows[:HEADING_ROWS]):
            places = find_headings(row.values, columns)
            lacking = [head for name, head in columns.items() if name not in (*places, *optional)]
            if not lacking:
                return list(records(sheet.rows[index + 1 :], places))
            missing = min(missing, lacking, key=len)
    raise BadWorkbook(f"没有找到表头，缺少这些列：{'、'.join(missing)}。请核对后再导入。")


def find_headings(values, columns) -> dict[str, int]:
    """Where each field's heading stands in the row."""
    said = [DECORATION.sub("", unicodedata.normalize("NFKC", str(value))) for value in values]
    return {name: said.index(head) for name, head in columns.items() if head in said}


def records(rows, places):
    for row in rows:
        record = {name: row.values[place] for name, place in places.items()}
        if any(value is not None for value in record.values()):
            yield row.number, record


class BadCell(Exception):
    """Why a row is not taken: the heading, the value as written, and the reason in Chinese."""

    def __init__(self, column, value, message):
        super().__init__(message)
        self.column, self.value, self.message = column, value, message


class Report:
    """Counts by outcome ("new", "unchanged"…); rows = all outcomes + error."""

    SHOWN = 50

    def __init__(self, **outcomes):
        self.labels = outcomes
        self.counts = dict.fromkeys(outcomes, 0)
        self.errors = []

    @property
    def refused(self) -> int:
        return len({error["row"] for error in self.errors})

    def count(self, outcome):
        self.counts[outcome] += 1

    def refuse(self, row, *faults):
        """One row is not taken, for one reason or several."""
        for fault in faults:
            self.errors.append(
                {
                    "row": row,
                    "column": fault.column,
                    "value": fault.value,
                    "message": fault.message,
                }
            )

    def as_dict(self) -> dict:
        errors = sorted(self.errors, key=lambda error: error["row"])
        return {
            "rows": sum(self.counts.values()) + self.refused,
            **self.counts,
            "error": self.refused,
            "errors": errors,
        }

    def lines(self) -> list[str]:
        """The same for a reader."""
        told = self.as_dict()
        counts = [f"{label} {self.counts[name]}" for name, label in self.labels.items()]
        lines = [f"共 {told['rows']} 行：{'，'.join(counts)}，错误 {self.refused}。"]
        lines += [
            f"第 {error['row']} 行 {error['column']}“{error['value']}”：{error['message']}"
            for error in told["errors"][: self.SHOWN]
        ]
        if len(self.errors) > self.SHOWN:
            lines.append(f"另有 {len(self.errors) - self.SHOWN} 处错误，加 --json 查看全部。")
        return lines
