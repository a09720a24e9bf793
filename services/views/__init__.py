# TEMPORARY while pages are being written: a missing view module is an empty page.
import importlib


class _Missing:
    def __getattr__(self, name):
        def view(request, *args, **kwargs):
            from django.http import HttpResponse

            return HttpResponse("")

        return view


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError:
        return _Missing()
