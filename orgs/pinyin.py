"""Names as they are typed on a Latin keyboard: 单雄信 → "shanxiongxin" and "sxx"."""

from functools import lru_cache

from pypinyin import lazy_pinyin

#: Characters that are read differently as a surname than anywhere else.
SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "查": "zha", "朴": "piao", "任": "ren",
    "区": "ou", "华": "hua", "宁": "ning", "尹": "yin", "尉": "wei", "盖": "ge", "盛": "sheng",
    "洗": "xian", "冼": "xian", "缪": "miao", "翟": "zhai", "乐": "yue", "员": "yun", "贠": "yun",
    "曲": "qu", "朱": "zhu", "卜": "bu", "秘": "bi", "种": "chong", "逄": "pang", "覃": "qin",
    "黑": "he", "郇": "xun", "郗": "xi", "召": "shao", "折": "she", "能": "nai", "那": "na",
    "都": "du", "重": "chong", "句": "gou", "隗": "wei", "牟": "mou", "燕": "yan", "应": "ying",
    "过": "guo", "瞿": "qu", "祭": "zhai", "葛": "ge", "晁": "chao", "纪": "ji", "车": "che",
}  # fmt: skip
#: Surnames of two characters of which one is read differently elsewhere.
DOUBLE_SURNAMES = {
    "万俟": ("mo", "qi"),
    "尉迟": ("yu", "chi"),
    "澹台": ("tan", "tai"),
    "长孙": ("zhang", "sun"),
    "单于": ("chan", "yu"),
    "令狐": ("ling", "hu"),
    "宰父": ("zai", "fu"),
    "皇甫": ("huang", "fu"),
}
LENGTH = 120


@lru_cache(maxsize=8192)
def _spoken(character: str) -> str:
    return "".join(lazy_pinyin(character)).lower()


def syllables(name: str) -> list[str]:
    """How a personal name is read, one syllable a character."""
    letters = [character for character in name if character.isalnum()]
    start = DOUBLE_SURNAMES.get("".join(letters[:2]), ())
    if not start and letters and letters[0] in SURNAMES:
        start = (SURNAMES[letters[0]],)
    return [*start, *map(_spoken, letters[len(start) :])]


def pinyin_of_place(name: str) -> str:
    """The name of an organization, whole and in initials: a place is no surname."""
    spoken = [word.lower() for word in lazy_pinyin(name) if word.isalnum()]
    return f"{''.join(spoken)} {''.join(word[0] for word in spoken)}"


@lru_cache(maxsize=65536)
def pinyin_of(name: str) -> tuple[str, str]:
    """The whole and the initials, both without spaces."""
    spoken = syllables(name)
    return "".join(spoken)[:LENGTH], "".join(word[:1] for word in spoken)[:LENGTH]
