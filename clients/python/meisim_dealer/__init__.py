"""The MeiSIM Dealer API: orders, repeats that are safe, lists, errors by their code, webhooks."""

from .dealer import Dealer
from .errors import DealerError
from .webhooks import WebhookError, verify_webhook

__all__ = ["Dealer", "DealerError", "WebhookError", "verify_webhook"]
