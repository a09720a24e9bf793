from orgs.models import Duty
from tests.reach.roles import BUSINESS, EVERYBODY

PUBLIC = {
    "healthz",
    "orgs:sign_in",
    "orgs:large_text",
}
PAGES = {
    "home": EVERYBODY,
    "orgs:account": EVERYBODY,
    "orgs:change_password": EVERYBODY,
    "orgs:notices": EVERYBODY,
    "orgs:accounts": {Duty.SYSTEM, Duty.SECURITY},
    "orgs:accounts_export": {Duty.SYSTEM, Duty.SECURITY},
    "orgs:account_new": {Duty.SYSTEM},
    "orgs:stand_ins": BUSINESS,
    "orgs:roles": {Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT},
    "orgs:organizations": EVERYBODY - {Duty.AUDIT},
    "orgs:organizations_export": EVERYBODY - {Duty.AUDIT},
    "orgs:organization_new": {Duty.SYSTEM},
    "orgs:centres": BUSINESS | {Duty.SYSTEM},
    "orgs:centre_new": {Duty.SYSTEM},
    "orgs:calendars": BUSINESS | {Duty.SYSTEM},
    "orgs:calendar_import": {Duty.SYSTEM},
    "orgs:audit": {Duty.AUDIT},
    "orgs:audit_export": {Duty.AUDIT},
}
FOR_ALL = {"home", "orgs:account", "orgs:change_password", "orgs:notices"}
OWN = {"orgs:sign_out", "orgs:switch", "orgs:notices_read_all"}
OBJECTS = {
    "orgs:notice": (["notice"], set()),
    "orgs:account_detail": (["account"], {Duty.SYSTEM, Duty.SECURITY}),
    "orgs:account_edit": (["account"], {Duty.SYSTEM, Duty.SECURITY}),
    "orgs:account_password": (["account"], {Duty.SYSTEM, Duty.SECURITY}),
    "orgs:account_switch": (["account"], {Duty.SYSTEM, Duty.SECURITY}),
    "orgs:account_unlock": (["account"], {Duty.SYSTEM, Duty.SECURITY}),
    "orgs:post_new": (["account"], {Duty.SYSTEM, Duty.SECURITY}),
    "orgs:post_end": (["account", "post"], {Duty.SYSTEM, Duty.SECURITY}),
    "orgs:stand_in_end": (["stand_in"], set()),
    "orgs:organization": (["organization"], {*Duty}),
    "orgs:organization_edit": (["organization"], {*Duty}),
    "orgs:organization_move": (["organization"], {*Duty}),
    "orgs:centre": (["centre"], {*Duty}),
    "orgs:centre_edit": (["centre"], {*Duty}),
    "orgs:centre_windows": (["centre"], {*Duty}),
    "orgs:unit_new": (["centre"], {*Duty}),
    "orgs:unit_edit": (["centre", "unit"], {*Duty}),
    "orgs:calendar": (["year"], {*EVERYBODY, "nobody"}),
    "orgs:calendar_day": (["year"], {*EVERYBODY, "nobody"}),
    "orgs:calendar_confirm": (["year"], {*EVERYBODY, "nobody"}),
    "orgs:audit_entry": (["entry"], {Duty.AUDIT}),
}
POST_ONLY = {"orgs:stand_in_end"}


def things(cast) -> dict:
    absence = cast.handler.hand_over(
        actor=cast.handler, deputy=cast.deputy, started_on="2026-03-01", ended_on="2026-03-09"
    )
    cast.register(accept=True)  # of which the dispatcher gets a notice
    return {
        "organization": cast.home.organization.pk,
        "centre": cast.home.centre.pk,
        "unit": cast.home.unit.pk,
        "account": cast.clerk.pk,
        "post": cast.clerk.posts.get().pk,
        "notice": cast.dispatcher.notices.first().pk,
        "stand_in": absence.pk,
        "year": 2026,
        "entry": cast.clerk.audit_entries.first().pk,
    }
