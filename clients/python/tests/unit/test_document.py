"""What the client knows of the API stands in its document."""

import json
import os
import unittest

from meisim_dealer.dealer import KEYED_PATHS


@unittest.skipUnless("MEISIM_API_DOCUMENT" in os.environ, "needs the API's document")
class Document(unittest.TestCase):
    def test_the_paths_that_take_a_key_are_known(self) -> None:
        with open(os.environ["MEISIM_API_DOCUMENT"], encoding="utf-8") as file:
            paths = json.load(file)["paths"]
        keyed = {
            path
            for path, item in paths.items()
            for one in item.get("post", {}).get("parameters", [])
            if one.get("name") == "Idempotency-Key" or one.get("$ref", "").endswith("/IdempotencyKey")
        }
        self.assertEqual(KEYED_PATHS, keyed)


if __name__ == "__main__":
    unittest.main()
