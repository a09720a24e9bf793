"""Fields that several forms of orgs share."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.timezone import localdate

from orgs.models import Organization
from orgs.partial_date import PartialDate
from orgs.rosters.dates import BadDate, read_date

SEPARATORS = re.compile(r"[、，,;；\s]+")


def name_blanks(form):
    """The empty choice in words: the dashes that Django puts there say nothing."""
    for field in form.fields.values():
        if getattr(field, "choices", None) and list(field.choices)[0][0] == "":
            words = "请选择" if field.required else "不填"
            field.choices = [("", words), *list(field.choices)[1:]]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class KnownDateField(forms.CharField):
    """A date as far as it is known, typed as people write it: 1985, 1985.06, 1985年6月1日."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", "如 1985.06.01；只知道年月就写 1985.06。")
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value):
        return value.isoformat() if isinstance(value, PartialDate) else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_date(text, localdate())[0]
        except BadDate as fault:
            raise ValidationError(f"{fault}{fault.hint}") from fault


class OrganizationField(forms.Field):
    """A party organization by code or name, typed: good for thousands, and without script."""

    widget = forms.TextInput
    default_help = "填写党组织代码、名称或拼音首字母。"
    SHOWN, LONGEST = 8, 160

    def __init__(self, *, queryset=None, **kwargs):
        kwargs.setdefault("help_text", self.default_help)
        super().__init__(**kwargs)
        self.queryset = queryset

    def widget_attrs(self, widget):
        return {"maxlength": self.LONGEST, "autocomplete": "off", "spellcheck": "false"}

    def prepare_value(self, value):
        """Code and name, which is understood again when it comes back."""
        if isinstance(value, int):
            value = Organization.objects.filter(pk=value).first()
        return f"{value.code} {value}" if isinstance(value, Organization) else value

    def to_python(self, value):
        text = " ".join(str(value or "").replace("\x00", "").split())
        return self.find(text[: self.LONGEST]) if text else None

    def find(self, text):
        rows = Organization.objects.active() if self.queryset is None else self.queryset
        if exact := rows.filter(code=text.split()[0]).first():
            return exact
        found = rows.filter(Q(name=text) | Q(short_name=text))[: self.SHOWN + 1]
        if not found:
            found = rows.find(text)[: self.SHOWN + 1]
        if len(found) == 1:
            return found[0]
        raise ValidationError(self.why_not(text, found))

    def why_not(self, text, found) -> str:
        if not found:
            return f"没有找到“{text}”，请核对代码或名称。"
        names = "；".join(f"{row.code} {row.name}" for row in found[: self.SHOWN])
        more = "等" if len(found) > self.SHOWN else ""
        return f"符合“{text}”的不止一个，请改填代码：{names}{more}。"


class NamesField(forms.CharField):
    """Several short names in one line; cleans to a list without repetitions."""

    def __init__(self, *, longest, **kwargs):
        super().__init__(**kwargs)
        self.longest = longest

    def prepare_value(self, value):
        return value if isinstance(value, str) else "、".join(str(name) for name in value or [])

    def clean(self, value):
        names = list(dict.fromkeys(filter(None, SEPARATORS.split(super().clean(value)))))
        for name in names:
            if len(name) > self.longest:
                raise ValidationError(f"“{name}”太长，最多 {self.longest} 个字。")
        return names
