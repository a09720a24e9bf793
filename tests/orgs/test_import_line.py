"""What is wrong with a staged row names its column once."""

import pytest
from django.template.loader import render_to_string


@pytest.mark.parametrize(
    ("value", "message", "said"),
    [
        ("", "姓 名不能为空。", "姓 名不能为空。"),
        ("", "没有找到这个人。", "姓 名：没有找到这个人。"),
        ("张3", "姓 名里有数字。", "姓 名“张3”：姓 名里有数字。"),
    ],
)
def test_column_is_named_once_where_the_message_names_it(value, message, said):
    fault = {"column": "姓 名", "value": value, "message": message}

    text = render_to_string("orgs/import_line.html", {"line": {"faults": [fault]}})

    assert f'<div class="tone-red">{said}</div>' in text
