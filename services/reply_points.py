"""What a citizen asks for, and which words matter in it. Pure functions, tuned on real letters."""

import math
import re
from collections import Counter
from collections.abc import Sequence

#: Subject and content of a request.
Matter = tuple[str, str]
#: Longer texts are read this far; a letter to the counter has 5,000 characters at most.
READ = 10_000
MOST_POINTS = 9

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*")
_CLAUSE = re.compile(r"[^，,]+[，,]?")
_NUMBERING = re.compile(r"^[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）、.．:：]\s*")
#: 要求, 申请 and their like ask only where a clause begins: 符合要求 and 交申请材料 do not.
_START = r"(?:^|[，,：:、“”\"\s]|[我们此]|现|特|并|再次|强烈|只|也|还|就)"
_ASKS = re.compile(
    r"[?？]|吗(?=[。，！,!；]|$)|请问|想问|问一下|(?:想|要)(?:知道|了解|咨询|申请|办|补办|请|问|让)|"
    r"咨询|盼望|期望|恳请|恳求|敬请|呼吁|能否|能不能|可否|可不可以|可以不可以|是否|是不是|有没有|"
    r"什么时候|何时|怎么[办样能才会]|如何|为什么|为何|凭什么|多久|麻烦|"
    + _START
    + r"(?:希望|要求|请求|建议|申请|来办|补办|问(?!题)|望(?!远|着)|请(?!假|客|示))"
)
_COURTESY = re.compile(
    r"(?:请|望|盼)(?:您|你|领导|书记|各位|各级|有关|相关|部门|政府|能|够|给予|予以|及时|尽快|早日)*"
    r"(?:回复|答复|回答|重视|关注|帮助|帮忙|解答|明示|批示|谅解|理解|为盼|为谢|支持)[^，,]{0,6}$"
)
#: Words and characters that stand in every letter and tell none from another.
_COMMON = re.compile(
    "希望|请问|领导|政府|部门|单位|有关|相关|问题|反映|情况|您好|你好|谢谢|感谢|尊敬|我们|你们|他们|"
    "咱们|自己|大家|什么|怎么|怎样|如何|是否|能否|可以|没有|不能|因为|所以|但是|而且|如果|已经|现在|目前|"
    "进行|解决|处理|答复|回复|落实|调查|核实|关于|书记|市长|县长|局长|镇长|主任|网友|留言|来信|收悉|群众|"
    "百姓|市民|工作|人员|时候|时间|一个|一直|这个|那个|这些|那些|这样|就是|还是|或者|以及|对于|由于|根据|"
    "按照|通过|提供|需要|应该|知道|咨询|请求|要求|建议|申请|尽快|及时|重视|关注|支持|理解|帮助|帮忙|谅解|"
    "欢迎|继续|以上|以下|如下|其他|其中|同时|并且|不是|都是|还有|所有|很多|非常|十分|"
    "[^一-鿿]+|[的了是我你您他她它在有和与及也都就还不要请让把被给对向从到这那个为之而或但么吗呢吧啊呀哦"
    "上下中里后前时年月日号]"
)
_TOO_FEW = 6  # characters of a sentence that only asks for an answer
_LONG, _ENOUGH = 60, 30


def words(*texts: str | None) -> set[str]:
    """Pairs of neighbouring characters, without the words that stand everywhere."""
    found: set[str] = set()
    for text in texts:
        for run in _COMMON.split((text or "")[:READ]):
            found.update(run[i : i + 2] for i in range(len(run) - 1))
    return found


def likeness(mine: Matter, others: Sequence[Matter]) -> list[float]:
    """How like each of the others is to mine, from 0 to 1.

    A word that few of them use counts for more, and so does one of the subject.
    """
    told = [(words(matter[0]), words(*matter)) for matter in (mine, *others)]
    users = Counter(word for _, used in told[1:] for word in used)

    def weighed(subject, used):
        rarity = {word: math.log(1 + len(others) / (users[word] or 1)) for word in used}
        return {word: rarity[word] * (2 if word in subject else 1) for word in used}

    first, *rest = [weighed(*pair) for pair in told]
    return [_cosine(first, other) for other in rest]


def _cosine(some: dict[str, float], others: dict[str, float]) -> float:
    shared = sum(some[word] * others[word] for word in some.keys() & others.keys())
    return shared / (math.hypot(*some.values()) * math.hypot(*others.values())) if shared else 0.0


def asked_points(content: str | None) -> list[str]:
    """The sentences that ask for something, in their order, long ones cut to the asking part."""
    points: list[str] = []
    for found in _SENTENCE.finditer((content or "")[:READ]):
        sentence = _NUMBERING.sub("", found[0].strip())
        if asks(sentence) and (point := _shortened(sentence)) not in points:
            points.append(point)
    return points[:MOST_POINTS]


def asks(sentence: str) -> bool:
    if not _ASKS.search(sentence):
        return False
    meant = "".join(_COMMON.split(sentence))
    only_polite = _COURTESY.search(sentence.rstrip("。！？!?；; ")) and len(meant) < _TOO_FEW
    return bool(meant) and not only_polite


def _shortened(sentence: str) -> str:
    if len(sentence) <= _LONG:
        return sentence
    clauses = _CLAUSE.findall(sentence)
    first = next((at for at, clause in enumerate(clauses) if _ASKS.search(clause)), 0)
    while first and len("".join(clauses[first:])) < _ENOUGH:
        first -= 1
    return "".join(clauses[first:]).strip()
