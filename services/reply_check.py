"""What is weak about a reply before it leaves. Pure functions: they warn, people decide.

Tuned on 939 real replies so that a warning is rarely wrong; what it misses, the reviewer reads.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from orgs.masking import numbers_in
from services.reply_points import READ, asked_points, words

#: Characters below which a text is too short, and substance below which it says nothing.
SHORT, SUBSTANCE = 15, 8
#: From so many words on, not one of the letter's among them is no accident.
ENOUGH_WORDS = 25
QUOTES, QUOTE_LENGTH = 3, 30


@dataclass(frozen=True)
class Letter:
    """A reply, and what must be known to judge it."""

    text: str
    outcome: str = ""
    subject: str = ""
    content: str = ""
    #: Telephone and id numbers that may stand in it: the requester's own, and those of offices.
    known_numbers: Collection[str] = ()
    #: Names of other citizens found in it.
    other_names: Collection[str] = ()


@dataclass(frozen=True)
class Remark:
    code: str
    title: str
    quotes: tuple[str, ...]
    advice: str

    @property
    def in_words(self) -> str:
        """In one line, for where there is no room for more."""
        return f"{self.title}{''.join(f'“{words}”' for words in self.quotes)}。{self.advice}"


_DAY = (
    r"(?:\d{4}|二[〇零○O0][一二三四五六七八九〇零○O0]{2})\s*年\s*"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*日"
)
_SIGNATURE = re.compile(rf"\s*(?:[一-鿿]{{2,20}}[局办委府会镇乡处院队中心所])?\s*{_DAY}[。.\s]*\Z")
_CLAUSE = re.compile(r"[^。！？!?；;，,：:\n]+[。！？!?；;，,：:\n]*")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_MARKS = '。！？!?；;，,：: \n“”"'
_GREETING = r"您好|你好|^网友|^尊敬|^同志|^朋友|^“?UU\d"
_RECEIVED = r"收悉|收到(?:您|你)|已经?收到|已阅|知悉|获悉"
_THANKS = r"感谢|谢谢|致谢|祝您|祝你|祝生活"
_ECHO = re.compile(
    rf"{_GREETING}|{_RECEIVED}|{_THANKS}|(?:您|你)所?(?:反映|咨询|提出|关心|建议|反应|关注|投诉|举报)"
)
#: Clauses that say nothing to the matter, each searched in one clause.
_EMPTY = re.compile(
    "|".join(
        [
            _GREETING,
            _RECEIVED,
            _THANKS,
            r"[^。]{0,20}(?:回复|答复|回应|反馈|说明|解答)(?:给您|给你|您|你)?如下|如下$|^链接|特此(?:回复|答复|说明)",
            r"(?:欢迎|敬请|请)(?:您|你)?(?:继续|一如既往|多|随时)*[^。]{0,8}"
            r"(?:监督|关注|支持|谅解|理解|来电|来访|提出|留意|期待)",
            r"(?:给|对)(?:您|你)(?:造成|带来)[^。]{0,12}(?:歉|不便)|深表歉意|表示歉意|抱歉",
            r"(?:已|现|将|会|立即|立刻|及时|迅速|即)经?(?:于[^，]{0,14})?(?:将[^。]{0,24})?"
            r"(?:转|移|交|呈|提|上报)(?:交|至|办|送|给|达|请|报|由|到)?[^。]{0,34}"
            r"(?:查|核实|核处|处理|处置|办理|办复|研究|回复|答复|关注|反馈|部门|单位|公司|支队|大队|"
            r"政府|执行|[县区市局镇委府所院办])$",
            r"高度重视|认真研究|认真对待|积极(?:处理|协调|反馈)|(?:反馈|反映)给?[^。]{0,10}(?:部门|单位)",
            r"(?:正在|将|会)(?:进一步|积极|尽快|抓紧|及时|努力|全力)*"
            r"(?:协调|调查|处理|核实|办理|研究|核查|跟进|落实|整改|答复|回复|反馈|给您|给你|您)+(?:之中|当中|中)?$",
            r"(?:您|你)所?(?:反映|咨询|提出|关心|建议|反应|关注)的?[^。]{0,60}"
            r"(?:问题|情况|事项|建议|意见|内容|事情)?$",
            r"^关于[^。]{0,60}(?:问题|情况|事宜|建议|咨询|意见|反映)[”\"]?[^。]{0,4}$",
            r"(?:处理|核实|调查|有关|相关)(?:情况|结果)[^。]{0,10}(?:反馈|回复|告知|答复)|"
            r"[待等][^。]{0,14}后[^。]{0,8}(?:回复|答复|反馈)$",
            r"后续(?:回复|进展)|耐心等待|"
            r"(?:我们|我[办局镇乡县市区])将[^。]{0,6}(?:进一步|认真|继续|努力|不断|一如既往)",
            r"如果?您?(?:还|仍)?(?:有|您)[^。]{0,10}(?:疑问|不明|问题|需要)",
        ]
    )
)


def remarks_on(letter: Letter) -> list[Remark]:
    """Every warning about the reply; one cause gives one warning."""
    text = letter.text[:READ]
    about_form = [*unfilled(text), *personal(text, letter)]
    for check in (too_short, empty):
        if found := check(text):
            return [*about_form, *found]
    checks: list[Callable[[str, Letter], list[Remark]]] = [off_point, baseless, undated]
    return [*about_form, *(remark for check in checks for remark in check(text, letter))]


# What the text is made of --------------------------------------------------------------------


def body(text: str) -> str:
    """Without the date at the end and the office that signs."""
    return _SIGNATURE.sub("", text.strip())


def clauses(text: str, left_out: re.Pattern) -> list[str]:
    stripped = (found[0].strip(_MARKS) for found in _CLAUSE.finditer(body(text)))
    return [clause for clause in stripped if clause and not left_out.search(clause)]


def substance(text: str) -> str:
    """What is left without greetings, thanks and phrases that any letter could hold."""
    return "，".join(clauses(text, _EMPTY))


def length(text: str) -> int:
    return len(re.findall(r"\w", text))


def quoted(found) -> tuple[str, ...]:
    """The first few words found, short enough to be read at a glance."""
    once = dict.fromkeys(" ".join(words.split()) for words in found if words.strip())
    cut = (q if len(q) <= QUOTE_LENGTH else f"{q[:QUOTE_LENGTH]}…" for q in once)
    return tuple(list(cut)[:QUOTES])


# The checks ----------------------------------------------------------------------------------


def too_short(text: str) -> list[Remark]:
    said = "，".join(clauses(text, re.compile(_GREETING)))
    if length(said) >= SHORT:
        return []
    advice = "写明办了什么、结果怎样；办不了的写明原因，让群众不用再打电话来问。"
    return [Remark("SHORT", f"答复太短（不足 {SHORT} 个字）", quoted([text]), advice)]


def empty(text: str) -> list[Remark]:
    if length(substance(text)) >= SUBSTANCE:
        return []
    advice = "“已收悉”“已转交”“高度重视”不是答复。写查到了什么、办到哪一步、由谁在什么时候办完。"
    return [Remark("EMPTY", "只有套话，没有实际内容", quoted([body(text)]), advice)]


def off_point(text: str, letter: Letter) -> list[Remark]:
    """Not a word of what was asked: most often an answer to somebody else's letter."""
    points = asked_points(letter.content) or [letter.subject or letter.content]
    said, asked = words(*clauses(text, _ECHO)), words(letter.subject, *points)
    told = asked | words(letter.content)
    if not asked or asked & said or len(told & said) > 1:
        return []
    if len(said) < ENOUGH_WORDS and set("".join(told)) & set("".join(said)):
        return []  # 路灯 is answered by 灯具
    advice = "逐条对照左边的诉求要点作答；如果内容是别的办件的，请换回本件的答复。"
    return [Remark("OFF_POINT", "没有答到群众问的事", quoted(points), advice)]


