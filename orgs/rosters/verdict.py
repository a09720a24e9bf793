"""What becomes of each row: new, update, unchanged, duplicate — judged against what is there."""

from dataclasses import dataclass, field

from orgs.fields import blind_index
from orgs.models import ImportBatch, ImportRow, Member
from orgs.partial_date import PartialDate
from orgs.rosters.person import DATES

Verdict = ImportRow.Verdict
OnDuplicate = ImportBatch.OnDuplicate
CHUNK = 5000
MOVED_AWAY = "已在本组织范围以外的党组织登记为党员，请先办理组织关系转接。"


@dataclass
class Judgement:
    verdict: str
    member: Member | None = None
    #: {field: value before}, values as they are stored with the row
    prior: dict = field(default_factory=dict)
    #: (field, message)
    faults: list[tuple] = field(default_factory=list)
    warnings: list[tuple] = field(default_factory=list)


def member_values(stored: dict) -> dict:
    """The values of a row as Member takes them."""
    values = {
        name: PartialDate.parse(value) if name in DATES else value for name, value in stored.items()
    }
    if "organization" in values:
        values["organization_id"] = values.pop("organization")
    return values


def stored_values(values: dict) -> dict:
    """The same as a row keeps them."""
    return {
        name: value.isoformat() if isinstance(value, PartialDate) else value
        for name, value in values.items()
    }


def key_of(values: dict) -> tuple | None:
    """By what two rows are the same person: the id number, else name, birth and branch."""
    if "id_number" in values:
        return (blind_index(values["id_number"]),)
    if "name" in values:
        return (values["name"], values.get("born"), values["organization"])
    return None


class Judge:
    """Judges the rows of one import, all at once."""

    def __init__(self, batch, *, lock=False):
        self.batch, self.lock = batch, lock

    def judge(self, rows: list[tuple[int, dict]]) -> dict[int, Judgement]:
        """`rows`: (number, stored values) of the rows without faults, in order."""
        keys = {number: key_of(values) for number, values in rows}
        known = self._known(rows, keys)
        first, told = {}, {}
        for number, values in rows:
            key = keys[number]
            if key in first:
                told[number] = self._repeated(values, *first[key])
                continue
            first[key] = number, values
            member = known.get(key)
            told[number] = self._met(member, values) if member else Judgement(Verdict.NEW)
        return told

    def _known(self, rows, keys) -> dict:
        """Members who are there already, by the key of the row that names them."""
        members = Member.objects.select_related("organization").order_by("pk")
        if self.lock:
            members = members.select_for_update(of=("self",))
        known = {}
        indexes = sorted(key[0] for key in keys.values() if len(key) == 1)
        for start in range(0, len(indexes), CHUNK):
            found = members.filter(id_index__in=indexes[start : start + CHUNK])
            known |= {(member.id_index,): member for member in found}
        bare = [values for number, values in rows if len(keys[number]) > 1]
        for start in range(0, len(bare), CHUNK):
            names = {values["name"] for values in bare[start : start + CHUNK]}
            for member in members.within(self.batch.organization).filter(name__in=names):
                born = member.born.isoformat() if member.born else None
                known.setdefault((member.name, born, member.organization_id), member)
        return known

    def _repeated(self, values, number, first) -> Judgement:
        message = f"与第 {number} 行是同一人，以第 {number} 行为准。"
        differing = [name for name in values if values[name] != first.get(name)]
        if differing:
            labels = "、".join(Member._meta.get_field(name).verbose_name for name in differing)
            message += f"两行的{labels}不同。"
        return Judgement(Verdict.DUPLICATE, warnings=[(identity(values), message)])

    def _met(self, member, values) -> Judgement:
        if not member.organization.path.startswith(self.batch.organization.path):
            return Judgement(Verdict.ERROR, faults=[(identity(values), MOVED_AWAY)])
        prior = changes(member, values)
        if not prior:
            return Judgement(Verdict.UNCHANGED, member)
        if self.batch.on_duplicate != OnDuplicate.UPDATE:
            message = f"{member.name}已在{member.organization}登记，内容不同，未更新。"
            return Judgement(Verdict.DUPLICATE, member, warnings=[(identity(values), message)])
        warnings = []
        if "name" in prior:
            warnings.append(("name", f"身份证号码相同，原登记姓名为{member.name}，请核对。"))
        if "organization" in prior:
            warnings.append(("organization", f"将由{member.organization}转来，请核对。"))
        return Judgement(Verdict.UPDATE, member, prior, warnings=warnings)


def identity(values) -> str:
    return "id_number" if "id_number" in values else "name"


def changes(member, values: dict) -> dict:
    """{field: value before} of what the row would change; a blank changes nothing."""
    prior = {}
    for name, value in member_values(values).items():
        before = getattr(member, name)
        if before == value or (isinstance(value, PartialDate) and is_vaguer(value, before)):
            continue
        prior[name.removesuffix("_id")] = before
    return stored_values(prior)


def is_vaguer(value, before) -> bool:
    """1985年6月 says nothing against 1985年6月1日, and less."""
    return (
        before is not None
        and len(before.isoformat()) > len(value.isoformat())
        and before.agrees_with(value)
    )
