"""Who did what, when, from where: append-only, hash-chained per day.

Rows are written inside the transaction of the change they record. Database triggers refuse
UPDATE and DELETE (migration `append_only`); `verify_audit` recomputes the chains.
"""

import hashlib
import json

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

#: What stands in `changes` without being a field of the target.
MORE_WORDS = {"parent": "上级党组织", "tags": "标签"}


class AuditChain(models.Model):
    """The head of one day's chain; its row lock puts the day's entries in one order."""

    day = models.DateField("日期", primary_key=True)
    count = models.PositiveIntegerField("条数", default=0)
    head = models.CharField("末条校验值", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "操作记录链"
        ordering = ["-day"]

    def __str__(self):
        return f"{self.day} {self.count} {self.head[:12]}"

    def append(self, entry):
        """Give the entry its place after the last one; neither is saved yet."""
        entry.sequence, entry.previous_hash = self.count + 1, self.head
        entry.hash = entry.digest()
        self.count, self.head = entry.sequence, entry.hash


class AuditEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Only the audit administrator reads the log (三员分立)."""
        return self if user.duty == "AUDIT" else self.none()

    def about(self, target):
        """The history of one row, oldest first."""
        kind = target._meta.label_lower
        return self.filter(target_type=kind, target_id=str(target.pk)).order_by("at", "pk")

    def sign_ins(self, user):
        """The latest sign-ins and failures of one account, for its page."""
        actions = ("account.signed_in", "account.sign_in_failed", "account.locked")
        return self.about(user).filter(action__in=actions).reverse()


class AuditEntry(models.Model):
    day = models.DateField("日期")
    sequence = models.PositiveIntegerField("序号")
    at = models.DateTimeField("时间", db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="audit_entries",
        verbose_name="操作人",
    )
    actor_name = models.CharField("操作人姓名", max_length=60)
    actor_post = models.CharField("当时职务", max_length=200, blank=True)
    ip = models.GenericIPAddressField("IP 地址", null=True)
    action = models.CharField("动作代码", max_length=60)
    label = models.CharField("动作", max_length=40)
    target_type = models.CharField("对象类型", max_length=60)
    target_id = models.CharField("对象编号", max_length=40)
    target_label = models.CharField("对象", max_length=200)
    organization = models.ForeignKey(
        "orgs.Organization", models.PROTECT, null=True, related_name="+", verbose_name="所属组织"
    )
    changes = models.JSONField("变更内容", default=dict)
    note = models.TextField("说明", blank=True)
    previous_hash = models.CharField("前一校验值", max_length=64, blank=True)
    hash = models.CharField("校验值", max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "操作记录"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["day", "sequence"], name="audit_in_order")]
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
            models.Index(fields=["action", "at"], name="audit_action"),
        ]

    def __str__(self):
        return f"{self.actor_name} {self.label} {self.target_label}"

    @classmethod
    @transaction.atomic
    def record(
        cls, actor, action, target, *, label, organization=None, changes=None, note="", at=None,
        ip=None,
    ):  # fmt: skip
        """Write one entry; `actor` None is the system, or with an `ip` a visitor.

        Call it last in a transaction: it holds the day's chain until commit.
        """
        entry = cls._entry(
            actor, action, target, label=label, organization=organization, changes=changes,
            note=note, at=at, ip=ip,
        )  # fmt: skip
        chain = cls._chain(entry.day)
        chain.append(entry)
        entry.save(force_insert=True)
        chain.save(update_fields=["count", "head"])
        return entry

    @classmethod
    @transaction.atomic
    def record_all(cls, actor, action, targets, *, label, organization=None, note=""):
        """The same of many targets at once."""
        entries = [
            cls._entry(actor, action, target, label=label, organization=organization, note=note)
            for target in targets
        ]
        if not entries:
            return
        chain = cls._chain(entries[0].day)
        for entry in entries:
            chain.append(entry)
        cls.objects.bulk_create(entries, batch_size=500)
        chain.save(update_fields=["count", "head"])

    @staticmethod
    def _chain(day) -> AuditChain:
        AuditChain.objects.get_or_create(day=day)
        return AuditChain.objects.select_for_update().get(day=day)

    @classmethod
    def _entry(
        cls, actor, action, target, *, label, organization=None, changes=None, note="", at=None,
        ip=None,
    ):  # fmt: skip
        return cls(
            # The entry belongs to the day it was written on, whatever time it speaks of.
            day=timezone.localdate(),
            at=at or timezone.now(),
            actor=actor,
            actor_name=str(actor) if actor else "未登录" if ip else "系统",
            actor_post=post_words(actor) if actor else "",
            ip=actor.ip if actor else ip,
            action=action,
            label=label,
            target_type=target._meta.label_lower,
            target_id=str(target.pk or ""),
            target_label=str(target)[:200],
            organization=organization,
            changes=changes or {},
            note=note,
        )

    def change_rows(self):
        """(what, before, after) of each change, in the words of the forms."""
        app, _, name = self.target_type.partition(".")
        model = apps.all_models[app].get(name)  # None once the model is gone
        fields = {field.name: field for field in model._meta.fields} if model else {}
        # PostgreSQL does not keep the order in which they were written.
        order = {name: place for place, name in enumerate(fields)}
        for name in sorted(self.changes, key=lambda name: (order.get(name, len(order)), name)):
            before, after = self.changes[name]
            field = fields.get(name)
            words = dict(field.flatchoices) if field else {}
            words |= {"True": "是", "False": "否", "None": ""}
            label = field.verbose_name if field else MORE_WORDS.get(name, name)
            yield label, words.get(before, before), words.get(after, after)

    def change_lines(self) -> list[str]:
        rows = self.change_rows()
        return [f"{name}：{before or '空'} → {after or '空'}" for name, before, after in rows]

    def digest(self) -> str:
        """SHA-256 over everything the entry says and the hash before it."""
        said = [
            self.day.isoformat(),
            self.sequence,
            self.at.astimezone(timezone.get_default_timezone()).isoformat(),
            self.actor_id,
            self.actor_name,
            self.actor_post,
            self.ip,
            self.action,
            self.label,
            self.target_type,
            self.target_id,
            self.target_label,
            self.organization_id,
            self.changes,
            self.note,
            self.previous_hash,
        ]
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def post_words(actor) -> str:
    """What the actor was at the time, in words: posts may end, the record stays."""
    if actor.is_administrator:
        return actor.get_duty_display()
    posts = (
        f"{post}（代{post.user}）" if post.user_id != actor.pk else str(post)
        for post in actor.acting_posts()
    )
    return "、".join(posts)[:200]


def first_fault(chain) -> str:
    """Recompute one day's chain; '' when whole, else which entry is wrong and how."""
    previous, expected = "", 0
    for entry in AuditEntry.objects.filter(day=chain.day).order_by("sequence").iterator():
        expected += 1
        if entry.sequence != expected:
            return f"{chain.day} 第 {expected} 条缺失"
        if entry.previous_hash != previous or entry.hash != entry.digest():
            return f"{chain.day} 第 {expected} 条被改动"
        previous = entry.hash
    if (expected, previous) != (chain.count, chain.head):
        return f"{chain.day} 第 {expected + 1} 条起缺失（应有 {chain.count} 条）"
    return ""
