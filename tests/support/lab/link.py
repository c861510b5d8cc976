"""A link between two network interfaces (TUN) that loses, delays, repeats, reorders, throttles and stops as it is told.

Usage: link.py NAME NAME

Makes both interfaces in the namespace it runs in and carries packets between them. Each line of standard input is a
JSON object of settings for one direction ("from": 0 or 1) or, without "from", both; each is answered by a line with the
counters of both directions, once the settings are in force. The first line tells that the interfaces are there.

up          false: every packet is dropped, also those under way
loss        share of packets dropped, 0 to 1
duplicate   share of packets that come twice
reorder     share of packets held back by `late` seconds, so that later ones overtake them
late        seconds
delay       seconds
jitter      seconds; each packet waits up to so much longer, in the order in which they came
rate        bits per second, 0 for no limit
queue       bytes that wait for the rate; what does not fit is dropped
"""
import fcntl
import heapq
import json
import os
import random
import select
import struct
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000
# Packets taken from an interface before the clock is looked at again: the others must not wait.
BURST = 64


def open_tun(name):
    file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return file


class Direction:
    def __init__(self, source, target, seed):
        self.source = source
        self.target = target
        self.random = random.Random(seed)
        self.settings = {"up": True, "loss": 0, "duplicate": 0, "reorder": 0, "late": 0.02, "delay": 0, "jitter": 0,
                         "rate": 0, "queue": 65536}
        self.counters = {"packets": 0, "bytes": 0, "lost": 0, "duplicated": 0, "reordered": 0, "overflowed": 0,
                         "stopped": 0}
        self.waiting = []
        self.number = 0
        self.sent_until = 0.0
        self.newest = 0.0

    def set(self, settings):
        unknown = settings.keys() - self.settings.keys()
        if unknown:
            raise SystemExit("link.py: no such setting: " + ", ".join(unknown))
        self.settings.update(settings)
        if not self.settings["up"]:
            self.counters["stopped"] += len(self.waiting)
            self.waiting.clear()

    def take(self):
        for _ in range(BURST):
            try:
                packet = os.read(self.source, 65536)
            except BlockingIOError:
                return
            self.accept(packet)

    def accept(self, packet):
        s = self.settings
        if not s["up"]:
            self.counters["stopped"] += 1
            return
        if self.random.random() < s["loss"]:
            self.counters["lost"] += 1
            return
        now = time.monotonic()
        at = now
        if s["rate"]:
            begin = max(now, self.sent_until)
            if (begin - now) * s["rate"] / 8 + len(packet) > s["queue"]:
                self.counters["overflowed"] += 1
                return
            self.sent_until = at = begin + len(packet) * 8 / s["rate"]
        at += s["delay"] + self.random.random() * s["jitter"]
        if self.random.random() < s["reorder"]:
            self.counters["reordered"] += 1
            at += s["late"]
        else:
            at = self.newest = max(at, self.newest)
        self.wait(at, packet)
        if self.random.random() < s["duplicate"]:
            self.counters["duplicated"] += 1
            self.wait(at, packet)

    def wait(self, at, packet):
        self.number += 1
        heapq.heappush(self.waiting, (at, self.number, packet))

    def deliver(self):
        now = time.monotonic()
        while self.waiting and self.waiting[0][0] <= now:
            packet = heapq.heappop(self.waiting)[2]
            try:
                os.write(self.target, packet)
            except OSError:
                # The interface at the other end is down, or full.
                self.counters["stopped"] += 1
                continue
            self.counters["packets"] += 1
            self.counters["bytes"] += len(packet)


def main(names):
    ends = [open_tun(name) for name in names]
    directions = [Direction(ends[0], ends[1], 1), Direction(ends[1], ends[0], 2)]

    def answer():
        print(json.dumps([d.counters for d in directions]), flush=True)

    answer()
    commands = b""
    while True:
        due = [d.waiting[0][0] for d in directions if d.waiting]
        timeout = max(0, min(due) - time.monotonic()) if due else None
        ready = select.select([0, *ends], [], [], timeout)[0]
        if 0 in ready:
            read = os.read(0, 65536)
            if not read:
                return
            *lines, commands = (commands + read).split(b"\n")
            for line in lines:
                settings = json.loads(line)
                only = settings.pop("from", None)
                for i, direction in enumerate(directions):
                    if only in (None, i):
                        direction.set(settings)
                answer()
        for direction in directions:
            if direction.source in ready:
                direction.take()
            direction.deliver()


main(sys.argv[1:3])
