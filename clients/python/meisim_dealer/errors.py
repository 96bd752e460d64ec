"""A request that was not answered as wished."""

from typing import Any, Mapping, Optional


class DealerError(Exception):
    """A request that was not answered as wished; `code` tells why.

    The codes are the API's own (`insufficient_funds`, `not_found`, …); `no_answer` where none has come, and `foreign_answer`
    where it is not the API's.
    """

    def __init__(
        self,
        body: Mapping[str, Any],
        status: int = 0,
        retry_after: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> None:
        super().__init__(str(body["message"]))
        #: All that the answer says; `insufficient_funds` has `balance` and `required`.
        self.body = body
        self.code: str = body["code"]
        self.message: str = body["message"]
        #: The field at fault, where it is one.
        self.field: Optional[str] = body.get("field")
        #: What our support asks for.
        self.request_id: Optional[str] = body.get("request_id")
        #: The HTTP status; 0 where no answer has come.
        self.status = status
        #: After how many seconds a repeat is safe; not known where it is None.
        self.retry_after = retry_after
        #: The key that the request bore. A repeat under it is done once, and answered as the first one.
        self.idempotency_key = idempotency_key
