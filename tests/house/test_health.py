"""The health check asks the database, and nothing else."""

import pytest
from django.db import DatabaseError, connection


def refuse(*args, **kwargs):
    raise DatabaseError("gone")


@pytest.mark.django_db
def test_a_process_with_its_database_is_well(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/healthz/")
    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_process_without_its_database_says_so_and_not_why(client, monkeypatch):
    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/healthz/")
    assert response.status_code == 503
    assert b"gone" not in response.content


@pytest.mark.django_db
def test_a_redirect_to_https_spares_the_health_check_that_runs_inside_the_container(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz/").status_code == 200
    assert client.get("/accounts/login/").status_code == 301
