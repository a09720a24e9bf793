"""Staged rows of a committee's roster in the words of a page; office holders are public."""

from orgs.masking import mask_phone
from orgs.models import Committee, CommitteeSeat, Member, SeatPost
from orgs.rosters.committees.judge import DATES
from orgs.rosters.committees.reader import OF_TERM
from orgs.rosters.presenter import Presenter


class SeatPresenter(Presenter):
    model = CommitteeSeat
    dates, masks = DATES, {"phone": mask_phone}

    def subject(self, row) -> str:
        seats = row.values.get("seats", [])
        people = "、".join(f"{seat['name']} {SeatPost(seat['post']).label}" for seat in seats)
        place = self.places.get(row.values.get("organization"), "")
        return f"{place}：{people}" if place and people else place or people

    def facts(self, row) -> list:
        return []

    def said(self, row, name):
        if name in OF_TERM:
            return row.values.get(name)
        said = (seat[name] for seat in row.values["seats"] if name in seat)
        return next(said, None)

    def label(self, name):
        model = Committee if name in OF_TERM else CommitteeSeat
        return model._meta.get_field(name).verbose_name

    def words(self, name, value):
        if name == "member":
            member = Member.objects.filter(pk=value).first() if value else None
            return f"{member}（{member.organization}）" if member else ""
        if name in OF_TERM and name not in DATES:
            return str(value or "")
        return super().words(name, value)
