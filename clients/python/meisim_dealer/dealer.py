"""The API as one dealer sees it."""

import json
import os
import random
import re
import time
import uuid
from decimal import Decimal
from typing import Any, Callable, Dict, Iterator, Mapping, Optional, Union
from urllib.parse import quote

import requests

from .errors import DealerError

#: The paths whose POST is done once under one Idempotency-Key.
KEYED_PATHS = frozenset(
    {
        "/api/portal/v1/services/esim_supply_att/execute",
        "/api/portal/v1/services/esim_validate/execute",
        "/api/v1/esim/order",
        "/api/v1/esim/topup",
        "/api/v1/topup/recharge",
        "/dealer/esim-verify",
        "/dealer/order",
        "/dealer/replace/{orderId}",
        "/dealer/resend-email/{orderId}",
        "/dealer/topup",
        "/dealer/topup-intent",
    }
)

Parameters = Mapping[str, Union[str, int]]
Query = Mapping[str, Union[str, int, Decimal, bool, None]]


class Dealer:
    """The API as one dealer sees it. Each operation of `/openapi.json` is a method and a path.

    A request is repeated where a repeat is safe: after the pause that `Retry-After` names, and, where it does nothing twice,
    when no answer has come. A POST that moves money or places an order bears an Idempotency-Key, the same at each attempt.
    Amounts of money are `Decimal`.
    """

    def __init__(
        self,
        key: Optional[str] = None,
        token: Optional[str] = None,
        base_url: Optional[str] = None,
        retries: int = 4,
        longest_pause: float = 60,
        timeout: float = 35,
        session: Optional[requests.Session] = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`key` is an API key; the environment's MEISIM_DEALER_KEY unless there is a `token`, which is that of a sign-in.

        `base_url` is where the service is; the environment's MEISIM_URL, or https://meisimusa.com. Times are in seconds. The
        service answers within 28. An error that says to wait for more than `longest_pause` is raised. `sleep` is for tests.
        """
        if token is None:
            key = key or os.environ.get("MEISIM_DEALER_KEY")
        self._credential: Dict[str, str] = {}
        if key is not None:
            self._credential["x-dealer-key"] = key
        if token is not None:
            self._credential["authorization"] = f"Bearer {token}"
        self._base_url = (base_url or os.environ.get("MEISIM_URL") or "https://meisimusa.com").rstrip("/")
        self._retries = retries
        self._longest_pause = longest_pause
        self._timeout = timeout
        self._session = session or requests.Session()
        self._sleep = sleep

    def close(self) -> None:
        """Ends the connections."""
        self._session.close()

    def get(self, path: str, query: Optional[Query] = None, params: Optional[Parameters] = None) -> Any:
        """What a path shows: its JSON, a CSV's text, or the bytes of a picture."""
        return self._call("GET", path, params, query=query)

    def post(
        self,
        path: str,
        body: Optional[Mapping[str, Any]] = None,
        params: Optional[Parameters] = None,
        idempotency_key: Optional[str] = None,
    ) -> Any:
        """Does something, once under one key: yours (an order's number, say), or one that is made here."""
        return self._call("POST", path, params, body=body, idempotency_key=idempotency_key)

    def delete(self, path: str, params: Optional[Parameters] = None) -> Any:
        """Takes something away."""
        return self._call("DELETE", path, params)

    def list(
        self, path: str, query: Optional[Query] = None, params: Optional[Parameters] = None
    ) -> Iterator[Dict[str, Any]]:
        """All that a path lists, newest first, page by page as it is asked for."""
        cursor: Optional[str] = None
        while True:
            page = self.get(path, {**(query or {}), "cursor": cursor}, params)
            yield from page["data"]
            cursor = page.get("next_cursor")
            if cursor is None:
                return

    def _call(
        self,
        method: str,
        path: str,
        params: Optional[Parameters],
        query: Optional[Query] = None,
        body: Optional[Mapping[str, Any]] = None,
        idempotency_key: Optional[str] = None,
    ) -> Any:
        is_keyed = method == "POST" and path in KEYED_PATHS
        key = idempotency_key or (str(uuid.uuid4()) if is_keyed else None)
        request: Dict[str, Any] = {
            "method": method,
            "url": self._base_url + _filled(path, params or {}),
            "params": {name: _text(value) for name, value in (query or {}).items() if value is not None},
            "headers": {"idempotency-key": key} if key else {},
        }
        if body is not None:
            request["data"] = json.dumps(body, default=float)
            request["headers"]["content-type"] = "application/json"
        for attempt in range(self._retries + 1):
            try:
                return self._send_once(request, key)
            except DealerError as error:
                pause = pause_before(attempt, error, is_keyed or method == "GET")
                if attempt == self._retries or pause is None or pause > self._longest_pause:
                    raise
            self._sleep(pause)
        raise AssertionError("the last attempt has raised")

    def _sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self._credential)
        return request

    def _send_once(self, request: Dict[str, Any], key: Optional[str]) -> Any:
        try:
            # The key must not follow to another place.
            answer = self._session.request(**request, auth=self._sign, timeout=self._timeout, allow_redirects=False)
        except requests.RequestException as problem:
            message = f"no answer from {self._base_url}: {problem}"
            raise DealerError({"message": message, "code": "no_answer"}, idempotency_key=key) from problem
        if not 200 <= answer.status_code < 300:
            raise _refusal(answer, key)
        kind = answer.headers.get("content-type", "")
        if kind.startswith("application/json"):
            return answer.json(parse_float=Decimal)
        return answer.text if kind.startswith("text/") else answer.content


def pause_before(attempt: int, error: DealerError, is_repeatable: bool) -> Optional[float]:
    """How many seconds to wait before the next attempt; None if there must be none.

    `Retry-After` is the service's word that a repeat is safe. A call that does nothing twice is also repeated where the
    service has not spoken: no answer has come, or that of a proxy which has none either.
    """
    is_foreign = error.code == "foreign_answer"
    if error.retry_after is not None and (is_repeatable or not is_foreign):
        return error.retry_after
    is_silent = error.code == "no_answer" or (is_foreign and error.status >= 500)
    if not is_repeatable or not is_silent:
        return None
    return min(8.0, 0.5 * 2.0**attempt) * random.uniform(0.75, 1)


def _refusal(answer: requests.Response, key: Optional[str]) -> DealerError:
    """The service's own words, if the answer is its own."""
    try:
        body = answer.json(parse_float=Decimal)
        is_own = isinstance(body["message"], str) and isinstance(body["code"], str)
    except (ValueError, KeyError, TypeError):
        is_own = False
    if not is_own:
        body = {"message": f"status {answer.status_code}: {answer.text[:200]}", "code": "foreign_answer"}
    after = answer.headers.get("retry-after", "")
    return DealerError(body, answer.status_code, int(after) if after.isdecimal() else None, key)


def _filled(path: str, params: Parameters) -> str:
    """The path with its parameters filled in."""

    def value_of(name: "re.Match[str]") -> str:
        value = str(params.get(name.group(1), ""))
        if not value:
            raise ValueError(f"{path} needs params['{name.group(1)}']")
        return quote(value, safe="")

    return re.sub(r"\{(\w+)\}", value_of, path)


def _text(value: Union[str, int, Decimal, bool, None]) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
