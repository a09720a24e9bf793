"""Forms of committees: who was elected, who comes, who goes, what was put off."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from orgs.forms.fields import DayInput, NamesField, name_blanks
from orgs.models import Committee, CommitteeSeat, LeftReason, Member, SeatPost, SeatSource, User
from orgs.partial_date import NOT_A_DATE, PartialDate

#: 张三 1234, 张三（1234）: the last four of the id number tell two of the same name apart.
PERSON = re.compile(r"(.+?)[\s(（]*(\d{3}[\dXx])[\s)）]*")
WRITTEN = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?)?[月日]?")
#: Posts that one person holds in a committee; the first is required.
SINGLE = (
    SeatPost.SECRETARY,
    SeatPost.DEPUTY,
    SeatPost.ORGANIZATION,
    SeatPost.PUBLICITY,
    SeatPost.UNITED_FRONT,
    SeatPost.DISCIPLINE,
)


class PartialField(forms.CharField):
    """A date typed to the year, the month or the day."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", "如 2024-03-10；只知道年月就写 2024-03。")
        super().__init__(max_length=12, **kwargs)

    def prepare_value(self, value):
        return value.isoformat() if isinstance(value, PartialDate) else value

    def clean(self, value):
        text = "".join(super().clean(value).split())
        if not text:
            return None
        if found := WRITTEN.fullmatch(text):
            try:
                return PartialDate.of(*(int(part) if part else None for part in found.groups()))
            except ValueError:
                pass
        raise ValidationError(NOT_A_DATE)


class PeopleField(NamesField):
    """Names in one line; the last four of an id number stay with the name before them."""

    longest = 46

    def __init__(self, **kwargs):
        super().__init__(longest=self.longest, required=False, **kwargs)

    def clean(self, value):
        return super().clean(re.sub(r"\s+(?=[\d(（])", "", value or ""))


class CommitteeForm(forms.Form):
    """登记班子 and 换届: the term, and one person a post; several for 委员."""

    elected = PartialField(label="当选日期")
    term = forms.IntegerField(label="届次", required=False, min_value=1, max_value=200)
    due_on = forms.DateField(
        label="应换届日期", required=False, widget=DayInput,
        help_text="留空按任期推算：党委和村（社区）党组织 5 年，其他总支、支部 3 年。",
    )  # fmt: skip
    document = forms.CharField(
        label="批复文号", required=False, max_length=80, help_text="如：柳组〔2026〕3号。"
    )

    def __init__(self, *args, organization, **kwargs):
        super().__init__(*args, **kwargs)
        self.organization = organization
        for post in SINGLE:
            self.fields[post.value] = PeopleField(label=post.label)
        self.fields["MEMBER"] = PeopleField(label="委员", help_text="多人用顿号隔开。")
        self.fields["SECRETARY"].help_text = "暂缺可不填。重名的在姓名后写身份证号后四位。"
        self.fields["source"] = forms.ChoiceField(
            label="书记来源", required=False, choices=[("", "不填"), *SeatSource.choices]
        )
        self.fields["heads_village"] = forms.BooleanField(
            label="书记兼任村（居）委会主任（一肩挑）", required=False
        )

    def clean(self):
        data = super().clean()
        self.seats = []
        for post in (*SINGLE, SeatPost.MEMBER):
            names = data.get(post.value) or []
            if len(names) > 1 and post == SeatPost.SECRETARY:
                self.add_error(post.value, "书记只能有一人，其他人请填在别的职务里。")
                continue
            for text in names:
                self._seat(post, text, data)
        elected, due_on = data.get("elected"), data.get("due_on")
        if elected and elected.earliest > timezone.localdate():
            self.add_error("elected", "当选日期还没有到，请核对。")
        if elected and due_on and due_on <= elected.earliest:
            self.add_error("due_on", "应换届日期应晚于当选日期。")
        return data

    def _seat(self, post, text, data):
        try:
            name, member = person_named(self.organization, text)
        except ValidationError as refusal:
            self.add_error(post.value, refusal)
            return
        seat = {"post": post, "name": name, "member": member}
        if post == SeatPost.SECRETARY:
            seat["source"] = data.get("source", "")
            seat["heads_village"] = data.get("heads_village", False)
        self.seats.append(seat)

    def term_fields(self) -> dict:
        """What `Committee.establish` and `renew` take."""
        data = self.cleaned_data
        fields = {name: data[name] for name in ("elected", "document", "due_on")}
        if data["term"]:
            fields["term"] = data["term"]
        return fields | {"seats": self.seats}


