from assessments.models.assessment import Answer, Assessment
from assessments.models.clock import database_now, database_today
from assessments.models.cycle import Cycle
from assessments.models.review import Review, SecondScore
from assessments.models.review_opinion import LocalOpinion
from assessments.models.review_spot_check import SpotCheck, SpotCheckItem
from assessments.models.scheme import Goal, Indicator, Scheme, StarBand, VetoRule, VoterGroup

__all__ = [
    "Answer",
    "Assessment",
    "Cycle",
    "Goal",
    "Indicator",
    "LocalOpinion",
    "Review",
    "Scheme",
    "SecondScore",
    "SpotCheck",
    "SpotCheckItem",
    "StarBand",
    "VetoRule",
    "VoterGroup",
    "database_now",
    "database_today",
]
