"""How the client calls, and when it calls again."""

import json
import unittest
from decimal import Decimal

from meisim_dealer import Dealer, DealerError

from .scripted import Answer, Scripted, refusal

ORDER = {"productId": "p3:data-us-5gb", "customerEmail": "end@x.com", "customerName": "Jane Doe"}
PLACED = {"ok": True, "orderId": "one", "totalUsd": 9.5}
HANG_UP = Answer(0)


class Repeats(unittest.TestCase):
    def test_an_order_bears_a_key_of_its_own_and_another_order_another_one(self) -> None:
        with Scripted(Answer(200, PLACED), Answer(200, PLACED)) as server:
            server.dealer.post("/dealer/order", ORDER)
            server.dealer.post("/dealer/order", ORDER)
        first, second = server.keys
        self.assertRegex(str(first), "^[0-9a-f-]{36}$")
        self.assertNotEqual(first, second)
        self.assertEqual(server.seen[0].headers["x-dealer-key"], "dk_test")
        self.assertEqual(json.loads(server.seen[0].body), ORDER)

    def test_an_unknown_outcome_is_asked_for_again_under_the_same_key_as_late_as_retry_after_says(self) -> None:
        with Scripted(refusal(503, "outcome_unknown", 2), Answer(200, PLACED)) as server:
            self.assertEqual(server.dealer.post("/dealer/order", ORDER)["orderId"], "one")
        first, second = server.keys
        self.assertEqual(first, second)
        self.assertEqual(server.pauses, [2])

    def test_an_order_whose_answer_is_lost_is_sent_again_under_the_same_key(self) -> None:
        with Scripted(HANG_UP, Answer(502, "<html>"), Answer(200, PLACED)) as server:
            server.dealer.post("/dealer/order", ORDER, idempotency_key="order-7")
        self.assertEqual(server.keys, ["order-7"] * 3)
        self.assertEqual(len(server.pauses), 2)

    def test_what_would_be_done_twice_is_not_sent_again_when_its_answer_is_lost(self) -> None:
        with Scripted(HANG_UP) as server, self.assertRaises(DealerError) as caught:
            server.dealer.post("/dealer/webhooks", {"url": "https://x.com", "events": ["*"]})
        self.assertEqual((caught.exception.code, caught.exception.status), ("no_answer", 0))

    def test_what_would_be_done_twice_is_sent_again_where_the_service_says_that_nothing_was_done(self) -> None:
        with Scripted(refusal(429, "rate_limited", 7), Answer(200, {})) as server:
            server.dealer.post("/dealer/webhooks", {"url": "https://x.com", "events": ["*"]})
        self.assertEqual(server.pauses, [7])

    def test_a_proxys_retry_after_is_not_the_services_word_that_nothing_was_done(self) -> None:
        busy = Answer(503, "<html>", {"retry-after": "3"})
        with Scripted(busy) as server, self.assertRaises(DealerError) as caught:
            server.dealer.post("/dealer/webhooks", {"url": "https://x.com", "events": ["*"]})
        self.assertEqual((caught.exception.code, len(server.seen)), ("foreign_answer", 1))
        with Scripted(busy, Answer(200, PLACED)) as server:
            server.dealer.post("/dealer/order", ORDER)
        self.assertEqual(server.pauses, [3])

    def test_the_client_gives_up_after_as_many_repeats_as_it_is_told(self) -> None:
        with Scripted(HANG_UP, HANG_UP, HANG_UP, retries=2) as server, self.assertRaises(DealerError):
            server.dealer.get("/api/v1/me")
        self.assertEqual(len(server.seen), 3)

    def test_no_key_follows_to_another_place(self) -> None:
        with Scripted(Answer(307, "", {"location": "/elsewhere"})) as server, self.assertRaises(DealerError) as caught:
            server.dealer.get("/api/v1/me")
        self.assertEqual(caught.exception.code, "foreign_answer")
        self.assertEqual(len(server.seen), 1)


class Errors(unittest.TestCase):
    def test_a_refusal_tells_why_and_is_not_repeated(self) -> None:
        with Scripted(refusal(402, "insufficient_funds", balance=1.0, required=25.0)) as server:
            with self.assertRaises(DealerError) as caught:
                server.dealer.post("/dealer/order", ORDER)
        error = caught.exception
        self.assertEqual(error.code, "insufficient_funds")
        self.assertEqual(error.body["required"] - error.body["balance"], Decimal(24))
        self.assertEqual(error.request_id, "request-1")
        self.assertEqual(str(error), "because of insufficient_funds")

    def test_an_error_names_the_field_and_the_key_under_which_the_caller_may_go_on(self) -> None:
        with Scripted(refusal(503, "outcome_unknown", 900, field="quantity")) as server:
            with self.assertRaises(DealerError) as caught:
                server.dealer.post("/dealer/order", ORDER, idempotency_key="order-8")
        error = caught.exception
        self.assertEqual((error.field, error.idempotency_key, error.retry_after), ("quantity", "order-8", 900))


class Requests(unittest.TestCase):
    def test_what_stands_in_the_path_and_in_the_query_is_escaped(self) -> None:
        with Scripted(Answer(200, {}), Answer(200, {})) as server:
            server.dealer.get("/dealer/webhooks/{id}", params={"id": "a/b?c"})
            server.dealer.get("/dealer/orders", {"reference": "a b", "limit": 2, "status": None})
        self.assertEqual(
            [one.line for one in server.seen],
            ["GET /dealer/webhooks/a%2Fb%3Fc", "GET /dealer/orders?reference=a+b&limit=2"],
        )

    def test_a_path_is_never_sent_with_a_hole_in_it(self) -> None:
        with self.assertRaises(ValueError):
            Dealer(base_url="http://127.0.0.1:1").delete("/dealer/webhooks/{id}", params={"id": ""})

    def test_money_is_exact_both_ways(self) -> None:
        with Scripted(Answer(200, PLACED)) as server:
            answer = server.dealer.post("/dealer/order", {**ORDER, "maxPriceUsd": Decimal("30.10")})
        self.assertEqual(answer["totalUsd"], Decimal("9.5"))
        self.assertIn('"maxPriceUsd": 30.1', server.seen[0].body)

    def test_a_csv_is_text_and_a_token_a_bearer_token(self) -> None:
        with Scripted(Answer(200, "Date,Type\r\n"), key=None, token="abc") as server:
            self.assertEqual(server.dealer.get("/dealer/statement"), "Date,Type\r\n")
        self.assertEqual(server.seen[0].headers["authorization"], "Bearer abc")
        self.assertNotIn("x-dealer-key", server.seen[0].headers)

    def test_a_list_is_read_to_its_end_page_by_page(self) -> None:
        pages = [{"data": [{"id": 1}, {"id": 2}], "next_cursor": "c"}, {"data": [{"id": 3}], "next_cursor": None}]
        with Scripted(*(Answer(200, page) for page in pages)) as server:
            orders = server.dealer.list("/dealer/orders", {"status": "completed"})
            self.assertEqual([next(orders)["id"], next(orders)["id"]], [1, 2])
            self.assertEqual(len(server.seen), 1)
            self.assertEqual([one["id"] for one in orders], [3])
        self.assertEqual(server.seen[1].line, "GET /dealer/orders?status=completed&cursor=c")


if __name__ == "__main__":
    unittest.main()
