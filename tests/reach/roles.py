"""Groups of roles and duties that the tables name."""

from orgs.models import Duty, Role

EVERYBODY = {*Role, *Duty} - {Duty.BUSINESS}
BUSINESS = set(Role)
REVIEW = {Role.CENTRE_HEAD, Role.SECRETARY, Role.REVIEWER}
LEDGER = {Role.AGENT, Role.CENTRE_HEAD, Role.SECRETARY, Role.REVIEWER}
