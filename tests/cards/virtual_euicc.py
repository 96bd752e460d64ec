#!/usr/bin/env python3
"""A virtual eUICC (GSMA SGP.22) in a virtual reader, as far as a check of an activation code goes.

It speaks the protocol of vpcd, the virtual reader of Debian's vsmartcard-vpcd, and lies in the reader for as long as it
runs. It trusts every SM-DP+ and signs with a signature that nobody can verify, which is enough for the sandbox's. Its
certificate bears its EID. Each function that it is asked for becomes a line of its diary, and it says when it is powered.

    virtual_euicc.py --port 35963 --eid 89… --diary FILE [--slow FUNCTION=SECONDS] [--leave-at FUNCTION] [--garble FUNCTION]
        [--refuse]
"""

import argparse
import os
import socket
import struct
import subprocess
import sys
import time

# The application on the card that is asked (ISD-R).
ISD_R = bytes.fromhex("A0000005591010FFFFFFFF8900000100")
# The CI that card and server have in common: the GSMA's test CI.
CI_KEY_ID = bytes.fromhex("F54172BDF98A95D65CBEB88A38A1C11D800A85C3")
# T=0 and nothing else, with eleven historical bytes.
ATR = bytes.fromhex("3B1B96") + b"MeiSIM-Test"

# What the reader asks for in a message of one byte.
POWER_OFF, POWER_ON, RESET, GET_ATR = 0, 1, 2, 4

DONE = b"\x90\x00"
NOT_FOUND = b"\x6a\x82"
NO_SUCH_DATA = b"\x6a\x88"
NO_SUCH_COMMAND = b"\x6d\x00"
LAST_BLOCK = 0x91

# The functions of SGP.22 §5.7 that have a part in a check, by the tag of their request.
FUNCTIONS = {
    "bf20": "GetEUICCInfo1",
    "bf22": "GetEUICCInfo2",
    "bf2e": "GetEUICCChallenge",
    "bf38": "AuthenticateServer",
    "bf3c": "GetEuiccConfiguredAddresses",
    "bf3e": "GetEID",
    "bf41": "CancelSession",
    "bf43": "GetRAT",
    "bf21": "PrepareDownload",
}


def element(tag, *parts):
    """A DER element; the tag is hexadecimal."""
    value = b"".join(parts)
    size = len(value)
    if size < 0x80:
        length = bytes([size])
    elif size < 0x100:
        length = bytes([0x81, size])
    else:
        length = bytes([0x82, size >> 8, size & 0xFF])
    return bytes.fromhex(tag) + length + value


def elements(data):
    """The elements that stand one after the other: pairs of tag and value."""
    result = []
    at = 0
    while at < len(data):
        begin = at
        at += 1
        if data[begin] & 0x1F == 0x1F:
            while data[at] & 0x80:
                at += 1
            at += 1
        tag = data[begin:at].hex()
        size = data[at]
        at += 1
        if size & 0x80:
            count = size & 0x7F
            size = int.from_bytes(data[at : at + count], "big")
            at += count
        result.append((tag, data[at : at + size]))
        at += size
    return result


def key_ids():
    return element("a9", element("04", CI_KEY_ID)) + element("aa", element("04", CI_KEY_ID))


def info2():
    return element(
        "bf22",
        element("81", b"\x02\x01\x00"),
        element("82", b"\x02\x02\x02"),
        element("83", b"\x01\x00\x00"),
        element("84", element("81", b"\x00"), element("82", b"\x00\x06\x00\x00"), element("83", b"\x40\x00")),
        element("85", b"\x06\x7f\x36\xc0"),
        element("88", b"\x02\x90"),
        key_ids(),
        element("99", b"\x06\xc0"),
        element("04", b"\x00\x00\x01"),
        element("0c", b"MEISIM-TEST"),
    )


def certificate_of(eid):
    """The card's certificate (SGP.22 §4.5.2), signed by nobody else."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"]
    command += ["-subj", f"/serialNumber={eid}", "-keyout", "/dev/null", "-outform", "DER"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def makers_certificate():
    """The outline of one."""
    return element("30", element("30", element("02", b"\x01")), element("30"), element("03", b"\x00\x00"))


class Euicc:
    """The card's answers to functions, whatever way they come."""

    def __init__(self, eid, refuses):
        self.eid = bytes.fromhex(eid)
        self.certificate = certificate_of(eid)
        self.refuses = refuses
        self.transaction = b""

    def answer(self, function, request):
        """The answer to a function, or None if the card has no such one."""
        if function == "GetEUICCInfo1":
            return element("bf20", element("82", b"\x02\x02\x02"), key_ids())
        if function == "GetEUICCInfo2":
            return info2()
        if function == "GetEUICCChallenge":
            return element("bf2e", element("80", os.urandom(16)))
        if function == "GetEID":
            return element("bf3e", element("5a", self.eid))
        if function == "GetEuiccConfiguredAddresses":
            return element("bf3c", element("81", b"smds.example.com"))
        if function == "GetRAT":
            return element("bf43")
        if function == "AuthenticateServer":
            return self.authenticate(request)
        if function == "CancelSession":
            signed = element("30", element("80", self.transaction), element("06", b"\x2a"), element("81", b"\x00"))
            return element("bf41", element("a0", signed, self.signature()))
        return None

    def authenticate(self, request):
        signed_by_server, _, _, _, context = elements(request)
        fields = dict(elements(signed_by_server[1]))
        self.transaction = fields["80"]
        if self.refuses:
            # The server's certificate is not good.
            return element("bf38", element("a1", element("80", self.transaction), element("02", b"\x01")))
        signed = element(
            "30",
            element("80", self.transaction),
            element("83", fields["83"]),
            element("84", fields["84"]),
            info2(),
            element(context[0], context[1]),
        )
        return element("bf38", element("a0", signed, self.signature(), self.certificate, makers_certificate()))

    @staticmethod
    def signature():
        return element("5f37", bytes(64))


