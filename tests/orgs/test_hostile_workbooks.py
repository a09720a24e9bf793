"""A table that was made to harm is refused before it is opened, each with its own reason.

Whoever sent a broken or locked file in good faith reads what to do about it; whoever sent a bomb
costs the portal neither memory nor time, and learns nothing of its files.
"""

import io
import json
import resource
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib

import pytest

from orgs import workbook
from orgs import workbook_child as child
from orgs.workbook import BadWorkbook, read_rows
from tests.orgs.tables import (
    SHEET,
    altered,
    biff8,
    cell,
    compound,
    csv,
    packed,
    parts,
    record,
    sheet_xml,
    xlsx,
)
from tests.servers import ROOT

SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"
DAMAGED = f"文件已损坏，无法读取。{SAVE_AS}"
ENTITIES = f"文件中夹有外部定义（DTD），已拒绝打开。{SAVE_AS}"
FORGED = f"文件内部记录的大小与实际不符，已拒绝打开。{SAVE_AS}"
NOT_TABLE = "这不是表格文件。请上传 .xlsx、.xls 或 .csv 文件；只改扩展名不会改变文件内容。"
WEB_PAGE = f"这是改了扩展名的网页或 XML 文件。{SAVE_AS}"
BINARY = f"暂不支持 .xlsb 和 .ods 表格。{SAVE_AS}"
EMPTY = "文件是空的，请选择填好内容的表格。"
NOTHING_IN_IT = "表格里没有内容，请填好后再上传。"
ENCRYPTED = "表格设有打开密码或保护密码。请取消密码后再上传。"
MACRO = "表格带有宏程序。请另存为不带宏的 .xlsx 后再上传。"
EXTERNAL = "表格引用了其他文件。请在“数据”—“编辑链接”中断开链接后再上传。"
BOMB = "文件解压后大得不正常，已拒绝打开。请删除多余内容，或分成几个文件后再上传。"
TOO_MANY_PARTS = f"文件内部的部件过多，不像正常的表格。{SAVE_AS}"
TOO_MUCH = "表格内容过多，超出可读取的范围。请删除多余的行和列，或分成几个文件后再上传。"
DIMENSION = "表格声明的范围大得不正常。请删除正文以外的空行和空列后再上传。"
NOT_TEXT = "文件的文字编码无法识别。请另存为“CSV UTF-8”或 .xlsx 后再上传。"
LONG_CELL = "有一个单元格的文字超过一百万字，不像名册。请核对分隔符和引号，另存为 .xlsx 后再上传。"
UTF16 = "文件的文字编码是 UTF-16。请另存为“CSV UTF-8”或 .xlsx 后再上传。"

ONE_CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'
LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
STEALS = '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
CALLS = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'


def far_cell(address, form='<c r="{}"><v>1</v></c>'):
    return altered(sheet=sheet_xml(f"<row>{form.format(address)}</row>"))


def doctype(declaration, encoding="utf-8"):
    text = sheet_xml(ONE_CELL, before=declaration).decode()
    return altered(sheet=text.replace("UTF-8", encoding.upper()).encode(encoding))


def blown_up(megabytes, level=9):
    """A sheet of so many megabytes of spaces, and the rest of a workbook."""
    book = packed({name: text for name, text in parts(xlsx([1])).items() if name != SHEET})
    with (
        zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED, compresslevel=level) as archive,
        archive.open(SHEET, "w") as sheet,
    ):
        sheet.write(sheet_xml(ONE_CELL))
        for _ in range(megabytes):
            sheet.write(b" " * 2**20)
    return book


def forged(*, right_checksum):
    """The directory says 1,000 bytes where five million follow."""
    start = sheet_xml(ONE_CELL).ljust(1000)
    book = altered(sheet=start + b" " * 5_000_000)
    (info,) = [part for part in zipfile.ZipFile(book).infolist() if part.filename == SHEET]
    data = bytearray(book.getvalue())
    crc = zlib.crc32(start) if right_checksum else info.CRC
    entry = data.rindex(SHEET.encode()) - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    for place in (info.header_offset + 14, entry + 16):
        struct.pack_into("<III", data, place, crc, info.compress_size, 1000)
    return io.BytesIO(data)


def forged_packed_size():
    """The directory says that a part is longer than the whole file."""
    book = altered()
    data = bytearray(book.getvalue())
    struct.pack_into("<I", data, data.rindex(SHEET.encode()) - 46 + 20, 10**8)
    return io.BytesIO(data)


def truncated():
    return io.BytesIO(xlsx(["张三"]).getvalue()[:-200])


def with_two_parts_of_one_name():
    book = altered()
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr(SHEET.upper(), sheet_xml(ONE_CELL))
    return book


def locked_zip():
    data = bytearray(altered().getvalue())
    data[data.rindex(SHEET.encode()) - 46 + 8] |= 1
    return io.BytesIO(data)


