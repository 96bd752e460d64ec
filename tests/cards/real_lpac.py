"""What the real lpac does with our node, pcscd and virtual cards. Run by tests/system/real_lpac_test.sh."""

import itertools
import os
import signal
import time
import unittest

import bench
from bench import Card, Node, Pcscd, wait_for

# Matching ids, or hosts, by what they come to. The sandbox's SM-DP+ answers by them.
VERDICTS = (
    ("AVAILABLE-", "available", ""),
    ("USED-", "used", "8.2.6/3.8"),
    ("STATUS-8-1-1--3-8-", "used", "8.1.1/3.8"),
    ("STATUS-8-2--3-7-", "used", "8.2/3.7"),
    ("INVALID-", "invalid", "8.8.5/4.1"),
    ("STATUS-8-2-6--3-3-", "invalid", "8.2.6/3.3"),
    ("UNKNOWN-", "unknown", "8.2/1.2"),
    ("STATUS-8-2-7--2-2-", "unknown", "8.2.7/2.2"),
    ("STATUS-9-9--9-9-", "unknown", "9.9/9.9"),
    ("STATUS-8-10-1--3-9-", "error", "8.10.1/3.9"),
    ("ERROR-", "error", ""),
    ("HTTP-503-", "error", ""),
    ("NOTJSON-", "error", ""),
    ("REDIRECT-", "error", ""),
    ("HUGE-", "error", ""),
    ("BLANK-", "error", ""),
    ("DROP-", "error", ""),
)

# What a server makes of a card's answer that is no answer.
CUT = "the SM-DP+ answered with HTTP status 500"
OTHER_CARD = "another card has answered than the device's own"

numbers = itertools.count(1)


def code(matching_id="AVAILABLE-", host="smdp.example.com"):
    """A code that nobody has asked about."""
    return f"LPA:1${host}${matching_id}{next(numbers)}"


class Bench(unittest.TestCase):
    devices = 2
    timeout = 10

    def setUp(self):
        self.pcscd = Pcscd()
        self.addCleanup(lambda: self.pcscd.stop())
        self.cards = [Card(0), Card(1)]
        self.addCleanup(lambda: [card.stop() for card in self.cards])
        self.node = Node(self.devices, self.timeout)
        self.addCleanup(lambda: self.node.stop())
        self.node.wait_until_idle(self.devices)

    @staticmethod
    def take_out(*cards):
        for card in cards:
            card.stop()
        # pcscd looks for cards a few times a second. While the last one is let go of, vpcd may lose the next.
        time.sleep(1)

    def put_in(self, reader, *options, eid=None):
        """A fresh card, which behaves like this."""
        self.take_out(self.cards[reader])
        self.cards[reader] = Card(reader, *options, eid=eid)
        self.cards[reader].wait_until_found()

    def eids(self):
        return tuple(self.node.devices()[f"card-{number}"]["eid"] for number in range(self.devices))

    def move_cards(self, *eids):
        """The cards lie in other readers than before, or in none."""
        self.take_out(*self.cards)
        self.cards = [Card(reader, eid=eid) for reader, eid in enumerate(eids) if eid]
        for card in self.cards:
            card.wait_until_found()

    def assert_nothing_used_up(self):
        self.assertEqual(bench.misdeeds(), {})
        for order, known in bench.smdp()["orders"].items():
            self.assertEqual(known["state"], "released", order)
        for card in self.cards:
            self.assertNotIn("PrepareDownload", card.functions())


