from orgs.models import LEADING, READERS, Member, Transfer, Workplace
from tests.orgs.rosters import id_number

PAGES = {
    "orgs:members": {*READERS},
    "orgs:members_export": {*READERS},
    "orgs:members_export_full": {*LEADING},
    "orgs:member_new": {*LEADING},
    "orgs:transfers": {*READERS},
    "orgs:transfers_export": {*READERS},
    "orgs:transfer_admit": {*LEADING},
    "orgs:workplaces": {*READERS},
    "orgs:workplaces_export": {*READERS},
    "orgs:workplace_new": {*LEADING},
    "orgs:blanks": {*READERS},
    "orgs:blanks_export": {*READERS},
}
OBJECTS = {
    "orgs:member": (["member"], set()),
    "orgs:member_unmask": (["member"], set()),
    "orgs:member_sheet": (["member"], set()),
    "orgs:member_edit": (["member"], set()),
    "orgs:member_change": (["member", "member_verb"], set()),
    "orgs:transfer_new": (["member"], set()),
    "orgs:transfer": (["transfer"], set()),
    "orgs:transfer_letter": (["transfer"], set()),
    "orgs:transfer_act": (["transfer", "transfer_verb"], set()),
    "orgs:workplace_edit": (["workplace"], set()),
}
POST_ONLY = {"orgs:transfer_act"}


def things(cast) -> dict:
    member = Member.enrol(
        actor=None, organization=cast.home.village, name="单雄信", id_number=id_number(serial=901)
    )
    transfer = Transfer.propose(actor=None, member=member, to_place="武汉市洪山区关山街道工委")
    workplace = Workplace.register(
        actor=None, name="柳河茶厂", sector="PRIVATE", place=cast.home.organization
    )
    return {
        "workplace": workplace.pk,
        "member": member.pk,
        "member_verb": "away",
        "transfer": transfer.pk,
        "transfer_verb": "withdraw",
    }
