"""What becomes of each row: new, update, unchanged, duplicate — judged against what is there."""

from dataclasses import dataclass, field

from django.db.models import TextField
from django.db.models.functions import Cast

from orgs.fields import EncryptedTextField, blind_index
from orgs.models import ImportBatch, ImportRow, Member
from orgs.partial_date import PartialDate
from orgs.rosters.person import DATES

Verdict = ImportRow.Verdict
OnDuplicate = ImportBatch.OnDuplicate
MOVED_AWAY = "已在本组织范围以外的党组织登记为党员，请先办理组织关系转接。"
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
PLAIN = [name for name in SAID if name not in (*DATES, *SEALED)]
#: Columns that are compared as the database holds them.
AS_STORED = {f"stored_{name}": Cast(name, TextField()) for name in (*DATES, *SEALED)}


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

    def __init__(self, batch):
        self.batch, self.path = batch, batch.organization.path
        #: Of each person the number of the first row.
        self.first = {}

    def judge(self, rows: list[tuple[int, dict, str | None]]) -> dict[int, Judgement]:
        """`rows`: (number, stored values, blind index) of rows without faults."""
        keys = {
            number: index or (values["name"], values.get("born"), values["organization"])
            for number, values, index in rows
        }
        repeated = {n: self.first[k] for n, k in keys.items() if self.first.setdefault(k, n) != n}
        known = self._known([row for row in rows if row[0] not in repeated])
        told = {}
        for number, values, _ in rows:
            there = known.get(keys[number])
            if number in repeated:
                told[number] = Judgement(Verdict.DUPLICATE)
            elif there:
                told[number] = self._met(there, values)
            else:
                told[number] = Judgement(Verdict.NEW)
        self._tell_repeated(rows, repeated, told)
        return told

    def _known(self, rows) -> dict:
        """What is there already, by the key of the row that says the same person."""
        members = Member.objects.order_by("-pk").annotate(**AS_STORED).values(
            "pk", "id_index", "phone_index", "organization_id", "organization__path",
            "organization__name", "organization__short_name", "version", *PLAIN, *AS_STORED,
        )  # fmt: skip
        known = {}
        if indexes := [index for _, _, index in rows if index]:
            met = members.filter(id_index__among=indexes)
            known = {there["id_index"]: there for there in met}
        if names := {values["name"] for _, values, index in rows if not index}:
            for there in members.within(self.batch.organization).filter(name__in=names):
                known[there["name"], there["stored_born"], there["organization_id"]] = there
        return known

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

    def _met(self, there, values) -> Judgement:
        if not there["organization__path"].startswith(self.path):
            return Judgement(Verdict.ERROR, faults=[(identity(values), MOVED_AWAY)])
        prior = changes(as_said(there, values), values)
        met = there["pk"], there["version"]
        if not prior:
            return Judgement(Verdict.UNCHANGED, *met)
        branch = there["organization__short_name"] or there["organization__name"]
        if self.batch.on_duplicate != OnDuplicate.UPDATE:
            message = f"{there['name']}已在{branch}登记，内容不同，未更新。"
            return Judgement(Verdict.DUPLICATE, *met, warnings=[(identity(values), message)])
        warnings = []
        if "name" in prior:
            warnings.append(("name", f"身份证号码相同，原登记姓名为{there['name']}，请核对。"))
        if "organization" in prior:
            warnings.append(("organization", f"将由{branch}转来，请核对。"))
        return Judgement(Verdict.UPDATE, *met, prior, warnings=warnings)


def labels(names) -> str:
    return "、".join(Member._meta.get_field(name).verbose_name for name in names)


def identity(values) -> str:
    return "id_number" if "id_number" in values else "name"


def said_of(member) -> dict:
    """A member as `changes` compares it."""
    said = {name: getattr(member, name) for name in SAID}
    dates = {name: said[name].isoformat() for name in DATES if said[name]}
    return said | dates | {"organization": member.organization_id}


def as_said(there, values) -> dict:
    """The same of a member as the database holds it; what is sealed is opened only where the row
    says something else."""
    said = {name: there[f"stored_{name}"] for name in DATES} | {name: there[name] for name in PLAIN}
    said["organization"] = there["organization_id"]
    for name, column in SEALED.items():
        if name in values:
            stored = there[f"stored_{name}"]
            same = name in INDEXED and there[INDEXED[name]] == blind_index(values[name])
            said[name] = values[name] if same else column.unseal(stored) if stored else stored
    return said


def changes(before: dict, values: dict) -> dict:
    """{field: value before} of what the row would change; a blank changes nothing."""
    prior = {}
    for name, value in values.items():
        was = before[name]
        if was == value:
            continue
        # 1985年6月 says nothing against 1985年6月1日, and less
        if name in DATES and value and was and was.startswith(value):
            continue
        prior[name] = was
    return prior
