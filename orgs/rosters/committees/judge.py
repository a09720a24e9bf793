"""What becomes of each row of a committee's roster, against the committees that serve now."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from orgs.fields import blind_index
from orgs.masking import mask_name
from orgs.models import Committee, CommitteeSeat, ImportBatch, ImportRow, Member, SeatPost
from orgs.partial_date import PartialDate
from orgs.rosters.committees.reader import OF_SEAT, OF_TERM
from orgs.rosters.verdict import Judgement

Verdict = ImportRow.Verdict
OnDuplicate = ImportBatch.OnDuplicate
DATES = ("elected", "started")
SHOWN = 5


def value_of(row, name):
    """What a committee or a seat has, as a staged row says it."""
    value = getattr(row, name)
    return value.isoformat() if isinstance(value, PartialDate | date) else value


def model_value(name, value):
    """The other way round."""
    if value and name in DATES:
        return PartialDate.parse(value)
    return date.fromisoformat(value) if value and name == "due_on" else value


def differing(row, said: dict, names) -> dict:
    """{field: value before} of what `said` would change; a blank changes nothing."""
    prior = {}
    for name in names:
        if name not in said:
            continue
        was, now = value_of(row, name), said[name]
        # 2024年3月 says nothing against 2024年3月10日, and less
        if name in DATES and was and now and was.startswith(now):
            continue
        if was != now:
            prior[name] = was
    return prior


@dataclass(slots=True)
class SeatJudgement(Judgement):
    #: The row ends somebody's seat, or a whole term.
    replaces: bool = False


class People:
    """Members of the subtree by id number and by name, for so many rows as are judged at once."""

    def __init__(self, organization, rows):
        members = Member.objects.within(organization).select_related("organization")
        numbers = {blind_index(v["id_number"]) for _, v in rows if "id_number" in v}
        self.by_index = {m.id_index: m for m in members.filter(id_index__in=numbers)}
        self.by_name = defaultdict(list)
        names = {seat["name"] for _, values in rows for seat in values["seats"]}
        for member in members.filter(name__in=names):
            self.by_name[member.name].append(member)

    def find(self, name, number, node):
        """(member or None, what is wrong)."""
        if number and (member := self.by_index.get(blind_index(number))):
            if member.name == name:
                return member, ""
            return None, f"身份证号码登记的党员是{mask_name(member.name)}，不是“{name}”，请核对。"
        near = [m for m in self.by_name[name] if m.organization.path.startswith(node.path)]
        if number:
            near = [member for member in near if not member.id_number]
        if len(near) > 1:
            listed = "、".join(
                f"{m.organization} 尾号 {m.id_tail or '未登记'}" for m in near[:SHOWN]
            )
            return None, f"有 {len(near)} 名党员叫“{name}”：{listed}，请填身份证号码。"
        return (near[0] if near else None), ""


class SeatJudge:
    """Judges the rows of one import, in order, so many at a time as are given."""

    def __init__(self, batch, nodes, places):
        #: organizations by id, and where each field stands in a row
        self.batch, self.nodes, self.places = batch, nodes, places
        #: (organization, post, name) and the term of each organization → the first row that said so
        self.first, self.terms, self.chiefs = {}, {}, {}

    def judge(self, rows: list[tuple]) -> dict[int, Judgement]:
        """`rows`: (number, stored values, …). The members found are written into the values."""
        rows = [(number, values) for number, values, *_ in rows]
        people = People(self.batch.organization, rows)
        wanted = {values["organization"] for _, values in rows}
        serving = Committee.objects.serving().filter(organization__in=wanted)
        self.serving = {committee.organization_id: committee for committee in serving}
        self.seats = defaultdict(list)
        for seat in CommitteeSeat.objects.open().filter(committee__in=serving):
            self.seats[seat.committee_id].append(seat)
        return {number: self._judged(number, values, people) for number, values in rows}

    def _judged(self, number, values, people):
        told = SeatJudgement(Verdict.UNCHANGED)
        if fault := self._contradiction(number, values):
            return Judgement(Verdict.ERROR, faults=[fault])
        node = self.nodes[values["organization"]]
        for seat in values["seats"]:
            member, fault = people.find(seat["name"], values.get("id_number"), node)
            if fault:
                return Judgement(Verdict.ERROR, faults=[(self._key(seat["post"]), fault)])
            seat["member"] = member.pk if member else None
        if repeated := self._repeated(number, values):
            return repeated
        self._compare(values, told)
        if self._holds_back(told):
            told.verdict = Verdict.DUPLICATE
            told.warnings.append(("name", "已登记的班子与这一行不同，未更新。"))
        return told

    def _contradiction(self, number, values):
        """Two secretaries of one committee, or two days of one election, in the same file."""
        organization, elected = values["organization"], values.get("elected")
        for seat in values["seats"]:
            if seat["post"] == SeatPost.SECRETARY:
                first, name = self.chiefs.setdefault(organization, (number, seat["name"]))
                if name != seat["name"]:
                    said = f"第 {first} 行的书记是{name}，一个班子只有一名书记。"
                    return self._key("SECRETARY"), said
        if elected:
            first, day = self.terms.setdefault(organization, (number, elected))
            if not PartialDate.parse(day).agrees_with(PartialDate.parse(elected)):
                return "elected", f"与第 {first} 行不同：同一党组织的当选日期应当一致。"
        return None

    def _repeated(self, number, values):
        keys = [(values["organization"], s["post"], s["name"]) for s in values["seats"]]
        firsts = [self.first.setdefault(key, number) for key in keys]
        if all(first != number for first in firsts):
            said = f"与第 {firsts[0]} 行是同一人同一职务，以第 {firsts[0]} 行为准。"
            return Judgement(Verdict.DUPLICATE, warnings=[(self._key("SECRETARY"), said)])
        return None

    def _key(self, post):
        return "name" if "post" in self.places else post

    def _compare(self, values, told):
        committee = self.serving.get(values["organization"])
        if committee is None:
            told.verdict = Verdict.NEW
            return
        elected = values.get("elected")
        if elected and committee.elected:
            day = PartialDate.parse(elected)
            if not day.agrees_with(committee.elected):
                self._other_term(committee, day, told)
                return
        told.prior = differing(committee, values, OF_TERM)
        told.verdict = Verdict.UPDATE if told.prior else Verdict.UNCHANGED
        for seat in values["seats"]:
            self._compare_seat(committee, seat, told)

    def _other_term(self, committee, day, told):
        if day < committee.elected:
            said = f"登记的班子是 {committee.elected} 当选的，这一行写的是更早的一届。"
            told.verdict = Verdict.ERROR
            told.faults.append(("elected", said))
            return
        told.verdict, told.replaces = Verdict.NEW, True
        told.warnings.append(("elected", f"将办理换届：上一届 {committee.elected} 当选。"))

    def _compare_seat(self, committee, seat, told):
        there = same_seat(self.seats[committee.pk], seat)
        if there:
            prior = differing(there, seat, OF_SEAT)
            if seat["member"] and there.member_id != seat["member"]:
                prior["member"] = there.member_id
            if prior and told.verdict == Verdict.UNCHANGED:
                told.verdict = Verdict.UPDATE
            told.prior |= prior
            return
        told.verdict = Verdict.NEW
        if seat["post"] == SeatPost.SECRETARY:
            for other in self.seats[committee.pk]:
                if other.post == SeatPost.SECRETARY:
                    told.replaces = True
                    said = f"现任书记{other.name}将同时登记离任，请核对。"
                    told.warnings.append((self._key("SECRETARY"), said))

    def _holds_back(self, told):
        if self.batch.on_duplicate == OnDuplicate.UPDATE:
            return False
        return told.verdict == Verdict.UPDATE or told.replaces


def same_seat(seats, said):
    """The open seat that the row speaks of: the post, and the member or the name."""
    for there in seats:
        if there.post != said["post"]:
            continue
        if there.member_id and said["member"] and there.member_id != said["member"]:
            continue
        if there.name == said["name"]:
            return there
    return None
