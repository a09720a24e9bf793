from orgs.models import READERS, Member
from tests.orgs.rosters import id_number

ROSTER = {*READERS}
PAGES = {
    "orgs:members": ROSTER,
    "orgs:members_export": ROSTER,
}
OBJECTS = {
    "orgs:member": (["member"], set()),
    "orgs:member_unmask": (["member"], set()),
}


def things(cast) -> dict:
    member = Member.enrol(
        actor=None, organization=cast.home.village, name="单雄信", id_number=id_number(serial=901)
    )
    return {"member": member.pk}
