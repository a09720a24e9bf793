"""Forms of the import wizard: the file, the heading, the columns, and what is decided."""

from django import forms
from django.core.exceptions import ValidationError

from orgs.forms.fields import OrganizationField
from orgs.models import ImportBatch, Organization
from orgs.rosters.header import is_of_others
from orgs.rosters.kinds import KINDS
from orgs.rosters.survey import survey
from orgs.rosters.upload import twin_of
from orgs.workbook import BadWorkbook

#: What a select of columns says of one that is left out.
LEFT_OUT = "-"
TWIN = "这个文件已经导入过，没有再次上传。内容要改，请改好文件再传；导错了，请先撤销那一次。"
OTHER_KIND = "这像是{}，不是{}，没有上传。请核对名册类型，或换一个文件。"
WAITING_TWIN = "这个文件别人已经上传，正在核对，没有再次上传。"


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label="名册类型", widget=forms.RadioSelect)
    organization = OrganizationField(
        label="导入到哪个党组织", help_text="填写代码或名称；名册里的人只能在它和它的下级里。"
    )
    file = forms.FileField(
        label="名册文件",
        allow_empty_file=True,  # refused as other broken files are
        help_text="Excel（.xlsx、.xls）或 .csv，不用改格式，有标题、说明、合计行也可以。",
    )
    file.widget.attrs["accept"] = ".xlsx,.xls,.csv"

    def __init__(self, *args, actor, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor, self.twin = actor, None
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in kinds]
        reach = Organization.objects.none()
        for kind in kinds:
            reach = reach | kind.importable_by(actor)
        self.fields["organization"].queryset = reach.active()
        if any(kind.may_import(actor, None) for kind in kinds):
            self.fields["organization"].required = False
            self.fields["organization"].help_text = "填写代码或名称；不填就是全部党组织。"

    def clean_kind(self):
        return KINDS[self.cleaned_data["kind"]]

    def clean(self):
        said = super().clean()
        if {"kind", "organization", "file"} <= said.keys():
            self._check(**said)
        return said

    def _check(self, kind, organization, file):
        if not kind.may_import(self.actor, organization):
            self.add_error("organization", f"您不能为这个党组织导入{kind.label}。")
            return
        try:
            found = survey(file, kind)
        except BadWorkbook as refusal:
            self.add_error("file", str(refusal))
            return
        if other := found.other_kind:
            self.add_error("kind", OTHER_KIND.format(other.label, kind.label))
            return
        self.twin = twin_of(
            file, found.rosters, organization=organization, kind=kind, actor=self.actor
        )
        if self.twin:
            standing = self.twin.status == ImportBatch.Status.COMMITTED
            self.add_error("file", TWIN if standing else WAITING_TWIN)


class HeadingForm(forms.Form):
    """Which sheet, and in which rows of it the heading stands; read from the address."""

    sheet = forms.ChoiceField(label="工作表")
    first = forms.IntegerField(label="表头从第几行", min_value=1, max_value=50)
    last = forms.IntegerField(label="到第几行", min_value=1, max_value=50)

    def __init__(self, *args, sheets, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(sheet.name, sheet_words(sheet)) for sheet in sheets]


def sheet_words(sheet) -> str:
    if not sheet.heading_rows:
        return f"{sheet.name}（没有认出表头）"
    return f"{sheet.name}（{sheet.height} 行）"


