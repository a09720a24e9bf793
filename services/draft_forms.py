"""The intake form before its time: put aside unfinished, or filled in where no network is."""

import uuid
from copy import deepcopy
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from services.forms import FilesField, IntakeForm

#: Longest text of a field that names no length of its own.
MOST = 100
#: A clock that is further off, or a time further back, is asked about.
DOUBTFUL_DRIFT, DOUBTFUL_AGE = timedelta(days=1), timedelta(days=30)
#: A draft keeps what was typed: no files, and not the mark of the form itself.
UNKEPT = ("files", "nonce")


class DraftForm(forms.Form):
    """暂存: the fields of the intake form as they stand; only their length is looked at."""

    nonce = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, organization, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in IntakeForm(organization=organization).fields.items():
            if name != "nonce":
                self.fields[name] = loosened(field)

    def clean_nonce(self):
        return self.cleaned_data["nonce"] or uuid.uuid4()

    @property
    def typed(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.fields if name not in UNKEPT}


def loosened(field):
    """The field with the same label and widget, satisfied with any short text."""
    if isinstance(field, forms.BooleanField | FilesField):
        return field
    return forms.CharField(
        label=field.label,
        required=False,
        max_length=getattr(field, "max_length", None) or MOST,
        widget=field.widget,
        help_text=field.help_text,
    )


class CaptureForm(forms.Form):
    """The intake form as a device shows it: empty, the same for everybody, without any row."""

    #: Asked first; the rest is folded away.
    first = ("phone", "name", "address", "content", "item", "accept")
    #: Where the help of the intake form speaks of the portal at hand.
    help_texts = {
        "phone": "可不填。",
        "accept": "材料齐全、属于受理范围时勾选，时限从上交那天起算。",
        "received_at": "不是刚刚收到的才填；不填按存入时的设备时间。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kept = (name for name in IntakeForm.base_fields if name not in UNKEPT)
        self.fields = {name: deepcopy(IntakeForm.base_fields[name]) for name in kept}
        for name, words in self.help_texts.items():
            self.fields[name].help_text = words

    def more(self):
        return [self[name] for name in self.fields if name not in self.first]


class DeviceTime(forms.DateTimeField):
    """What a device's clock says, right or wrong, as long as it can be reckoned with."""

    def clean(self, value):
        at = super().clean(value)
        if not 1970 <= at.year <= 2200:
            raise ValidationError("设备时间无法识别，请先校准这台设备的日期和时间。")
        return at


class HandInForm(IntakeForm):
    """What a device hands in: the intake form, and when the device says it was filled in."""

    files = None
    captured_at = DeviceTime(label="设备记录时间")
    device_now = DeviceTime(label="设备时间")

    @property
    def drift(self):
        """How far the device's clock is ahead."""
        return self.cleaned_data["device_now"] - timezone.now()

    @property
    def true_time(self):
        """When it was, if the clock has been off by the same all the time."""
        now = timezone.now()
        return min(self.cleaned_data["captured_at"] - self.drift, now)

    def doubt(self) -> str:
        """What speaks against the device's time; the answer is the time that a person fills in."""
        captured_at, now = self.cleaned_data["captured_at"], timezone.now()
        if self.cleaned_data["received_at"]:
            return ""
        if abs(self.drift) > DOUBTFUL_DRIFT:
            words = f"这台设备的时钟{drift_words(self.drift)}"
        elif captured_at - now > DOUBTFUL_DRIFT or now - captured_at > DOUBTFUL_AGE:
            at = timezone.localtime(captured_at)
            words = f"设备记录的时间是 {at:%Y年%-m月%-d日 %H:%M}，可能不对"
        else:
            return ""
        return f"{words}。请核对并填写实际收到时间，再上交。"

    def register_fields(self) -> dict:
        """With the device's time unless a person knows better; never later than now."""
        data, now = self.cleaned_data, timezone.now()
        stated = timezone.localtime(data["captured_at"])
        note = f"离线补录，设备记录时间 {stated:%Y年%-m月%-d日 %H:%M}"
        if abs(self.drift) > DOUBTFUL_DRIFT:
            note += f"，设备时钟{drift_words(self.drift)}，收到时间由经办人核对"
        self.cleaned_data["received_at"] = data["received_at"] or min(data["captured_at"], now)
        self.cleaned_data["files"] = []
        return super().register_fields() | {"note": note}


def drift_words(drift) -> str:
    return f"{'快' if drift > timedelta() else '慢'}约 {round(abs(drift) / timedelta(days=1))} 天"
