"""Staged rows of a roster of organizations in the words of a page."""

from orgs.models import Organization
from orgs.rosters.organizations.words import COLUMNS
from orgs.rosters.presenter import Presenter


class OrganizationPresenter(Presenter):
    model = Organization
    dates, masks = (), {}

    def organizations(self, row):
        return ()

    def subject(self, row) -> str:
        name, code = row.values.get("name", ""), row.values.get("code", "")
        return f"{name}（{code}）" if name and code else name or code

    def facts(self, row) -> list:
        return []

    def said(self, row, name):
        # what follows from other cells, such as the level, is in none of its own
        return row.values.get(name, "按新内容重算")

    def label(self, name):
        return COLUMNS.get(name) or super().label(name)

    def words(self, name, value):
        return str(value or "") if name in ("parent", "supervisor") else super().words(name, value)
