"""Django's admin with our site in it."""

from django.contrib.admin.apps import AdminConfig


class OperatorsAdminConfig(AdminConfig):
    default_site = "operators.site.OperatorSite"
