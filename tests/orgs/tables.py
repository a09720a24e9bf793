"""Table files made by hand, byte by byte where no library would write them."""

import io
import struct
import zipfile
from datetime import date

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream


def xlsx(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def csv(text, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


def record(kind, body):
    return struct.pack("<HH", kind, len(body)) + body


def cell(row, column, text):
    value = text.encode("utf-16-le")
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + value)


def formats(code):
    """What stands before the sheets of an old workbook: a format, and a style of cells with it."""
    text = code.encode("utf-16-le")
    own = record(0x041E, struct.pack("<HHB", 164, len(code), 1) + text)
    # a style, and cells after it
    styles = [struct.pack("<HHH14x", 0, 0, 0xFFF5), struct.pack("<HHH14x", 0, 164, 0x0001)]
    return own + b"".join(record(0x00E0, style) for style in styles)


def date_cell(row, column, day):
    """In the style of `formats`."""
    serial = (day - date(1899, 12, 30)).days
    return record(0x0203, struct.pack("<HHHd", row, column, 1, serial))


def biff8(*cells, globals_=b""):
    """The stream of an old workbook: one sheet with text cells."""
    name = "名册".encode("utf-16-le")
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    start += globals_
    place = len(start) + 4 + 8 + len(name) + 4
    sheet = record(0x0085, struct.pack("<IHBB", place, 0, 2, 1) + name)
    body = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    return start + sheet + record(0x000A, b"") + body + b"".join(cells) + record(0x000A, b"")


def compound(name, stream, *more_names):
    """The smallest OLE container: one sector of allocation, one of directory, then the stream."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    fat = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = bytes.fromhex("d0cf11e0a1b11ae1").ljust(24, b"\0")
    header += struct.pack("<5H6x5I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096)
    header += struct.pack("<4I", 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)

    def entry(text, kind, child, first, size):
        title = text.encode("utf-16-le")
        head = title.ljust(64, b"\0") + struct.pack("<HBB", len(title) + 2, kind, 1)
        links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
        return head + links + b"\0" * 36 + struct.pack("<IQ", first, size)

    root = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
    directory = root + entry(name, 2, 0xFFFFFFFF, 2, len(stream))
    directory += b"".join(entry(more, 1, 0xFFFFFFFF, 0, 0) for more in more_names)
    return io.BytesIO(header + fat + directory.ljust(512, b"\0") + stream.ljust(512 * sectors))


def parts(book):
    with zipfile.ZipFile(book) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream


def altered(**changes):
    """A small workbook with `sheet` in place of its sheet's XML, or with further parts."""
    content = parts(xlsx(["张三"]))
    content[SHEET] = changes.pop("sheet", content[SHEET])
    return packed({**content, **changes.pop("more", {})})


def sheet_xml(cells, before="", dimension=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet '
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"{dimension}<sheetData>{cells}</sheetData></worksheet>"
    ).encode()
