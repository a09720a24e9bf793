"""Forms of the categories: one of them, the file that brings many, its rows on the way back."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator

from orgs.row_import import read_records
from orgs.workbook import BadWorkbook
from services.models import Category
from services.resources import COLUMNS

#: Long enough to read a preview; the rows travel in the page, signed.
PREVIEW_SECONDS = 3600


class CategoryForm(forms.ModelForm):
    """A category; its place is chosen once, its name and use may change."""

    is_active = forms.BooleanField(
        label="启用",
        required=False,
        help_text="停用后，它和下级都不再供选择；已登记的办件不受影响。",
    )

    class Meta:
        model = Category
        fields = ("parent", "name", "is_active")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        place = self.fields["parent"]
        place.queryset = Category.objects.filter(level__lt=3).select_related("parent")
        place.label_from_instance = lambda row: row.full_name
        place.empty_label = "（作为一级分类）"
        if self.instance.pk:
            place.disabled = True
        else:
            place.queryset = place.queryset.active().order_by("parent_id", "pk")
            del self.fields["is_active"]


class CategoryFileForm(forms.Form):
    file = forms.FileField(
        label="分类表",
        validators=[FileExtensionValidator(["xlsx", "xls", "csv"])],
        help_text="Excel 或 CSV，表头为：一级分类、二级分类、三级分类。合并的单元格按上一行理解。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def clean_file(self):
        """The rows of the file, as `read_records` gives them."""
        try:
            return read_records(self.cleaned_data["file"], COLUMNS)
        except BadWorkbook as refusal:
            raise ValidationError(str(refusal)) from refusal


class CategoryRowsForm(forms.Form):
    """The rows that the preview has shown, on their way back."""

    rows = forms.CharField(widget=forms.HiddenInput)

    @staticmethod
    def pack(records, user) -> str:
        return signing.dumps(records, salt=f"category-import:{user.pk}", compress=True)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.salt = f"category-import:{user.pk}"

    def clean_rows(self):
        try:
            return signing.loads(self.cleaned_data["rows"], salt=self.salt, max_age=PREVIEW_SECONDS)
        except signing.BadSignature as error:
            raise ValidationError("预览已过期，请重新上传文件。") from error
