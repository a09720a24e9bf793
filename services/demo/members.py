"""党员 of 青溪县 (all invented): the rosters of its branches, who is away or lost, who moves."""

from datetime import date, timedelta
from random import Random

from django.utils import timezone

from orgs.models import (
    AuditEntry,
    CommitteeSeat,
    Education,
    Level,
    Member,
    Organization,
    Sex,
    Transfer,
)
from orgs.partial_date import PartialDate
from services.demo.citizens import id_number
from services.demo.committees import CREWS
from services.demo.places import OFFICE

SEED = 19210701
SURNAMES = (
    "向覃田黄刘李杨张谭王周陈邓胡彭宋余孟毛何赵吴郑冯朱秦许吕施孔曹严金魏陶姜谢邹柏苏潘范鲁韦马"
)
MEN = "建国 志强 德明 永福 家旺 长庚 学文 世平 启明 国栋 守义 小军 正清 光玉 友生 大刚 立新 宏图"
WOMEN = "桂枝 春秀 秀莲 玉珍 大香 金凤 小燕 玉兰 冬梅 丽娟 月娥 翠华 小兰 桂芳 慧 婷 晓芳 彩云"
#: How many members a branch has; every other one between eight and fourteen, and one none yet.
SIZES = {
    "柳河社区": 54,
    "青溪县城投公司": 12,
    "青溪职业技术学院": 16,
    "青溪县人民医院": 15,
    "青溪县茶叶加工企业": 5,
    "青溪县茶叶流通协会": 2,
    "柳河镇驻江东流动党员": 6,
    "竹林坡村": 0,
}
JOBS = ("务农", "务农", "村医", "退休教师", "个体经营", "茶叶合作社社员", "护林员", "务工")
UNIT_JOBS = ("办公室职员", "业务骨干", "部门负责人", "财务人员")
AWAY = ("浙江省义乌市", "广东省东莞市长安镇", "武汉市江夏区", "江苏省昆山市", "福建省晋江市")
SCHOOLING = (
    Education.MIDDLE, Education.MIDDLE, Education.HIGH, Education.HIGH, Education.COLLEGE,
    Education.BACHELOR, Education.PRIMARY,
)  # fmt: skip
ELSEWHERE = "中共武汉市江夏区纸坊街道工作委员会"


def build_members(actor, places, staff):
    """Every roster at once, seats of committees tied to their people, then the transfers."""
    rng, crews, today = Random(SEED), dict(CREWS), timezone.localdate()  # noqa: S311
    people = []
    for name, place in places.items():
        if place.level not in (Level.VILLAGE, Level.UNIT) or place.kind == "LEADING_GROUP":
            continue
        crew = crew_of(name, crews)
        count = SIZES.get(name, rng.randint(8, 14))
        names = (crew + [invented(rng) for _ in range(count)])[:count]
        people += [
            member(place, who, len(people) + n, rng, today, leads=who in crew)
            for n, who in enumerate(names)
        ]
    Member.objects.bulk_create(people)
    AuditEntry.record_all(actor, "member.enrolled", people, label="登记党员")
    take_seats(people)
    move_some(places, staff, today)


def crew_of(name, crews) -> list[str]:
    """Who sits in the committee of the branch; of an office branch in the one above, too."""
    above = name.removesuffix(OFFICE) if name.endswith(OFFICE) else None
    names = [*crews.get(name, ()), *crews.get(above, ())]
    return list(dict.fromkeys(filter(None, names)))


def invented(rng) -> str:
    return rng.choice(SURNAMES) + rng.choice(rng.choice((MEN, WOMEN)).split())


