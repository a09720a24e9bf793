"""Forms of units: what they are, and which Party organization is there."""

from django import forms

from orgs.forms.fields import DayInput, OrganizationField, name_blanks
from orgs.models import Workplace


class WorkplaceForm(forms.ModelForm):
    place = OrganizationField(
        label="属地（主管）党组织",
        help_text="谁负责在这个单位建立党组织：填代码、名称或拼音首字母。",
    )
    organization = OrganizationField(
        label="建立或覆盖它的党组织", required=False, help_text="还没有的空着，就列入空白。"
    )

    class Meta:
        model = Workplace
        fields = ("name", "code", "sector", "place", "organization", "staff", "party_members",
                  "note", "closed_on")  # fmt: skip
        widgets = {"closed_on": DayInput}
        help_texts = {"code": "18 位，没有的空着。"}

    def __init__(self, *args, reach, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = reach.active()
        name_blanks(self)

    def clean_code(self):
        return "".join(self.cleaned_data["code"].split()).upper()

    def _post_clean(self):
        """The verb cleans the whole row."""
