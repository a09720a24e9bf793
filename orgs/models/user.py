"""Accounts. A person signs in with one account and works through his or her posts."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from orgs.models.audit import AuditEntry
from orgs.models.notice import Notice
from orgs.models.organization import Organization
from orgs.models.post import STAFF_ROLES, Duty, Post, Role
from orgs.models.stand_in import StandIn


class NotAllowed(Exception):
    """The actor may not do this now; the message says why, in Chinese."""


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """System and security administrators manage accounts; others see their own."""
        if user.duty in (Duty.SYSTEM, Duty.SECURITY):
            return self
        return self.filter(pk=user.pk)

    def holding(self, role, *, organization=None, department=None):
        """Active people who hold `role` today at the organization or in the unit."""
        posts = Post.objects.current().filter(role=role)
        if organization is not None:
            posts = posts.filter(organization=organization)
        if department is not None:
            posts = posts.filter(department=department)
        return self.filter(is_active=True, pk__in=posts.values("user"))

    def led_by(self, user):
        """The user, and the subordinates: people who hold posts in the units or centres that he
        or she heads, and none above or elsewhere, now or from a later day on."""
        centres = Organization.objects.in_reach_of(user, Role.CENTRE_HEAD)
        below = Q(role=Role.HANDLER, department__in=user.departments(Role.UNIT_HEAD))
        below |= Q(role__in=STAFF_ROLES, organization__in=centres)
        staff = Post.objects.current().filter(below).values("user")
        elsewhere = Post.objects.open().exclude(below).values("user")
        subordinate = Q(pk__in=staff, is_active=True) & ~Q(pk__in=elsewhere)
        return self.filter(Q(pk=user.pk) | subordinate)

    def beside(self, user):
        """Colleagues: active people with a post at one of the user's organizations."""
        here = {post.organization_id for post in user.acting_posts()}
        posts = Post.objects.current().filter(organization__in=here)
        return self.filter(is_active=True, pk__in=posts.values("user")).exclude(pk=user.pk)

    def covering(self, role, organization):
        """Active people whose post in `role` covers the organization today."""
        posts = Post.objects.current().filter(role=role).select_related("organization")
        near = posts.filter(organization__in=Organization.objects.with_parents(organization))
        people = {post.user_id for post in near if post.covers(organization)}
        return self.filter(is_active=True, pk__in=people)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    @transaction.atomic
    def open_account(self, *, actor, password, duty=Duty.BUSINESS, **fields):
        """开户: the initial password must be changed at first sign-in."""
        user = self.model(duty=duty, must_change_password=True, **fields)
        user.set_password(password)
        user.save()
        AuditEntry.record(
            actor, "account.opened", user, label="开立账号", changes={"duty": ["", duty]}
        )
        return user


