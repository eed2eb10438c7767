"""Addresses of accounts and of sign-in."""

from grievances.web.urls.on_demand import OnDemand, address

ADDRESSES: list[OnDemand] = [
    address("proof/", "grievances.web.accounts.proof_views.key", name="proof_key"),
    address("proof/keys.txt", "grievances.web.accounts.proof_views.keys", name="proof_log"),
    address("programs/", "grievances.web.tokens.views.Programs", name="programs"),
    address("programs/<int:pk>/", "grievances.web.tokens.views.OneProgram", name="program"),
    address("account/", "grievances.web.accounts.views.Account", name="account"),
    address(
        "account/recovery-code/",
        "grievances.web.accounts.views.RecoveryCode",
        name="account_recovery_code",
    ),
    address(
        "account/recovery-code/check/",
        "grievances.web.accounts.views.CheckCode",
        name="account_check_code",
    ),
    address(
        "account/forgotten/",
        "grievances.web.accounts.views.ForgottenPassword",
        name="account_forgotten",
    ),
    address("account/leave/", "grievances.web.accounts.leave_views.OwnLeave", name="account_leave"),
    address(
        "account/forgotten/without-code/",
        "grievances.web.accounts.recovery_views.Ask",
        name="account_recovery_ask",
    ),
    address(
        "account/recoveries/",
        "grievances.web.accounts.recovery_views.Confirm",
        name="account_recovery_confirm",
    ),
    address(
        "account/first/<str:secret>/",
        "grievances.web.accounts.first_sign_in_views.FirstSignIn",
        name="account_first",
    ),
    address(
        "account/passphrase/",
        "grievances.web.accounts.passphrase_views.Passphrase",
        name="account_passphrase",
    ),
    address(
        "accounts/second-factor/",
        "grievances.web.accounts.second_factor_views.Overview",
        name="mfa_index",
    ),
    address(
        "accounts/second-factor/sign-in/",
        "grievances.web.accounts.second_factor_views.SecondStep",
        name="mfa_authenticate",
    ),
    address(
        "accounts/second-factor/again/",
        "allauth.mfa.base.views.ReauthenticateView",
        name="mfa_reauthenticate",
    ),
    address(
        "accounts/second-factor/again/passkey/",
        "grievances.web.accounts.passkeys.views.PasskeyAgain",
        name="mfa_reauthenticate_webauthn",
    ),
    address(
        "accounts/second-factor/app/",
        "grievances.web.accounts.second_factor_views.SetUpApp",
        name="mfa_activate_totp",
    ),
    address(
        "accounts/second-factor/app/remove/",
        "grievances.web.accounts.second_factor_views.RemoveApp",
        name="mfa_deactivate_totp",
    ),
    address(
        "accounts/second-factor/passkeys/add/",
        "grievances.web.accounts.passkeys.views.AddPasskey",
        name="mfa_add_webauthn",
    ),
    address(
        "accounts/second-factor/passkeys/<int:pk>/remove/",
        "grievances.web.accounts.passkeys.views.RemovePasskey",
        name="mfa_remove_webauthn",
    ),
    address(
        "accounts/second-factor/passkeys/<int:pk>/records/",
        "grievances.web.accounts.passkeys.views.LetOpen",
        name="mfa_passkey_opens",
    ),
    address(
        "accounts/second-factor/passkeys/sign-in/",
        "grievances.web.accounts.passkeys.sign_in.SignIn",
        name="mfa_login_webauthn",
    ),
    address(
        "accounts/second-factor/codes/",
        "allauth.mfa.recovery_codes.views.ViewRecoveryCodesView",
        name="mfa_view_recovery_codes",
    ),
    address(
        "accounts/second-factor/codes/new/",
        "grievances.web.accounts.second_factor_views.NewSpareCodes",
        name="mfa_generate_recovery_codes",
    ),
    address("session/left/", "grievances.web.accounts.own_session_views.left", name="session_left"),
    address(
        "session/mark.css", "grievances.web.accounts.own_session_views.mark", name="session_mark"
    ),
    address("session/keep/", "grievances.web.accounts.own_session_views.keep", name="session_keep"),
    address(
        "account/sessions/",
        "grievances.web.accounts.own_session_views.OwnSessions",
        name="own_sessions",
    ),
]
