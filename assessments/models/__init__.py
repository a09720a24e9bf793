from assessments.models.assessment import Answer, Assessment
from assessments.models.assessment_course import Stale
from assessments.models.ballot import Ballot, Stratum
from assessments.models.ballot_code import BallotClosed, Code, NotYetOpen, UsedCode
from assessments.models.ballot_issue import CodeIssue
from assessments.models.ballot_open import OpenVote
from assessments.models.ballot_paper import PaperBatch
from assessments.models.ballot_preparing import prepare_ballots
from assessments.models.ballot_vote import Pending, Receipt, Vote
from assessments.models.clock import database_now, database_today
from assessments.models.cycle import Cycle
from assessments.models.debriefing import Debriefing
from assessments.models.evidence import EvidenceCase, EvidenceFile, EvidenceMember
from assessments.models.rectification import Rectification
from assessments.models.result import Result, ResultRun
from assessments.models.result_appeal import Appeal
from assessments.models.result_ground import Bonus, Veto
from assessments.models.result_publication import Publication
from assessments.models.review import Review, SecondScore
from assessments.models.review_opinion import LocalOpinion
from assessments.models.review_spot_check import SpotCheck, SpotCheckItem
from assessments.models.scheme import Goal, Indicator, Scheme, StarBand, VetoRule, VoterGroup

__all__ = [
    "OpenVote",
    "PaperBatch",
    "Vote",
    "UsedCode",
    "Stratum",
    "Receipt",
    "Pending",
    "Code",
    "NotYetOpen",
    "CodeIssue",
    "prepare_ballots",
    "BallotClosed",
    "Ballot",
    "Answer",
    "Appeal",
    "Assessment",
    "Bonus",
    "Cycle",
    "Debriefing",
    "EvidenceCase",
    "EvidenceFile",
    "EvidenceMember",
    "Goal",
    "Indicator",
    "LocalOpinion",
    "Publication",
    "Rectification",
    "Result",
    "ResultRun",
    "Review",
    "Scheme",
    "SecondScore",
    "SpotCheck",
    "SpotCheckItem",
    "Stale",
    "StarBand",
    "Veto",
    "VetoRule",
    "VoterGroup",
    "database_now",
    "database_today",
]
