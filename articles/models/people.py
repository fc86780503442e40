"""People: one account, one name as it is shown, roles as groups."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser, Group
from django.db import models

from articles.states import Role


class User(AbstractUser):
    """An account. Names do not split into first and last in every part of the world: there is one."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField("name as shown", max_length=120, help_text="The name readers and colleagues see.")

    REQUIRED_FIELDS = ["email", "name"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @cached_property
    def roles(self) -> frozenset[str]:
        """Names of the groups this person is in. One query, remembered for the life of the instance."""
        if not self.is_active:
            return frozenset()
        return frozenset(self.groups.values_list("name", flat=True))

    @property
    def is_author(self) -> bool:
        return Role.AUTHOR in self.roles

    @property
    def is_editor(self) -> bool:
        return Role.EDITOR in self.roles

    @cached_property
    def is_board_member(self) -> bool:
        """In the board's group and with a profile whose term is running today."""
        if Role.BOARD not in self.roles:
            return False
        profile = getattr(self, "board_profile", None)
        return profile is not None and profile.is_active

    def grant(self, role: Role) -> None:
        self.groups.add(Group.objects.get_or_create(name=role.value)[0])
        self.__dict__.pop("roles", None)
        self.__dict__.pop("is_board_member", None)
