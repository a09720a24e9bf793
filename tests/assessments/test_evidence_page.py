"""Evidence is given in one of three ways; none of them is required."""

import pytest
from django.urls import reverse

from tests.assessments.cycles import CycleCast
from tests.assessments.test_self_assessment import first


@pytest.fixture
def people(cast):
    return CycleCast(cast)


def test_three_ways_are_titled_and_only_the_empty_one_that_is_sent_is_refused(people, signed_in):
    row = people.assessment()
    url = reverse("assessments:answer", args=[row.pk, first(row).pk])
    client = signed_in(people.secretaries["RURAL"])

    text = client.get(url).content.decode()
    assert "添加佐证，任选一种" in text
    assert text.count("evidence-way") == 3
    assert "（必填）" not in text

    for name, field, why in (
        ("add_file", "upload", "请先选择文件，再上传。"),
        ("add_case", "number", "请填办件编号。"),
        ("add_member", "person", "请填党员姓名。"),
    ):
        forms = {key: form for key, _, form in client.post(url, {name: "1"}).context["forms"]}
        assert {key: dict(form.errors) for key, form in forms.items() if form.errors} == {
            name: {field: [why]}
        }
