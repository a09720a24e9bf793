"""What becomes of each row: new, update, unchanged, duplicate — judged against what is there."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import TextField
from django.db.models.functions import Cast

from orgs.fields import EncryptedTextField, blind_index
from orgs.models import ImportBatch, ImportRow, Member, Organization
from orgs.partial_date import PartialDate, may_be_one
from orgs.rosters.person import DATES

Verdict = ImportRow.Verdict
OnDuplicate = ImportBatch.OnDuplicate
MOVED_AWAY = "已在本组织范围以外的党组织登记为党员，请先办理组织关系转接。"
NAMESAKES = "党支部里有几个同名的人，出生日期也对得上，无法确定是哪一个，请补填身份证号码。"
NAMESAKES_NUMBERED = (
    "党支部里登记着同名、没有身份证号码的人，无法确定是不是同一个人，"
    "请先在党员页面给那个人补填身份证号码，再重新核对。"
)
SAME_BY_NAME = "按姓名、出生日期和党支部认作已登记的同一人，请核对。"
#: What a roster may say of a member, as it is compared with what is there.
SAID = [
    column.name
    for column in Member._meta.concrete_fields
    if column.editable and not column.primary_key and column.name != "organization"
]
SEALED = {
    name: column
    for name in SAID
    if isinstance(column := Member._meta.get_field(name), EncryptedTextField)
}
#: Where an index tells whether it is the same number.
INDEXED = {"id_number": "id_index", "phone": "phone_index"}
#: Columns that are compared as the database holds them.
AS_STORED = {name: f"stored_{name}" for name in (*DATES, *SEALED)}
#: What a row may say of a person although no column of the sheet does.
FILLED = {"sex", "born", "stage", "standing"}


def asked(fields) -> dict[str, str]:
    """What is asked of members who are there, by the name under which a row says it."""
    said = [name for name in SAID if name in FILLED or name in fields or name == "name"]
    indexes = [INDEXED[name] for name in said if name in INDEXED]
    return {
        "pk": "pk", "version": "version", "organization": "organization_id",
        **{name: AS_STORED.get(name, name) for name in said},
        **{index: index for index in (*indexes, "id_index")},
    }  # fmt: skip


@dataclass(slots=True)
class Judgement:
    verdict: str
    member_id: int | None = None
    #: The member's version on which the verdict rests.
    version: int | None = None
    #: {field: value before}, values as they are stored with the row
    prior: dict = field(default_factory=dict)
    #: (field, message)
    faults: list[tuple] = field(default_factory=list)
    warnings: list[tuple] = field(default_factory=list)


NEW = Judgement(Verdict.NEW)


def member_values(stored: dict) -> dict:
    """The values of a row as Member takes them."""
    values = {
        name: PartialDate.parse(value) if name in DATES and value else value
        for name, value in stored.items()
    }
    if "organization" in values:
        values["organization_id"] = values.pop("organization")
    return values


class Judge:
    """Judges the rows of one import, in order, so many at a time as are given."""

    def __init__(self, batch, fields):
        """`fields`: those that the columns of the sheet fill."""
        self.batch, self.path = batch, batch.organization.path
        self.asked = asked(fields)
        #: Of each person the number of the first row.
        self.first = {}
        #: Whether anybody here is without a number: asked once, when it matters.
        self.are_without_number = None
        #: How many rows may mean a member by the name alone.
        self.claims = Counter()
        #: Where members are that were met: by id, each asked for once.
        self.homes = {}

    def judge(self, rows: list[tuple[int, dict, str | None]]) -> dict[int, Judgement]:
        """`rows`: (number, stored values, blind index) of rows without faults."""
        keys = {
            number: index or (values["name"], values.get("born"), values["organization"])
            for number, values, index in rows
        }
        repeated = {n: self.first[k] for n, k in keys.items() if self.first.setdefault(k, n) != n}
        known, namesakes = self._known([row for row in rows if row[0] not in repeated])
        told, fitting = {}, {}
        if namesakes:
            fitting = {
                number: fits(namesakes, values, index)
                for number, values, index in rows
                if number not in repeated and keys[number] not in known
            }
        self.claims.update(pk for found in fitting.values() for pk in found)
        for number, values, index in rows:
            there = known.get(keys[number])
            if number in repeated:
                told[number] = Judgement(Verdict.DUPLICATE)
            elif there:
                told[number] = self._met(there, values, index)
            else:
                told[number] = self._by_name(fitting.get(number), values, index)
        self._tell_repeated(rows, repeated, told)
        return told

    def _known(self, rows) -> tuple[dict, dict]:
        """What is there already, by the key of the row that says the same person; and those who
        may be meant by their name, by name and branch."""
        stored = {
            alias: Cast(name, TextField())
            for name, alias in AS_STORED.items()
            if name in self.asked
        }
        members = Member.objects.order_by("-pk").annotate(**stored)
        members = members.values_list(*self.asked.values())
        known, namesakes = {}, defaultdict(list)
        if indexes := [index for _, _, index in rows if index]:
            for told in members.filter(id_index__among=indexes):
                there = dict(zip(self.asked, told, strict=True))
                known[there["id_index"]] = there
        for told in self._of_names(members, rows, known):
            there = dict(zip(self.asked, told, strict=True))
            namesakes[there["name"], there["organization"]].append(there)
            known[there["name"], there["born"], there["organization"]] = there
        if homes := {there["organization"] for there in known.values()} - self.homes.keys():
            self.homes |= Organization.objects.in_bulk(homes)
        return known, namesakes

    def _of_names(self, members, rows, known):
        """Those who bear the name of a row without a number; and, without one of their own, that
        of a row whose number nobody has."""
        members = members.within(self.batch.organization)
        names = {values["name"] for _, values, index in rows if not index}
        found = list(members.filter(name__in=names)) if names else []
        if self.are_without_number is None:
            nameless = Member.objects.within(self.batch.organization).filter(id_index=None)
            self.are_without_number = nameless.exists()
        if self.are_without_number:
            others = {v["name"] for _, v, index in rows if index and index not in known} - names
            found += members.filter(name__in=others, id_index=None)
        return found

    def _by_name(self, found, values, index) -> Judgement:
        """`found`: {pk: member} of those whom the row `fits`."""
        if not found:
            return NEW
        (pk, there), *others = found.items()
        if others or self.claims[pk] > 1:
            why = NAMESAKES_NUMBERED if index else NAMESAKES
            return Judgement(Verdict.ERROR, faults=[(identity(values), why)])
        told = self._met(there, values, index)
        told.warnings.append((identity(values), SAME_BY_NAME))
        return told

    def _tell_repeated(self, rows, repeated, told):
        values = {number: said for number, said, _ in rows}
        missing = set(repeated.values()) - values.keys()
        if missing:
            earlier = self.batch.rows.with_content().filter(number__in=missing)
            values |= {row.number: row.values for row in earlier}
        for number, first in repeated.items():
            message = f"与第 {first} 行是同一人，以第 {first} 行为准。"
            said, before = values[number], values[first]
            differing = [name for name in said if said[name] != before.get(name)]
            if differing:
                message += f"两行的{labels(differing)}不同。"
            told[number].warnings.append((identity(said), message))

    def _met(self, there, values, index) -> Judgement:
        home = self.homes[there["organization"]]
        if not home.path.startswith(self.path):
            return Judgement(Verdict.ERROR, faults=[(identity(values), MOVED_AWAY)])
        unseal(there, values, index)
        prior = changes(there, values)
        met = there["pk"], there["version"]
        if not prior:
            return Judgement(Verdict.UNCHANGED, *met)
        branch = home.short_name or home.name
        if self.batch.on_duplicate != OnDuplicate.UPDATE:
            message = f"{there['name']}已在{branch}登记，内容不同，未更新。"
            return Judgement(Verdict.DUPLICATE, *met, warnings=[(identity(values), message)])
        warnings = []
        if "name" in prior:
            warnings.append(("name", f"身份证号码相同，原登记姓名为{there['name']}，请核对。"))
        if "organization" in prior:
            warnings.append(("organization", f"将由{branch}转来，请核对。"))
        return Judgement(Verdict.UPDATE, *met, prior, warnings=warnings)


def fits(namesakes, values, index) -> dict:
    """{pk: member} of those who are there with a number, and in the row without one, or the other
    way round: of that name in that branch, with nothing that speaks against it."""
    there = namesakes.get((values["name"], values["organization"]), ())
    return {
        member["pk"]: member
        for member in there
        if not (index and member["id_index"]) and agree(member, values)
    }


def agree(there, values) -> bool:
    """Whether birth, sex and the day of joining may be the same; nothing speaks against what is
    not known."""
    for name in ("born", "joined"):
        was, said = there.get(name), values.get(name)
        if was and said and not may_be_one(was, said):
            return False
    return not there["sex"] or there["sex"] == values.get("sex", there["sex"])


def labels(names) -> str:
    return "、".join(Member._meta.get_field(name).verbose_name for name in names)


def identity(values) -> str:
    return "id_number" if "id_number" in values else "name"


def said_of(member) -> dict:
    """A member as `changes` compares it."""
    said = {name: getattr(member, name) for name in SAID}
    dates = {name: said[name].isoformat() for name in DATES if said[name]}
    return said | dates | {"organization": member.organization_id}


def unseal(there, values, index):
    """Open what is sealed of a member, where the row says something of it; `index` is that of
    the row's id number."""
    for name, column in SEALED.items():
        said, stored = values.get(name), there.get(name)
        if not said or not stored:
            continue
        its = index if name == "id_number" else blind_index(said) if name in INDEXED else None
        if its and its == there[INDEXED[name]]:
            there[name] = said
        else:
            there[name] = column.unseal(stored)


def changes(before: dict, values: dict) -> dict:
    """{field: value before} of what the row would change; a blank changes nothing."""
    prior = {}
    if before.items() >= values.items():
        return prior  # nearly every row that was brought before
    for name, value in values.items():
        was = before[name]
        if was == value:
            continue
        # 1985年6月 says nothing against 1985年6月1日, and less
        if name in DATES and value and was and was.startswith(value):
            continue
        prior[name] = was
    return prior
