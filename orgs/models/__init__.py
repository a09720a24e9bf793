from orgs.models.attachment import Attachment
from orgs.models.audit import AuditChain, AuditEntry
from orgs.models.calendar import CalendarDay, CalendarYear
from orgs.models.committee import Committee
from orgs.models.member import FLAGS, GONE, LEADING, READERS, Member, Stage, Standing
from orgs.models.national_codes import ETHNICITIES, Education, Sex
from orgs.models.notice import Notice
from orgs.models.organization import Formation, Level, Organization, OrganizationKind, Sector, Tag
from orgs.models.post import Duty, Post, Role
from orgs.models.roster import ImportBatch
from orgs.models.roster_row import ImportBlock, ImportRow
from orgs.models.seat import CommitteeSeat, LeftReason, SeatPost, SeatSource
from orgs.models.sentry import Heartbeat, Throttle
from orgs.models.stand_in import StandIn
from orgs.models.term_clock import LeadershipReminder
from orgs.models.transfer import Transfer
from orgs.models.user import NotAllowed, PasswordRecord, User
from orgs.models.venue import Department, ServiceCentre
from orgs.models.workplace import Workplace

__all__ = [
    "LeadershipReminder",
    "SeatSource",
    "SeatPost",
    "LeftReason",
    "CommitteeSeat",
    "Committee",
    "ETHNICITIES",
    "FLAGS",
    "GONE",
    "LEADING",
    "READERS",
    "Attachment",
    "AuditChain",
    "AuditEntry",
    "CalendarDay",
    "CalendarYear",
    "Department",
    "Duty",
    "Education",
    "Formation",
    "Heartbeat",
    "ImportBatch",
    "ImportBlock",
    "ImportRow",
    "Level",
    "Member",
    "NotAllowed",
    "Notice",
    "Organization",
    "OrganizationKind",
    "PasswordRecord",
    "Post",
    "Role",
    "Sector",
    "ServiceCentre",
    "Sex",
    "Stage",
    "StandIn",
    "Standing",
    "Tag",
    "Throttle",
    "Transfer",
    "User",
    "Workplace",
]
