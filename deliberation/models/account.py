from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models


class AccountManager(BaseUserManager):
    def create(self, **values) -> "Account":
        account = self.model(**values)
        account.set_unusable_password()
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser, PermissionsMixin):
    """Someone who can come back. Joining an assembly makes one; an e-mail address is never needed."""

    email = models.EmailField(unique=True, null=True, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    founds_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when the operator lets them set up assemblies."
    )
    let_found_by = models.ForeignKey(
        "deliberation.FoundingCode", models.SET_NULL, null=True, blank=True, related_name="founders"
    )
    news_sent_at = models.DateTimeField(null=True, blank=True, help_text="When the last digest was written.")

    objects = AccountManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    def __str__(self) -> str:
        return self.email or f"account {self.pk}"
