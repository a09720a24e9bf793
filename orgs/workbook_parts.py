"""Whether the parts of a workbook are what they say: no reader can tell.

Belongs to the process that reads uploads (`workbook_child.py`), under its limits.
"""

import io
import re
import struct
import zipfile
import zlib
from collections import defaultdict
from itertools import islice

from orgs.workbook_dates import column_index
from orgs.workbook_refusals import FORGED, Refused

CHUNK = 2**20
#: The address of a cell beyond column ZZ or row 999,999, and what follows it in its element.
#: Beginning with plain letters, it is searched for four times as fast.
FAR_CELL = re.compile(rb'r="(?<=\Wr=")([A-Z]{3}\d+|[A-Z]{1,2}\d{7,})"([^>]{0,200})>(</)?')
#: The address of a cell whose formula gives no value: #N/A, #REF!.
BROKEN_CELL = re.compile(rb'r="([A-Z]{1,2})(\d{1,6})"(?: s="\d+")? t="e"')
MOST_BROKEN = 1000

#: By part: (row, column) of cells, counted from 1 and from 0.
Places = dict[str, set[tuple[int, int]]]


def check_parts(data) -> Places:
    """Every part unpacks to exactly what the directory says, and no cell lies far out.

    Returns where formulas give no value, which the reader cannot tell from a blank.
    """
    broken = defaultdict(set)
    for info in zipfile.ZipFile(data).infolist():
        tail, crc = b"", 0
        for chunk in unpack(data, info):
            crc, text = zlib.crc32(chunk, crc), tail + chunk
            for far in FAR_CELL.finditer(text):
                if not far[2].endswith(b"/") and not far[3]:
                    cell = far[1].decode()
                    raise Refused(f"单元格 {cell} 离正文太远，请删除多余的行和列后再上传。")
            if b't="e"' in text:
                left = MOST_BROKEN - sum(map(len, broken.values()))
                for cell in islice(BROKEN_CELL.finditer(text), max(0, left)):
                    broken[info.filename].add((int(cell[2]), column_index(cell[1])))
            tail = chunk[-256:]
        if crc != info.CRC:
            raise Refused(FORGED)
    return broken


def unpack(data, info):
    """The part's bytes; one byte more or less than the directory says is refused.

    zipfile itself would stop at the size given and never see that more follows.
    """
    inflater = zlib.decompressobj(-zlib.MAX_WBITS) if info.compress_type else None
    size = 0
    for chunk in inflated(packed(data, info), inflater) if inflater else packed(data, info):
        size += len(chunk)
        if size > info.file_size:
            raise Refused(FORGED)
        yield chunk
    if size < info.file_size or (inflater and not inflater.eof):
        raise Refused(FORGED)


def packed(data, info):
    data.seek(info.header_offset)
    header = data.read(30)
    data.seek(sum(struct.unpack("<HH", header[26:30])), io.SEEK_CUR)
    left = info.compress_size
    while left and (chunk := data.read(min(CHUNK, left))):
        left -= len(chunk)
        yield chunk
    if left:
        raise Refused(FORGED)


def inflated(chunks, inflater):
    for chunk in chunks:
        while chunk:
            yield inflater.decompress(chunk, CHUNK)
            chunk = inflater.unconsumed_tail
    yield inflater.flush()
