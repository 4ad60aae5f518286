"""Where each path goes. Everything a browser of a chat account uses: the shell, `/api/`, `/ws`."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from keys import gate_views
from talk2me import views, webcat

urlpatterns = [
    path("", views.shell),
    # Browsers ask for it by this name on pages, such as the admin's, that name no icon.
    path("favicon.ico", RedirectView.as_view(url=static("images/icon.svg"))),
    path("service_worker.js", views.service_worker),
    path(".well-known/webcat/<str:name>", webcat.well_known),
    path(".well-known/security.txt", views.security_txt),
    path("api/server", views.server),
    # Pages of the browser's, with a cookie, and so none of the calls below.
    path("api/gate/start", gate_views.start),
    path("api/gate/callback", gate_views.callback),
    path("api/", include("keys.urls")),
    path("api/", include("messaging.urls")),
    path("admin/", admin.site.urls),
]
handler400 = views.bad_request
handler403 = views.bad_request
handler404 = views.not_found
handler500 = views.internal
