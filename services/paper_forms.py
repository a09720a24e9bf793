"""The upload of blank forms that citizens download."""

from pathlib import PurePosixPath

from django import forms
from django.core.exceptions import ValidationError

from services.forms import FilesField
from services.models.item_paper import KINDS


class PaperForm(forms.Form):
    files = FilesField(
        label="空白表格",
        help_text="群众在办事指南下载。PDF、Word、Excel 或图片，一次最多 9 个，单个不超过 20 MB。",
    )

    def clean_files(self):
        for upload in self.cleaned_data["files"]:
            kind = PurePosixPath(upload.name).suffix.lower().lstrip(".")
            if kind not in KINDS:
                raise ValidationError(f"“{upload.name}”不是表格，请上传 {'、'.join(KINDS)}。")
        return self.cleaned_data["files"]
