"""批量补录: a day's paper register, typed row by row. Every row keeps to the intake's own rules."""

import uuid
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone

from orgs.forms.fields import DayInput
from services.forms import IntakeForm
from services.models import ServiceItem, Source
from services.verb_forms import SPOT_OUTCOMES

ROWS, MOST_ROWS = 10, 50
TIMES = ["%H:%M", "%H：%M", "%H.%M", "%H%M"]
COLUMNS = {
    "time": "时间",
    "name": "姓名",
    "phone": "联系电话",
    "address": "住址",
    "content": "诉求内容",
    "item": "事项",
    "outcome": "办理结果",
    "answer": "当场答复",
}


class RegisterForm(forms.Form):
    """What all rows of the page have in common."""

    day = forms.DateField(label="登记簿日期", widget=DayInput, initial=timezone.localdate)
    source = forms.ChoiceField(label="来源", choices=Source, initial=Source.COUNTER)
    accept = forms.BooleanField(
        label="同时受理", required=False, initial=True, help_text="时限从今天起算。"
    )
    page = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError("登记簿日期不能晚于今天。")
        return day


def short(length, **attrs):
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(max_length=length, required=False, widget=widget)


class RowForm(forms.Form):
    time = forms.TimeField(
        input_formats=TIMES,
        error_messages={"required": "请填时间。", "invalid": "请按 9:30 的样子填。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "9:30"}),
    )
    name = short(40)
    phone = short(20, inputmode="tel")
    address = short(120)
    content = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    item = short(120, list="items")
    outcome = forms.ChoiceField(required=False, choices=[("", "未当场办结"), *SPOT_OUTCOMES])
    answer = short(1000)

    def __init__(self, *args, head=None, counter=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.head, self.counter = head, counter
        for name, field in self.fields.items():
            field.label = COLUMNS[name]
            field.widget.attrs["aria-label"] = f"第 {self.number} 行{field.label}"
            field.widget.attrs.setdefault("placeholder", field.label)

    @property
    def index(self) -> str:
        return self.prefix.rsplit("-", 1)[-1]

    @property
    def number(self):
        """As people count; the script counts for the rows it adds."""
        return int(self.index) + 1 if self.index.isdigit() else "__number__"

    @property
    def nonce(self):
        return nonce_of(self.head["page"], self.index)

    @property
    def is_on_page(self) -> bool:
        """A row that was registered earlier is not shown again and sends nothing."""
        return not self.is_bound or self.add_prefix("time") in self.data

    def clean_item(self):
        text = self.cleaned_data["item"].strip()
        if not text:
            return None
        for item in self.counter.items:
            if text in (item.code, item.current.name, item_label(item)):
                return item
        raise ValidationError("清单里没有这个事项，请从提示中选，或留空。")

    def clean(self):
        data = super().clean()
        if bool(data.get("outcome")) != bool(data.get("answer")):
            missing = "answer" if data.get("outcome") else "outcome"
            words = {"answer": "请写明怎样答复的。", "outcome": "请选办理结果。"}
            self.add_error(missing, words[missing])
        if data.get("time"):
            self.ask_intake(data)
        return data

    def ask_intake(self, data):
        """The row as the intake form would have got it, and what that has to say."""
        at = datetime.combine(self.head["day"], data["time"])
        texts = {name: data.get(name, "") for name in ("name", "phone", "address", "content")}
        form = texts | {
            "item": data["item"].pk if data.get("item") else "",
            "source": self.head["source"],
            "accept": self.head["accept"],
            "received_at": f"{at:%Y-%m-%dT%H:%M}",
            "nonce": str(self.nonce),
        }
        self.intake = IntakeForm(form, organization=self.counter.organization)
        for name, errors in self.intake.errors.items():
            place = "time" if name == "received_at" else name
            self.add_error(place if place in self.fields else None, errors)
        earlier = self.counter.registered.get(self.nonce)
        told = (data.get("name"), data.get("content"))
        if earlier and (earlier.citizen.name, earlier.content) != told:
            self.add_error(None, f"这一行已登记为 {earlier.number}，另一件请填在空行里。")

    def register_fields(self) -> dict:
        told = {name: self.cleaned_data[name] for name in ("outcome", "answer")}
        note = f"按 {self.head['day']:%Y年%-m月%-d日} 登记簿补录"
        return self.intake.register_fields() | told | {"note": note}


class Rows(BaseFormSet):
    #: Indices of rows that are on the page no more.
    gone = frozenset()

    def shown(self):
        return [row for row in self.forms if row.is_on_page and row.index not in self.gone]

    def good(self):
        return [row for row in self.forms if row.has_changed() and row.is_valid()]

    def bad(self):
        return [row for row in self.forms if row.has_changed() and not row.is_valid()]

    def left(self):
        """Rows to go on with: those with errors, and the empty ones."""
        good = self.good()
        return [row for row in self.shown() if row not in good]


RowFormSet = formset_factory(
    RowForm, formset=Rows, extra=ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


class Counter:
    """Where the rows are registered: its items, and what it has of this page already."""

    def __init__(self, organization, registered=()):
        self.organization = organization
        items = ServiceItem.objects.active().available_to(organization).for_list()
        self.items = list(items.order_by("department", "code"))
        self.registered = {request.nonce: request for request in registered}

    @property
    def item_labels(self) -> list[str]:
        return [item_label(item) for item in self.items]


def item_label(item) -> str:
    return f"{item.code} {item.current.name}"


def nonce_of(page, index):
    """Each row has its own, so that a page sent twice registers nothing twice."""
    return uuid.uuid5(page, str(index))


def nonces_of(page) -> list:
    return [nonce_of(page, index) for index in range(MOST_ROWS)]


def new_rows(counter, count=ROWS):
    rows = RowFormSet(form_kwargs={"counter": counter}, prefix="row")
    rows.extra = count
    return rows


def sent_rows(counter, head, data):
    return RowFormSet(data, form_kwargs={"counter": counter, "head": head}, prefix="row")


def more_rows(counter, data, more=ROWS):
    """The rows as they were typed, not yet looked at, and some empty ones."""
    total = data.get("row-TOTAL_FORMS", "")
    total = min(int(total) if total.isdigit() else 0, MOST_ROWS)
    typed = [{name: data.get(f"row-{i}-{name}") for name in COLUMNS} for i in range(total)]
    rows = RowFormSet(initial=typed, form_kwargs={"counter": counter}, prefix="row")
    rows.extra = min(more, MOST_ROWS - total)
    rows.gone = {str(i) for i in range(total) if typed[i]["time"] is None}
    return rows
