"""What may be shown of personal data, and whether a number can be right at all. Pure functions."""

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from operator import mul
from zoneinfo import ZoneInfo

STAR = "*"
_DASHES = str.maketrans("‐‑‒–—−", "------")
#: Surnames of two characters; of these both are shown, as of the others the one.
_DOUBLE_SURNAME = re.compile(
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|"
    "濮阳|公冶|太叔|申屠|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|令狐|呼延|西门|轩辕"
)

# A number may stand between separators, never between digits; full-width digits count.
_ID = re.compile(r"(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[\dXxＸｘ](?![\dXx])|(?<!\d)\d{15}(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?([1１][3-9３-９]\d[ -]?\d{4}[ -]?\d{4})(?!\d)")
_BANK_CARD = re.compile(r"(?<!\d)62\d\d(?: ?\d{4}){3}(?: ?\d{1,3})?(?!\d)")
_LANDLINE = re.compile(r"(0[12]\d|0[3-9]\d{2})-?(\d{7,8})(?:-(\d{1,6}))?")

# In 镇江市 and 新乡县, 五里村路 and 新村社区 the character is part of another name.
_TOWN = re.compile(r".*?(?:街道|[镇乡](?![镇乡]|.?[市县区]))(?:办事处)?")
_COUNTY = re.compile(r".*?(?:县|旗(?!.?[区县])|(?<![小社园治])区)|.*?市")
_VILLAGE = re.compile(r".{0,12}?(?:社区|村(?![路街巷]|大道|小区|社区))")

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_EARLIEST = date(1900, 1, 1)
_CHECK_LETTERS = "10X98765432"
#: GB/T 2260: provinces; 8x residence of Taiwan, Hong Kong, Macao; 9x permanent foreign residents.
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9\d")


def mask_name(name: str | None) -> str:
    """谭*军, 田*, 欧阳**: the surname, and the last character of three or more."""
    name = (name or "").strip()
    if _DOUBLE_SURNAME.match(name) and len(name) > 2:
        return name[:2] + STAR * (len(name) - 2)
    if len(name) < 3:
        return name[:1] + STAR if name else ""
    return name[0] + STAR * (len(name) - 2) + name[-1]


def mask_phone(phone: str | None) -> str:
    """139****0021, 0717-****345; of anything else the last two digits."""
    text = _plain(phone).replace(" ", "")
    if mobile := _MOBILE.fullmatch(text):
        digits = mobile[1].replace("-", "")
        return f"{digits[:3]}****{digits[7:]}"
    if landline := _LANDLINE.fullmatch(text):
        return f"{landline[1]}-****{landline[2][4:]}"
    if re.fullmatch(r"\d{7,8}", text):
        return f"****{text[4:]}"
    return STAR * max(0, len(text) - 2) + text[-2:] if len(text) > 4 else STAR * len(text)


def mask_id(number: str | None) -> str:
    """The first six and the last four; of other documents the first and the last two."""
    text = _plain(number)
    if len(text) in (15, 18):
        return text[:6] + STAR * (len(text) - 10) + text[-4:]
    if len(text) > 6:
        return text[0] + STAR * (len(text) - 3) + text[-2:]
    return STAR * len(text)


def mask_address(address: str | None) -> str:
    """Through the village or community, else the township, else the county; then nothing."""
    address = (address or "").strip()
    place = _TOWN.match(address) or _COUNTY.match(address)
    shown = place[0] if place else ""
    village = _VILLAGE.match(address, len(shown))
    shown += village[0] if village else ""
    return shown if shown == address else f"{shown}***"


def mask_text(text: str | None) -> str:
    """Free text with the mobile numbers and id numbers in it masked."""
    text = _ID.sub(lambda found: mask_id(re.sub("[ -]", "", found[0])), text or "")
    return _MOBILE.sub(lambda found: mask_phone(found[0]), text)


def numbers_in(text: str | None) -> list[str]:
    """The mobile, id and bank card numbers that stand in free text, bare, each once."""
    text = text or ""
    found = [_plain(match[0]) for match in _ID.finditer(text)]
    found += [_plain(match[1]) for match in _MOBILE.finditer(text)]
    found += [_plain(match[0]) for match in _BANK_CARD.finditer(text)]
    return list(dict.fromkeys(re.sub("[ -]", "", number) for number in found))


def is_id_number(value: str | None) -> bool:
    return id_number_error(value) == ""


def id_number_error(value: str | None, today: date | None = None) -> str:
    """Why this is no 公民身份号码 (GB 11643), in plain Chinese; "" when it can be one."""
    text = _plain(value)
    if not text:
        return "请填写身份证号码。"
    if len(text) == 15 and text.isdigit():
        return "这是15位旧号码，请填写18位身份证号码。"
    if len(text) != 18:
        return f"身份证号码应为18位，现在是{len(text)}位。"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return "身份证号码前17位应为数字，末位应为数字或X。"
    return whole_id_error(text, today or _today())


def whole_id_error(text: str, today: date) -> str:
    """The same of eighteen characters that look like one."""
    if not _PROVINCES.match(text):
        return "身份证号码开头的地区代码不对，请核对。"
    if not _is_past_day(text[6:14], today):
        return "身份证号码中的出生日期不对，请核对第7至14位。"
    if _CHECK_LETTERS[_weighted(text) % 11] != text[17]:
        return "身份证号码校验不通过，请逐位核对，可能有一位录错。"
    return ""


def phone_error(value: str | None) -> str:
    """Why nobody can be called under this number, in plain Chinese; "" when it can be one."""
    text = re.sub(r"[ ()]", "", _plain(value))
    if not text:
        return "请填写联系电话。"
    if not re.fullmatch(r"\+?[0-9-]+", text):
        return "号码只能包含数字和短横线。"
    if _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text):
        return ""
    if re.fullmatch(r"[2-9]\d{6,7}|400-?\d{3}-?\d{4}", text):
        return ""
    if text.startswith("1"):
        digits = len(text.replace("-", ""))
        return (
            "手机号码第二位应为3至9。" if digits == 11 else f"手机号码应为11位，现在是{digits}位。"
        )
    return "号码不对：手机号码11位，固定电话请带区号，如0717-6222345。"


def _plain(value: str | None) -> str:
    return unicodedata.normalize("NFKC", value or "").strip().upper().translate(_DASHES)


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _weighted(text: str) -> int:
    """Of the first seventeen characters, which are digits from 0 to 9."""
    return sum(map(mul, _WEIGHTS, text.encode())) - ord("0") * sum(_WEIGHTS)


@lru_cache(maxsize=65536)
def _is_past_day(digits: str, today: date) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return _EARLIEST <= born <= today