_LAW = re.compile(
    r"《[^》]{2,60}》|第[一二三四五六七八九十百\d]{1,6}条|[〔\[【（(〈]\d{4}[〕\]】）)〉]\s*第?\d+号|"
    r"\d号[文令]|政策|规定|条例|办法|标准|规划|文件|法[规律]|依法|依据|根据|按照|规范|细则|合同|协议|"
    r"制度|方案|批复|公告|通知|意见|程序|条件|资格|范围"
)
_FACT = re.compile(
    r"经[^，。]{0,12}(?:查|核|了解|勘|研究|鉴定|测|检|沟通|协商|调解|评估|认定)|"
    r"据[^，。]{0,12}(?:了解|查|核|悉|反馈)|调查|核实|走访|查看|踏勘|勘[查察]|由于|因[^此]|鉴于|原因|"
    r"现场|属|已(?![收阅转])|列入|联系方式|营业|材料|流程|窗口|地点|地址|携带|电话|网[站址上]|拨打|登录|咨询|到[^，。]{2,16}办理"
)
_WHEN = re.compile(
    r"\d{1,2}\s*月|\d{4}\s*年|[今明后]年|[本下上这]周|[本下次]个?月|周[一二三四五六日]|月底|月[初中]|"
    r"年底|年内|[上下]半年|季度|[\d一二两三四五六七八九十]+[多余]?个?(?:工作日|天|日|周|星期|月|小时|年)|"
    r"即日|当[天日晚]|[今明后]天|今[日晚]|明日|[上中下]旬|[春秋]季|开学|暑假|寒假|年[前后]|国庆|春节|"
    r"元旦|学期"
)


