"""Password rules of 等保2.0 (GB/T 22239) that Django does not bring."""

import re
import secrets
import string

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

KINDS = (r"[a-z]", r"[A-Z]", r"\d", r"[^\w\s]|_")
#: No letters and digits that look like one another on paper.
CLEAR = "".join(set(string.ascii_letters + string.digits) - set("0OoIl1iL"))


def made_up_password() -> str:
    """An initial password that the rules accept: four groups, easy to read out and to copy."""
    while True:
        groups = ["".join(secrets.choice(CLEAR) for _ in range(4)) for _ in range(4)]
        password = "-".join(groups)
        if all(re.search(kind, password) for kind in KINDS[:3]):
            return password


class LengthValidator(MinimumLengthValidator):
    """Django's own, whose refusal has no Chinese translation."""

    def get_error_message(self):
        return f"密码至少 {self.min_length} 位。"

    def get_help_text(self):
        return self.get_error_message()


class ComplexityValidator:
    """Asks for at least `kinds` of: lower case, upper case, digit, sign."""

    def __init__(self, kinds=3):
        self.kinds = kinds

    def validate(self, password, user=None):
        if sum(bool(re.search(kind, password)) for kind in KINDS) < self.kinds:
            raise ValidationError(self.get_help_text())

    def get_help_text(self):
        return f"密码须包含大写字母、小写字母、数字、符号中的至少 {self.kinds} 种。"


class HistoryValidator:
    """Refuses the present password and the `remembered` ones before it."""

    def __init__(self, remembered=5):
        self.remembered = remembered

    def validate(self, password, user=None):
        if user is None or user.pk is None:
            return
        records = user.password_records.all()[: self.remembered]
        for former in (user.password, *(record.password for record in records)):
            if former and check_password(password, former):
                raise ValidationError(self.get_help_text())

    def get_help_text(self):
        return f"不能与最近 {self.remembered} 次用过的密码相同。"
