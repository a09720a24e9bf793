"""党组织 as the import of organizations takes them back: its columns, then what only explains."""

from orgs.models import Organization
from orgs.rosters.organizations.row import CHOICES
from orgs.rosters.organizations.words import COLUMNS

EXPLAINED = ("层级", "上级党组织", "撤销日期")
HEADINGS = [*COLUMNS.values(), *EXPLAINED]


def rows_of(organizations) -> list[list]:
    """One row each, for a QuerySet with `parent_name` and the supervisor."""
    organizations = list(organizations)
    step = Organization.steplen
    above = {node.path[:-step] for node in organizations}
    codes = dict(Organization.objects.filter(path__in=above).values_list("path", "code"))
    return [row_of(node, codes.get(node.path[:-step], "")) for node in organizations]


def row_of(node, parent_code) -> list:
    said = {name: getattr(node, f"get_{name}_display")() for name in CHOICES}
    said |= {
        "parent": parent_code,
        "supervisor": node.local_supervisor.code if node.local_supervisor else "",
        "founded_on": node.founded_on and node.founded_on.isoformat(),
    }
    values = [said[name] if name in said else getattr(node, name) for name in COLUMNS]
    abolished = node.abolished_on and node.abolished_on.isoformat()
    return [*values, node.get_level_display(), node.parent_name, abolished]
