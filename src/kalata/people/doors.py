"""What the pages about persons ask for."""

from __future__ import annotations

from kalata.people.rules.doors import SIGNED, Over, Page, exists, held, page

SEES = held("people.manage", "people.read", "people.approve")
KEEPS = held("people.manage")
LIBRARY_OPEN = (
    "account_login",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_reset_password",
    "account_confirm_login_code",
    "account_confirm_email",
    "account_reset_password_from_key_done",
    "account_reset_password_from_key",
    "account_reset_password_done",
    "mfa_authenticate",
)
LIBRARY_SIGNED = (
    "account_logout",
    "account_reauthenticate",
    "account_request_reauthentication_code",
    "account_confirm_reauthentication_code",
    "account_email",
    "account_change_password",
    "account_set_password",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "usersessions_list",
)

PAGES: tuple[Page, ...] = (
    page("me", "account", SIGNED, acts={"key": (), "revoke": ()}),
    page("activate", "account", acts={"": ()}),
    page("notices_read", "account", SIGNED, acts={"": ()}, reads=False),
    page("saved_views", "account", SIGNED, acts=dict.fromkeys(("save", "drop", "default"), ()), reads=False),
    page("cancel_reissue", "account", SIGNED, acts={"": ()}, reads=False),
    page("sessions", "account", SIGNED, acts={"end": ()}),
    page("closed", "account", library=True),
    page("people:list", "person", SIGNED, SEES),
    page("people:export", "person", SIGNED, SEES),
    page(
        "people:person", "person", SIGNED, SEES,
        acts={
            "mandate": (KEEPS,), "sheet": (KEEPS,), "close": (KEEPS,), "revoke": (KEEPS,), "reissue": (KEEPS,),
            "part": (),
        },
    ),
    page("people:new", "person", SIGNED, KEEPS, acts={"": ()}),
    page("people:import", "person", SIGNED, KEEPS, acts={"read": (), "open": ()}),
    page("people:import_template", "person", SIGNED, KEEPS),
    page("people:approvals", "approval", SIGNED),
    page("people:mandates", "approval", SIGNED, held("people.approve"), acts={"": (), "sheets": ()}),
    page(
        "people:approval", "approval", SIGNED, exists("results.review", over=Over.PLACE, own=True),
        acts={"approve": (), "refuse": ()},
    ),
    *(page(name, "account", library=True) for name in LIBRARY_OPEN),
    *(page(name, "account", SIGNED, library=True) for name in LIBRARY_SIGNED),
)  # fmt: skip
