"""佐证材料 of one answer: files, and requests and members that show what was done."""

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models.assessment import Answer
from orgs.models import Attachment, Member, NotAllowed
from services.models import ServiceRequest

#: What a sheet reads of all its answers at once.
EVIDENCE = ("files", "cases__request", "members__member")


class EvidenceFile(Attachment):
    answer = models.ForeignKey(
        Answer, models.PROTECT, related_name="files", verbose_name="指标填报"
    )

    class Meta(Attachment.Meta):
        verbose_name = verbose_name_plural = "佐证文件"

    def get_absolute_url(self):
        answer = self.answer
        return reverse("assessments:evidence_file", args=[answer.assessment_id, answer.pk, self.pk])

    @classmethod
    @transaction.atomic
    def add(cls, *, actor, answer, upload):
        """Keep a checked file with the answer; raises ValidationError for a bad one."""
        begin(answer, actor)
        row = cls.keep(upload, actor=actor, answer=answer)
        record(answer, actor, "evidence_added", "添加佐证", row.name)
        return row

    @transaction.atomic
    def remove(self, *, actor):
        begin(self.answer, actor)
        name, file = self.name, self.file
        self.delete()
        record(self.answer, actor, "evidence_removed", "移除佐证", name)
        transaction.on_commit(lambda: file.delete(save=False))


class EvidenceLink(models.Model):
    """Something on record here that shows what was done, in place of a report about it."""

    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="添加人"
    )
    added_at = models.DateTimeField("添加时间", default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["added_at", "pk"]

    @classmethod
    @transaction.atomic
    def add(cls, *, actor, answer, **cited):
        """Cite a request or a member; the same one twice stays one."""
        begin(answer, actor)
        row, is_new = cls.objects.get_or_create(
            answer=answer, **cited, defaults={"added_by": actor}
        )
        if is_new:
            record(answer, actor, "evidence_added", "添加佐证", str(row))
        return row

    @transaction.atomic
    def remove(self, *, actor):
        begin(self.answer, actor)
        words = str(self)
        self.delete()
        record(self.answer, actor, "evidence_removed", "移除佐证", words)


class EvidenceCase(EvidenceLink):
    answer = models.ForeignKey(
        Answer, models.PROTECT, related_name="cases", verbose_name="指标填报"
    )
    request = models.ForeignKey(
        ServiceRequest, models.PROTECT, related_name="+", verbose_name="办件"
    )

    class Meta(EvidenceLink.Meta):
        verbose_name = verbose_name_plural = "佐证办件"
        constraints = [
            models.UniqueConstraint(fields=["answer", "request"], name="evidence_case_once")
        ]

    def __str__(self):
        return self.request.number


class EvidenceMember(EvidenceLink):
    answer = models.ForeignKey(
        Answer, models.PROTECT, related_name="members", verbose_name="指标填报"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")

    class Meta(EvidenceLink.Meta):
        verbose_name = verbose_name_plural = "佐证党员"
        constraints = [
            models.UniqueConstraint(fields=["answer", "member"], name="evidence_member_once")
        ]

    def __str__(self):
        return self.member.masked["name"]


def begin(answer, actor):
    """Evidence changes only while the self-assessment does."""
    assessment = answer.assessment
    assessment.begin("fill", actor)
    if reason := assessment.why_closed(actor):
        raise NotAllowed(reason)


def record(answer, actor, action, label, what):
    answer.assessment.record(actor, action, label, note=f"{answer.indicator.code} {what}")
