"""The cast: a township centre, a village below it, a sister township, and who works there.

`Cast` builds one small county and answers by attribute: `cast.clerk`, `cast.handler`…
`fellow` works beside them without a role that matters, `outsider` holds the same roles in the
sister township.
"""

from datetime import date

from orgs.models import (
    CalendarYear,
    Department,
    Duty,
    Level,
    Organization,
    OrganizationKind,
    Role,
    Sector,
    ServiceCentre,
    User,
)
from services.models import ItemVersion, Mode, ServiceItem, ServiceRequest

PASSWORD = "Qingxi@2026"
STARTED = date(2020, 1, 1)
UNIT_ROLES = (Role.HANDLER, Role.UNIT_HEAD)


def person(username, name, duty=Duty.BUSINESS):
    user = User(username=username, name=name, duty=duty)
    user.set_password(PASSWORD)
    user.save()
    return user


def post(user, organization, role, department=None):
    return user.posts.create(
        organization=organization, role=role, department=department, started_on=STARTED
    )


def place(code, name, level, parent=None, kind=OrganizationKind.COMMITTEE, sector=Sector.RURAL):
    fields = {"code": code, "name": name, "short_name": name, "level": level, "kind": kind}
    instance = Organization(sector=sector, **fields)
    if parent is None:
        return Organization.objects.add_root(instance=instance)
    Organization.objects.add_child(parent, instance=instance)
    return Organization.objects.get(code=code)


class Township:
    """A township with a centre, a 民政 unit, a village, and one person in every role."""

    def __init__(self, county, code, name):
        self.organization = place(code, name, Level.TOWNSHIP, county)
        village = place(f"{code}201", f"{name}一村", Level.VILLAGE, self.organization)
        self.village = village
        self.centre = ServiceCentre.objects.create(
            organization=self.organization, kind="CENTRE", name=f"{name}便民服务中心"
        )
        self.unit = Department.objects.create(
            organization=self.organization, centre=self.centre, name="民政"
        )
        self.other_unit = Department.objects.create(
            organization=self.organization, centre=self.centre, name="城建"
        )
        self.people = {}
        for role in Role:
            where = village if role == Role.AGENT else self.organization
            unit = self.unit if role in UNIT_ROLES else None
            user = person(f"{code}-{role.lower()}", f"{name[0]}{role.label}")
            post(user, where, role, unit)
            self.people[role] = user


class Cast:
    def __init__(self):
        for year in (2025, 2026, 2027):
            CalendarYear.seed(year)
        self.county = place("4299", "青溪县委", Level.COUNTY)
        self.home = Township(self.county, "4299101", "柳河镇")
        self.away = Township(self.county, "4299102", "东山乡")
        for role, user in self.home.people.items():
            setattr(self, role.lower(), user)
        self.deputy = person("deputy", "柳河承办副手")
        post(self.deputy, self.home.organization, Role.HANDLER, self.home.unit)
        self.fellow = person("fellow", "柳河无职")
        self.outsider = self.away.people[Role.CLERK]
        self.system_admin = person("system", "系统员", Duty.SYSTEM)
        self.security_admin = person("security", "安全员", Duty.SECURITY)
        self.auditor = person("auditor", "审计员", Duty.AUDIT)

    def item(self, name="高龄津贴申领", mode=Mode.COMMITTED, days=5, unit=None, code="MZ-01"):
        unit = unit or self.home.unit
        item = ServiceItem.objects.create(
            organization=unit.organization, department=unit, code=code
        )
        item.current = ItemVersion.objects.create(
            item=item, number=1, name=name, mode=mode, promised_days=days, statutory_days=20,
            handler_name="李雪梅", handler_phone="0717-0000001", materials="身份证\n户口簿",
        )  # fmt: skip
        item.save()
        return item

    def register(self, *, actor=None, organization=None, accept=False, **fields):
        """A request as the counter registers it."""
        citizen = {"name": "覃德明", "phone": "13900000021", "address": "柳河镇一村三组"}
        citizen |= fields.pop("citizen", {})
        told = {"subject": "高龄津贴", "content": "家里老人八十二岁，想申请高龄津贴。"}
        told |= {"promised_days": 5} | fields
        return ServiceRequest.register(
            actor=actor or self.clerk,
            organization=organization or self.home.organization,
            citizen=citizen,
            accept=accept,
            **told,
        )

    def handling(self, **fields):
        """A request that the handler has signed for."""
        request = self.register(accept=True, **fields)
        request.dispatch(actor=self.dispatcher, department=self.home.unit)
        request.sign(actor=self.handler)
        return request

    def pending(self, **fields):
        request = self.handling(**fields)
        request.submit(actor=self.handler, outcome="SOLVED", text="已为老人办好高龄津贴。")
        return request

    def replied(self, **fields):
        request = self.pending(**fields)
        request.approve(actor=self.unit_head)
        request.reply(actor=self.handler, channel="PHONE", proof="14:20 电话告知本人")
        return request
