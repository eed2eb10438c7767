"""What belongs to no case: start, help, health and sign-in."""

from grievances.web.urls.on_demand import OnDemand, address

ADDRESSES: list[OnDemand] = [
    address("", "grievances.web.site.views.home", name="home"),
    address("support/", "grievances.web.site.views.support", name="support"),
    address("safety/", "grievances.web.site.views.safety", name="safety"),
    address("accessibility/", "grievances.web.site.views.accessibility", name="accessibility"),
    address("privacy/", "grievances.web.site.views.privacy", name="privacy"),
    address("who-can-see/", "grievances.web.site.views.who_can_see", name="who_can_see"),
    address(
        "language/<slug:code>/",
        "grievances.web.shared.middleware.page_language.choose",
        name="language",
    ),
    address("health/live", "grievances.web.site.views.live", name="health_live"),
    address("health/ready", "grievances.web.site.views.ready", name="health_ready"),
    address("accounts/login/", "grievances.web.site.sign_in_views.sign_in", name="account_login"),
    address(
        "accounts/logout/", "grievances.web.site.sign_in_views.sign_out", name="account_logout"
    ),
    address(
        "accounts/password/change/",
        "grievances.web.site.sign_in_views.password_change",
        name="account_change_password",
    ),
    address(
        "accounts/reauthenticate/",
        "grievances.web.site.sign_in_views.reauthenticate",
        name="account_reauthenticate",
    ),
    address("health/metrics", "grievances.web.site.service_views.metrics", name="health_metrics"),
    address("service/", "grievances.web.site.service_views.ServicePage", name="service"),
]