class ColumnsForm(forms.Form):
    """One select for each column of the file; and which other sheets are read the same way."""

    also = forms.MultipleChoiceField(
        label="和这张一起核对的工作表",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="这些工作表的表头和这张一样。勾上的按同样的列核对，不用一张一张上传。",
    )

    def __init__(self, *args, table, alike=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.table, self.words = table, table.words
        if alike:
            also = self.fields["also"]
            also.choices = [(sheet.name, sheet_words(sheet)) for sheet in alike]
            also.initial = [sheet.name for sheet in alike if is_of_others(sheet.table)]
        else:
            del self.fields["also"]
        fields = [(name, self.words.label(name)) for name in self.words.fields]
        for column in table.columns:
            self.fields[self.name(column)] = forms.ChoiceField(
                label=column.heading,
                choices=self._choices(column, fields),
                initial="" if column.suggestion else column.field or LEFT_OUT,
                error_messages={"required": "请确认这一列是什么。"},
            )

    @staticmethod
    def name(column) -> str:
        return f"column_{column.index}"

    def _choices(self, column, fields):
        left_out = (LEFT_OUT, "不导入")
        if not column.suggestion:
            return [left_out, *fields]
        label = self.words.label(column.suggestion)
        return [
            ("", "请确认"), (column.suggestion, f"是：{label}"), left_out,
            *[field for field in fields if field[0] != column.suggestion],
        ]  # fmt: skip

    @property
    def chosen(self) -> dict[int, str | None]:
        said = {column.index: self.cleaned_data[self.name(column)] for column in self.table.columns}
        return {index: None if field == LEFT_OUT else field for index, field in said.items()}

    def clean(self):
        said = super().clean()
        taken = {}
        for column in self.table.columns:
            field = said.get(self.name(column), LEFT_OUT)
            if field != LEFT_OUT and taken.setdefault(field, column) is not column:
                label, other = self.words.label(field), taken[field].heading
                self.add_error(self.name(column), f"“{label}”已经选给了“{other}”列，请只留一列。")
        if not self.errors:
            self._refuse_incomplete(set(taken))
        return said

    def _refuse_incomplete(self, taken):
        missing = [name for name in self.words.required if name not in taken]
        if not any(taken >= names for names in self.words.named):
            missing += [n for n in min(self.words.named, key=len) if n not in taken | {*missing}]
        if missing:
            labels = "、".join(map(self.words.label, missing))
            raise ValidationError(f"还没有选出这些列：{labels}。请在下面对应的列后选上。")


class ChooseForm(forms.Form):
    on_duplicate = forms.ChoiceField(
        label="已登记、内容不同的",
        choices=[
            (ImportBatch.OnDuplicate.UPDATE, "更新成名册里的内容（空白格不清除原有内容）"),
            (ImportBatch.OnDuplicate.SKIP, "跳过，保持原样"),
            (ImportBatch.OnDuplicate.STOP, "有一个就停止，整份都不入库"),
        ],
        widget=forms.RadioSelect,
    )


class ApproveForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)


class TogetherForm(forms.Form):
    """The batches of one file as they were looked at; one that has changed since is refused."""

    batches = forms.MultipleChoiceField(
        widget=forms.MultipleHiddenInput,
        error_messages={
            "required": "没有可以一起办理的工作表，请刷新后查看。",
            "invalid_choice": "有的工作表已经在办理，或者刚刚重新核对过，请看过再办理。",
        },
    )

    def __init__(self, *args, batches, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {f"{batch.pk}-{batch.edition}": batch for batch in batches}
        self.fields["batches"].choices = [(key, batch.sheet) for key, batch in self.known.items()]
        self.fields["batches"].initial = [*self.known]

    def clean_batches(self):
        return [self.known[key] for key in self.cleaned_data["batches"]]


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=200)


class WaiveForm(forms.Form):
    """Rows with nothing wrong but the check digit of the id number."""

    rows = forms.TypedMultipleChoiceField(
        label="看过证件的行", coerce=int, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label="原因", max_length=100, help_text="如：身份证上就是这个号码，已看原件。"
    )

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rows"].choices = [
            (line.number, f"第 {line.number} 行 {line.subject} {line.faults[0]['value']}")
            for line in lines
        ]


#: Verbs that are carried out on the page of a batch → their forms.
VERB_FORMS = {
    "approve": ApproveForm,
    "choose": ChooseForm,
    "send_back": ReasonForm,
    "drop": forms.Form,
    "mark_errors": forms.Form,
}