class SeatForm(forms.ModelForm):
    """任职 and 更正: one seat. The person is a member of the organization, or only a name."""

    person = forms.CharField(
        label="姓名", max_length=46, help_text="重名的在姓名后写身份证号后四位。"
    )
    started = PartialField(label="任职时间", required=False)
    is_full_time = forms.NullBooleanField(
        label="专职或兼职",
        required=False,
        widget=forms.Select(choices=[("", "不填"), ("True", "专职"), ("False", "兼职")]),
    )
    user = forms.ModelChoiceField(
        label="门户账号", queryset=User.objects.none(), required=False, empty_label="不关联",
        help_text="关联后，离任时提醒结束其门户任职。",
    )  # fmt: skip

    class Meta:
        model = CommitteeSeat
        fields = (
            "post", "person", "started", "source", "is_full_time", "heads_village", "concurrent",
            "phone", "user", "note",
        )  # fmt: skip
        widgets = {"phone": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args, organization, **kwargs):
        super().__init__(*args, **kwargs)
        self.organization = organization
        posted = Q(is_active=True, pk__in=organization.posts.open().values("user"))
        # who is linked already stays so, even after the post in the portal has ended
        self.fields["user"].queryset = User.objects.filter(posted | Q(pk=self.instance.user_id))
        self.fields["phone"].required = False
        if self.instance.pk:
            self.initial["person"] = self.instance.name
            # A number is typed anew, not shown.
            self.initial["phone"] = ""
            if self.instance.phone:
                self.fields["phone"].help_text = "已登记，不更换就留空。"
        name_blanks(self)

    def clean(self):
        data = super().clean()
        if text := data.get("person"):
            try:
                data["name"], data["member"] = self._person(text)
            except ValidationError as refusal:
                self.add_error("person", refusal)
        return data

    def _person(self, text):
        if self.instance.pk and text == self.instance.name:
            return self.instance.name, self.instance.member
        return person_named(self.organization, text)

    def seat_fields(self) -> dict:
        """What `Committee.fill` and `CommitteeSeat.revise` take."""
        fields = {name: value for name, value in self.cleaned_data.items() if name != "person"}
        if self.instance.pk and not fields["phone"]:
            del fields["phone"]
        return fields


class VacateForm(forms.Form):
    ended_on = forms.DateField(
        label="任职到哪一天", initial=timezone.localdate, widget=DayInput, help_text="含当天。"
    )
    reason = forms.ChoiceField(label="离任原因", choices=[("", "请选择"), *LeftReason.choices])
    note = forms.CharField(label="说明", required=False, max_length=200)

    def clean_ended_on(self):
        day = self.cleaned_data["ended_on"]
        if day > timezone.localdate():
            raise ValidationError("日期还没有到，请在离任后登记。")
        return day


class ExtendForm(forms.Form):
    due_on = forms.DateField(
        label="延期到", widget=DayInput, help_text="从原应换届日期算起，一般不超过一年。"
    )
    document = forms.CharField(label="批复文号", max_length=80)


class ReviseCommitteeForm(forms.ModelForm):
    elected = PartialField(label="当选日期", required=False)

    class Meta:
        model = Committee
        fields = ("term", "elected", "due_on", "document", "note")
        widgets = {"due_on": DayInput}


def person_named(organization, text):
    """(name, member or None) of what was typed; refuses a name that several members have.

    The committee of a township is made up of members of the branches below it.
    """
    text = " ".join(text.split())
    found = PERSON.fullmatch(text)
    name, tail = (found[1].strip(), found[2].upper()) if found else (text, "")
    members = Member.objects.within(organization).filter(name=name)
    if tail:
        members = members.filter(id_tail=tail)
    members = list(members[:9])
    if len(members) > 1:
        tails = "、".join(f"{name} {member.id_tail or '（无证号）'}" for member in members)
        raise ValidationError(f"“{name}”在本组织不止一人，请写身份证号后四位：{tails}。")
    if tail and not members:
        raise ValidationError(f"本组织没有身份证号后四位为 {tail} 的“{name}”，请核对。")
    return name, members[0] if members else None
