"""Where the name of a person may stand in a text. A pure function."""

import re

from services.reply_points import READ

#: The commonest surnames; the names found are looked up, so that too many do no harm.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕"
    "丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃"
    "武戴莫孔向汤温庞殷樊章葛颜邢倪洪季骆文牛翟俞柯聂项祝涂路裴冉阮宁卓舒蓝柳宗危望艾易辛常康伍施"
    "鲁关梅霍屈柴詹欧齐左管裘车岳邬敖兰牟佘闵鄢谌瞿尚申景卞包皮晏党童褚屠杭苗游盛甘费岑喻"
)
_DOUBLE = "欧阳|上官|司马|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|东方|南宫|长孙|宇文"
_NAME = re.compile(rf"(?=((?:{_DOUBLE})[一-鿿]{{1,2}}|[{_SURNAMES}][一-鿿]{{1,3}}))")
_MOST = 2_000


def possible_names(text: str | None) -> list[str]:
    """Every run of two to four characters that begins like a name."""
    longest = (found[1] for found in _NAME.finditer((text or "")[:READ]))
    names = (run[:size] for run in longest for size in range(2, len(run) + 1))
    return list(dict.fromkeys(names))[:_MOST]
