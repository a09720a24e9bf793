"""What dashboards ask of the requests: facts about each case, and counts over many.

Each method is one query however many organizations and cases there are, so that monthly sums can
take its place one day. What counts in which figure is said in `services/rates.py` alone.
"""

from django.db import models
from django.db.models import Avg, Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models import Subquery as First
from django.db.models.functions import Coalesce, Left, TruncMonth

from services.models.aftercare import Callback
from services.models.assignment import Assignment
from services.models.evaluation import Evaluation
from services.models.proposal import Proposal
from services.models.status import Status


class MeasureQuerySet(models.QuerySet):
    # which cases

    def of(self, organizations):
        """Registered at one of these organizations."""
        return self.filter(organization__in=organizations).exclude(status=Status.DRAFT)

    def below(self, organization):
        """`branch`: the path of the organization one level down that a case belongs to.

        What was registered at the organization itself has its own path there.
        """
        ends = len(organization.path) + organization.steplen
        return self.annotate(branch=Left("organization__path", ends))

    # facts about each case

    def with_first_contact(self):
        """The first lead 承办单, its time to sign, and when somebody first signed for the case."""
        leads = Assignment.objects.filter(request=OuterRef("pk"), part=Assignment.Part.LEAD)
        sent = leads.order_by("dispatched_at", "pk")
        signed = leads.filter(signed_at__isnull=False).order_by("signed_at", "pk")
        return self.annotate(
            first_dispatched_at=First(sent.values("dispatched_at")[:1]),
            first_sign_by=First(sent.values("sign_by")[:1]),
            first_signed_at=First(signed.values("signed_at")[:1]),
            was_returned_once=Exists(leads.filter(returned_at__isnull=False)),
        )

    def with_first_due(self):
        """`answer_due_at`: when the first answer is or was due, as the clock of round one stood."""
        return self.annotate(answer_due_at=Coalesce("first_due_at", "due_at"))

    def with_first_callback(self):
        """Whether anybody called back, and what the citizen said when first reached."""
        calls = Callback.objects.filter(request=OuterRef("pk"))
        reached = calls.filter(is_reached=True).order_by("pk")
        return self.annotate(
            was_called=Exists(calls), first_solved=First(reached.values("is_solved")[:1])
        )

    def with_first_grade(self):
        """The first grade of the case and who entered it; null as long as nobody graded."""
        grades = Evaluation.objects.filter(request=OuterRef("pk")).order_by("pk")
        return self.annotate(
            first_grade=First(grades.values("grade")[:1]),
            first_grade_source=First(grades.values("source")[:1]),
        )

    # counts over many

    def tally(self, by=None, **conditions):
        """How many cases meet each condition: a dict, or one for each value of `by`."""
        counts = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
        if by is None:
            return self.aggregate(**counts)
        fields = (by,) if isinstance(by, str) else by
        rows = self.order_by().values(*fields).annotate(**counts)
        return {
            tuple(row[field] for field in fields) if len(fields) > 1 else row[by]: {
                name: row[name] for name in counts
            }
            for row in rows
        }

    def per_month(self, field):
        """First day of the month → how many cases have `field` in it."""
        month = TruncMonth(field, output_field=models.DateField())
        rows = self.filter(**{f"{field}__isnull": False}).order_by().annotate(month=month)
        return dict(rows.values_list("month").annotate(Count("pk")))

    def mean_wait(self, by):
        """`by` → mean time from registration to the first answer."""
        wait = ExpressionWrapper(F("first_replied_at") - F("registered_at"), DurationField())
        return dict(self.order_by().values_list(by).annotate(mean=Avg(wait)))

    def exclusions(self):
        """The approved proposals that took these cases out of the rates."""
        rows = Proposal.objects.filter(kind=Proposal.Kind.EXCLUSION, is_approved=True)
        rows = rows.filter(request__in=self.order_by().values("pk"))
        return rows.select_related("request__organization", "proposed_by", "decided_by")

    def lead_assignments(self):
        """承办单 of the units in charge of these cases."""
        return self._assignments().filter(part=Assignment.Part.LEAD)

    def assists(self):
        """承办单 of the units that were asked to help."""
        return self._assignments().filter(part=Assignment.Part.ASSIST)

    def _assignments(self):
        return Assignment.objects.filter(request__in=self.order_by().values("pk"))

    def sent_back(self, moments):
        """Cases returned within [from, to), with every lead 承办单 in order; busiest first."""
        start, stop = moments
        leads = Assignment.objects.filter(part=Assignment.Part.LEAD)
        back = Q(assignments__returned_at__isnull=False)
        within = Q(assignments__returned_at__gte=start, assignments__returned_at__lt=stop)
        return (
            self.annotate(
                returns=Count("assignments", filter=back),
                returns_within=Count("assignments", filter=within),
            )
            .filter(returns_within__gt=0)
            .select_related("organization", "department__organization", "handler", "citizen")
            .prefetch_related(
                models.Prefetch(
                    "assignments", leads.select_related("department__organization"), to_attr="leads"
                )
            )
            .order_by("-returns", "-registered_at", "-pk")
        )
