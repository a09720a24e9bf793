"""From a clean form to the verb, and back with what the verb refuses."""

from django.core.exceptions import ValidationError

from orgs.models import NotAllowed


def carry_out(form, verb, **arguments) -> bool:
    """Whether the verb went through; its refusal becomes an error of the form."""
    try:
        verb(**arguments)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as refusal:
        at_fields = hasattr(refusal, "error_dict") and set(refusal.error_dict) <= set(form.fields)
        form.add_error(None, refusal if at_fields else refusal.messages)
    return form.is_valid()
