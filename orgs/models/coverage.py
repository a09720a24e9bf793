"""空白与薄弱: organizations that are there on paper only, or too small for what they are.

Part of the queryset of organizations; every method keeps to the rows it is given:

    Organization.objects.within(county).active().too_small()
"""

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat, Left, Length

#: 《中国共产党章程》第三十条: where there are three full members or more, there is a branch.
FULL_MEMBERS_FOR_BRANCH = 3
BRANCHES = ("BRANCH", "JOINT_BRANCH", "TEMPORARY_BRANCH", "MIGRANT_BRANCH")
#: What members belong to: branches, and the groups below them.
HOMES = (*BRANCHES, "GROUP")
FULL = ~Q(stage="PROBATIONARY")
#: The highest step that a path of the tree may have (treebeard: 0–9A–Z, four a step).
LAST_CHILD = "ZZZZ"
#: 党组 has no branches of its own.
SUPERIORS = ("COMMITTEE", "WORKING_COMMITTEE", "GENERAL_BRANCH")


class CoverageScope(models.QuerySet):
    def branches(self):
        return self.filter(kind__in=BRANCHES)

    def with_members(self):
        """`member_count` on the register, `full_count` of them full; groups count, too."""
        own = Q(organization=OuterRef("pk"))
        # a range of paths, which the index knows; a pattern would be looked for everywhere
        last = Concat(OuterRef("path"), Value(LAST_CHILD))
        groups = Q(
            organization__kind="GROUP",
            organization__path__gt=OuterRef("path"), organization__path__lte=last,
        )  # fmt: skip
        return self.annotate(
            member_count=self._counted(own) + self._counted(groups),
            full_count=self._counted(own & FULL) + self._counted(groups & FULL),
        )

    def _counted(self, condition):
        """How many members on the register there are, as a number of the row."""
        rows = self._on_register().filter(condition).order_by().values(one=Value(1))
        return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)

    def _on_register(self):
        # the model of members stands on this one
        return self.model._meta.get_field("members").related_model.objects.on_register()

    def _paths_of_branches(self, **having):
        """Where members are: the paths of their branches, also of those who are in a group."""
        path = "organization__path"
        parent = Left(path, Length(path) - self.model.steplen)
        branch = Case(When(organization__kind="GROUP", then=parent), default=path)
        rows = self._on_register().order_by().values(branch=branch)
        full = Count("pk", filter=FULL)
        return rows.annotate(full=full).filter(**having).values("branch")

    def without_members(self):
        """没有党员的党支部."""
        return self.branches().exclude(path__in=self._paths_of_branches())

    def too_small(self):
        """正式党员不足三名的党支部, those without anybody apart."""
        some = self._paths_of_branches(full__lt=FULL_MEMBERS_FOR_BRANCH)
        return self.branches().filter(path__in=some)

    def without_committee(self):
        """没有登记班子: 党小组 have none, and 党组 are appointed."""
        serving = Q(committees__status="IN_OFFICE")
        manned = self.model.objects.filter(serving).order_by().values("pk")
        return self.to_be_led().exclude(pk__in=manned)

    def without_branches(self):
        """没有下级党支部的党委和党总支."""
        below = self.model.objects.active().branches().filter(path__startswith=OuterRef("path"))
        return self.filter(kind__in=SUPERIORS).exclude(Exists(below.order_by()))
