from services.models.aftercare import Callback, Complaint, Rectification
from services.models.announcement import Announcement
from services.models.assignment import Assignment
from services.models.category import Category
from services.models.citizen import Citizen
from services.models.custody import MaterialCustody, Paper, Party
from services.models.delegation import Delegation
from services.models.draft import Draft
from services.models.errand_log import DelegationPause, HomeVisit
from services.models.errand_terms import Place, Signature
from services.models.errand_verbs import ERRAND_VERBS, ErrandState
from services.models.evaluation import Evaluation, Grade
from services.models.item import ItemVersion, Mode, ServiceItem
from services.models.item_paper import ItemAttachment
from services.models.number import NumberSequence
from services.models.proposal import Proposal
from services.models.reminder import Reminder
from services.models.reply import Channel, Outcome, Reply
from services.models.reply_template import ReplyTemplate
from services.models.request import RequestAttachment, ServiceRequest, Source
from services.models.status import Status
from services.models.supplement import Supplement
from services.models.suspension import ClockSuspension, Ground
from services.models.text import RequestText
from services.models.transfer import Urge
from services.models.verbs import VERBS, verb_now

__all__ = [
    "ERRAND_VERBS",
    "VERBS",
    "Announcement",
    "Assignment",
    "Category",
    "Channel",
    "Callback",
    "Citizen",
    "ClockSuspension",
    "Complaint",
    "Delegation",
    "DelegationPause",
    "Draft",
    "ErrandState",
    "Evaluation",
    "Grade",
    "Ground",
    "HomeVisit",
    "ItemAttachment",
    "ItemVersion",
    "MaterialCustody",
    "Mode",
    "NumberSequence",
    "Outcome",
    "Paper",
    "Party",
    "Place",
    "Proposal",
    "Rectification",
    "Reminder",
    "Reply",
    "ReplyTemplate",
    "RequestAttachment",
    "RequestText",
    "ServiceItem",
    "ServiceRequest",
    "Signature",
    "Source",
    "Status",
    "Supplement",
    "Urge",
    "verb_now",
]
