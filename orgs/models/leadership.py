"""Which organizations are led, and which are not: the rows behind the figures about 班子.

Part of the queryset of organizations; every method keeps to the rows it is given:

    Organization.objects.within(county).active().without_secretary(day)
"""

from django.db import models
from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce

from orgs.models.coverage import BRANCHES
from orgs.terms import too_long_since

#: 《支部工作条例（试行）》第二十条: seven full members elect a committee of three or more.
MEMBERS_FOR_COMMITTEE, SEATS = 7, 3
SEAT = "committees__seats__"


def held_on(day, prefix="") -> Q:
    """The seat is held on this day; one whose beginning nobody wrote down is held until it ends."""
    begun = Q(**{f"{prefix}started_on__isnull": True}) | Q(**{f"{prefix}started_on__lte": day})
    going = Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gte": day})
    return begun & going


class LeadershipScope(models.QuerySet):
    def to_be_led(self):
        """Those that must have a secretary: all but 党小组, which have a 组长."""
        return self.exclude(kind="GROUP")

    def with_secretary(self, day):
        """有书记: somebody holds the post on this day."""
        led = self.model.objects.filter(held_on(day, SEAT), **{f"{SEAT}post": "SECRETARY"})
        return self.filter(pk__in=led.order_by().values("pk"))

    def without_secretary(self, day):
        """书记缺. `last_led_on`: the last secretary's last day, else that of the election."""
        led = self.model.objects.with_secretary(day).order_by()
        left = Q(**{f"{SEAT}post": "SECRETARY", f"{SEAT}ended_on__lt": day})
        serving = Q(committees__status="IN_OFFICE")
        return (
            self.to_be_led()
            .exclude(pk__in=led.values("pk"))
            .annotate(
                last_led_on=Coalesce(
                    Max(f"{SEAT}ended_on", filter=left),
                    Max("committees__elected_on", filter=serving),
                    output_field=models.DateField(),
                )
            )
        )

    def too_long_without_secretary(self, day):
        """More than three months: where 软弱涣散 begins."""
        return self.without_secretary(day).filter(last_led_on__lt=too_long_since(day))

    def with_complete_committee(self, day):
        """班子健全: a secretary and, where the branch has seven full members, a committee."""
        manned = Count("committees__seats", filter=held_on(day, SEAT))
        crews = self.model.objects.annotate(n=manned).filter(n__gte=SEATS).order_by()
        counted = Count("members", filter=Q(members__stage="FULL"))
        large = self.model.objects.annotate(n=counted).filter(n__gte=MEMBERS_FOR_COMMITTEE)
        small = Q(kind__in=BRANCHES) & ~Q(pk__in=large.order_by().values("pk"))
        return self.with_secretary(day).filter(small | Q(pk__in=crews.values("pk")))

    def with_term_overdue(self, day):
        """应换未换."""
        return self._serving(committees__due_on__lt=day)

    def with_term_in_time(self, day):
        """按期换届: a committee serves whose term is not over, or that has none."""
        return self.filter(committees__status="IN_OFFICE").exclude(
            pk__in=self.model.objects.with_term_overdue(day).order_by().values("pk")
        )

    def _serving(self, **conditions):
        return self.filter(committees__status="IN_OFFICE", **conditions)
