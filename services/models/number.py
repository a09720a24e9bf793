"""Numbers and query codes that citizens carry home."""

import re
import secrets

from django.db import models, transaction

from orgs.models import Organization

#: Read aloud over the telephone without mistakes: no 0 O 1 I L.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


#: As `next_number` gives them out, in whatever letters they are typed.
NUMBER = re.compile(r"FB\d{4}-\d+-\d{4,}", re.IGNORECASE)


def is_request_number(text) -> bool:
    return NUMBER.fullmatch(text) is not None


def new_query_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(6))


class NumberSequence(models.Model):
    """The last number given out by an organization in a month."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    month = models.CharField(max_length=4)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "month"], name="sequence_once")
        ]

    def __str__(self):
        return f"{self.organization_id} {self.month} {self.last}"

    @classmethod
    @transaction.atomic
    def next_number(cls, organization, day) -> str:
        """FB2611-52-0203: year and month, the organization, its count in that month."""
        month = f"{day:%y%m}"
        cls.objects.get_or_create(organization=organization, month=month)
        row = cls.objects.select_for_update().get(organization=organization, month=month)
        row.last += 1
        row.save(update_fields=["last"])
        return f"FB{month}-{organization.pk}-{row.last:04d}"
