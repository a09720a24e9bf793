from django.apps import AppConfig
from django.forms import ChoiceField, Field, FileField

#: Instead of Django's 这个字段是必填项。: what to do.
REQUIRED = {
    Field: "请填写这一项。",
    ChoiceField: "请选择一项。",
    FileField: "请选择文件。",
}


class OrgsConfig(AppConfig):
    name = "orgs"
    verbose_name = "组织与人员"

    def ready(self):
        for field, words in REQUIRED.items():
            field.default_error_messages = field.default_error_messages | {"required": words}
