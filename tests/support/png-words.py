"""Prints what PNG files say beside their pixels as JSON: {size, perMetre, text} a file. Reads the chunks itself, by the book, and checks each."""
import json
import struct
import sys
import zlib

for path in sys.argv[1:]:
    data = open(path, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "signature"
    at, names, text, said = 8, [], {}, {}
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        (crc,) = struct.unpack_from(">I", data, at + 8 + length)
        assert crc == zlib.crc32(name + body), f"checksum of {name}"
        names.append(name.decode())
        if name == b"IHDR":
            said["size"] = struct.unpack_from(">II", body)
        if name == b"pHYs":
            across, down, unit = struct.unpack(">IIB", body)
            assert (across, unit) == (down, 1)
            said["perMetre"] = across
        if name == b"iTXt":
            keyword, rest = body.split(b"\0", 1)
            assert rest[0] == 0, "not compressed"
            _language, _translated, words = rest[2:].split(b"\0", 2)
            text[keyword.decode("latin-1")] = words.decode("utf-8")
        at += 12 + length
    assert names[0] == "IHDR" and names[-1] == "IEND", names
    assert names.index("pHYs") < names.index("IDAT")
    print(json.dumps({**said, "text": text}))
