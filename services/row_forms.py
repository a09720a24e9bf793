"""A file of rows, read for a preview; and the same rows on their way back, signed."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator

from orgs.row_import import read_records
from orgs.workbook import BadWorkbook

#: Long enough to read a preview; the rows travel in the page, signed.
PREVIEW_SECONDS = 3600


class RowsFileForm(forms.Form):
    """Cleans to the rows of the file, as `read_records` gives them."""

    columns, optional = {}, ()

    file = forms.FileField(
        label="文件",
        validators=[FileExtensionValidator(["xlsx", "xls", "csv"])],
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def clean_file(self):
        try:
            return read_records(self.cleaned_data["file"], self.columns, self.optional)
        except BadWorkbook as refusal:
            raise ValidationError(str(refusal)) from refusal


class SignedRowsForm(forms.Form):
    """The rows that the preview has shown, for whoever has seen it and for nothing else."""

    purpose = ""

    rows = forms.CharField(widget=forms.HiddenInput)

    @classmethod
    def pack(cls, rows, user) -> str:
        return signing.dumps(rows, salt=f"{cls.purpose}:{user.pk}", compress=True)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.salt = f"{self.purpose}:{user.pk}"

    def clean_rows(self):
        try:
            return signing.loads(self.cleaned_data["rows"], salt=self.salt, max_age=PREVIEW_SECONDS)
        except signing.BadSignature as error:
            raise ValidationError("预览已过期，请重新上传文件。") from error
