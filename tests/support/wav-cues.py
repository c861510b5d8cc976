"""Prints the markers of WAV files as JSON: [[frame, label], ...] a file. Reads the chunks itself, by the book (RIFF, cue, LIST adtl)."""
import json
import struct
import sys


def chunks(data, at, end):
    while at + 8 <= end:
        name, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size + (size & 1)


for path in sys.argv[1:]:
    data = open(path, "rb").read()
    cues, labels = {}, {}
    for name, body in chunks(data, 12, len(data)):
        if name == b"cue ":
            for i in range(struct.unpack_from("<I", body)[0]):
                ident, _order, _chunk, _start, _block, frame = struct.unpack_from("<II4sIII", body, 4 + 24 * i)
                cues[ident] = frame
        if name == b"LIST" and body[:4] == b"adtl":
            for kind, text in chunks(body, 4, len(body)):
                if kind == b"labl":
                    labels[struct.unpack_from("<I", text)[0]] = text[4:].split(b"\0")[0].decode()
    print(json.dumps([[frame, labels.get(ident)] for ident, frame in sorted(cues.items(), key=lambda cue: cue[1])]))
