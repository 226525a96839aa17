"""Who signs in, as what, and with which tokens."""

import hashlib
from typing import Any

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint


class Role(models.TextChoices):
    """What an account is for (角色)."""

    OFFICER = "officer", _("招商专员")
    LEADER = "leader", _("队长")
    MANAGER = "manager", _("分管领导")
    HR = "hr", _("人事")
    AUDITOR = "auditor", _("纪检审计")
    ADMINISTRATOR = "administrator", _("系统管理员")
    API_CLIENT = "api_client", _("接口账号")
    STAFF = "staff", _("机关工作人员")


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts with a hashed password; the sign-in name is compared as typed, lower-cased."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        account = self.model(username=username.lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        return self.create_user(username, password, role=Role.ADMINISTRATOR, **fields)

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=(username or "").lower())


@pghistory.track(exclude=["password", "last_login"])
class Account(AbstractBaseUser):
    """A log-in (账号); the person behind it is another record, because an account may outlive or lack one."""

    username = models.CharField(_("登录名"), max_length=40, unique=True)
    display_name = models.CharField(_("姓名"), max_length=80)
    role = models.CharField(_("角色"), max_length=16, choices=Role, default=Role.OFFICER)
    person = models.OneToOneField(
        "staff.Person", models.PROTECT, null=True, blank=True, related_name="account", verbose_name=_("人员")
    )
    email = models.EmailField(_("电子邮箱"), blank=True)
    language = models.CharField(_("界面语言"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("须改密码"), default=False)
    created_at = models.DateTimeField(_("创建时间"), default=timezone.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]
    objects = AccountManager()

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")

    def __str__(self) -> str:
        return self.display_name or self.username

    # Set while a page is only read; then what was asked of the account once may be remembered (staff.access.posts_of, projects.access.found).
    is_reading = False
    posts_read: Any = None
    sight_read: Any = None
    # The delegation under which a request is made, with the role that it lends; never stored (staff.authentication).
    standing_in: Any = None

    def lend(self, delegation: Any, role: str) -> None:
        """Work in somebody's place for this request: with the other's role, as oneself."""
        self.standing_in, self.role = delegation, role
        self.posts_read = self.sight_read = None

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if self.standing_in is not None and (fields is None or "role" in fields):
            raise TypeError("a lent role is not stored: name the fields to save")
        super().save(*args, **kwargs)

    def is_role(self, *roles: Role) -> bool:
        """Whether this account has one of the roles."""
        return self.role in roles

    # The read-only admin asks these four; only an administrator gets in.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.role == Role.ADMINISTRATOR

    @property
    def is_superuser(self) -> bool:
        return self.is_staff

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


def key_hash(key: str) -> str:
    """The stored form of a token's key (the key is random and long, so a plain SHA-256 is enough)."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApiToken(models.Model):
    """A key for another system (接口令牌): only its hash is kept, and it can do no more than its scopes."""

    class Scope(models.TextChoices):
        READ_PROJECTS = "projects:read", _("读项目")
        WRITE_PROJECTS = "projects:write", _("写项目")
        READ_STAFF = "staff:read", _("读人员")
        WRITE_STAFF = "staff:write", _("写人员")
        READ_KPI = "kpi:read", _("读考核")
        WRITE_KPI = "kpi:write", _("写考核")

    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens", verbose_name=_("账号"))
    name = models.CharField(_("用途"), max_length=80)
    prefix = models.CharField(_("前缀"), max_length=8)
    key_hash = models.CharField(_("摘要"), max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name=_("范围"))
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("到期时间"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


explain_constraint("staff_account_username_key", _("这个登录名刚被他人占用，没有写入。请换一个登录名。"))
explain_constraint("staff_account_person_id_key", _("这个人刚被他人开通了账号，没有写入。请刷新后核对。"))
