"""Files that belong to a record: private, checked, served through the record's scope."""

import hashlib
import re
import uuid
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

#: extension → how such a file begins; what is not here is refused.
SIGNATURES = {
    "pdf": (b"%PDF-",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "doc": (b"\xd0\xcf\x11\xe0",),
    "xls": (b"\xd0\xcf\x11\xe0",),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3"),
    "wav": (b"RIFF",),
}


def check_file(upload):
    """Refuse what is too large, of an unknown kind, or not what its name says."""
    extension = PurePosixPath(upload.name).suffix.lower().lstrip(".")
    if extension not in SIGNATURES:
        kinds = "、".join(SIGNATURES)
        raise ValidationError(f"不支持“{upload.name}”这种文件，请上传 {kinds}。")
    if upload.size > settings.ATTACHMENT_MAX_BYTES:
        raise ValidationError(f"“{upload.name}”超过 20 MB，请压缩后再上传。")
    start = upload.read(16)
    upload.seek(0)
    if not start.startswith(SIGNATURES[extension]):
        raise ValidationError(f"“{upload.name}”的内容与扩展名不符，请用原程序另存后再上传。")


def private_path(instance, filename) -> str:
    """A name nobody can guess; the true name is kept in the row."""
    extension = PurePosixPath(filename).suffix.lower()
    return f"{instance._meta.model_name}/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}{extension}"


class Attachment(models.Model):
    file = models.FileField("文件", upload_to=private_path)
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["uploaded_at", "pk"]

    def __str__(self):
        return self.name

    @classmethod
    def keep(cls, upload, *, actor, **parent):
        """Store a checked upload under its parent."""
        check_file(upload)
        digest = hashlib.sha256()
        for chunk in upload.chunks():
            digest.update(chunk)
        upload.seek(0)
        name = re.sub(r"[\x00-\x1f/\\]", "_", upload.name)[-200:]
        return cls.objects.create(
            file=upload,
            name=name,
            size=upload.size,
            sha256=digest.hexdigest(),
            uploaded_by=actor,
            **parent,
        )
