"""The file that brings items, and its rows on the way back from the preview."""

from datetime import date

from django.core.exceptions import ValidationError

from services.item_resource import COLUMNS, REQUIRED
from services.row_forms import RowsFileForm, SignedRowsForm

#: As many rows as a page can carry back and somebody can read.
MOST = 500


class ItemFileForm(RowsFileForm):
    columns, optional = COLUMNS, COLUMNS.keys() - REQUIRED

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].label = "事项表"
        self.fields["file"].help_text = f"Excel 或 CSV，一次最多 {MOST} 行。"

    def clean_file(self):
        rows = super().clean_file()
        if not rows:
            raise ValidationError("表头下面没有内容，请填好后再上传。")
        if len(rows) > MOST:
            raise ValidationError(f"一次最多导入 {MOST} 行，请分成几个文件。")
        return [(number, {k: text_of(v) for k, v in row.items()}) for number, row in rows]


class ItemRowsForm(SignedRowsForm):
    purpose = "item-import"


def text_of(value) -> str:
    """A cell as its reader sees it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value.isoformat() if isinstance(value, date) else str(value).strip()
