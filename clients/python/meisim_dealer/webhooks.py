"""Whether a webhook's message is genuine (https://www.standardwebhooks.com)."""

import base64
import hashlib
import hmac
import json
import re
import time
from typing import Any, Dict, Mapping, Optional, Sequence, Union

_TOLERANCE_SECONDS = 300


class WebhookError(Exception):
    """A message that was not sent by the service, was changed, or is too old."""


def verify_webhook(
    body: Union[bytes, str],
    headers: Mapping[str, str],
    secret: Union[str, Sequence[str]],
    now: Optional[float] = None,
) -> Dict[str, Any]:
    """The event in a webhook's body, after its signature was checked.

    `body` is the body as it came, before any parser. `secret` is what the webhook was made with (`whsec_…`); while a secret
    is being changed, both. The same event may come more than once: remember `webhook-id`.
    """
    content = body.encode() if isinstance(body, str) else body
    given = {name.lower(): value for name, value in headers.items()}
    try:
        message, timestamp, signatures = (given[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
    except KeyError as missing:
        raise WebhookError(f"{missing.args[0]} is missing") from None
    age = (time.time() if now is None else now) - (int(timestamp) if re.fullmatch(r"[0-9]{1,12}", timestamp) else 0)
    if abs(age) > _TOLERANCE_SECONDS:
        raise WebhookError(f"webhook-timestamp is more than {_TOLERANCE_SECONDS} seconds from now")
    signed = f"{message}.{timestamp}.".encode() + content
    secrets = [secret] if isinstance(secret, str) else secret
    expected = [_sign(one, signed) for one in secrets]
    if not any(hmac.compare_digest(wanted, one.encode()) for wanted in expected for one in signatures.split(" ")):
        raise WebhookError("webhook-signature is not of this message and secret")
    event: Dict[str, Any] = json.loads(content)
    return event


def _sign(secret: str, signed: bytes) -> bytes:
    key = base64.b64decode(secret[len("whsec_") :] if secret.startswith("whsec_") else secret)
    return b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
