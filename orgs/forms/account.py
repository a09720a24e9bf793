"""Forms of accounts: they clean, they never save."""

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils import timezone

from orgs.forms.fields import DayInput, OrganizationField
from orgs.models import Department, Duty, Organization, Post, Role, User
from orgs.models.post import UNIT_ROLES


def password_input(purpose):
    return forms.PasswordInput(attrs={"autocomplete": purpose})


class SignInForm(forms.Form):
    username = forms.CharField(
        label="用户名",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="密码", max_length=128, strip=False, widget=password_input("current-password")
    )


class ChangePasswordForm(forms.Form):
    old = forms.CharField(
        label="现在的密码", strip=False, max_length=128, widget=password_input("current-password")
    )
    password = forms.CharField(
        label="新密码", strip=False, max_length=128, widget=password_input("new-password")
    )
    again = forms.CharField(
        label="再输一次新密码", strip=False, max_length=128, widget=password_input("new-password")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        rules = "".join(password_validators_help_texts())
        self.fields["password"].help_text = rules.replace("你的", "")  # Django says 你, we say 您

    def clean_old(self):
        if not self.user.check_password(self.cleaned_data["old"]):
            raise ValidationError("现在的密码不正确。")
        return self.cleaned_data["old"]

    def clean_password(self):
        validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]

    def clean(self):
        data = super().clean()
        if data.get("again") and data.get("password") and data["again"] != data["password"]:
            self.add_error("again", "两次输入的新密码不一样。")
        return data


class ContactForm(forms.ModelForm):
    """What a person may change of the own account."""

    class Meta:
        model = User
        fields = ("telephone", "email")


class AccountForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("username", "name", "telephone", "email")
        labels = {"username": "用户名"}
        help_texts = {"username": "登录时用，建议用工号或姓名拼音，可用字母、数字和 @ . + - _。"}
        error_messages = {"username": {"unique": "这个用户名已有人用，请换一个。"}}


class InitialPasswordForm(forms.Form):
    """The first password of an account, typed or left to be made up."""

    password = forms.CharField(
        label="初始密码",
        required=False,
        strip=False,
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="留空则自动生成，只显示一次。本人首次登录时必须改成自己的密码。",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        if self.cleaned_data["password"]:
            validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]


class OpenAccountForm(InitialPasswordForm, AccountForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, user=User(), **kwargs)
        self.order_fields([*AccountForm.Meta.fields, "password"])

    def clean_password(self):
        # Not too like the name that was typed beside it.
        self.user = User(username=self.cleaned_data.get("username", ""))
        return super().clean_password()


class DutyForm(forms.Form):
    duty = forms.ChoiceField(
        label="账号类别",
        choices=Duty,
        widget=forms.RadioSelect,
        help_text="三类管理员相互独立，不得兼任业务角色。",
    )


class SwitchForm(forms.Form):
    """停用 or 启用: which of them the page asked about."""

    active = forms.TypedChoiceField(
        choices=[("True", "启用"), ("False", "停用")],
        coerce=lambda value: value == "True",
        widget=forms.HiddenInput,
    )


class PostForm(forms.Form):
    """任职. The units to choose from are those of the organization, once it is known."""

    organization = OrganizationField(label="党组织")
    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *Role.choices])
    department = forms.ModelChoiceField(
        label="承办单位",
        queryset=Department.objects.none(),
        required=False,
        empty_label="不选",
        help_text="承办人、承办单位负责人必选，其他角色不选。填好党组织后可选。",
    )
    started_on = forms.DateField(label="任职日期", initial=timezone.localdate, widget=DayInput)
    ended_on = forms.DateField(
        label="离任日期", required=False, widget=DayInput, help_text="长期任职不填。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if organization := self.organization_now():
            units = Department.objects.active().filter(organization=organization)
            self.fields["department"].queryset = units.select_related("organization")

    def organization_now(self) -> Organization | None:
        typed = self.data.get("organization") if self.is_bound else self.initial.get("organization")
        try:
            return self.fields["organization"].to_python(typed)
        except ValidationError:
            return None

    def clean(self):
        data = super().clean()
        needed = data.get("role") in UNIT_ROLES
        if needed and data.get("organization") and not data.get("department"):
            units = self.fields["department"].queryset
            missing = (
                "请选择承办单位。" if units else "该党组织还没有承办单位，请先在服务中心设立。"
            )
            self.add_error("department", missing)
        if data.get("role") and not needed and data.get("department"):
            self.add_error("department", "这个角色不选承办单位。")
        return data


class DismissForm(forms.Form):
    ended_on = forms.DateField(
        label="任职到哪一天", initial=timezone.localdate, widget=DayInput, help_text="含当天。"
    )

    def __init__(self, *args, post: Post, **kwargs):
        super().__init__(*args, **kwargs)
        self.post = post

    def clean_ended_on(self):
        day = self.cleaned_data["ended_on"]
        if day < self.post.started_on:
            raise ValidationError("离任日期不能早于任职日期。")
        return day
