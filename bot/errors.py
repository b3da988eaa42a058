"""What can go wrong, by whose fault.

Every error has a stable `code`; its message is for the operator and ends with the next step. What people in Slack read
is in bot/texts/en.toml, by code; a test wants an entry for each.

StoreError, of the one database that both packages use, comes from knowledge.errors.
"""

from knowledge.errors import CodedError
from knowledge.errors import StoreError as StoreError


class PolicybotError(CodedError):
    """Base of everything the bot raises on purpose."""


class SettingsError(PolicybotError):
    """The configuration is wrong (exit 2)."""

    code = "settings"


class AnswerError(PolicybotError):
    """One question can't be answered as asked."""

    code = "answer"


class ModelUnavailable(AnswerError):
    """The endpoint can't be reached, refuses, or fails."""

    code = "model_unavailable"


class ModelTimeout(AnswerError):
    """The endpoint is too slow."""

    code = "model_timeout"


class ModelCut(AnswerError):
    """The stream broke after its first words."""

    code = "model_cut"


class ModelRejected(AnswerError):
    """The endpoint refuses this request or the key."""

    code = "model_rejected"


class BudgetReached(AnswerError):
    """The tokens or money of the day are used up."""

    code = "budget_reached"


class SlackError(PolicybotError):
    """Slack refuses, or can't be reached."""

    code = "slack"


class SlackAuthError(SlackError):
    """A token is missing, wrong or revoked."""

    code = "slack_auth"


class SlackUnavailable(SlackError):
    """Slack can't be reached."""

    code = "slack_unavailable"
