#!/usr/bin/env python3
"""Listen to a Farfield node: print what it says about itself, check every block, write the samples.

    python3 subscriber.py tcp://attic.local:5555 --seconds 10 --wav attic.wav

Needs pyzmq (Debian: python3-zmq). The format is that of docs/wire.md.
"""
import argparse
import json
import struct
import sys
import time
import wave
import zlib

import zmq

# magic, version, kind, format, flags, channels, header length, rate, stream, sequence, first, monotonic, utc, frames, crc
HEADER = struct.Struct("<4sBBBBHHIQQQQqII")
FORMATS = {1: ("s16", 2), 2: ("s24", 3), 3: ("s32", 4), 4: ("f32", 4)}
DISCONTINUITY = 1


def parse(header, samples):
    """The fields of one block; ValueError says what is wrong with it."""
    if len(header) < HEADER.size:
        raise ValueError("the header is too short")
    (magic, version, kind, code, flags, channels, length, rate,
     stream, sequence, first, monotonic, utc, frames, crc) = HEADER.unpack_from(header)
    if magic != b"FFLD" or version != 1 or kind != 1 or length != 64 or code not in FORMATS:
        raise ValueError("this is not Farfield version 1")
    name, size = FORMATS[code]
    if len(samples) != frames * channels * size:
        raise ValueError("the length contradicts the header")
    if zlib.crc32(samples) != crc:
        raise ValueError("the CRC is wrong")
    return dict(format=name, bytes=size, flags=flags, channels=channels, rate=rate, stream=stream,
                sequence=sequence, first=first, monotonic=monotonic, utc=utc, frames=frames)


def connect(address):
    socket = zmq.Context.instance().socket(zmq.SUB)
    for option, value in ((zmq.LINGER, 0), (zmq.HEARTBEAT_IVL, 1000), (zmq.HEARTBEAT_TIMEOUT, 3000),
                          (zmq.HEARTBEAT_TTL, 3000), (zmq.RECONNECT_IVL, 100), (zmq.RECONNECT_IVL_MAX, 1000)):
        socket.setsockopt(option, value)
    socket.setsockopt(zmq.SUBSCRIBE, b"pcm/")
    socket.setsockopt(zmq.SUBSCRIBE, b"meta/")
    socket.connect(address)
    return socket


def listen(args, say):
    """Takes blocks until enough frames of one stream have come. Returns the summary and the samples in order."""
    socket = connect(args.address)
    wanted = None
    last = None
    pieces = []
    seen = dict(blocks=0, frames=0, bad=0, late=0, missing=0, discontinuities=0)
    deadline = time.monotonic() + args.timeout
    try:
        while wanted is None or seen["frames"] < wanted:
            if not socket.poll(max(0, int(1000 * (deadline - time.monotonic())))):
                raise TimeoutError(f"no sound from {args.address} for {args.timeout:g} s")
            parts = socket.recv_multipart()
            if parts[0].startswith(b"meta/"):
                say("meta", json.loads(parts[1]))
                continue
            deadline = time.monotonic() + args.timeout
            try:
                block = parse(parts[1], parts[2])
            except ValueError as error:
                seen["bad"] += 1
                say("bad", str(error))
                continue
            if last is None or block["stream"] != last["stream"]:
                if last is not None:
                    say("stream", "the node began a new stream: what was heard of it so far is dropped")
                last = None
                pieces.clear()
                seen.update(frames=0, first=block["first"], **{k: block[k] for k in ("format", "channels", "rate")})
                wanted = int(args.seconds * block["rate"])
            if last is not None:
                gap = block["first"] - last["first"] - last["frames"]
                if gap < 0:
                    seen["late"] += 1
                    continue
                if gap > 0:
                    lost_by_node = block["flags"] & DISCONTINUITY and block["sequence"] == last["sequence"] + 1
                    say("gap", dict(frames=gap, at=last["first"] + last["frames"], by="node" if lost_by_node else "network"))
                    seen["missing"] += gap
                    # Silence of the right length keeps everything after the gap in its place.
                    pieces.append(bytes(gap * block["channels"] * block["bytes"]))
                    seen["frames"] += gap
            seen["discontinuities"] += block["flags"] & DISCONTINUITY
            seen["blocks"] += 1
            seen["frames"] += block["frames"]
            pieces.append(parts[2])
            last = block
    except KeyboardInterrupt:
        # Enough, says the person: what came so far is the result.
        if last is None:
            raise
        wanted = min(wanted, seen["frames"])
    size = last["bytes"] * last["channels"]
    seen["frames"] = wanted
    return seen, b"".join(pieces)[: wanted * size], last


def write_wav(path, block, samples):
    if block["format"] == "f32":
        raise ValueError("Python's wave module writes no floating point: use --raw")
    with wave.open(path, "wb") as out:
        out.setnchannels(block["channels"])
        out.setsampwidth(block["bytes"])
        out.setframerate(block["rate"])
        out.writeframes(samples)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", help="tcp://HOST:PORT of the node, as tcp://127.0.0.1:5555")
    parser.add_argument("--seconds", type=float, default=5, help="how much sound to take (default 5); Ctrl+C takes what came so far")
    parser.add_argument("--wav", metavar="FILE", help="write the sound as WAV")
    parser.add_argument("--raw", metavar="FILE", help="write the samples as they came")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument("--timeout", type=float, default=10, help="give up after so many seconds of nothing (default 10)")
    args = parser.parse_args()

    def say(kind, value):
        print(json.dumps({kind: value}) if args.json else f"{kind}: {value}", flush=True)

    try:
        summary, samples, block = listen(args, say)
        if args.raw:
            with open(args.raw, "wb") as out:
                out.write(samples)
        if args.wav:
            write_wav(args.wav, block, samples)
    except KeyboardInterrupt:
        return 130
    except (TimeoutError, ValueError, OSError, zmq.ZMQError) as error:
        print(f"subscriber: {error}", file=sys.stderr)
        return 1
    say("summary", summary)
    return 0


if __name__ == "__main__":
    sys.exit(main())