class Chip:
    """The card as a reader has it (ISO 7816-4, T=0): channels, and functions in pieces."""

    CHANNELS = (1, 2, 3)

    def __init__(self, euicc, options):
        self.euicc = euicc
        self.options = options
        self.reset()

    def reset(self):
        self.open_channels = set()
        self.received = b""
        self.to_send = b""

    def note(self, word):
        with open(self.options.diary, "a", encoding="ascii") as diary:
            print(word, file=diary)

    def take(self, apdu):
        """The answer to a command."""
        instruction, p1, p2 = apdu[1], apdu[2], apdu[3]
        if instruction == 0x70:
            return self.manage_channel(p1, p2)
        if instruction == 0xA4:
            return b"\x61\x00" if apdu[5:21] == ISD_R else NOT_FOUND
        if instruction == 0xAA:
            # What the terminal can do.
            return DONE
        if instruction == 0xC0:
            return self.give(apdu[4] or 0x100)
        if instruction == 0xE2:
            self.received += apdu[5 : 5 + apdu[4]]
            return self.execute() if p1 == LAST_BLOCK else DONE
        return NO_SUCH_COMMAND

    def manage_channel(self, p1, p2):
        if p1 == 0x80:
            self.open_channels.discard(p2)
            return DONE
        free = [channel for channel in self.CHANNELS if channel not in self.open_channels]
        if not free:
            self.note("NoChannelLeft")
            return b"\x6a\x81"
        self.open_channels.add(free[0])
        return bytes(free[:1]) + DONE

    def execute(self):
        request, self.received = self.received, b""
        tag, value = elements(request)[0]
        function = FUNCTIONS.get(tag, tag)
        self.note(function)
        if function == self.options.leave_at:
            sys.exit()
        time.sleep(self.options.slow.get(function, 0))
        answer = self.euicc.answer(function, value)
        if answer is None:
            return NO_SUCH_DATA
        if function == self.options.garble:
            answer = answer[: len(answer) // 2]
        self.to_send = answer
        return self.more()

    def give(self, size):
        part, self.to_send = self.to_send[:size], self.to_send[size:]
        return part + self.more()

    def more(self):
        """Whether there is more to fetch, and how much of it at once; 0 stands for 256."""
        if not self.to_send:
            return DONE
        return bytes([0x61, len(self.to_send) & 0xFF if len(self.to_send) < 0x100 else 0])


def read(reader, size):
    data = b""
    while len(data) < size:
        more = reader.recv(size - len(data))
        if not more:
            sys.exit("the reader has gone")
        data += more
    return data


def lie_in(reader, chip):
    """Answers the reader until one of the two goes."""
    while True:
        message = read(reader, struct.unpack("!H", read(reader, 2))[0])
        if len(message) > 1:
            answer = chip.take(message)
        elif message[0] == GET_ATR:
            answer = ATR
        else:
            chip.reset()
            if message[0] == POWER_ON:
                print("powered", flush=True)
            continue
        reader.sendall(struct.pack("!H", len(answer)) + answer)


def pause_at(text):
    function, seconds = text.split("=")
    return function, float(seconds)


def main():
    parser = argparse.ArgumentParser(description="A virtual eUICC in a reader of vpcd.")
    parser.add_argument("--port", type=int, required=True, help="where the reader takes its card: 35963 and up")
    parser.add_argument("--eid", required=True)
    parser.add_argument("--diary", required=True, help="the file that gets a line for each function")
    parser.add_argument("--slow", type=pause_at, action="append", default=[], metavar="FUNCTION=SECONDS")
    parser.add_argument("--leave-at", metavar="FUNCTION", help="the card is pulled out when it is asked for this")
    parser.add_argument("--garble", metavar="FUNCTION", help="half of the answer to this is missing")
    parser.add_argument("--refuse", action="store_true", help="trust no SM-DP+")
    options = parser.parse_args()
    options.slow = dict(options.slow)
    chip = Chip(Euicc(options.eid, options.refuse), options)
    with socket.create_connection(("127.0.0.1", options.port)) as reader:
        lie_in(reader, chip)


if __name__ == "__main__":
    main()
