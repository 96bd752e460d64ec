"""A bench of virtual cards: pcscd with two readers, the cards in them, a node that checks codes there, and a hand that uses
lpac without a node. tests/system/real_lpac_test.sh starts what is around it and sets the environment."""

import http.client
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request

HOME = pathlib.Path(os.environ["MEISIM_HOME"])
BIN = pathlib.Path(os.environ["MEISIM_BUILD"]) / "bin"
LPAC = os.environ["MEISIM_LPAC"]
READER_PORT = int(os.environ["MEISIM_READER_PORT"])
URL = f"http://127.0.0.1:{os.environ['MEISIM_PORT']}"
ADMIN_URL = f"http://127.0.0.1:{os.environ['MEISIM_ADMIN_PORT']}"
SANDBOX_URL = os.environ["MEISIM_PROVIDER_URL"]
SMDP = f"127.0.0.1:{os.environ['MEISIM_SMDP_PORT']}"
CHECK_PATHS = ("initiateAuthentication", "authenticateClient")
FUNCTIONS = "/gsma/rsp2/es9plus/"
# With the end of the script that started this one, all of it ends.
AS_CHILD = ["setpriv", "--pdeathsig", "TERM"]


def wait_for(what, seconds=60):
    """Waits until `what()` is true, and gives what it was."""
    end = time.monotonic() + seconds
    while not (found := what()):
        if time.monotonic() > end:
            raise TimeoutError(f"{seconds} s have passed")
        time.sleep(0.02)
    return found


