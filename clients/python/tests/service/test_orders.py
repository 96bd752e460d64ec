"""Against the running service: tests/system/with_instance.sh starts one."""

import threading
import unittest
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import SimpleQueue
from typing import Any, Dict

from meisim_dealer import Dealer, verify_webhook

ORDER = {"productId": "p3:data-us-5gb", "customerEmail": "end@example.com", "customerName": "Jane Doe"}


class Orders(unittest.TestCase):
    def setUp(self) -> None:
        self.dealer = Dealer()
        self.addCleanup(self.dealer.close)

    def test_an_order_is_paid_once_however_often_it_is_sent_under_one_key(self) -> None:
        key = str(uuid.uuid4())
        first = self.dealer.post("/dealer/order", ORDER, idempotency_key=key)
        second = self.dealer.post("/dealer/order", ORDER, idempotency_key=key)
        self.assertEqual(first, second)

    def test_a_webhook_tells_of_the_order_that_was_fulfilled(self) -> None:
        events: "SimpleQueue[Dict[str, Any]]" = SimpleQueue()
        webhook: Dict[str, Any] = {}

        class Shop(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                events.put(verify_webhook(body, self.headers, webhook["secret"]))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        with HTTPServer(("127.0.0.1", 0), Shop) as shop:
            threading.Thread(target=shop.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            url = f"http://127.0.0.1:{shop.server_port}/"
            webhook.update(self.dealer.post("/dealer/webhooks", {"url": url, "events": ["order.completed"]}))
            placed = self.dealer.post("/dealer/order", {**ORDER, "quantity": 3})
            told = events.get(timeout=60)
            while told["data"]["id"] != placed["orderId"]:
                told = events.get(timeout=60)
            self.dealer.delete("/dealer/webhooks/{id}", params={"id": webhook["id"]})
            shop.shutdown()
        self.assertEqual(told["data"]["amount"], placed["totalUsd"])


if __name__ == "__main__":
    unittest.main()
