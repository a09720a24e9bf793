from services.models.assignment import Assignment
from services.models.category import Category
from services.models.citizen import Citizen
from services.models.evaluation import Evaluation, Grade
from services.models.item import ItemVersion, Mode, ServiceItem
from services.models.number import NumberSequence
from services.models.reminder import Reminder
from services.models.reply import Channel, Outcome, Reply
from services.models.request import RequestAttachment, ServiceRequest, Source
from services.models.text import RequestText
from services.models.verbs import VERBS, Status

__all__ = [
    "VERBS",
    "Assignment",
    "Category",
    "Channel",
    "Citizen",
    "Evaluation",
    "Grade",
    "ItemVersion",
    "Mode",
    "NumberSequence",
    "Outcome",
    "Reminder",
    "Reply",
    "RequestAttachment",
    "RequestText",
    "ServiceItem",
    "ServiceRequest",
    "Source",
    "Status",
]