def member(place, name, n, rng, today, *, leads) -> Member:
    """Person number `n`; who is young is on probation or away, who is old is sometimes poor."""
    is_woman = name[1:] in WOMEN.split() or name[-1] in "秀兰英梅香芳娟燕丽霞琴慧婷玉菊"
    sex = Sex.FEMALE if is_woman else Sex.MALE
    age = rng.randint(32, 58) if leads else rng.randint(22, 84)
    born = date(today.year - age, rng.randint(1, 12), rng.randint(1, 28))
    joined = date(born.year + rng.randint(20, max(21, min(38, age - 1))), rng.randint(1, 12), 1)
    if age < 40 and n % 7 == 3 and not leads:
        joined = today - timedelta(days=60 + n % 290)
    joined = min(joined, today - timedelta(days=40))
    probationary = joined > today - timedelta(days=365)
    is_unit, migrant = place.level == Level.UNIT, place.kind == "MIGRANT_BRANCH"
    away = migrant or (age < 55 and n % 9 == 4 and not leads)
    lost = n % 61 == 17 and not leads
    return Member(
        organization=place,
        name=name,
        id_number=id_number(f"{born:%Y%m%d}", 2 * n % 1000 + (sex == Sex.MALE)),
        sex=sex,
        ethnicity=("01", "15", "15", "06")[n % 4],
        born=PartialDate.on(born),
        education=Education.BACHELOR if is_unit and age < 55 else SCHOOLING[n % 7],
        native_place="青溪县",
        stage="PROBATIONARY" if probationary else "FULL",
        joined=PartialDate(joined.year, joined.month, None if n % 5 else 12),
        confirmed=None if probationary else PartialDate(joined.year + 1, joined.month),
        job=UNIT_JOBS[n % 4] if is_unit and not migrant else JOBS[n % 8],
        phone="" if age > 78 else f"1390000{5000 + n}",
        address=f"青溪县{place.short_name}{n % 7 + 1}组{n % 40 + 1}号" if not is_unit else "",
        is_away=away,
        away_to=AWAY[n % 5] if away else "",
        away_since=PartialDate(today.year - n % 3 - 1, n % 12 + 1) if away else None,
        is_lost=lost,
        lost_since=PartialDate(today.year - 1, n % 12 + 1) if lost else None,
        in_hardship=age > 65 and n % 6 == 1,
        is_volunteer=n % 4 == 2,
        is_party_worker=is_unit and n % 7 == 3,
        is_delegate=n % 29 == 5,
        is_first_secretary=False,
    )


def take_seats(people):
    """Whoever sits in a committee is the person of that name on the roster of the branch, or of
    the office branch right below the committee."""
    here = {(person.organization_id, person.name): person for person in people}
    offices = [person for person in people if str(person.organization).endswith(OFFICE)]
    above = {place.path: place.pk for place in Organization.objects.all()}
    for person in offices:
        parent = above[person.organization.path[: -Organization.steplen]]
        here[parent, person.name] = person
    for seat in CommitteeSeat.objects.filter(member=None).select_related("committee"):
        if person := here.get((seat.committee.organization_id, seat.name)):
            CommitteeSeat.objects.filter(pk=seat.pk).update(member=person)


def move_some(places, staff, today):
    """A transfer in each state, one whose letter is about to expire, and people who have left."""
    user = {person.username: person for person in staff}
    town, other, county = user["lizhenguo"], user["zhanghaibo"], user["zhengkai"]

    def plain(place, nth=0):
        rows = places[place].members.filter(seats=None, is_away=False, stage="FULL")
        return rows.order_by("pk")[nth]

    def propose(actor, who, place, ago, **fields):
        where = places.get(place)
        target = {"to_organization": where} if where else {"to_place": place}
        day = today - timedelta(days=ago)
        return Transfer.propose(
            actor=actor, member=who, started_on=day, dues_paid_to=PartialDate(day.year, day.month),
            letter_number=f"青组转〔{day.year}〕{ago + 3}号", **target, **fields,
        )  # fmt: skip

    propose(town, plain("石桥村"), "大水井村", 3, reason="随子女迁居")
    propose(other, plain("马鞍村"), "河口村", 80, reason="承包茶园")
    propose(other, plain("樟树湾村"), "柳河社区", 12, reason="进镇居住")
    propose(town, plain("柳河社区", 3), ELSEWHERE, 20, reason="外出务工")
    propose(town, plain("河口村"), ELSEWHERE, 96, reason="随子女居住")
    done = propose(other, plain("白石社区"), "柳河社区", 40, reason="工作调动")
    done.receive(actor=town, received_on=today - timedelta(days=30))
    back = propose(town, plain("新屋场村"), "高岭村", 25, reason="回原籍")
    back.send_back(actor=user["yuanzhong"], reason="本人未到高岭村居住，不符合转接条件。")
    called = propose(county, plain("青溪县城投公司"), "青溪县人民医院", 15)
    called.withdraw(actor=county, reason="调动取消。")
    gone = propose(town, plain("枫树坪村"), ELSEWHERE, 60, reason="外出务工")
    gone.receive(actor=town, received_on=today - timedelta(days=45))
    came = today - timedelta(days=9)
    Transfer.admit(
        actor=town, organization=places["石桥村"], from_place="中共宁波市北仑区大碶街道工作委员会",
        letter_number="仑组转88号", started_on=came - timedelta(days=12), received_on=came,
        person={
            "name": "田家旺", "id_number": id_number("19880416", 991), "sex": Sex.MALE,
            "ethnicity": "15", "born": PartialDate(1988, 4, 16), "stage": "FULL",
            "joined": PartialDate(2011, 6), "confirmed": PartialDate(2012, 6), "job": "返乡创业",
            "phone": "13900004991",
        },
    )  # fmt: skip
    plain("杨家冲村", 1).set_standing(
        actor=town, standing="DECEASED", since=PartialDate.on(today - timedelta(days=70)),
        reason="因病去世。",
    )  # fmt: skip
