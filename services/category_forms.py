"""Forms of the categories: one of them, the file that brings many, its rows on the way back."""

from django import forms

from services.models import Category
from services.resources import COLUMNS
from services.row_forms import RowsFileForm, SignedRowsForm


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


class CategoryFileForm(RowsFileForm):
    columns = COLUMNS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].label = "分类表"
        self.fields[
            "file"
        ].help_text = (
            "Excel 或 CSV，表头为：一级分类、二级分类、三级分类。合并的单元格按上一行理解。"
        )


class CategoryRowsForm(SignedRowsForm):
    purpose = "category-import"
