"""Imported rosters: every row waits here before it becomes anything, and can be taken back."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from orgs.models.attachment import private_path
from orgs.models.organization import Organization
from orgs.models.post import Duty, Role
from orgs.models.roster_course import RosterCourse

#: Who lets a roster in, or takes it back; a cadre only proposes one for the own branch.
DECIDERS = (Role.SECRETARY, Role.REVIEWER)


def importable_by(user):
    """Organizations for which the user may bring a roster."""
    own = [post.organization_id for post in user.acting_posts() if post.role == Role.AGENT]
    below = Organization.objects.in_reach_of(user, *DECIDERS)
    return Organization.objects.filter(models.Q(pk__in=below) | models.Q(pk__in=own))


def organizations_importable_by(user):
    """Organizations below which the user may bring a roster of organizations: the organization
    department proposes, the system administrator lets it in."""
    if user.duty == Duty.SYSTEM:
        return Organization.objects.all()
    return Organization.objects.in_reach_of(user, Role.REVIEWER)


def marked_path(batch, filename="") -> str:
    """Where the 错误表 of a batch lies, which only a view gives out."""
    return f"importbatch/marked/{batch.pk}.xlsx"


class BatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may decide for the organization; a cadre sees what he or she proposed."""
        if user.duty == Duty.SYSTEM:
            return self.filter(kind=ImportBatch.Kind.ORGANIZATIONS)
        reach = Organization.objects.in_reach_of(user, *DECIDERS)
        own = [post.organization_id for post in user.acting_posts() if post.role == Role.AGENT]
        mine = models.Q(created_by=user, organization__in=own)
        return self.filter(models.Q(organization__in=reach) | mine)

    def awaiting(self, user):
        """等我办理: to be let in by the user, or brought by the user and not yet gone through."""
        open_ones = self.visible_to(user).filter(work="")
        goes_in = models.Q(counts__new__gt=0) | models.Q(counts__updated__gt=0)
        pending = models.Q(status=ImportBatch.Status.PENDING) & goes_in
        if user.duty != Duty.SYSTEM:
            reach = Organization.objects.in_reach_of(user, *DECIDERS)
            of_members = ~models.Q(kind=ImportBatch.Kind.ORGANIZATIONS)
            pending &= models.Q(organization__in=reach) & of_members
        if settings.IMPORT_SECOND_PERSON:
            pending &= ~models.Q(created_by=user)
        unread = models.Q(status=ImportBatch.Status.PARSING, created_by=user)
        return open_ones.filter(pending | unread)

    def of_file(self, batch):
        """Those that the same file brought, each a sheet of it."""
        same = {name: getattr(batch, name) for name in ("kind", "organization", "sha256")}
        return self.filter(**same).exclude(pk=batch.pk)

    def beside(self, batch):
        """The other sheets of the file that the same person has on the way, or that are in."""
        ended = (ImportBatch.Status.RETURNED, ImportBatch.Status.UNDONE, ImportBatch.Status.DROPPED)
        same = self.of_file(batch).filter(created_by=batch.created_by)
        return same.exclude(sheet=batch.sheet).exclude(sheet="").exclude(status__in=ended)

    def at_work(self):
        """What a worker has been asked to do and has not finished."""
        return self.exclude(work="")

    def to_purge(self, before):
        """Files that were uploaded before this moment and are still kept."""
        return self.filter(created_at__lt=before, work="").exclude(file="")


