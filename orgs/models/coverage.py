"""空白与薄弱: organizations that are there on paper only, or too small for what they are.

Part of the queryset of organizations; every method keeps to the rows it is given:

    Organization.objects.within(county).active().too_small()
"""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

#: 《中国共产党章程》第三十条: where there are three full members or more, there is a branch.
FULL_MEMBERS_FOR_BRANCH = 3
BRANCHES = ("BRANCH", "JOINT_BRANCH", "TEMPORARY_BRANCH", "MIGRANT_BRANCH")
#: What members belong to: branches, and the groups below them.
HOMES = (*BRANCHES, "GROUP")
#: 党组 has no branches of its own.
SUPERIORS = ("COMMITTEE", "WORKING_COMMITTEE", "GENERAL_BRANCH")


class CoverageScope(models.QuerySet):
    def branches(self):
        return self.filter(kind__in=BRANCHES)

    def with_members(self):
        """`member_count` on the register, `full_count` of them full; groups count, too."""
        own = Q(organization=OuterRef("pk"))
        groups = Q(organization__kind="GROUP", organization__path__startswith=OuterRef("path"))
        full = ~Q(stage="PROBATIONARY")
        return self.annotate(
            member_count=self._counted(own) + self._counted(groups),
            full_count=self._counted(own & full) + self._counted(groups & full),
        )

    def _counted(self, condition):
        """How many members on the register there are, as a number of the row."""
        # the model of members stands on this one
        members = self.model._meta.get_field("members").related_model.objects.on_register()
        rows = members.filter(condition).order_by().values(one=Value(1))
        return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)

    def without_members(self):
        """没有党员的党支部."""
        return self.branches().with_members().filter(member_count=0)

    def too_small(self):
        """正式党员不足三名的党支部, those without anybody apart."""
        rows = self.branches().with_members().filter(member_count__gt=0)
        return rows.filter(full_count__lt=FULL_MEMBERS_FOR_BRANCH)

    def without_committee(self):
        """没有登记班子: 党小组 have none, and 党组 are appointed."""
        serving = Q(committees__status="IN_OFFICE")
        manned = self.model.objects.filter(serving).order_by().values("pk")
        return self.to_be_led().exclude(pk__in=manned)

    def without_branches(self):
        """没有下级党支部的党委和党总支."""
        below = self.model.objects.active().branches().filter(path__startswith=OuterRef("path"))
        return self.filter(kind__in=SUPERIORS).exclude(Exists(below.order_by()))
