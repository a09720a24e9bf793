"""群众测评 as the result takes it: one score an organization, or why there is none yet."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class GroupResult:
    """One group of voters. `mean` is None where too few voted to be shown or to count."""

    code: str
    label: str
    weight: Decimal
    eligible: int
    issued: int
    valid: int
    mean: Decimal | None


@dataclass(frozen=True)
class PublicResult:
    """M from 0 to 100 with its turnout; None while not valid: 待定, never zero."""

    score: Decimal | None
    #: What is lacking for a valid result, in words.
    faults: tuple[str, ...] = ()
    groups: tuple[GroupResult, ...] = field(default=())

    @property
    def is_pending(self) -> bool:
        return self.score is None


def public_results(cycle) -> dict[int, PublicResult]:
    """assessment id → result, for all of the cycle; one without a ballot is not in it."""
    return {}