class User(AbstractUser):
    first_name = last_name = None
    is_staff = is_superuser = None
    groups = user_permissions = None

    name = models.CharField("姓名", max_length=40)
    telephone = models.CharField("办公电话", max_length=30, blank=True)
    email = models.EmailField("电子邮箱", blank=True, help_text="填写后，提醒每日汇总发到邮箱。")
    duty = models.CharField("账号类别", max_length=10, choices=Duty, default=Duty.BUSINESS)
    must_change_password = models.BooleanField("须修改密码", default=False)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    session_key = models.CharField(max_length=40, blank=True, editable=False)

    objects = UserManager()
    REQUIRED_FIELDS = []

    #: Set by the middleware for one request; empty elsewhere.
    ip = None
    acting_organization = None
    posts_now = None

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ["username"]

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return self.name

    get_short_name = get_full_name

    def get_absolute_url(self):
        return reverse("orgs:account_detail", args=[self.pk])

    @property
    def is_administrator(self) -> bool:
        """One of the 三员; these hold no business role."""
        return self.duty != Duty.BUSINESS

    @property
    def password_expired(self) -> bool:
        """等保2.0: a password is changed at regular intervals (PASSWORD_MAX_AGE_DAYS)."""
        if self.password_changed_at is None:
            return self.must_change_password
        age = timezone.now() - self.password_changed_at
        return age.days >= settings.PASSWORD_MAX_AGE_DAYS

    def all_posts(self):
        if self.is_administrator:
            return []  # 三员 hold no business role, nor anybody else's while he or she is away
        if self.posts_now is None:
            # his or her own, and those of colleagues whose place he or she takes (AB岗)
            away = StandIn.objects.current().filter(deputy=self).values("user")
            held = Post.objects.current().filter(Q(user=self) | Q(user__in=away))
            return list(held.select_related("organization", "department", "user"))
        return self.posts_now

    def acting_posts(self):
        """The posts the user works with now: those at the chosen organization, else all."""
        posts = self.all_posts()
        chosen = self.acting_organization
        return [p for p in posts if p.organization_id == chosen.pk] if chosen else posts

    def stands_in_for(self) -> set[int]:
        """Ids of the colleagues whose posts the user holds while they are away."""
        return {post.user_id for post in self.acting_posts()} - {self.pk}

    @transaction.atomic
    def hand_over(self, *, actor, deputy, started_on, ended_on, reason=""):
        """AB岗: `deputy` works with this user's posts from the first day through the last."""
        self._may_be_covered(actor, deputy)
        row = StandIn(
            user=self, deputy=deputy, started_on=started_on, ended_on=ended_on, reason=reason
        )
        row.full_clean()
        row.save()
        note = f"{row}，{started_on} 至 {ended_on}"
        AuditEntry.record(actor, "stand_in.set", self, label="安排AB岗代理", note=note)
        if actor != self:
            title = f"{actor} 为您安排了AB岗代理"
            Notice.post([self], title, kind="stand_in.set", about=row, body=f"{note}。")
        return row

    def _may_be_covered(self, actor, deputy):
        """One arranges one's own absence; a head those of subordinates, not by himself."""
        if actor == self:
            return
        if not User.objects.led_by(actor).filter(pk=self.pk).exists():
            raise NotAllowed("只能为自己或本单位、本中心的下属安排代理。")
        if not User.objects.beside(actor).filter(pk=deputy.pk).exists():
            raise NotAllowed("代理人须是同一组织的同事，不能是安排代理的人本人。")

    def holds(self, *roles) -> bool:
        return any(post.role in roles for post in self.acting_posts())

    def departments(self, *roles):
        """Ids of the handling units in which the user holds one of `roles`."""
        roles = roles or (Role.HANDLER, Role.UNIT_HEAD)
        return [p.department_id for p in self.acting_posts() if p.role in roles]

    @transaction.atomic
    def change_password(self, password, *, actor):
        """Set a new password: by its owner for good, by an administrator to be changed.

        Sessions opened with the old one end; of a reset the owner is told.
        """
        PasswordRecord.objects.create(user=self, password=self.password)
        self.set_password(password)
        self.password_changed_at = timezone.now()
        self.must_change_password = is_reset = actor != self
        self.session_key = "" if is_reset else self.session_key
        self.save(
            update_fields=[
                "password", "password_changed_at", "must_change_password", "session_key"
            ]
        )  # fmt: skip
        if is_reset:
            title, body = "您的密码已由管理员重置", "如非本人要求，请马上联系安全管理员。"
            Notice.post([self], title, kind="account.password_reset", body=body, urgent=True)
        label = "重置密码" if is_reset else "修改密码"
        AuditEntry.record(actor, "account.password_changed", self, label=label)

    def move_session(self, key):
        """The session that may go on has a new key, or there is none."""
        self.session_key = key
        self.save(update_fields=["session_key"])

    @transaction.atomic
    def revise(self, *, actor, **fields):
        """Change account data; a change of duty is refused while posts are held."""
        User.objects.select_for_update(no_key=True).get(pk=self.pk)
        if fields.get("duty", self.duty) != self.duty:
            self._may_lose_duty(actor)
            if self.posts.open().exists():
                raise NotAllowed("该账号仍有业务任职，请先结束任职再设为管理员。")
        changes = {
            name: [str(getattr(self, name)), str(value)]
            for name, value in fields.items()
            if getattr(self, name) != value
        }
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=list(fields))
        AuditEntry.record(actor, "account.revised", self, label="修改账号", changes=changes)

    @transaction.atomic
    def set_active(self, active, *, actor):
        """停用 or 启用: a stopped account's session dies with its next request."""
        if not active:
            self._may_lose_duty(actor)
        self.is_active = active
        self.session_key = ""
        self.save(update_fields=["is_active", "session_key"])
        label = "启用账号" if active else "停用账号"
        AuditEntry.record(actor, "account.switched", self, label=label)

    def _may_lose_duty(self, actor):
        """三员: nobody does it to the own account, and each duty keeps one account at least."""
        if actor == self:
            raise NotAllowed("不能对自己的账号这样做，请由另一位管理员办理。")
        same = User.objects.select_for_update(no_key=True).filter(duty=self.duty).order_by("pk")
        if self.is_administrator and not any(u.is_active for u in same if u.pk != self.pk):
            raise NotAllowed(f"至少保留一名{self.get_duty_display()}，请先指定另一名。")

    @transaction.atomic
    def appoint(self, *, actor, organization, role, department=None, **period):
        """任职: give the user a role at an organization for a period."""
        locked = User.objects.select_for_update(no_key=True).get(pk=self.pk)
        if locked.is_administrator:
            raise NotAllowed("系统、安全、审计管理员不得兼任业务角色。")
        post = Post(
            user=self, organization=organization, role=role, department=department, **period
        )
        post.full_clean()
        post.save()
        AuditEntry.record(
            actor, "post.granted", self, label="任职", organization=organization, note=str(post)
        )
        return post

    @transaction.atomic
    def dismiss(self, post, *, actor, ended_on):
        """离任: the last day on which the post is held."""
        post.ended_on = ended_on
        post.full_clean()
        post.save(update_fields=["ended_on"])
        AuditEntry.record(
            actor,
            "post.ended",
            self,
            label="离任",
            organization=post.organization,
            note=f"{post} {ended_on}",
        )


class PasswordRecord(models.Model):
    """Former passwords (hashed), so that the last few are not used again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="password_records")
    password = models.CharField(max_length=128)
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-replaced_at"]

    def __str__(self):
        return f"{self.user} {self.replaced_at:%Y-%m-%d}"