def call(url, body=None, headers=None):
    """An answer's JSON, or its text if it is none."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})})
    with urllib.request.urlopen(request, timeout=120) as answer:
        text = answer.read().decode()
    try:
        return json.loads(text)
    except ValueError:
        return text


class Child:
    """A process beside this one, which is to be stopped."""

    def __init__(self, command, log):
        self.log = HOME / log
        words = AS_CHILD + [str(word) for word in command]
        with open(self.log, "a", encoding="utf-8") as file:
            self.before = file.tell()
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=file, stderr=file)

    def said(self):
        return self.log.read_bytes()[self.before :].decode()

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait()


class Pcscd(Child):
    """pcscd with two virtual readers, and a socket of its own."""

    folder = HOME / "pcscd"
    os.environ["PCSCLITE_CSOCK_NAME"] = str(folder / "pcscd.comm")
    readers = ("Virtual PCD 00 00", "Virtual PCD 00 01")

    def __init__(self):
        self.folder.mkdir(exist_ok=True)
        config = HOME / "reader.conf"
        config.write_text(
            'FRIENDLYNAME "Virtual PCD"\n'
            f"DEVICENAME /dev/null:0x{READER_PORT:X}\n"
            "LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so\n"
            f"CHANNELID 0x{READER_PORT:X}\n"
        )
        inside = 'mkdir -p /run/pcscd && mount --bind "$0" /run/pcscd && exec pcscd --foreground --config "$1"'
        super().__init__(["unshare", "--mount", "sh", "-c", inside, self.folder, config], "pcscd.log")
        wait_for(lambda: len(readers()) == 2)


def lpac(*words):
    """What lpac says at its end, of the virtual readers."""
    env = {**os.environ, "LPAC_APDU": "pcsc", "LPAC_HTTP": "stdio"}
    said = subprocess.run([LPAC, *words], env=env, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in said.stdout.splitlines() if line.startswith("{")]
    return lines[-1]["payload"] if lines else {}


def readers():
    return [each["name"] for each in lpac("driver", "apdu", "list").get("data") or []]


class Card(Child):
    """A card in the reader of this number. Options as virtual_euicc.py has them."""

    # Of the cards that lie in the readers at first, and of one that comes later.
    eids = ("89049032000000000000000000000066", "89049032000000000000000000000163")
    another_eid = "89049032000000000000000000000260"

    def __init__(self, reader, *options, eid=None):
        self.diary = HOME / f"card-{reader}.diary"
        program = pathlib.Path(__file__).with_name("virtual_euicc.py")
        port = READER_PORT + reader
        command = ["python3", program, "--port", port, "--eid", eid or self.eids[reader], "--diary", self.diary]
        super().__init__([*command, *options], f"card-{reader}.log")

    def wait_until_found(self):
        wait_for(lambda: "powered" in self.said())
        # pcscd tells programs a moment later.
        time.sleep(0.3)

    def functions(self):
        """What the cards of this reader were asked for, oldest first."""
        return self.diary.read_text().split() if self.diary.exists() else []


def smdp():
    """How often each function of the SM-DP+ was called, and what became of the orders."""
    return call(SANDBOX_URL + "/test/smdp")


def misdeeds():
    """Calls of functions that use a code up, or that there are none of."""
    return {name: count for name, count in smdp()["calls"].items() if name not in CHECK_PATHS}


class Node(Child):
    """A node with devices at the first readers."""

    def __init__(self, devices=2, timeout=10):
        listed = [
            {
                "name": f"card-{number}",
                "driver": "lpac",
                "binary": LPAC,
                "reader": Pcscd.readers[number],
                "ca_file": str(HOME / "ci.pem"),
                "allow_private": True,
                "connect_to": SMDP,
                "timeout_seconds": timeout,
                "test_host": "smdp.example.com",
            }
            for number in range(devices)
        ]
        file = HOME / "devices.json"
        file.write_text(json.dumps({"devices": listed}))
        super().__init__([BIN / "meisimd", "--seed-demo", "--devices-file", file], "node.log")
        wait_for(self.is_ready)
        self.token = (HOME / "admin.token").read_text().split()[0]
        self.key = json.loads(self.ctl("dealer", "key", "demo@meisim.test", "--json"))["apiKey"]

    def is_ready(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the node has ended, see {self.log}")
        try:
            call(ADMIN_URL + "/readyz")
        except (urllib.error.URLError, ConnectionError):
            return False
        return True

    @staticmethod
    def ctl(*words):
        return subprocess.run([BIN / "meisimctl", *words], capture_output=True, text=True, check=True).stdout

    def dealer(self, path, body=None):
        return call(URL + path, body, {"x-dealer-key": self.key})

    def admin(self, path):
        return call(ADMIN_URL + path, None, {"Authorization": f"Bearer {self.token}"})

    def devices(self):
        return {each["name"].split(".")[-1]: each for each in self.admin("/admin/v1/devices")}

    def test(self, number):
        """Has a device test itself, once it does not do so anyway."""
        name = self.devices()[f"card-{number}"]["name"]

        def answer():
            try:
                return self.admin(f"/admin/v1/devices/{name}/test")
            except urllib.error.HTTPError as error:
                if error.code != http.client.CONFLICT:
                    raise

        return wait_for(answer)

    def wait_until_idle(self, count=2):
        wait_for(lambda: sum(each["state"] == "idle" for each in self.devices().values()) == count)

    def are_without_pcscd(self):
        """Whether all devices say so."""
        return all(each["state"] == "refused" and "SCard" in (each["detail"] or "") for each in self.devices().values())

    def submit(self, codes):
        return self.dealer("/dealer/esim-verify", {"lpas": codes})["batch_id"]

    def verdicts(self, batch, seconds=120):
        """The rows of a batch, once it is complete."""
        path = f"/dealer/esim-verify/{batch}"
        wait_for(lambda: self.dealer(path)["batch"]["completed_at"], seconds)
        count = self.dealer(path)["progress"]["total"]
        return [self.admin(f"/admin/v1/verdicts/{batch}/{row}") for row in range(1, count + 1)]

    def check(self, *codes):
        return self.verdicts(self.submit(codes))

    def programs(self):
        """The process ids of the lpac that run now."""
        result = []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                if parent == self.process.pid and (folder / "comm").read_text().strip() == "lpac":
                    result.append(int(folder.name))
            except (OSError, IndexError):
                continue
        return result


def by_hand(code, at_preview):
    """A check by lpac alone, whose requests are carried here. `at_preview` is what is written at its question; None
    closes its input. Gives the steps that it tells of and the functions that it asks for; those that use a code up are not
    sent."""
    context = ssl.create_default_context(cafile=HOME / "ci.pem")
    env = {
        **os.environ,
        "LPAC_APDU": "pcsc",
        "LPAC_HTTP": "stdio",
        "LPAC_APDU_PCSC_DRV_NAME": Pcscd.readers[0],
        "LPAC_APDU_PCSC_DRV_IFID": "-2",
    }
    command = [LPAC, "profile", "download", "-a", code, "-p"]
    steps, asked = [], []
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        for line in program.stdout:
            said = json.loads(line)
            payload = said["payload"]
            if said["type"] == "http":
                function = payload["url"].rsplit("/", 1)[1]
                asked.append(function)
                if function not in CHECK_PATHS:
                    program.kill()
                    break
                rx = post(context, function, bytes.fromhex(payload["tx"]))
                print(json.dumps({"type": "http", "payload": {"rcode": 200, "rx": rx.hex()}}), file=program.stdin, flush=True)
            else:
                steps.append(payload["message"])
                if payload["message"] == "preview" and at_preview is None:
                    program.stdin.close()
                elif payload["message"] == "preview":
                    print(at_preview, file=program.stdin, flush=True)
    return steps, asked


def post(context, function, body):
    host, port = SMDP.split(":")
    request = urllib.request.Request(f"https://smdp.example.com:{port}{FUNCTIONS}{function}", body)
    request.add_header("Content-Type", "application/json")
    opener = urllib.request.build_opener(ToAddress(host, context))
    with opener.open(request, timeout=20) as answer:
        return answer.read()


class ToAddress(urllib.request.HTTPSHandler):
    """HTTPS to one address, whatever the host's name."""

    def __init__(self, address, context):
        super().__init__(context=context)
        self.address = address

    def https_open(self, req):
        context, address = self._context, self.address

        class Connection(http.client.HTTPSConnection):
            def connect(self):
                plain = socket.create_connection((address, self.port), self.timeout)
                self.sock = context.wrap_socket(plain, server_hostname=self.host)

        return self.do_open(Connection, req)
