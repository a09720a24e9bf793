"""What kind of file this is, judged by its bytes, and whether it may be unpacked at all.

Nothing here unpacks more than the first lines of a part.
"""

import codecs
import re
import struct
import zipfile
import zlib
from enum import StrEnum
from xml.parsers import expat

from orgs.workbook_refusals import DAMAGED, ENCRYPTED, SAVE_AS

MB = 2**20
MAX_BYTES = 50 * MB
MAX_PARTS = 2000
MAX_UNPACKED = 200 * MB
MAX_RATIO, RATIO_FROM = 100, 20 * MB
#: Cells that a sheet may say it has; an honest one with formatted columns stays well below.
MAX_AREA = 100_000_000
HEAD = 64 * 1024

#: What zipfile raises over a file that is not as it says.
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, EOFError, OSError, ValueError)

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CENTRAL_ENTRY = b"PK\x01\x02"
#: The beginning of an old workbook whose next record says that the rest is encrypted.
LOCKED = re.compile(
    rb"\x09\x08(?:\x10\0\0\x06\x05\0.{12}|\x08\0\0\x05\x05\0.{4})(?:\x86\0\0\0)?\x2f\0", re.S
)
DIMENSION = re.compile(
    rb"dimension\s[^>]{0,200}?\bref=[\"'](?:[A-Z]{1,3}\d{1,7}:)?([A-Z]{1,3})(\d{1,7})[\"']"
)


class BadWorkbook(Exception):
    """The file is refused; the message tells the person why, in Chinese."""


class Reason(StrEnum):
    EMPTY = "文件是空的，请选择填好内容的表格。"
    TOO_LARGE = "文件超过 50 MB，请删去图片，或分成几个文件后再上传。"
    NOT_TABLE = "这不是表格文件。请上传 .xlsx、.xls 或 .csv 文件；只改扩展名不会改变文件内容。"
    WEB_PAGE = f"这是改了扩展名的网页或 XML 文件。{SAVE_AS}"
    UTF16 = "文件的文字编码是 UTF-16。请另存为“CSV UTF-8”或 .xlsx 后再上传。"
    BINARY = f"暂不支持 .xlsb 和 .ods 表格。{SAVE_AS}"
    ENCRYPTED = ENCRYPTED
    MACRO = "表格带有宏程序。请另存为不带宏的 .xlsx 后再上传。"
    EXTERNAL = "表格引用了其他文件。请在“数据”—“编辑链接”中断开链接后再上传。"
    TOO_MANY_PARTS = f"文件内部的部件过多，不像正常的表格。{SAVE_AS}"
    BOMB = "文件解压后大得不正常，已拒绝打开。请删除多余内容，或分成几个文件后再上传。"
    ENTITIES = f"文件中夹有外部定义（DTD），已拒绝打开。{SAVE_AS}"
    DIMENSION = "表格声明的范围大得不正常。请删除正文以外的空行和空列后再上传。"
    DAMAGED = DAMAGED


def inspect(file) -> str:
    """One of xlsx, xls and csv; raises BadWorkbook for what must not be opened."""
    file.seek(0, 2)
    size = file.tell()
    if size > MAX_BYTES:
        raise BadWorkbook(Reason.TOO_LARGE)
    file.seek(0)
    head = file.read(HEAD)
    if not head.strip():
        raise BadWorkbook(Reason.EMPTY)
    if head.startswith(ZIP):
        return _inspect_zip(file)
    if head.startswith(OLE):
        return _inspect_ole(file)
    return _inspect_text(head)


def _inspect_text(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadWorkbook(Reason.UTF16)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if start.startswith(b"<"):
        raise BadWorkbook(Reason.WEB_PAGE)
    if start.startswith(b"%PDF") or re.search(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]", head):
        raise BadWorkbook(Reason.NOT_TABLE)
    return "csv"


def _inspect_ole(file) -> str:
    """Old Excel; a newer one with a password lies in such a container, too."""
    file.seek(0)
    data = file.read()
    if _has_stream(data, "EncryptedPackage") or LOCKED.search(data):
        raise BadWorkbook(Reason.ENCRYPTED)
    if not (_has_stream(data, "Workbook") or _has_stream(data, "Book")):
        raise BadWorkbook(Reason.NOT_TABLE)
    if _has_stream(data, "_VBA_PROJECT_CUR"):
        raise BadWorkbook(Reason.MACRO)
    return "xls"


def _has_stream(data: bytes, name: str) -> bool:
    """Whether a directory entry has this name: its text padded to 64 bytes, then its length."""
    text = name.encode("utf-16-le")
    entry = text.ljust(64, b"\0") + (len(text) + 2).to_bytes(2, "little")
    found = data.find(entry)
    while found > 0 and found % 128:
        found = data.find(entry, found + 1)
    return found > 0


def _inspect_zip(file) -> str:
    try:
        # Counted first: a directory of a million entries would fill the memory.
        if _count(file, CENTRAL_ENTRY) > MAX_PARTS:
            raise BadWorkbook(Reason.TOO_MANY_PARTS)
        with zipfile.ZipFile(file) as archive:
            _check_directory(archive.infolist())
            for part in archive.infolist():
                if not _name(part).startswith("xl/media/"):
                    _check_head(archive, part)
    except BROKEN as error:
        raise BadWorkbook(Reason.DAMAGED) from error
    return "xlsx"


def _count(file, mark: bytes) -> int:
    file.seek(0)
    found, tail = 0, b""
    while chunk := file.read(MB):
        found += (tail + chunk).count(mark)
        tail = chunk[1 - len(mark) :]
    return found


def _name(part: zipfile.ZipInfo) -> str:
    return part.filename.replace("\\", "/").lstrip("/").lower()


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = [_name(part) for part in parts]
    if "xl/workbook.xml" not in names:
        table = {"xl/workbook.bin", "content.xml"} & set(names)
        raise BadWorkbook(Reason.BINARY if table else Reason.NOT_TABLE)
    if any(part.flag_bits & 1 for part in parts):
        raise BadWorkbook(Reason.ENCRYPTED)
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise BadWorkbook(Reason.MACRO)
    if any("/externallinks/" in name for name in names):
        raise BadWorkbook(Reason.EXTERNAL)
    if sum(part.file_size for part in parts) > MAX_UNPACKED or any(map(_is_bomb, parts)):
        raise BadWorkbook(Reason.BOMB)
    known = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if len(set(names)) < len(names) or any(part.compress_type not in known for part in parts):
        raise BadWorkbook(Reason.DAMAGED)


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > max(RATIO_FROM, MAX_RATIO * part.compress_size)


def _check_head(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with archive.open(part) as stream:
        head = stream.read(HEAD)
    xml = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if xml.startswith((b"<", b"\0<", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _check_prolog(head)
    if size := DIMENSION.search(head):
        if _column(size[1]) * int(size[2]) > MAX_AREA:
            raise BadWorkbook(Reason.DIMENSION)


def _check_prolog(head: bytes) -> None:
    """A DTD can stand only before the first element; expat reads it in any encoding."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _found_doctype
    parser.StartElementHandler = _found_element
    try:
        parser.Parse(head, False)
    except _FirstElement:
        return
    except expat.ExpatError as error:
        raise BadWorkbook(Reason.DAMAGED) from error
    # Nothing but comments in so long a beginning: nobody writes workbooks so.
    raise BadWorkbook(Reason.DAMAGED)


class _FirstElement(Exception):
    pass


def _found_doctype(*declaration):
    raise BadWorkbook(Reason.ENTITIES)


def _found_element(*element):
    raise _FirstElement


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
