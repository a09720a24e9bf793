"""Fields for personal data: encrypted text, and what may be searched or shown of it.

    phone = EncryptedTextField("联系电话", blank=True)
    phone_index = BlindIndexField(source="phone")  # exact search: phone_index=blind_index("139…")
    phone_tail = TailField(source="phone")  # the last four, to recognise it by

The derived columns are computed when they are saved. A save that names its columns must name
them too: `save(update_fields=["phone", "phone_index", "phone_tail"])`. `QuerySet.update()` and
`bulk_update()` do not compute them; `manage.py reencrypt` finds and mends what they left behind.
"""

import base64
import hmac
import os
import re
import unicodedata
import zlib
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core import checks
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models

NONCE_BYTES = 12
STORED = re.compile(r"v(\d+):([A-Za-z0-9_=-]+)")
CHINA_PREFIX = re.compile(r"^(?:00)?86(?=1[3-9]\d{9}$)")
#: Signs that people type for the X at the end of an id number.
LOOKS_LIKE_X = str.maketrans("×Х", "XX")  # multiplication sign, Cyrillic letter


class UnreadableSecret(Exception):
    """A stored text that its key does not open: changed, moved from elsewhere, or key missing."""


def normalise(value: str | None) -> str:
    """A number as everybody means it: half-width, upper case, no separators, no +86."""
    if value and value.isascii() and value.isalnum():
        text = value.upper()  # nearly every number of a long list
    else:
        text = unicodedata.normalize("NFKC", value or "").upper().translate(LOOKS_LIKE_X)
        text = "".join(filter(str.isalnum, text))
    return CHINA_PREFIX.sub("", text) if "86" in text[:4] else text


def blind_index(value: str | None) -> str:
    """What a BlindIndexField holds for `value`; matches no row when there is nothing to find."""
    digest = _keyed_hash(settings.INDEX_KEY).copy()
    digest.update(normalise(value).encode())
    return digest.hexdigest()


class EncryptedTextField(models.TextField):
    """Text that the database holds as `v<key version>:<AES-GCM>`.

    It is bound to its column ("services.Citizen.phone"): moved elsewhere it does not open, so
    renaming the model or the field needs a migration that reads and writes every row.
    """

    description = "加密文本"

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.name}"

    def seal(self, plain: str) -> str:
        return self.sealer()(plain)

    def sealer(self):
        """`seal` for many texts: the key is looked up and prepared once."""
        version = max(settings.FIELD_KEYS)
        encrypt, bound = _cipher(settings.FIELD_KEYS[version]).encrypt, self.label.encode()
        start, random, encode = f"v{version}:", os.urandom, base64.urlsafe_b64encode

        pack = self.pack

        def seal(plain: str) -> str:
            nonce = random(NONCE_BYTES)
            return start + encode(nonce + encrypt(nonce, pack(plain), bound)).decode()

        return seal

    def unseal(self, stored: str) -> str:
        found = STORED.fullmatch(stored)
        key = settings.FIELD_KEYS.get(int(found[1])) if found else None
        if key is None:
            raise UnreadableSecret(f"{self.label}: not encrypted with a known key")
        try:
            sealed = base64.urlsafe_b64decode(found[2])
            nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return self.unpack(_cipher(key).decrypt(nonce, body, self.label.encode()))
        except (InvalidTag, ValueError) as error:
            raise UnreadableSecret(f"{self.label}: changed, or moved from elsewhere") from error

    pack = staticmethod(str.encode)
    unpack = staticmethod(bytes.decode)

    def is_current(self, stored: str) -> bool:
        """Whether the newest key has sealed it."""
        return stored.startswith(f"v{max(settings.FIELD_KEYS)}:")

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return self.seal(value) if value else value

    def from_db_value(self, value, expression, connection):
        return self.unseal(value) if value else value

    def get_lookup(self, lookup_name):
        if lookup_name != "isnull":
            self._refuse(lookup_name)
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name):
        self._refuse(lookup_name)

    def _refuse(self, lookup_name):
        raise FieldError(
            f"{self.label} is encrypted and knows no '{lookup_name}': "
            "compare its BlindIndexField with blind_index(value)."
        )

    def check(self, **kwargs):
        errors = super().check(**kwargs)
        if self.unique or self.db_index:
            message = "An encrypted column differs with every write: index a BlindIndexField."
            errors.append(checks.Error(message, obj=self, id="orgs.E001"))
        return errors


class EncryptedBulkField(EncryptedTextField):
    """The same for long texts that repeat themselves: compressed before they are encrypted."""

    description = "加密长文本"

    @staticmethod
    def pack(plain):
        return zlib.compress(plain.encode(), level=1)

    @staticmethod
    def unpack(packed):
        return zlib.decompress(packed).decode()


class DerivedField(models.CharField):
    """A column that follows `source`, another field of the same model."""

    def __init__(self, *args, source, **kwargs):
        self.source = source
        super().__init__(*args, **{**kwargs, "blank": True, "editable": False})

    def derive(self, value: str | None) -> str | None:
        raise NotImplementedError

    def pre_save(self, model_instance, add):
        value = self.derive(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("blank", "editable", "max_length"):
            kwargs.pop(fixed, None)
        return name, path, args, {**kwargs, "source": self.source}

    def check(self, **kwargs):
        errors = super().check(**kwargs)
        try:
            self.model._meta.get_field(self.source)
        except FieldDoesNotExist:
            message = f"source names no field of the model: '{self.source}'."
            errors.append(checks.Error(message, obj=self, id="orgs.E002"))
        return errors


class BlindIndexField(DerivedField):
    """A keyed hash of the source: equal values are found, no value can be read from it.

    Null where there is nothing to find, so that `unique=True` allows many without a number.
    """

    description = "检索摘要"

    def db_type(self, connection):
        # to PostgreSQL the same type; but for "varchar" Django makes a second index, for LIKE,
        # which nobody can ask of a hash and every new row would pay for
        return super().db_type(connection).replace("varchar", "character varying")

    def __init__(self, *args, source, **kwargs):
        kwargs = {"db_index": not kwargs.get("unique"), **kwargs, "max_length": 64, "null": True}
        super().__init__(*args, source=source, **kwargs)

    def derive(self, value):
        return blind_index(value) if normalise(value) else None

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["null"]
        return name, path, args, {**kwargs, "db_index": self.db_index}


@BlindIndexField.register_lookup
class Among(models.Lookup):
    """`number_index__among=[…]`: `in` for thousands, which PostgreSQL takes as one array.

    A hash has no comma; psycopg would look through each for something to quote.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_postgresql(self, compiler, connection):
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(string_to_array(%s, ','))", [*params, ",".join(self.rhs)]

    def as_sql(self, compiler, connection):
        left, params = self.process_lhs(compiler, connection)
        marks = ", ".join(["%s"] * len(self.rhs))
        return f"{left} IN ({marks})", [*params, *self.rhs]


class TailField(DerivedField):
    """The last characters of the source; empty when they would be all of it."""

    description = "末几位"

    def __init__(self, *args, source, length=4, **kwargs):
        self.length = length
        super().__init__(*args, source=source, **{**kwargs, "max_length": length})

    def derive(self, value):
        text = normalise(value)
        return text[-self.length :] if len(text) > self.length else ""

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "length": self.length}


@lru_cache(maxsize=16)
def _keyed_hash(key: bytes) -> hmac.HMAC:
    """To be copied: taking up the key costs more than a number does."""
    return hmac.new(key, digestmod="sha256")


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
