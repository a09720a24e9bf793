"""What tests of members share: people of the home township, each with what a page may not leak."""

import io

from openpyxl import load_workbook

from orgs.models import Member
from orgs.partial_date import PartialDate
from tests.orgs.rosters import id_number

PHONE, LANDLINE = "13900000021", "0717-6222345"
ADDRESS = "柳河镇一村三组12号"


def enrolled(organization, name="单雄信", serial=1, *, born="19850601", **fields):
    """A full member with every number; `actor` None is the system."""
    fields = {
        "id_number": id_number(born, serial),
        "sex": "1" if serial % 2 else "2",
        "born": PartialDate(int(born[:4]), int(born[4:6]), int(born[6:])),
        "stage": "FULL",
        "joined": PartialDate(2005, 7),
        "phone": PHONE,
        "landline": LANDLINE,
        "address": ADDRESS,
    } | fields
    return Member.enrol(actor=None, organization=organization, name=name, **fields)


def secrets_of(member) -> list[str]:
    """What stands on no page without a reason."""
    return [member.id_number, member.phone, member.landline, member.address]


def rows_of(content) -> list[list[str]]:
    """An exported workbook, cell by cell; empty ones as ""."""
    sheet = load_workbook(io.BytesIO(content)).active
    return [["" if cell is None else cell for cell in row] for row in sheet.values]