def baseless(text: str, letter: Letter) -> list[Remark]:
    """A refusal names the rule it rests on; an explanation a rule, a finding, a day or a way."""
    said = substance(text)
    if letter.outcome == "REFUSED" and not _LAW.search(body(text)):
        title, need = "不予办理，但没有写依据", "写明依据的法律、文件或政策（名称和条款）"
    elif letter.outcome == "EXPLAINED" and not any(p.search(said) for p in (_LAW, _FACT, _WHEN)):
        title, need = "没有写依据和日期", "写明依据的规定、查到的情况，或办理的日期和地点"
    else:
        return []
    return [Remark("NO_BASIS", title, quoted([said]), f"{need}，群众才知道为什么。")]


_PROMISE = re.compile(
    r"(?:尽快|尽早|早日|近期(?!棚|规划|线)|近日(?!有|来)|不日|即将|适时|择机|抓紧|陆续|力争|预计|拟定?于|计划(?!生育)|"
    r"下一步(?!如何)|后续|待[^，。；]{2,20}后|争取|"
    r"将(?:会|于|在|由|为|对|按|及时|立即|逐步|安排|组织|派|启动|开展|实施|统一|依法|第一时间))[^，。；]{0,24}?"
    r"(?:修[复缮建整好]|维修|改造|更换|安装|加装|增设|设置|新建|建[设成](?!单位|方|局|会议)|开通|开工|动工|"
    r"施工(?!单位|方|队|企业)|竣工|完[工成]|硬化|拨付|发放|支付|兑现|到账|退还|退款|补发|补办|办理|办结|核发|"
    r"清[运理除]|拆除|整改|整治|取缔|搬迁|通[水电车气]|供[水电气]|启动|启用|投入|安置|上门|答复|回复|"
    r"公[布示]|出台|解决|恢复)"
)
#: A clause with a day in it looks ahead; 2018年4月 alone may be long past.
_AHEAD = re.compile(r"[前内底起下明后]|预计|计划|将|拟|争取|力争|确保")
_NOT_PROMISED = re.compile(r"暂未|未纳入|未列入|暂无|不再|无法|建成后|密切关注|“")


def undated(text: str, letter: Letter) -> list[Remark]:
    """Something is promised, and neither its sentence nor any other names a day to come."""
    said = clauses(text, _EMPTY)
    promises = [c for c in said if _PROMISE.search(c) and not _NOT_PROMISED.search(c)]
    if letter.outcome not in ("SOLVED", "PARTLY") or not promises:
        return []
    dated = [sentence for sentence in _SENTENCE.findall(body(text)) if _WHEN.search(sentence)]
    in_time = any(promise in sentence for sentence in dated for promise in promises)
    if in_time or any(_WHEN.search(clause) and _AHEAD.search(clause) for clause in said):
        return []
    advice = "写明哪一天前办好；定不下来的，写明什么时候再告知进展。"
    return [Remark("NO_DATE", "答应了要办，没有写什么时候", quoted(promises), advice)]


_UNFILLED = re.compile(
    r"【[^】\d]{0,20}】|\{[^{}\n]{0,20}\}|_{2,}|＿{2,}|\*{3,}|(?<![A-Za-z])[Xx×Ｘｘ]{2,}(?![A-Za-z])|"
    r"某{2,}|(?<!\d)\s*年\s*月\s*日|[（(]\s*[）)]"
)


def unfilled(text: str) -> list[Remark]:
    """What a template left to be filled in, and stars that stand for a masked number."""
    found = [match[0] for match in _UNFILLED.finditer(text)]
    if not found:
        return []
    advice = "填上实际内容，用不到的整句删去。"
    return [Remark("UNFILLED", "模板里还有没填的地方", quoted(found), advice)]


def personal(text: str, letter: Letter) -> list[Remark]:
    """Numbers and names of people other than the one who asked."""
    foreign = [number for number in numbers_in(text) if number not in letter.known_numbers]
    named = [name for name in letter.other_names if name in text]
    if not foreign and not named:
        return []
    advice = "答复会给群众本人看。删去别人的姓名、手机号、证件号、银行卡号，要留电话的留办公电话。"
    title = "可能有别人的个人信息"
    return [Remark("PERSONAL", title, quoted([*named, *foreign]), advice)]
