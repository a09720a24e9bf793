"""Verbs that move work to other hands: 转办, 改派, 协办, 催办, 督办. The due date stays."""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from orgs.models import NotAllowed, Notice, Role, User
from services.models.assignment import Assignment


class Urge(models.Model):
    class Kind(models.TextChoices):
        URGE = "URGE", "催办"
        SUPERVISE = "SUPERVISE", "督办"

    request = models.ForeignKey("services.ServiceRequest", models.PROTECT, related_name="urges")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    text = models.CharField("要求", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "催办督办"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.request} {self.get_kind_display()}"


class TransferVerbs:
    @transaction.atomic
    def reassign(self, *, actor, handler, reason):
        """转办: another person of the same unit goes on; both names stay on record."""
        self._begin("reassign", actor)
        if handler not in User.objects.holding(Role.HANDLER, department=self.department):
            raise NotAllowed("请选择本单位的承办人。")
        before, self.handler = self.handler, handler
        self.save(update_fields=["handler"])
        self._tell_handler("转给您承办", "request.reassigned", reason)
        self._record(
            actor,
            "reassigned",
            "转办",
            note=f"{before} → {handler}：{reason}",
            changes={"handler": [str(before), str(handler)]},
        )

    @transaction.atomic
    def transfer(self, *, actor, department, reason):
        """改派: another unit takes the lead and must sign for it."""
        self._begin("transfer", actor)
        if department == self.department:
            raise NotAllowed("改派须选择另一个承办单位；同单位换人请由单位负责人转办。")
        before = self.department
        self.assignments.filter(part=Assignment.Part.LEAD, ended_at__isnull=True).update(
            ended_at=timezone.now()
        )
        self.handler = None
        self._hand_to(department, actor, reason)
        note = f"{before} → {department}：{reason}"
        changes = {"department": [str(before), str(department)]}
        self._record(actor, "transferred", "改派", note=note, changes=changes)

    @transaction.atomic
    def assist(self, *, actor, department, instructions):
        """协办: another unit helps; the lead unit stays responsible."""
        self._begin("assist", actor)
        open_units = self.assignments.filter(ended_at__isnull=True).values_list(
            "department", flat=True
        )
        if department.pk in set(open_units):
            raise NotAllowed("该单位已在承办这件诉求。")
        now = timezone.now()
        Assignment.objects.create(
            request=self,
            department=department,
            part=Assignment.Part.ASSIST,
            dispatched_by=actor,
            dispatched_at=now,
            sign_by=self.due_at,
            instructions=instructions,
        )
        Notice.post(
            User.objects.holding(Role.HANDLER, department=department),
            f"请协办：{self.subject}",
            kind="request.assist",
            about=self,
            organization=department.organization,
            body=instructions,
        )
        self._record(actor, "assist_asked", "请协办", note=f"{department}：{instructions}")

    @transaction.atomic
    def contribute(self, *, actor, opinion):
        """协办意见: what the assisting unit has done; its part ends."""
        self._begin("contribute", actor)
        row = self.assisting(actor)
        row.signed_by, row.signed_at = actor, timezone.now()
        row.opinion, row.ended_at = opinion, timezone.now()
        row.save()
        if self.handler_id:
            self._tell_handler(f"{row.department}协办意见", "request.contributed", opinion)
        self._record(actor, "contributed", "协办意见", note=f"{row.department}：{opinion}")

    def assisting(self, user):
        """The open 协办 that waits for one of the user's units."""
        rows = self.assignments.filter(part=Assignment.Part.ASSIST, ended_at__isnull=True)
        return rows.filter(department__in=user.departments(Role.HANDLER)).first()

    @transaction.atomic
    def urge(self, *, actor, text):
        """催办: the centre presses the unit."""
        self._begin("urge", actor)
        self._press(actor, Urge.Kind.URGE, text)

    @transaction.atomic
    def supervise(self, *, actor, text):
        """督办: the secretary or the head of the centre watches over the case."""
        self._begin("supervise", actor)
        self._press(actor, Urge.Kind.SUPERVISE, text)

    def _press(self, actor, kind, text):
        row = Urge.objects.create(request=self, kind=kind, text=text, by=actor, at=timezone.now())
        people = {*self._unit(Role.UNIT_HEAD)} | ({self.handler} if self.handler_id else set())
        Notice.post(
            people,
            f"{row.get_kind_display()}：{self.subject}",
            kind=f"request.{kind.lower()}",
            about=self,
            organization=self.organization,
            body=text,
            urgent=True,
        )
        self._record(actor, f"{kind.lower()}d", row.get_kind_display(), note=text)