class ImportBatch(RosterCourse, models.Model):
    class Kind(models.TextChoices):
        MEMBERS = "MEMBERS", "党员花名册"
        COMMITTEES = "COMMITTEES", "班子名册"
        ORGANIZATIONS = "ORGANIZATIONS", "党组织名册"

    class Status(models.TextChoices):
        PARSING = "PARSING", "解析"
        PENDING = "PENDING", "待核对"
        COMMITTED = "COMMITTED", "已入库"
        RETURNED = "RETURNED", "已退回"
        UNDONE = "UNDONE", "已撤销"
        DROPPED = "DROPPED", "已放弃"

    class Work(models.TextChoices):
        """What a worker does with it at the moment."""

        STAGE = "STAGE", "正在核对内容"
        JUDGE = "JUDGE", "正在重新核对"
        COMMIT = "COMMIT", "正在入库"
        UNDO = "UNDO", "正在撤销"
        MARK = "MARK", "正在生成错误表"

    class OnDuplicate(models.TextChoices):
        """What becomes of a person who is already there with other data."""

        SKIP = "SKIP", "跳过"
        UPDATE = "UPDATE", "更新"
        STOP = "STOP", "停止"

    kind = models.CharField("名册类型", max_length=16, choices=Kind, default=Kind.MEMBERS)
    #: Below which the roster may fill; none is the whole tree, for a roster of organizations.
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        related_name="import_batches",
        verbose_name="导入组织",
    )
    file = models.FileField("文件", upload_to=private_path, blank=True)
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("校验值", max_length=64, db_index=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.PARSING)
    on_duplicate = models.CharField(
        "已有人员", max_length=6, choices=OnDuplicate, default=OnDuplicate.UPDATE
    )
    sheet = models.CharField("工作表", max_length=120, blank=True)
    #: Rows of the heading, of the sheet: [3, 4]
    heading_rows = models.JSONField("表头行", default=list)
    #: [{"index", "heading", "field", "how", "suggestion"}], see orgs.rosters.header.Column
    columns = models.JSONField("列对应", default=list)
    counts = models.JSONField("统计", default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="导入人"
    )
    created_at = models.DateTimeField("导入时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核对人"
    )
    decided_at = models.DateTimeField("核对时间", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="撤销人"
    )
    undone_at = models.DateTimeField("撤销时间", null=True)
    work = models.CharField("正在办理", max_length=8, choices=Work, blank=True)
    work_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="交办人"
    )
    work_tries = models.PositiveSmallIntegerField("办理次数", default=0)
    #: Why the last work came to nothing.
    trouble = models.CharField("没有办成的原因", max_length=500, blank=True)
    reason = models.CharField("退回或撤销的原因", max_length=200, blank=True)
    #: {"removed", "restored", "kept": [[row number, why]]}, see orgs.rosters.undo.Undone
    undone = models.JSONField("撤销结果", default=dict)
    #: 错误表 of a long roster, and the `edition` whose errors it tells.
    marked = models.FileField("错误表", upload_to=marked_path, blank=True)
    marked_edition = models.CharField(max_length=16, blank=True, editable=False)
    file_purged_at = models.DateTimeField("文件清除时间", null=True)

    objects = BatchQuerySet.as_manager()

    #: Sheets of the file that look like rosters too and were left alone; known after staging only.
    other_sheets = ()

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["organization", "-created_at"], name="batch_of_organization")
        ]

    def __str__(self):
        return f"{self.file_name}（{self.organization or '全部党组织'}）"

    def get_absolute_url(self):
        return reverse("orgs:import", args=[self.pk])

    @property
    def status_words(self) -> str:
        if self.work:
            return self.get_work_display()
        if self.status == self.Status.PARSING:
            return "待核对列"
        return self.get_status_display()

    @property
    def unused_columns(self) -> list[str]:
        """Headings of what is not read."""
        read = [column for column in self.columns if column["field"] or column["how"] == "PART"]
        return [column["heading"] for column in self.columns if column not in read]

    def may_be_decided_by(self, user) -> bool:
        """Whether the user may let it in, send it back or take it back."""
        if self.kind == self.Kind.ORGANIZATIONS:
            return user.duty == Duty.SYSTEM
        reach = Organization.objects.in_reach_of(user, *DECIDERS)
        return reach.filter(pk=self.organization_id).exists()

    def earlier_twins(self):
        """Those that brought the same file in before and still stand, each a sheet of it."""
        return ImportBatch.objects.of_file(self).filter(status=self.Status.COMMITTED)

    def earlier_twin(self):
        return self.earlier_twins().first()

    def sheets_in(self) -> set[str]:
        """The sheets of this file that are in already."""
        return set(self.earlier_twins().values_list("sheet", flat=True))
