"""The people of every test: Ada writes, Ravi and Mei review, Edith edits. Fixtures for conftest."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from articles.models import BoardMember, User
from articles.states import Role

PASSWORD = "correct horse battery staple"


def person(username: str, name: str, *roles: Role, **fields: object) -> User:
    """An account with a verified address, in the groups of `roles`."""
    user = User.objects.create_user(username, f"{username}@example.org", PASSWORD, name=name, **fields)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    for role in roles:
        user.grant(role)
    return user


def member(username: str, name: str, credentials: str, *roles: Role, term_to: date | None = None) -> User:
    """A board member: the group, and a profile whose term began in 2020."""
    user = person(username, name, Role.BOARD, *roles)
    BoardMember.objects.create(
        user=user,
        name=name,
        slug=username,
        credentials=credentials,
        specialties="Endocrine oncology",
        affiliation="Lakeside Hospital",
        term_from=date(2020, 1, 1),
        term_to=term_to,
    )
    return user


@pytest.fixture
def ada(db: None) -> User:
    return person("ada", "Ada Okafor", Role.AUTHOR)


@pytest.fixture
def ravi(db: None) -> User:
    return member("ravi", "Ravi Menon", "MD, PhD")


@pytest.fixture
def mei(db: None) -> User:
    return member("mei", "Mei Lin", "PharmD")


@pytest.fixture
def edith(db: None) -> User:
    return person("edith", "Edith Hale", Role.EDITOR)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A logged-in test client for a person."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in
