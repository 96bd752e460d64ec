"""A server that gives the answers it is told, one a request, and remembers what it saw."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict, List, NamedTuple, Optional

from meisim_dealer import Dealer


class Answer(NamedTuple):
    """What a request gets; no answer at all where `status` is 0."""

    status: int
    body: Any = None
    headers: Dict[str, str] = {}


class Seen(NamedTuple):
    """What the server saw of a request."""

    line: str
    headers: Dict[str, str]
    body: str


def refusal(status: int, code: str, retry_after: Optional[int] = None, **more: Any) -> Answer:
    """A refusal as the service gives it."""
    body = {"error": "Refused", "message": f"because of {code}", "code": code, "request_id": "request-1", **more}
    return Answer(status, body, {} if retry_after is None else {"retry-after": str(retry_after)})


class Scripted:
    """`with Scripted(answers) as server:` has a client of it in `server.dealer`."""

    def __init__(self, *answers: Answer, **settings: Any) -> None:
        self.answers = list(answers)
        self.seen: List[Seen] = []
        self.pauses: List[float] = []
        script = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                script.seen.append(Seen(f"{self.command} {self.path}", headers, body))
                answer = script.answers.pop(0)
                if answer.status == 0:
                    return
                is_text = isinstance(answer.body, str)
                content = (answer.body if is_text else json.dumps(answer.body)).encode()
                self.send_response(answer.status)
                self.send_header("content-type", "text/csv" if is_text else "application/json")
                self.send_header("content-length", str(len(content)))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_DELETE = answer

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.dealer = Dealer(**{"key": "dk_test", "base_url": url, "sleep": self.pauses.append, **settings})

    def __enter__(self) -> "Scripted":
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.dealer.close()
        self.server.shutdown()
        self.server.server_close()

    @property
    def keys(self) -> List[Optional[str]]:
        """The Idempotency-Key of each request."""
        return [one.headers.get("idempotency-key") for one in self.seen]
