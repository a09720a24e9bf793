"""People who come to the counters of 青溪县: invented names, numbers that belong to nobody."""

from dataclasses import dataclass

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
#: 429921 is no division of GB/T 2260, so that no such number was ever issued.
REGION = "429921"

NAMES = {
    "柳河镇": (
        "覃德明", "向春秀", "田永福", "黄桂枝", "刘长庚", "李秀莲", "杨家旺", "张玉珍", "谭学文",
        "王大香", "周世平", "陈金凤", "邓启明", "胡小燕", "彭德贵", "宋玉兰", "余水生", "孟庆云",
        "毛自强", "何冬梅", "向志坚", "田小满", "覃建国", "黄爱民", "刘秋生", "李冬至", "杨丽娟",
        "张国栋", "谭月娥", "王守义", "周小军", "陈翠华", "欧阳春", "胡广田", "彭小兰", "赵有余",
    ),
    "白石镇": (
        "段启发", "郭秀云", "范德海", "姚明珍", "蒋家声", "吴桂花", "贺长春", "石玉堂", "蔡国安",
        "任小梅", "白志远", "邱水莲", "罗正明", "马翠英", "朱建民", "段小芹",
    ),
    "东山乡": (
        "唐仁贵", "孔祥兰", "袁秀珍", "林茂盛", "窦家富", "熊本良", "万桂香", "闫志刚", "舒云飞",
        "韦春生", "兰天才", "柳秀芝", "高山青", "唐小英", "孔令发", "袁大江",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    name: str
    phone: str
    id_number: str
    village: str
    address: str
    is_vulnerable: bool

    def details(self) -> dict:
        """What `Citizen.known` takes beside the organization."""
        return {
            name: getattr(self, name)
            for name in ("name", "phone", "id_number", "address", "is_vulnerable")
        }


def id_number(birthday: str, serial: int) -> str:
    """GB 11643: region, birthday, serial number, check letter."""
    body = f"{REGION}{birthday}{serial:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def people_of(township: str, villages: list[str]) -> list[Person]:
    """The township's citizens, spread over its villages; every fifth one shows a card."""
    district = list(NAMES).index(township) + 1
    people = []
    for n, name in enumerate(NAMES[township]):
        village = villages[n % len(villages)]
        birthday = f"{1938 + n * 7 % 55}{n % 12 + 1:02}{n * 5 % 28 + 1:02}"
        people.append(
            Person(
                name=name,
                # Some old people have no telephone.
                phone="" if n % 12 == 11 else f"1390000{district}{n + 101:03}",
                id_number=id_number(birthday, district * 100 + n) if n % 5 == 0 else "",
                village=village,
                address=f"{township}{village}{n % 7 + 1}组",
                is_vulnerable=n % 8 == 3,
            )
        )
    return people