class Checks(Bench):
    def test_devices_test_themselves(self):
        for number, eid in enumerate(Card.eids):
            said = self.node.test(number)
            self.assertTrue(said["ok"], said)
            self.assertEqual(said["eid"], eid)
            self.assertEqual([step["step"] for step in said["steps"]][-1], "network")

    def test_two_readers_hold_cards_of_one_eid(self):
        self.put_in(1, eid=Card.eids[0])
        self.node.test(1)
        first, second = (self.node.devices()[name] for name in ("card-0", "card-1"))
        self.assertEqual(second["state"], "refused", second)
        self.assertEqual(second["detail"], "its card is that of " + first["name"])
        rows = self.node.check(*(code() for _ in range(4)))
        self.assertEqual({row["device"] for row in rows}, {first["name"]})
        self.put_in(1)
        self.node.test(1)
        self.node.wait_until_idle()

    def test_two_cards_change_places(self):
        # As readers of one model do with their names when they are found in another order.
        self.move_cards(*reversed(Card.eids))
        rows = self.node.check(*(code() for _ in range(6)))
        self.assertEqual({row["status"] for row in rows}, {"available"}, rows)
        wait_for(lambda: self.eids() == Card.eids[::-1])
        self.node.wait_until_idle()
        self.assert_nothing_used_up()

    def test_a_card_moves_to_another_reader(self):
        self.move_cards(None, Card.eids[0])
        rows = self.node.check(*(code() for _ in range(4)))
        self.assertEqual({row["status"] for row in rows}, {"available"}, rows)
        self.assertEqual(self.eids(), (None, Card.eids[0]))
        self.assertNotEqual(self.node.devices()["card-0"]["state"], "idle")
        self.assert_nothing_used_up()

    def test_all_verdicts(self):
        rows = self.node.check(*(code(begin) for begin, _, _ in VERDICTS))
        for (begin, verdict, codes), row in zip(VERDICTS, rows):
            with self.subTest(begin):
                self.assertEqual((row["status"], row["codes"] or ""), (verdict, codes), row)
        self.assertRegex(rows[0]["iccid"], "^89[0-9]{17,18}$")
        self.assert_nothing_used_up()
        for device in self.node.devices().values():
            self.assertEqual(device["state"], "idle", device)

    def test_verdicts_of_the_first_function(self):
        rows = self.node.check(
            code(host="status-8-8-1--3-8.example.com"), code(host="malformed.example.com"), code(host="other.example.org")
        )
        self.assertEqual([row["status"] for row in rows], ["invalid", "error", "error"], rows)
        self.assertEqual(rows[0]["codes"], "8.8.1/3.8")
        # Its certificate is for others.
        self.assertEqual(rows[2]["reason"], "the SM-DP+ could not be reached")
        self.assert_nothing_used_up()

    def test_two_cards_at_once(self):
        rows = self.node.check(*(code() for _ in range(20)))
        self.assertEqual({row["status"] for row in rows}, {"available"}, rows)
        self.assertEqual({row["device"].split(".")[-1] for row in rows}, {"card-0", "card-1"})
        self.assert_nothing_used_up()

    def test_a_card_that_trusts_no_server(self):
        self.put_in(0, "--refuse")
        self.put_in(1, "--refuse")
        (row,) = self.node.check(code())
        self.assertEqual((row["status"], row["http_status"]), ("error", 500), row)
        self.assert_nothing_used_up()

    def test_a_card_whose_answers_are_cut(self):
        self.put_in(0, "--garble", "AuthenticateServer")
        rows = self.node.check(*(code() for _ in range(6)))
        self.assertEqual({row["status"] for row in rows}, {"available"}, rows)
        self.assertEqual({row["device"].split(".")[-1] for row in rows}, {"card-1"})
        self.assertEqual({each["reason"] for row in rows for each in row["attempts"]}, {CUT})
        self.assert_nothing_used_up()

    def test_a_card_is_pulled_in_the_middle(self):
        for function in ("GetEUICCChallenge", "GetEUICCInfo1", "AuthenticateServer"):
            with self.subTest(function):
                self.put_in(0, "--leave-at", function)
                # It has been refused since its last card was pulled.
                self.node.wait_until_idle()
                rows = self.node.check(code(), code())
                self.assertEqual({row["status"] for row in rows}, {"available"}, rows)
                self.assertEqual(self.cards[0].process.wait(20), 0)
        self.assert_nothing_used_up()

    def test_a_reader_is_pulled_in_the_middle(self):
        self.put_in(0, "--slow", "AuthenticateServer=1")
        self.put_in(1, "--slow", "AuthenticateServer=1")
        batch = self.node.submit([code()])
        wait_for(lambda: any("AuthenticateServer" in card.functions()[-1:] for card in self.cards))
        self.pcscd.stop(signal.SIGKILL)
        (row,) = self.node.verdicts(batch)
        self.assertEqual(row["status"], "error", row)
        self.assertIn("SCard", " ".join(sum((each["last_results"] for each in self.node.devices().values()), [])))
        wait_for(self.node.are_without_pcscd)
        # It is there again.
        for card in self.cards:
            card.stop()
        self.pcscd = Pcscd()
        self.cards = [Card(0), Card(1)]
        self.node.wait_until_idle()
        (row,) = self.node.check(code())
        self.assertEqual(row["status"], "available", row)
        self.assert_nothing_used_up()


