"""A roster of 石桥村 that the cadre has brought: it waits to be let in, with what rosters have."""

from io import BytesIO

from django.core.files.base import ContentFile
from openpyxl import Workbook

from orgs.models import Member
from orgs.rosters.kinds import MEMBERS
from orgs.rosters.survey import survey
from orgs.rosters.upload import bring
from orgs.rosters.work import work_on
from services.demo.citizens import id_number

VILLAGE, CADRE = "石桥村", "tianguilan"
FILE = "石桥村党员花名册.xlsx"
HEADINGS = ("序号", "姓 名", "身份证号", "文化程度", "入党年月", "联系方式", "备注")
KNOWN = 6
NEW = (
    ("覃小燕", id_number("19970312", 420), "大学本科", "2025.07", "13900002107", "预备党员"),
    ("向建国", id_number("19680920", 431), "初中", "1995年10月", "13900002108", ""),
)
#: A month that there is not, and a number that Excel has rounded.
WRONG = (
    ("陈世平", id_number("19720605", 433), "高中", "1999年13月", "13900002109", ""),
    ("周桂枝", 4.2992119630218e17, "小学", "1986.06", "13900002110", ""),
)


def build_imports(places, staff):
    """待核对: six known people of whom two have changed, two new ones, two rows with errors."""
    cadre = next(person for person in staff if person.username == CADRE)
    file = ContentFile(roster_of(places[VILLAGE]), name=FILE)
    batch = bring(file=file, organization=places[VILLAGE], kind=MEMBERS, actor=cadre)
    table = survey(file, MEMBERS, batch=batch).table
    batch.map_columns(
        actor=cadre, sheet=table.sheet, heading_rows=table.heading_rows,
        columns=table.columns_as_json(),
    )  # fmt: skip
    work_on(batch.pk)


def roster_of(village) -> bytes:
    book, written = Workbook(), BytesIO()
    sheet = book.active
    sheet.append([f"{village.name}党员花名册"])
    sheet.append(["填报单位：石桥村"])
    sheet.append(HEADINGS)
    people = Member.objects.within(village).order_by("pk")[:KNOWN]
    rows = [known(person, n) for n, person in enumerate(people)]
    for number, row in enumerate([*rows, *NEW, *WRONG], 1):
        sheet.append([number, *row])
    sheet.append(["合计", len(rows) + len(NEW) + len(WRONG)])
    book.save(written)
    return written.getvalue()


def known(member, n) -> tuple:
    """As registered, but for a new number of the first two."""
    phone = f"1390000211{n}" if n < 2 else member.phone
    joined = member.joined.isoformat() if member.joined else ""
    return member.name, member.id_number, member.get_education_display(), joined, phone, ""
