"""登录: who may come in, counted per account and per network, and kept on record."""

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.crypto import salted_hmac

from orgs.models.audit import AuditEntry
from orgs.models.sentry import Throttle, network_of
from orgs.models.user import NotAllowed, User

#: From the third failure on the page tells how many attempts are left.
WARN_FROM = 3


def check(username, password, *, ip) -> User:
    """The user with this name and password; raises NotAllowed with the same words and after
    the same work whether there is such an account or not.
    """
    locked = is_locked(username)
    # Counted before the password is looked at: attempts side by side get no more tries.
    tries = 0 if locked else Throttle.hit(tries_key(username), seconds=lock_seconds())
    user = authenticate(None, username=username, password=password)
    if user and not locked and tries <= settings.SIGN_IN_FAILURES:
        Throttle.forgive(tries_key(username))
        return user
    raise NotAllowed(refuse(username, tries, ip))


@transaction.atomic
def refuse(username, tries, ip) -> str:
    """Put a failure on record, lock after the last one allowed; what the page says."""
    minutes, left = settings.SIGN_IN_LOCK_MINUTES, settings.SIGN_IN_FAILURES - tries
    Throttle.hit(network_key(ip), seconds=lock_seconds())
    # What was typed as a name may be a password or somebody's telephone: it is not kept.
    target = User.objects.filter(username=username).first() or User(name="不存在的账号")
    if tries == settings.SIGN_IN_FAILURES:
        # The tries stay counted: those still on their way get no new ones. They run out first.
        Throttle.hit(lock_key(username), seconds=lock_seconds())
        AuditEntry.record(None, "account.locked", target, label="登录锁定", ip=ip)
    else:
        AuditEntry.record(None, "account.sign_in_failed", target, label="登录失败", ip=ip)
    if not tries or left <= 0:
        return f"密码连续输错，账号已锁定 {minutes} 分钟。请稍后再试，或请安全管理员解除锁定。"
    if tries >= min(WARN_FROM, settings.SIGN_IN_FAILURES - 1):
        return f"用户名或密码不正确。再输错 {left} 次，账号将锁定 {minutes} 分钟。"
    return "用户名或密码不正确，请核对后重试。"


@transaction.atomic
def enter(user, session_key):
    """Only this session of the account goes on; any other ends with its next request."""
    user.move_session(session_key)
    AuditEntry.record(user, "account.signed_in", user, label="登录")


@transaction.atomic
def leave(user):
    user.move_session("")
    AuditEntry.record(user, "account.signed_out", user, label="退出登录")


@transaction.atomic
def unlock(user, *, actor):
    """解除锁定."""
    Throttle.forgive(lock_key(user.username))
    Throttle.forgive(tries_key(user.username))
    AuditEntry.record(actor, "account.unlocked", user, label="解除登录锁定")


def is_locked(username) -> bool:
    return Throttle.is_over(lock_key(username), limit=1)


def network_is_closed(ip) -> bool:
    return Throttle.is_over(network_key(ip), limit=settings.SIGN_IN_FAILURES_PER_NETWORK)


def lock_seconds() -> int:
    return settings.SIGN_IN_LOCK_MINUTES * 60


def tries_key(username) -> str:
    return f"sign_in.tries:{digest(username)}"


def lock_key(username) -> str:
    return f"sign_in.locked:{digest(username)}"


def digest(username) -> str:
    return salted_hmac("orgs.sign_in", username, algorithm="sha256").hexdigest()


def network_key(ip) -> str:
    return f"sign_in.network:{network_of(ip)}"
