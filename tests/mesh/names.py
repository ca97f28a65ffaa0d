# SPDX-License-Identifier: GPL-3.0-or-later
"""A DNS server of a test: TXT and A records from a file that is read for each question; what was asked goes to standard
output. names.py ADDRESS FILE, which has NAME TYPE VALUE in each line."""

import socket
import struct
import sys

TYPES = {1: "A", 16: "TXT"}


def name_of(data, at):
    labels = []
    while data[at]:
        labels.append(data[at + 1:at + 1 + data[at]].decode())
        at += 1 + data[at]
    return ".".join(labels).lower(), at + 1


def record(kind, value):
    data = socket.inet_aton(value) if kind == 1 else bytes([len(value)]) + value.encode()
    return b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(data)) + data


def answer(question, zone):
    name, end = name_of(question, 12)
    kind, = struct.unpack_from(">H", question, end)
    print(name, TYPES.get(kind, kind), flush=True)
    found = [line.split(" ", 2)[2] for line in zone.splitlines() if line.split(" ")[:2] == [name, TYPES.get(kind)]]
    known = any(line.split(" ")[0] == name for line in zone.splitlines())
    head = question[:2] + struct.pack(">HHHHH", 0x8180 | (0 if known else 3), 1, len(found), 0, 0)
    return head + question[12:end + 4] + b"".join(record(kind, value) for value in found)


def main(address, path):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, 53))
    while True:
        question, who = server.recvfrom(4096)
        with open(path) as zone:
            server.sendto(answer(question, zone.read()), who)


if __name__ == "__main__":
    main(*sys.argv[1:])
