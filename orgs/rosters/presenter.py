"""Staged rows in the words of a page: whom a row is about and what it would change, masked.

presenter = kind.presenter(rows)    # the rows of one page; asks the database once
kind.presenter(rows, with_names=True)   # for whoever sees these people's names elsewhere, too
presenter.subject(row)              # 陈*国（一村党支部）
presenter.facts(row)                # [("学历", "大专"), …] of somebody new
presenter.differences(row)          # [("学历", "高中", "大专"), …] of an update
"""

from orgs.masking import mask_address, mask_id, mask_name, mask_phone, mask_text
from orgs.models import Member, Organization
from orgs.partial_date import PartialDate
from orgs.rosters.person import DATES

MASKS = {
    "name": mask_name,
    "id_number": mask_id,
    "phone": mask_phone,
    "landline": mask_phone,
    "address": mask_address,
}
#: What tells one person from another of the same name.
FIRST = ("id_number", "born", "joined")
YES_NO = {True: "是", False: "否"}


class Presenter:
    """Of members; the other kinds say only what is different."""

    model = Member
    dates, masks = DATES, MASKS

    def __init__(self, rows, with_names=False):
        if with_names:
            self.masks = {name: mask for name, mask in self.masks.items() if name != "name"}
        ids = {pk for row in rows for pk in self.organizations(row) if pk}
        self.places = {node.pk: str(node) for node in Organization.objects.filter(pk__in=ids)}

    def organizations(self, row):
        return row.values.get("organization"), row.prior.get("organization")

    def subject(self, row) -> str:
        name = self.words("name", row.values.get("name"))
        place = self.places.get(row.values.get("organization"), "")
        return f"{name}（{place}）" if name and place else name or place

    def facts(self, row) -> list[tuple[str, str]]:
        """What else a new row says: [("学历", "大专"), …]."""
        said = {n: row.values[n] for n in FIRST if n in row.values} | row.values
        said = {n: v for n, v in said.items() if n not in ("name", "organization")}
        return [(self.label(name), self.words(name, value)) for name, value in said.items()]

    def differences(self, row) -> list[tuple[str, str, str]]:
        return [
            (self.label(name), self.words(name, was), self.words(name, self.said(row, name)))
            for name, was in row.prior.items()
            if name != "undo"
        ]

    def said(self, row, name):
        return row.values.get(name)

    def label(self, name) -> str:
        return self.model._meta.get_field(name).verbose_name

    def words(self, name, value) -> str:
        if value in (None, ""):
            return ""
        if name == "organization":
            return self.places.get(value, "")
        if name in self.masks:
            return self.masks[name](value)
        if name in self.dates:
            return str(PartialDate.parse(value))
        if isinstance(value, bool):
            return YES_NO[value]
        told = dict(self.model._meta.get_field(name).flatchoices).get(value)
        # people write numbers into remarks
        return mask_text(str(value)) if told is None else str(told)
