"""What waits for a second signature: the pages say what it is, whom it waits for, what is next."""

import pytest
from django.urls import reverse


def refusal_proposed(cast):
    request = cast.register()
    request.propose_refusal(actor=cast.clerk, reason="属法院管辖", alternative="县人民法院")
    return request


def extension_proposed(cast):
    request = cast.handling()
    request.propose_extension(actor=cast.handler, days=5, reason="须现场丈量")
    return request


def offered(client, request):
    """The labels of what is next, and of the exceptions."""
    context = client.get(request.get_absolute_url()).context
    return [[verb.label for _, verb, _ in context[part]] for part in ("verbs", "exceptions")]


@pytest.mark.parametrize(
    ("stage", "kind"), [(refusal_proposed, "不予受理"), (extension_proposed, "延期")]
)
def test_buttons_name_what_the_head_agrees_to(cast, enter, stage, kind):
    request, client = stage(cast), enter(cast.centre_head)

    main, exceptions = offered(client, request)
    assert main == [f"同意{kind}"] and f"不同意{kind}" in exceptions

    url = reverse("services:act", args=[request.pk, "endorse"])
    page = client.post(url, {"endorse-opinion": ""}, follow=True)
    assert [str(message) for message in page.context["messages"]] == [f"已同意{kind}。"]


def test_clerk_reads_whom_the_refusal_waits_for_and_is_not_urged_to_accept(cast, enter):
    request, client = refusal_proposed(cast), enter(cast.clerk)

    main, exceptions = offered(client, request)
    page = client.get(request.get_absolute_url()).content.decode()
    assert (main, exceptions[0]) == ([], "受理")
    assert "申请不予受理，等中心主任批复" in page

    deciding = enter(cast.centre_head).get(request.get_absolute_url()).content.decode()
    assert "等中心主任批复" not in deciding


def test_work_goes_on_while_more_days_are_asked_for(cast, enter):
    request, client = extension_proposed(cast), enter(cast.handler)

    assert offered(client, request)[0] == ["提交审核"]
    assert "申请延期，等中心主任批复" in client.get(request.get_absolute_url()).content.decode()


def test_what_was_taken_on_meanwhile_is_worked_on(cast, enter):
    request = refusal_proposed(cast)
    request.accept(actor=cast.clerk)

    assert offered(enter(cast.dispatcher), request)[0] == ["派单"]


def test_exceptions_stand_open_where_there_is_nothing_else_to_do(cast, enter):
    def unfolded(user, request):
        return (
            '<details class="more" open>'
            in enter(user).get(request.get_absolute_url()).content.decode()
        )

    handling, proposed = cast.handling(), refusal_proposed(cast)

    assert unfolded(cast.secretary, handling)
    assert not unfolded(cast.handler, handling)
    assert not unfolded(cast.clerk, proposed)
