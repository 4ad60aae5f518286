"""Operators of each role, and signing in as they do."""

from django.contrib.auth.models import User

from operators.roles import give_role

PASSWORD = "a long enough password"


def make_operator(role, name=None):
    user = User.objects.create_user(name or role, "", PASSWORD)
    give_role(user, role)
    return user


def post_sign_in(client, name, password=PASSWORD, code="", **more):
    fields = {"username": name, "password": password, "code": code, "next": "/admin/"}
    return client.post("/admin/login/", fields, **more)


def is_in(client):
    return client.get("/admin/").status_code == 200
