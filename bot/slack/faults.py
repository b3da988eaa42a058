"""What Slack's refusals mean for an answer, by error string. Pure."""

AUTH = frozenset(  # the token, not the call, is the trouble
    {
        "account_inactive",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "token_expired",
        "token_revoked",
    }
)
DOWN = frozenset({"fatal_error", "internal_error", "messaging_processing_failed", "service_unavailable"})
GONE = frozenset(  # there is no place left to answer in
    {
        "cannot_reply_to_message",
        "channel_is_limited_access",
        "channel_not_found",
        "duplicate_channel_not_found",
        "duplicate_message_not_found",
        "is_archived",
        "is_inactive",
        "message_not_found",
        "messages_tab_disabled",
        "not_in_channel",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "thread_not_found",
    }
)
