"""One row of a committee's roster → the term it speaks of and the seats that it fills."""

from orgs.models import OrganizationKind, SeatPost
from orgs.partial_date import PartialDate
from orgs.rosters import cells
from orgs.rosters.cells import BadCell, as_text
from orgs.rosters.committees import words
from orgs.rosters.committees.words import WIDE
from orgs.rosters.reader import RowReader

OF_TERM = ("term", "elected", "due_on", "document")
OF_SEAT = (
    "started", "source", "is_full_time", "heads_village", "concurrent", "phone", "note",
)  # fmt: skip
LONGEST = {"note": 200, "document": 80}
#: 职务（留空默认为委员）
BY_DEFAULT = "默认为委员"


class SeatReader(RowReader):
    """`values`: {"organization", "seats": [{post, name, …}], and what is said of the term}."""

    def __init__(self, table, resolver, today):
        super().__init__(table, resolver, today)
        self.is_wide = "SECRETARY" in self.places and "post" not in self.places
        self.groups = {n.pk for n in resolver.nodes if n.kind == OrganizationKind.GROUP}

    def read(self, rows):
        super().read(rows)
        for row in rows:
            # a row with faults keeps what was read of it
            row.values = {
                name: value.isoformat() if isinstance(value, PartialDate) else value
                for name, value in row.values.items()
            }

    def cleaners(self):
        text = {name: self._short(name) for name in LONGEST}
        wide = dict.fromkeys(WIDE, words.clean_names)
        return {
            "name": lambda value: cells.clean_name(as_text(value)),
            "id_number": lambda value: cells.clean_id(value, self.today),
            "post": words.clean_posts,
            "started": lambda value: self.day(value, self.today),
            "elected": lambda value: self.day(value, self.today),
            "due_on": lambda value: self.day(value, None),
            "term": words.clean_term,
            "source": words.clean_source,
            "is_full_time": words.clean_full_time,
            "heads_village": lambda value: cells.clean_flag(as_text(value), "一肩挑"),
            "concurrent": words.clean_concurrent,
            "phone": clean_phone,
            **text,
            **wide,
        }

    def _short(self, name):
        def clean(value):
            text = as_text(value)
            if len(text) > LONGEST[name]:
                raise BadCell(f"最多 {LONGEST[name]} 个字，请缩短。")
            return text

        return clean

    def require(self, row):
        faulty = {fault["field"] for fault in row.faults}
        if BY_DEFAULT in self.headings.get("post", "") and "post" not in faulty:
            row.values.setdefault("post", [SeatPost.MEMBER.value])
        wanted = () if self.is_wide else ("name", "post")
        for name in wanted:
            if name not in row.values and name not in faulty:
                self.refuse(row, name, f"{self.headings[name]}不能为空。")
        if row.values.get("organization") in self.groups:
            self.refuse(row, "organization", "党小组不设班子。", "请填它所在的党支部。")
        if self.is_wide and not faulty and not any(row.values.get(p) for p in WIDE):
            self.refuse(row, "SECRETARY", "这一行没有班子成员的姓名。")
        if len(row.values.get("SECRETARY", [])) > 1:
            self.refuse(row, "SECRETARY", "书记只能有一人。", "其他人请填在别的职务里。")

    def cross_check(self, row):
        said = row.values
        elected, due_on = said.get("elected"), said.get("due_on")
        if due_on:
            said["due_on"] = due_on.latest.isoformat()
            if elected and due_on.latest <= elected.earliest:
                self.refuse(row, "due_on", "应换届时间应晚于当选日期。", "请核对这两列。")
                return
        for name in ("elected", "started"):
            if name in said:
                said[name] = said[name].isoformat()
        row.values = {name: said[name] for name in ("organization", *OF_TERM) if name in said}
        row.values["seats"] = [*self._seats(said)]
        if "id_number" in said:
            row.values["id_number"] = said["id_number"]

    def _seats(self, said):
        own = {name: said[name] for name in OF_SEAT if name in said}
        if not self.is_wide:
            for post in said["post"]:
                yield {"post": post, "name": said["name"], **own}
            return
        for post in WIDE:
            for name in said.get(post, []):
                # what else such a row says, it says of the secretary
                more = own if post == SeatPost.SECRETARY else {}
                yield {"post": post, "name": name, **more}


def clean_phone(value):
    """A number that our own list has masked says nothing."""
    return "" if "*" in as_text(value) else cells.clean_phone(value)
