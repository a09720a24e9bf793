from orgs.models import Role
from tests.reach.roles import REVIEW

PAGES = {
    "assessments:dashboard": REVIEW,
    "assessments:dashboard_export": REVIEW,
    "assessments:workload": REVIEW | {Role.DISPATCHER},
    "assessments:workload_export": REVIEW | {Role.DISPATCHER},
}
