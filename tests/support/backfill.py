"""Asks a node for sound once more, as docs/wire.md says, and checks every sample against the counting signal.

    python3 backfill.py tcp://127.0.0.1:5556 STREAM FROM TO
"""
import json
import struct
import sys
import zlib

import zmq

HEADER = struct.Struct("<4sBBBBHHIQQQQqII")
SIZES = {1: 2, 2: 3, 3: 4}

address, stream, begin, end = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
socket = zmq.Context.instance().socket(zmq.DEALER)
socket.setsockopt(zmq.LINGER, 0)
socket.setsockopt(zmq.RCVTIMEO, 10000)
socket.connect(address)
socket.send_json({"v": 1, "id": 1, "op": "backfill", "stream": stream, "from": str(begin), "to": str(end)})
head, *parts = socket.recv_multipart()
reply = json.loads(head)
assert reply["id"] == 1 and reply["op"] == "backfill" and reply["stream"] == stream, reply
frames = wrong = 0
flags = set()
for header, samples in zip(parts[0::2], parts[1::2]):
    (magic, version, _, code, flag, channels, _, _, own, _, first, _, _, count, crc) = HEADER.unpack(header)
    size = SIZES[code]
    assert magic == b"FFLD" and version == 1 and f"{own:016x}" == stream and zlib.crc32(samples) == crc
    assert len(samples) == count * channels * size
    flags.add(flag)
    for i in range(count):
        if not begin <= first + i < end:
            continue
        frames += 1
        expected = ((first + i) % 2 ** (8 * size)).to_bytes(size, "little") * channels
        wrong += samples[i * channels * size:(i + 1) * channels * size] != expected
print(json.dumps({"status": reply["status"], "from": reply["from"], "to": reply["to"], "ended": reply["ended"],
                  "frames": frames, "wrong": wrong, "flags": sorted(flags)}))
