"""Forms of the catalogue, and the one that asks for the number on a receipt."""

from django import forms
from django.core.exceptions import ValidationError

from orgs.masking import phone_error
from orgs.models import Department, Organization, Role
from services.models import Category, ItemVersion, Mode, ServiceItem
from services.models.item import CONTENT


class LeafChoices(forms.models.ModelChoiceIterator):
    """Categories of the third level under headings, so that a long list can be scanned."""

    def __iter__(self):
        yield ("", self.field.empty_label)
        heading, group = None, []
        for leaf in self.queryset:
            above = f"{leaf.parent.parent.name} / {leaf.parent.name}"
            if above != heading and group:
                yield (heading, group)
                group = []
            heading = above
            group.append(self.choice(leaf))
        if group:
            yield (heading, group)


class CategoryField(forms.ModelChoiceField):
    iterator = LeafChoices


class ItemForm(forms.ModelForm):
    """One version of an item, with the unit behind it; a new item also has a code."""

    department = forms.ModelChoiceField(
        label="承办单位", queryset=Department.objects.none(), empty_label="请选择"
    )
    category = CategoryField(
        label="分类", queryset=Category.objects.none(), required=False, empty_label="不分类"
    )
    code = forms.CharField(
        label="事项编码", max_length=40, help_text="本组织内不重复，如 MZ-01；以后不再改动。"
    )
    since = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = ItemVersion
        fields = CONTENT
        widgets = {
            name: forms.Textarea(attrs={"rows": rows})
            for name, rows in (("conditions", 3), ("materials", 4), ("steps", 4))
        }

    field_order = ["name", "code", "department", *CONTENT[1:], "since"]

    def __init__(self, *args, item=None, user, **kwargs):
        current = item.current if item else None
        instance = ItemVersion()
        initial = {"fee": "不收费", "mode": Mode.COMMITTED}
        if item:
            initial = {name: getattr(current, name) for name in CONTENT}
            initial |= {"department": item.department_id, "since": current.number}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        self.item = item
        self.fields["mode"].choices = Mode.choices
        self.fields["department"].queryset = units_for(user, item)
        self.fields["category"].queryset = leaves_with(current and current.category_id)
        if item:
            del self.fields["code"]
        else:
            del self.fields["since"]

    def clean(self):
        data = super().clean()
        for name in ("conditions", "materials", "steps"):
            data[name] = tidy_lines(data.get(name, ""))
        unit, code = data.get("department"), data.get("code")
        if unit and code:
            taken = ServiceItem.objects.filter(organization=unit.organization, code=code)
            if taken.exists():
                self.add_error("code", "本组织已有相同编码的事项，请换一个编码。")
        law, promise = data.get("statutory_days"), data.get("promised_days")
        if law is not None and promise is not None and promise > law:
            self.add_error("promised_days", f"承诺时限不能超过法定时限 {law} 个工作日。")
        return data

    def clean_handler_phone(self):
        phone = self.cleaned_data["handler_phone"].strip()
        if error := phone_error(phone):
            raise ValidationError(error)
        return phone

    def catch_up(self):
        """The typed text again, now set against the version that came in between."""
        self.data = self.data.copy()
        self.data["since"] = self.item.current.number


def units_for(user, item):
    """Units of the item's organization; for a new item, of all that the head's posts cover."""
    units = Department.objects.active().select_related("organization")
    if item:
        here = units.filter(organization=item.organization)
        return here | Department.objects.select_related("organization").filter(
            pk=item.department_id
        )
    return units.filter(organization__in=Organization.objects.in_reach_of(user, Role.CENTRE_HEAD))


def leaves_with(chosen):
    """Leaves in use, and the one that was chosen while it still was."""
    leaves = Category.objects.active().leaves() | Category.objects.filter(pk=chosen or 0)
    return leaves.with_full_name().order_by("parent__parent", "parent", "pk")


def tidy_lines(text) -> str:
    """One line break, the same from every browser; no blank lines at the ends."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


class SwitchForm(forms.Form):
    active = forms.BooleanField(widget=forms.HiddenInput, required=False)


class QueryForm(forms.Form):
    """What the receipt says; a citizen types it from paper."""

    number = forms.CharField(
        label="编号",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text="回执上以 FB 开头的一串，如 FB2611-52-0203。",
    )
    code = forms.CharField(
        label="查询码",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text="回执上的 6 位字母和数字，不分大小写。",
    )
