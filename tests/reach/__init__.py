"""Which address is for whom: one module a subject, put together here.

A module may have
PUBLIC   names of pages without a sign-in, reviewed one by one;
PAGES    pages without an object → who may open them; everybody else is refused with 403;
FOR_ALL  those of PAGES that an account without any post may open, too;
OWN      pages of the user's own session, POST only: there is nothing in them to reach;
OBJECTS  pages about one thing → (keys of `things`, who of another branch may see it all the same);
POST_ONLY  those of PAGES and OBJECTS that answer to POST alone;
things(cast)  one of each thing in the home township: {key: what stands in the address}.
"""

from importlib import import_module
from pkgutil import iter_modules

MODULES = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]


def joined(name, kind):
    found = kind()
    for module in MODULES:
        if part := getattr(module, name, None):
            twice = set(found) & set(part)
            assert not twice, f"{module.__name__}.{name}: {twice}"
            found |= part
    return found


PUBLIC, OWN = joined("PUBLIC", set), joined("OWN", set)
PAGES, OBJECTS = joined("PAGES", dict), joined("OBJECTS", dict)
POST_ONLY, FOR_ALL = joined("POST_ONLY", set), joined("FOR_ALL", set)


def things(cast) -> dict:
    found = {}
    for module in MODULES:
        if make := getattr(module, "things", None):
            found |= make(cast)
    return found
