"""What libebur128 reads: F32FILE RATE CHANNELS. Prints JSON: M, S (LUFS, at every 100 ms), I, LRA, true peaks (dBTP)."""
import ctypes, json, math, sys

lib = ctypes.CDLL("libebur128.so.1")
M, S, I, LRA, SAMPLE, TRUE = 1 << 0, (1 << 1) | 1, (1 << 2) | 1, (1 << 3) | 3, (1 << 4) | 1, (1 << 5) | (1 << 4) | 1
lib.ebur128_init.restype = ctypes.c_void_p
lib.ebur128_init.argtypes = [ctypes.c_uint, ctypes.c_ulong, ctypes.c_int]
lib.ebur128_add_frames_float.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
for name in ("momentary", "shortterm", "global", "range"):
    getattr(lib, "ebur128_loudness_" + name).argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_double)]
lib.ebur128_true_peak.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.POINTER(ctypes.c_double)]

path, rate, channels = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
data = open(path, "rb").read()
frames = len(data) // (4 * channels)
buffer = ctypes.create_string_buffer(data, len(data))
state = lib.ebur128_init(channels, rate, M | S | I | LRA | SAMPLE | TRUE)


def read(call, *more):
    value = ctypes.c_double()
    if call(state, *more, ctypes.byref(value)) != 0:
        raise SystemExit("libebur128 refused")
    return value.value


def db(value):
    return 20 * math.log10(value) if value > 0 else None


def finite(value):
    return value if math.isfinite(value) else None


momentary, shortterm = [], []
at = 0
while at < frames:
    n = min(rate // 10, frames - at)
    lib.ebur128_add_frames_float(state, ctypes.byref(buffer, at * 4 * channels), n)
    at += n
    momentary.append(finite(read(lib.ebur128_loudness_momentary)))
    shortterm.append(finite(read(lib.ebur128_loudness_shortterm)))
peaks = [db(read(lib.ebur128_true_peak, c)) for c in range(channels)]
print(
    json.dumps(
        {
            "M": momentary,
            "S": shortterm,
            "I": finite(read(lib.ebur128_loudness_global)),
            "LRA": finite(read(lib.ebur128_loudness_range)),
            "truePeak": peaks,
        }
    )
)
