"""Forms around a reply: the editor, which warns, and the templates that heads keep."""

import hashlib

from django import forms

from orgs.models import Department, Organization, Role
from services.item_forms import CategoryField, leaves_with, tidy_lines
from services.models import Category, Outcome, ReplyTemplate, ServiceItem
from services.reply_context import remarks_for

LONGEST = 5000


class ReplyEditorForm(forms.Form):
    """写答复: leaves only after its preview was seen, and warnings were met or set aside."""

    outcome = forms.ChoiceField(
        label="办理结果",
        choices=[("", "请选择"), *Outcome.choices],
        help_text="选“不予办理”的，须由中心主任审核（否定报备）。",
    )
    text = forms.CharField(
        label="答复内容",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="审核通过后原文发给群众：写明结论、依据和日期。",
    )
    template = forms.IntegerField(required=False, widget=forms.HiddenInput)
    anyway = forms.BooleanField(label="我已看过以上提醒，仍然提交", required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, request_row, user, templates, **kwargs):
        super().__init__(*args, **kwargs)
        self.row, self.user, self.remarks = request_row, user, []
        self.templates = {template.pk: template for template in templates}

    def clean_template(self):
        """None for one that has been switched off meanwhile: the text is the handler's anyway."""
        return self.templates.get(self.cleaned_data["template"])

    def clean_text(self):
        return tidy_lines(self.cleaned_data["text"])

    def clean(self):
        data = super().clean()
        if self.has_reply:
            self.remarks = remarks_for(self.row, data["text"], data["outcome"], self.user)
            if self.was_seen and self.remarks and not data["anyway"]:
                self.add_error("anyway", "请勾选后提交，或者修改答复。")
        return data

    @property
    def has_reply(self) -> bool:
        """There is enough for a preview."""
        return {"text", "outcome"} <= self.cleaned_data.keys()

    @property
    def mark(self) -> str:
        """Stands for the reply with its warnings: what was seen is what is submitted."""
        data = self.cleaned_data
        said = [data["outcome"], data["text"], *(remark.code for remark in self.remarks)]
        return hashlib.sha256("\0".join(said).encode()).hexdigest()

    @property
    def was_seen(self) -> bool:
        return self.cleaned_data["seen"] == self.mark and "again" not in self.data

    @property
    def is_settled(self) -> bool:
        """Nothing is left to be shown: the verb may be called."""
        return self.is_valid() and self.was_seen

    @property
    def outcome_words(self) -> str:
        return Outcome(self.cleaned_data["outcome"]).label

    def verb_fields(self) -> dict:
        """What `ServiceRequest.submit` takes."""
        names = ("outcome", "text", "template")
        aside = [remark.title for remark in self.remarks]
        return {name: self.cleaned_data[name] for name in names} | {"overridden": aside}


class ReplyTemplateForm(forms.ModelForm):
    """A template with its place: a whole organization, or one unit of it."""

    owner = forms.ChoiceField(label="谁来用", help_text="选单位的，只有这个单位的承办人看得到。")
    category = CategoryField(
        label="适用分类", queryset=Category.objects.none(), required=False, empty_label="不限"
    )

    class Meta:
        model = ReplyTemplate
        fields = ("name", "item", "category", "text", "is_active")
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}
        help_texts = {
            "text": "要填的地方写成【办理情况】【日期】。【编号】【事项】【承办单位】【单位电话】"
            "【今天】插入时自动填好。",
            "is_active": "停用后不再供选用，已写好的答复不受影响。",
        }

    field_order = ["name", "owner", "item", "category", "text", "is_active"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        row = self.instance
        owners = owners_for(user)
        if row.pk:
            owners.setdefault(owner_key(row), owner_words(row))
            self.initial["owner"] = owner_key(row)
        else:
            del self.fields["is_active"]
        self.fields["owner"].choices = owners.items()
        items = ServiceItem.objects.visible_to(user).active() | ServiceItem.objects.filter(
            pk=row.item_id or 0
        )
        self.fields["item"].queryset = items.for_list().order_by("organization__path", "code")
        self.fields["item"].empty_label = "不限"
        self.fields["category"].queryset = leaves_with(row.category_id)

    def clean_text(self):
        return tidy_lines(self.cleaned_data["text"])

    def clean(self):
        data = super().clean()
        if data.get("item") and data.get("category"):
            self.add_error("category", "事项和分类只选一个；选了事项就不用再选分类。")
        if not data.get("owner") or not data.get("name"):
            return data
        data |= place_of(data["owner"])
        same = ReplyTemplate.objects.active().filter(name=data["name"], **place_of(data["owner"]))
        if data.get("is_active", True) and same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", "已有同名的模板，请换一个名称。")
        return data

    def verb_fields(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "owner"}


def owners_for(user) -> dict[str, str]:
    """Key → words of every place that the user keeps templates for."""
    reach = Organization.objects.in_reach_of(user, Role.CENTRE_HEAD)
    units = Department.objects.active().select_related("organization")
    mine = units.filter(pk__in=user.departments(Role.UNIT_HEAD)) | units.filter(
        organization__in=reach
    )
    return {
        **{f"unit-{unit.pk}": str(unit) for unit in mine},
        **{f"all-{place.pk}": f"{place}（全部单位）" for place in reach},
    }


def owner_key(row) -> str:
    return f"unit-{row.department_id}" if row.department_id else f"all-{row.organization_id}"


def owner_words(row) -> str:
    return str(row.department) if row.department_id else f"{row.organization}（全部单位）"


def place_of(key) -> dict:
    kind, _, pk = key.partition("-")
    if kind == "unit":
        unit = Department.objects.select_related("organization").get(pk=pk)
        return {"organization": unit.organization, "department": unit}
    return {"organization": Organization.objects.get(pk=pk), "department": None}
