"""Which messages are genuine."""

import base64
import hashlib
import hmac
import unittest
from typing import Any, Dict

from meisim_dealer import WebhookError, verify_webhook

SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four b").decode()
OTHER = "whsec_" + base64.b64encode(b"another secret of theirs").decode()
BODY = b'{"type":"wallet.low_balance","timestamp":"2026-05-05T12:40:02Z","data":{"balance_usd":49.50}}'
SENT_AT = 1_777_984_803


def signed(secret: str = SECRET) -> Dict[str, str]:
    key = base64.b64decode(secret[len("whsec_") :])
    digest = hmac.new(key, b"msg_1.%d." % SENT_AT + BODY, hashlib.sha256).digest()
    signature = "v1," + base64.b64encode(digest).decode()
    return {"Webhook-Id": "msg_1", "webhook-timestamp": str(SENT_AT), "webhook-signature": signature}


class Webhooks(unittest.TestCase):
    def test_a_genuine_message_is_its_event(self) -> None:
        for body in (BODY, BODY.decode()):
            self.assertEqual(verify_webhook(body, signed(), SECRET, SENT_AT)["type"], "wallet.low_balance")

    def test_the_specifications_own_example_is_genuine(self) -> None:
        headers = {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        }
        verify_webhook('{"test": 2432232314}', headers, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330)

    def test_a_message_that_was_changed_is_old_or_bears_another_signature_is_refused(self) -> None:
        def refused(body: bytes = BODY, now: float = SENT_AT, **changed: Any) -> None:
            headers = {**signed(), **{f"webhook-{name}": value for name, value in changed.items()}}
            with self.assertRaises(WebhookError):
                verify_webhook(body, headers, SECRET, now)

        refused(BODY + b" ")
        refused(signature=signed(OTHER)["webhook-signature"])
        refused(signature="v1,é")
        refused(timestamp="soon")
        refused(timestamp=str(SENT_AT - 1))
        refused(now=SENT_AT + 301)
        refused(now=SENT_AT - 301)
        with self.assertRaises(WebhookError):
            verify_webhook(BODY, {}, SECRET, SENT_AT)

    def test_while_a_secret_is_being_changed_a_message_by_either_of_them_is_genuine(self) -> None:
        both = {**signed(), "webhook-signature": f"{signed(OTHER)['webhook-signature']} {signed()['webhook-signature']}"}
        for known in (SECRET, OTHER, [OTHER, SECRET]):
            verify_webhook(BODY, both, known, SENT_AT)
        verify_webhook(BODY, signed(), [OTHER, SECRET], SENT_AT)


if __name__ == "__main__":
    unittest.main()