def long_bomb():
    """Half a megabyte that unpacks to half a gigabyte."""
    book = blown_up(512)
    assert len(book.getvalue()) < 2**20
    return book


def honest_bomb():
    """The directory owns up to a few bytes; the sheet unpacks to 300 MB."""
    book = blown_up(300)
    (info,) = [part for part in zipfile.ZipFile(book).infolist() if part.filename == SHEET]
    data = bytearray(book.getvalue())
    entry = data.rindex(SHEET.encode()) - 46
    for place in (info.header_offset + 22, entry + 24):
        struct.pack_into("<I", data, place, 2**20)
    return io.BytesIO(data)


def renamed(content):
    """A picture or a letter whose name somebody has changed: only its bytes count."""
    return lambda: io.BytesIO(content)


def many_parts():
    return altered(more={f"xl/media/{n}.png": b"" for n in range(2000)})


def without_rows():
    return altered(sheet=sheet_xml(""))


HOSTILE = {
    "bomb of 210 MB": (lambda: blown_up(210), BOMB),
    "bomb of 25 MB, packed a thousandfold": (lambda: blown_up(25), BOMB),
    "one megabyte that becomes 512": (long_bomb, BOMB),
    "bomb that claims to be small": (honest_bomb, FORGED),
    "size forged in the directory": (lambda: forged(right_checksum=False), DAMAGED),
    "size and checksum forged": (lambda: forged(right_checksum=True), FORGED),
    "part longer than the file": (forged_packed_size, FORGED),
    "two thousand parts": (many_parts, TOO_MANY_PARTS),
    "two parts of one name": (with_two_parts_of_one_name, DAMAGED),
    "billion laughs": (lambda: doctype(LAUGHS), ENTITIES),
    "billion laughs in UTF-16": (lambda: doctype(LAUGHS, "utf-16"), ENTITIES),
    "entity that reads a file": (lambda: doctype(STEALS), ENTITIES),
    "DTD that calls a server": (lambda: doctype(CALLS), ENTITIES),
    "DTD behind a long comment": (lambda: doctype(f"<!--{'x' * 10_000}-->{LAUGHS}"), ENTITIES),
    "DTD behind a very long comment": (lambda: doctype(f"<!--{'x' * 10**5}-->{LAUGHS}"), DAMAGED),
    "DTD in another part": (
        lambda: altered(more={"xl/any.name": f"{STEALS}<x>&file;</x>".encode()}),
        ENTITIES,
    ),
    "dimension that lies": (
        lambda: altered(sheet=sheet_xml(ONE_CELL, dimension='<dimension ref="A1:XFD1048576"/>')),
        DIMENSION,
    ),
    "last cell": (
        lambda: far_cell("XFD1048576"),
        "单元格 XFD1048576 离正文太远，请删除多余的行和列后再上传。",
    ),
    "cell in the last row": (
        lambda: far_cell("A1048576"),
        "单元格 A1048576 离正文太远，请删除多余的行和列后再上传。",
    ),
    "last cell, written so that a search misses it": (
        lambda: far_cell("XFD20000", "<c r='A1'><v>1</v></c><c r='{}'><v>1</v></c>"),
        TOO_MUCH,
    ),
    "a column too many": (
        lambda: far_cell("GS1"),
        "第 1 行超过 200 列，请删除多余的列后再上传。",
    ),
    ".xlsm": (lambda: altered(more={"xl/vbaProject.bin": b"\xd0\xcf"}), MACRO),
    "macros of 1992": (lambda: altered(more={"xl/macrosheets/sheet1.xml": b"<x/>"}), MACRO),
    ".xls with macros": (
        lambda: compound("Workbook", biff8(cell(0, 0, "张三")), "_VBA_PROJECT_CUR"),
        MACRO,
    ),
    "external link": (
        lambda: altered(more={"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        EXTERNAL,
    ),
    "external link, written the Windows way": (
        lambda: altered(more={"\\XL\\externalLinks\\externalLink1.xml": b"<x/>"}),
        EXTERNAL,
    ),
    ".xlsx with a password": (lambda: compound("EncryptedPackage", b""), ENCRYPTED),
    ".xls with a password": (
        lambda: compound("Workbook", biff8(globals_=record(0x2F, b"\1\0\1\0\1\0"))),
        ENCRYPTED,
    ),
    "locked zip": (locked_zip, ENCRYPTED),
    ".doc": (lambda: compound("WordDocument", b""), NOT_TABLE),
    ".docx": (lambda: packed({"word/document.xml": b"<x/>"}), NOT_TABLE),
    ".zip": (lambda: packed({"名册.xlsx": b"1"}), NOT_TABLE),
    ".xlsb": (lambda: packed({"xl/workbook.bin": b"1"}), BINARY),
    ".ods": (lambda: packed({"content.xml": b"<x/>"}), BINARY),
    ".pdf": (lambda: io.BytesIO(b"%PDF-1.7\n1 0 obj"), NOT_TABLE),
    ".jpg called .xlsx": (renamed(b"\xff\xd8\xff\xe0\0\x10JFIF\0"), NOT_TABLE),
    ".rar called .xlsx": (renamed(b"Rar!\x1a\x07\x01\0"), NOT_TABLE),
    "program called .csv": (renamed(b"MZ\x90\0\x03\0\0\0"), NOT_TABLE),
    "200 columns and one more in a text table": (
        lambda: csv(",".join(["列"] * 201) + "\n"),
        "第 1 行超过 200 列，请删除多余的列后再上传。",
    ),
    "text table of one long line": (lambda: csv("张三" * 2**20), LONG_CELL),
    "quotation mark that is never closed": (
        lambda: csv('姓名,备注\n张三,"' + "很长\n" * 2**19),
        LONG_CELL,
    ),
    "text table with zero bytes": (lambda: io.BytesIO("姓名\0,电话\n".encode()), NOT_TABLE),
    ".png": (lambda: io.BytesIO(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), NOT_TABLE),
    "web page called .xls": (lambda: csv("\ufeff<html><table><tr><td>张三"), WEB_PAGE),
    "nothing": (lambda: io.BytesIO(), EMPTY),
    "only spaces": (lambda: io.BytesIO(b" \r\n"), EMPTY),
    "sheet without rows": (without_rows, NOTHING_IN_IT),
    "text table without text": (lambda: csv(",,\n,,\n"), NOTHING_IN_IT),
    "half a file": (truncated, DAMAGED),
    "zip in name only": (lambda: io.BytesIO(b"PK\x03\x04" + b"x" * 500), DAMAGED),
    ".xls in name only": (
        lambda: io.BytesIO(compound("Workbook", b"").getvalue()[:2000]),
        DAMAGED,
    ),
    "text in UTF-16": (lambda: csv("姓名\t电话", "utf-16"), UTF16),
    "text in no known encoding": (lambda: io.BytesIO(b"a,b\n\xff\xff,\xfe\n"), NOT_TEXT),
    "zero bytes far behind": (lambda: io.BytesIO(b"a,b\n" * 20_000 + b"\0"), NOT_TEXT),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_file_is_refused_with_its_own_reason(name):
    build, reason = HOSTILE[name]

    with pytest.raises(BadWorkbook) as refusal:
        read_rows(build())
    assert str(refusal.value) == reason


@pytest.mark.parametrize("name", ["bomb of 210 MB", "billion laughs", "two thousand parts"])
def test_refusal_costs_the_portal_no_memory(name):
    book = HOSTILE[name][0]()
    tracemalloc.start()

    with pytest.raises(BadWorkbook):
        read_rows(book)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 2**20


LIMITS = """
import sys; sys.path.append({root!r})
import json, resource
from orgs import workbook_child as child
child.limit_process()
kinds = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)
print(json.dumps([resource.getrlimit(kind) for kind in kinds]))
"""


def test_reader_is_held_within_its_limits():
    """What no file can leave, whatever it holds: memory, processor time, output."""
    code = LIMITS.format(root=str(ROOT))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert json.loads(done.stdout) == [
        [child.MEMORY] * 2, [child.CPU_SECONDS] * 2, [child.OUTPUT] * 2, [0, 0]
    ]  # fmt: skip
    assert child.MEMORY <= 1536 * 2**20
    assert child.CPU_SECONDS < workbook.SECONDS


@pytest.mark.parametrize("name", ["bomb that claims to be small", "text table of one long line"])
def test_reader_itself_holds_little(name):
    book = HOSTILE[name][0]()

    with pytest.raises(BadWorkbook):
        read_rows(book)

    # kilobytes on Linux; the largest of all children so far
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert most < child.MEMORY // 2**10


def test_file_over_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "big.xlsx"
    with path.open("wb") as file:
        file.truncate(50 * 2**20 + 1)

    for source in (path, path.open("rb")):
        with pytest.raises(
            BadWorkbook, match="^文件超过 50 MB，请删去图片，或分成几个文件后再上传。$"
        ):
            read_rows(source)
    source.close()


def test_endless_upload_is_cut_off():
    class Endless(io.RawIOBase):
        taken = 0

        def seek(self, *where):
            return 0

        def read(self, size=-1):
            self.taken += size
            return b"a" * size

    upload = Endless()

    with pytest.raises(BadWorkbook, match="^文件超过 50 MB"):
        read_rows(upload)
    assert upload.taken == 51 * 2**20


def test_reader_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(workbook, "SECONDS", 0.001)

    with pytest.raises(BadWorkbook, match="^读取表格用时过长，已停止。请分成几个文件后再上传。$"):
        read_rows(xlsx(["张三"]))


def test_same_small_workbook_unharmed_is_read():
    assert [row.values for row in read_rows(altered())] == [["张三"]]
    assert [row.values for row in read_rows(far_cell("GR1"))] == [[None] * 199 + [1]]