class OneCard(Bench):
    devices = 1

    def test_another_card_has_come_since_the_self_test(self):
        self.put_in(0, eid=Card.another_eid)
        before = bench.smdp()["calls"].get("authenticateClient", 0)
        (row,) = self.node.check(code())
        self.assertEqual(row["status"], "available", row)
        self.assertEqual([each["reason"] for each in row["attempts"]], [OTHER_CARD])
        self.assertEqual(self.node.devices()["card-0"]["eid"], Card.another_eid)
        # The other card's answer was kept from the SM-DP+.
        self.assertEqual(bench.smdp()["calls"]["authenticateClient"], before + 1)
        self.assert_nothing_used_up()

    def test_two_hundred_checks_in_a_row(self):
        begun = time.monotonic()
        rows = self.node.verdicts(self.node.submit([code() for _ in range(200)]), 600)
        print(f"{time.monotonic() - begun:.0f} s", end=" ", flush=True)
        self.assertEqual({row["status"] for row in rows}, {"available"})
        self.assertEqual(self.node.devices()["card-0"]["failures"], 0)
        self.assertEqual([row for row in rows if row["attempts"]], [])
        self.assertNotIn("NoChannelLeft", self.cards[0].functions())
        self.assert_nothing_used_up()

    def test_the_program_is_killed_at_every_stage(self):
        for function in ("GetEUICCChallenge", "GetEUICCInfo1", "AuthenticateServer"):
            with self.subTest(function):
                self.put_in(0, "--slow", f"{function}=1")
                before = len(self.cards[0].functions())
                batch = self.node.submit([code()])
                wait_for(lambda: function in self.cards[0].functions()[before:])
                for program in self.node.programs():
                    os.kill(program, signal.SIGKILL)
                (row,) = self.node.verdicts(batch)
                self.assertEqual(row["status"], "available", row)
                self.assertEqual(len(row["attempts"]), 1, row)
        self.assert_nothing_used_up()

    def test_the_node_is_killed_at_every_stage(self):
        batches = []
        for function in ("GetEUICCChallenge", "GetEUICCInfo1", "AuthenticateServer"):
            self.put_in(0, "--slow", f"{function}=1")
            before = len(self.cards[0].functions())
            batches.append(self.node.submit([code()]))
            wait_for(lambda: function in self.cards[0].functions()[before:])
            self.node.stop(signal.SIGKILL)
            # Its program ends with it, and undoes nothing on the network.
            self.node = Node(self.devices, self.timeout)
            self.node.wait_until_idle(self.devices)
        for batch in batches:
            (row,) = self.node.verdicts(batch)
            self.assertEqual(row["status"], "available", row)
        self.assert_nothing_used_up()


class SilentServer(Bench):
    devices = 1
    timeout = 4

    def test_a_server_that_does_not_answer(self):
        (row,) = self.node.check(code("HANG-"))
        self.assertEqual((row["status"], row["reason"]), ("error", "no result in time"), row)
        self.assert_nothing_used_up()

    def test_a_card_that_does_not_answer(self):
        self.put_in(0, "--slow", "AuthenticateServer=6")
        batch = self.node.submit([code()])
        (row,) = self.node.verdicts(batch)
        self.assertEqual((row["status"], row["reason"]), ("error", "no result in time"), row)
        self.assert_nothing_used_up()


class NoPcscd(unittest.TestCase):
    def test_devices_are_refused_until_it_is_there(self):
        node = Node()
        self.addCleanup(node.stop)
        wait_for(node.are_without_pcscd)
        self.assertIn("SCardEstablishContext", node.ctl("device", "list"))
        self.assertRegex(node.said(), "card-1 is refused for .*SCardEstablishContext")
        pcscd = Pcscd()
        self.addCleanup(pcscd.stop)
        for reader in range(2):
            self.addCleanup(Card(reader).stop)
        node.wait_until_idle()


class ByHand(unittest.TestCase):
    """What the checks are kept from: lpac wants to end the order for good, unless it is answered with yes."""

    def setUp(self):
        pcscd = Pcscd()
        self.addCleanup(pcscd.stop)
        self.card = Card(0)
        self.addCleanup(self.card.stop)
        self.card.wait_until_found()

    def look(self, at_preview):
        steps, asked = bench.by_hand(code(), at_preview)
        self.assertIn("preview", steps)
        self.assertEqual(asked[:2], list(bench.CHECK_PATHS))
        return asked[2:]

    def test_a_declined_preview_asks_to_cancel(self):
        self.assertEqual(self.look("n"), ["cancelSession"])
        self.assertEqual(self.card.functions()[-1], "CancelSession")

    def test_the_end_of_the_input_asks_to_cancel(self):
        self.assertEqual(self.look(None), ["cancelSession"])
        self.assertEqual(bench.misdeeds(), {})


if __name__ == "__main__":
    unittest.main(verbosity=2)
