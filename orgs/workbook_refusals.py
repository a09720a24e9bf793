"""Why an uploaded table is refused, in the words of whoever chose the file."""

SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"
DAMAGED = f"文件已损坏，无法读取。{SAVE_AS}"
FORGED = f"文件内部记录的大小与实际不符，已拒绝打开。{SAVE_AS}"
TOO_MUCH = "表格内容过多，超出可读取的范围。请删除多余的行和列，或分成几个文件后再上传。"
ENCRYPTED = "表格设有打开密码或保护密码。请取消密码后再上传。"
LONG_CELL = "有一个单元格的文字超过一百万字，不像名册。请核对分隔符和引号，另存为 .xlsx 后再上传。"
NOT_TEXT = "文件的文字编码无法识别。请另存为“CSV UTF-8”或 .xlsx 后再上传。"


class Refused(Exception):
    """The message is for the person who chose the file."""
