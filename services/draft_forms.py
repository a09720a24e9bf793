"""The intake form before its time: put aside unfinished, or filled in where no network is."""

import uuid

from django import forms

from services.forms import FilesField, IntakeForm

#: Longest text of a field that names no length of its own.
MOST = 100
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
