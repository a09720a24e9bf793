"""班子 of 青溪县 (all invented): most in the middle of a term, some about to end, one overdue,
and two organizations without a secretary, one of them for more than three months."""

from datetime import timedelta

from django.utils import timezone

from orgs.models import Committee, LeftReason, Role, SeatPost, SeatSource
from orgs.partial_date import PartialDate
from orgs.terms import months_after, years_of_term

#: Days until the end of the term; everybody else has two years left.
DUE_IN = {
    "石桥村": 25,
    "河口村": 84,
    "枫树坪村": 150,
    "大水井村": -38,
    "茶园沟村": 172,
    "青溪县城投公司": 61,
    "青溪县茶叶流通协会": 12,
}
#: Days since the secretary left.
VACANT = {"高岭村": 118, "青溪县茶叶加工企业": 44}
#: Those whose term before is on record, too, with the secretary of that time.
BEFORE = {"河口村": "张成富", "马鞍村": "马建波"}
#: secretary, deputy, 组织委员, 宣传委员, 纪检委员, 委员
CREWS = {
    "青江市委": ("罗启明", "周凯", "", "", "", ""),
    "青溪县委": ("方志远", "田永康", "郑凯", "何彩云", "彭志刚", ""),
    "柳河镇": ("李振国", "周敏", "向继红", "谭晓燕", "覃卫东", "胡国平"),
    "柳河社区": ("刘桂芳", "", "陈小琴", "", "许志平", ""),
    "石桥村": ("陈立国", "田桂兰", "杨明清", "", "向光玉", ""),
    "河口村": ("张永福", "", "张成富", "覃慧", "", ""),
    "枫树坪村": ("黄德财", "", "黄秋菊", "", "邓友生", ""),
    "新屋场村": ("向道林", "", "向小波", "李冬梅", "", ""),
    "杨家冲村": ("杨家旺", "", "杨正财", "", "吴菊香", ""),
    "白石镇": ("张海波", "范文斌", "任丽", "石秀华", "曹建新", ""),
    "白石社区": ("白玉梅", "", "罗婷", "", "", ""),
    "大水井村": ("邱世荣", "邱长顺", "汪桂香", "", "", ""),
    "樟树湾村": ("罗长清", "", "罗春花", "", "樊志勇", ""),
    "马鞍村": ("马宏图", "", "马建波", "", "", ""),
    "东山乡": ("袁忠", "孔庆华", "万青", "兰德华", "闫东", ""),
    "东山社区": ("舒平", "", "韦春燕", "", "", ""),
    "茶园沟村": ("韦家贵", "", "韦有良", "高桂香", "", ""),
    "云雾坪村": ("兰志成", "", "兰秀英", "", "", ""),
    "杨柳冲村": ("柳光前", "", "柳海清", "", "", ""),
    "高岭村": ("高明亮", "", "高德山", "", "", ""),
    "青溪县民政局": ("蔡正清", "舒立新", "", "", "", ""),
    "青溪县城投公司": ("杜长江", "", "金晓梅", "", "", ""),
    "青溪职业技术学院": ("吕文博", "严冬", "祝红", "马晓峰", "", ""),
    "青溪县人民医院": ("钟志华", "", "秦月", "", "", ""),
    "青溪县茶叶加工企业": ("胡建军", "", "", "", "", ""),
    "青溪县茶叶流通协会": ("涂茂林", "", "", "", "", ""),
    "青江市烟草专卖局": ("夏立民", "", "", "", "", ""),
    "青溪县烟草专卖局": ("程远", "", "", "", "", ""),
    "青溪县委机关": ("郑凯", "", "何彩云", "", "", ""),
    "柳河镇机关": ("向继红", "", "谭晓燕", "", "", ""),
    "白石镇机关": ("任丽", "", "石秀华", "", "", ""),
    "东山乡机关": ("万青", "", "兰德华", "", "", ""),
}
POSTS = (
    SeatPost.SECRETARY,
    SeatPost.DEPUTY,
    SeatPost.ORGANIZATION,
    SeatPost.PUBLICITY,
    SeatPost.DISCIPLINE,
    SeatPost.MEMBER,
)
LEFT_IN_TERM = 730


def build_committees(actor, places, staff):
    """Each committee by the verb that the page uses; secretaries linked to their accounts."""
    accounts = {
        (post.organization_id, user.name): user
        for user in staff
        for post in user.posts_now
        if post.role == Role.SECRETARY
    }
    for number, (name, crew) in enumerate(CREWS.items()):
        committee = elect(actor, places[name], crew, number, accounts)
        if name in VACANT:
            secretary = committee.seats.get(post=SeatPost.SECRETARY)
            secretary.vacate(
                actor=actor,
                ended_on=timezone.localdate() - timedelta(days=VACANT[name]),
                reason=LeftReason.TRANSFER,
                note="调县直单位工作",
            )


def elect(actor, organization, crew, number, accounts) -> Committee:
    """The committee that serves, by way of the one before where that is on record."""
    today = timezone.localdate()
    left = DUE_IN.get(organization.short_name, LEFT_IN_TERM + number * 9)
    years = years_of_term(organization.kind, organization.level)
    day = months_after(today, -12 * (years or 3)) + timedelta(days=left if years else -number)
    fields = {
        "elected": PartialDate(day.year, day.month, day.day),
        "document": f"青组〔{day.year}〕{number + 11}号",
        "seats": [
            seat(post, name, organization, number, accounts)
            for post, name in zip(POSTS, crew, strict=True)
            if name
        ],
    }
    term = number % 5 + 6 if years else None
    chief = BEFORE.get(organization.short_name)
    if chief is None:
        return Committee.establish(actor=actor, organization=organization, term=term, **fields)
    before = Committee.establish(
        actor=actor,
        organization=organization,
        term=term - 1,
        elected=PartialDate(day.year - years, day.month),
        seats=[{"post": SeatPost.SECRETARY, "name": chief, "source": SeatSource.ELECTED}],
    )
    return before.renew(actor=actor, **fields)


def seat(post, name, organization, number, accounts) -> dict:
    fields = {"post": post, "name": name}
    if post == SeatPost.SECRETARY:
        sources = (SeatSource.ELECTED, SeatSource.TRAINED, SeatSource.ELECTED, SeatSource.SENT)
        fields |= {
            "source": sources[number % 4],
            "user": accounts.get((organization.pk, name)),
            "is_full_time": number % 3 > 0,
            "heads_village": organization.level == "VILLAGE" and number % 4 != 3,
            "phone": f"1390000{number + 4:04}",
        }
    return fields
