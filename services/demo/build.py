"""青溪县 in the database: places, centres, people and items, each by the model's own verb."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import count

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from orgs.models import Duty, Level, Organization, Role, ServiceCentre, Tag, User
from services import deadlines
from services.default_categories import default_paths
from services.demo.citizens import people_of
from services.demo.committees import build_committees
from services.demo.imports import build_imports
from services.demo.items import ITEMS
from services.demo.matters import LISTED, OTHER
from services.demo.members import build_members
from services.demo.people import ACCOUNTS, ADMINISTRATORS, PASSWORD, STAFF
from services.demo.places import DESKS, PLACES, TOWNSHIPS
from services.demo.workplaces import build_workplaces
from services.forms import subject_of
from services.models import Category, ItemVersion, Mode, Outcome, ServiceItem

#: The list of items is older than the first request.
PUBLISHED = timedelta(days=300)


@dataclass(frozen=True)
class Matter:
    subject: str
    content: str
    answer: str
    outcome: str
    promised_days: int
    version: ItemVersion | None = None
    category: Category | None = None

    @property
    def is_direct(self) -> bool:
        return self.version is not None and self.version.mode == Mode.DIRECT

    def request_fields(self, village) -> dict:
        fields = {"item_version": self.version} if self.version else {"mode": Mode.EXPLAIN}
        content = self.content.format(v=village)
        return {"subject": self.subject, "content": content, "category": self.category, **fields}


class Town:
    """A township: its counters and units, who works there, who comes, and what for."""

    def __init__(self, organization, villages, units, staff):
        self.organization, self.villages, self.units = organization, villages, units
        self.staff = staff
        self.citizens = people_of(organization.short_name, list(villages))
        self.visits = count()
        self.asked: dict[tuple, count] = {}
        self.matters: dict[str, list[Matter]] = {name: [] for name in units}

    def who(self, role, where) -> list[User]:
        """The people with the role at an organization or in a unit, in the order of the list."""
        place = "organization_id" if isinstance(where, Organization) else "department_id"
        return [
            user
            for user in self.staff
            if any(
                post.role == role and getattr(post, place) == where.pk for post in user.posts_now
            )
        ]

    def one(self, role) -> User:
        return self.who(role, self.organization)[0]

    def next_citizen(self):
        return self.citizens[next(self.visits) % len(self.citizens)]

    def next_matter(self, unit, *, direct) -> Matter:
        fitting = [matter for matter in self.matters[unit] if matter.is_direct == direct]
        turn = self.asked.setdefault((unit, direct), count())
        return fitting[next(turn) % len(fitting)]


def build() -> list[Town]:
    names = {account.username: account.name for account in ACCOUNTS}
    administrators = {
        duty: open_account(None, username, names[username], duty)
        for username, duty in ADMINISTRATORS.items()
    }
    places = build_places(administrators[Duty.SYSTEM])
    units = {name: build_centres(administrators[Duty.SYSTEM], name, places) for name in TOWNSHIPS}
    staff = build_staff(administrators, places, units)
    build_committees(administrators[Duty.SYSTEM], places, staff)
    build_members(administrators[Duty.SYSTEM], places, staff)
    build_workplaces(None, places)
    build_imports(places, staff)
    towns = [
        Town(places[name], villages_of(name, places), units[name], staff) for name in TOWNSHIPS
    ]
    for town in towns:
        build_items(town)
    return towns


def open_account(actor, username, name, duty=Duty.BUSINESS, **fields) -> User:
    """An account that can be used at once, with the documented password."""
    user = User.objects.open_account(
        actor=actor, username=username, name=name, duty=duty, password=None, **fields
    )
    user.password = hashed_password()
    user.must_change_password, user.password_changed_at = False, timezone.now()
    user.save()
    return user


@cache
def hashed_password() -> str:
    """Hashing is slow on purpose; one public password needs it once."""
    return make_password(PASSWORD)


def build_places(actor) -> dict[str, Organization]:
    places = {}
    for place in PLACES:
        places[place.short_name] = Organization.establish(
            actor=actor,
            parent=places.get(place.above),
            local_supervisor=places.get(place.supervisor),
            tags=[Tag.objects.get_or_create(name=name)[0] for name in place.tags],
            code=place.code,
            name=place.name,
            short_name=place.short_name,
            kind=place.kind,
            sector=place.sector,
            formation=place.formation,
            level=place.level,
            division_code="" if place.level == Level.UNIT else place.code,
            founded_on=place.founded_on,
        )
    return places


def villages_of(township, places) -> dict[str, Organization]:
    above = places[township].path
    return {
        name: row
        for name, row in places.items()
        if row.level == Level.VILLAGE and row.path.startswith(above)
    }


def build_centres(actor, township, places) -> dict:
    """The centre with its eight windows, and a room in every village; returns the units."""
    desk, organization = DESKS[township], places[township]
    phones = {"telephone": desk.telephone, "complaint_phone": desk.complaint_phone}
    centre = ServiceCentre.establish(
        actor=actor, organization=organization, kind="CENTRE", name=f"{township}便民服务中心",
        address=desk.address, **phones,
    )  # fmt: skip
    units = centre.open_windows(actor=actor)
    for number, unit in enumerate(units, 1):
        unit.window, unit.telephone = f"{number}号窗口", desk.window_phone(number)
        unit.save()
    for name, village in villages_of(township, places).items():
        is_community = name.endswith("社区")
        ServiceCentre.establish(
            actor=actor,
            organization=village,
            kind="STATION" if is_community else "ROOM",
            name=f"{name}便民服务{'站' if is_community else '室'}",
            address=f"{township}{name}党群服务中心一楼",
            **phones,
        )
    return {unit.name: unit for unit in units}


def build_staff(administrators, places, units) -> list[User]:
    started_on = date(timezone.localdate().year - 2, 1, 1)
    staff = []
    for number, (username, name, *posts) in enumerate(STAFF, 101):
        phone = f"0700-5550{number}"
        user = open_account(administrators[Duty.SYSTEM], username, name, telephone=phone)
        for role, place, *windows in posts:
            for window in windows or [None]:
                user.appoint(
                    actor=administrators[Duty.SECURITY],
                    organization=places[place],
                    role=role,
                    department=units[place][window] if window else None,
                    started_on=started_on,
                )
        user.posts_now = list(user.posts.select_related("organization", "department__organization"))
        staff.append(user)
    return staff


def build_items(town):
    """The township publishes its list, and people ask for what is in it."""
    head, paths = town.one(Role.CENTRE_HEAD), {path[-1]: path for path in default_paths()}
    for item in ITEMS:
        if item.everywhere or town.organization.short_name == TOWNSHIPS[0]:
            category, _ = Category.ensure(*paths[item.category])
            version = publish(item, town, head, category)
            town.matters[item.unit] += [
                Matter(item.name, asked, answer, Outcome.SOLVED, item.promised, version)
                for asked, answer in LISTED[item.code]
            ]
    for unit, leaf, asked, answer, outcome in OTHER:
        category, _ = Category.ensure(*paths[leaf])
        town.matters[unit].append(
            Matter(
                subject_of(asked.replace("{v}", "")), asked, answer, outcome,
                deadlines.EXPLAIN_DAYS, category=category,
            )
        )  # fmt: skip


def publish(item, town, head, category) -> ItemVersion:
    unit = town.units[item.unit]
    return ServiceItem.introduce(
        actor=head,
        department=unit,
        code=item.code,
        name=item.name,
        category=category,
        mode=item.mode,
        promised_days=item.promised,
        statutory_days=item.statutory,
        conditions=item.conditions,
        materials="\n".join(item.materials),
        steps="\n".join(item.steps),
        fee=item.fee,
        result=item.result,
        handler_name=town.who(Role.HANDLER, unit)[0].name,
        handler_phone=unit.telephone,
        published_at=timezone.now() - PUBLISHED,
    ).current
