"""Orders from several wallets at all nodes, each under a key of its own that is repeated until it is acknowledged.

    load.py ACKNOWLEDGED NODE.. <KEYS    NODE is host:port, KEYS are dealers' API keys, one a line

Writes a line to ACKNOWLEDGED for each order: when it was acknowledged (seconds since 1970), the node's number, the
customer's address, which no other order has, and the order's id. Ends at SIGTERM; then a line without id for each order
that was still open. What was answered besides is counted on the standard output.
"""

import collections
import http.client
import json
import signal
import sys
import threading
import time

CLIENTS_OF_A_NODE = 8
PAUSE = 0.02
# Shorter than what a client is advised to wait: this measures when orders are possible again.
PAUSE_BEFORE_REPEAT = 0.05

is_over = threading.Event()
lock = threading.Lock()
answers = collections.Counter()


class Client:
    def __init__(self, name, number, node, key, out):
        self.name = name
        self.number = number
        self.node = node
        self.key = key
        self.out = out
        self.connection = None

    def run(self):
        count = 0
        while not is_over.is_set():
            count += 1
            self.order(f"{self.name}-{count}")
            time.sleep(PAUSE)

    def order(self, key):
        customer = f"{key}@example.com"
        while not is_over.is_set():
            status, body = self.post(key, customer)
            if status == 200:
                return self.note(customer, body["orderId"])
            with lock:
                answers[f"{status} {body.get('code', '')}"] += 1
            is_over.wait(PAUSE_BEFORE_REPEAT)
        self.note(customer, "")

    def note(self, customer, order):
        with lock:
            print(f"{time.time():.3f} {self.number} {customer} {order}", file=self.out, flush=True)

    def post(self, key, customer):
        """The status, and the answer's body; no status if there was no answer."""
        body = {"productId": "p3:data-us-5gb", "customerEmail": customer, "customerName": "C", "sendEmail": False}
        headers = {"x-dealer-key": self.key, "Idempotency-Key": key, "Content-Type": "application/json"}
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.node, timeout=40)
            self.connection.request("POST", "/dealer/order", json.dumps(body), headers)
            answer = self.connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException) as failure:
            self.connection = None
            return 0, {"code": type(failure).__name__}


def main():
    keys = sys.stdin.read().split()
    signal.signal(signal.SIGTERM, lambda *_: is_over.set())
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        clients = [
            Client(f"order-{number}-{i}", number, node, keys[i % len(keys)], out)
            for number, node in enumerate(sys.argv[2:])
            for i in range(CLIENTS_OF_A_NODE)
        ]
        threads = [threading.Thread(target=client.run) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    print(", ".join(f"{count} x {answer}" for answer, count in answers.most_common()))


main()
