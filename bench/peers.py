"""The programs that signal processing is compared with. Answers lines of JSON with CPU seconds.

{"ebur128": F32FILE, "channels": N, "frames": N, "poll": frames or 0}   all of libebur128 with true peak
{"fir": F32FILE, "taps": FILE}                                          sox, which reads the file and filters it
"""
import ctypes, json, resource, subprocess, sys, time

lib = ctypes.CDLL("libebur128.so.1")
M, S, I, LRA, SAMPLE, TRUE = 1 << 0, (1 << 1) | 1, (1 << 2) | 1, (1 << 3) | 3, (1 << 4) | 1, (1 << 5) | (1 << 4) | 1
lib.ebur128_init.restype = ctypes.c_void_p
lib.ebur128_init.argtypes = [ctypes.c_uint, ctypes.c_ulong, ctypes.c_int]
lib.ebur128_destroy.argtypes = [ctypes.c_void_p]
lib.ebur128_add_frames_float.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
FIGURES = [getattr(lib, "ebur128_loudness_" + name) for name in ("momentary", "shortterm", "global", "range")]
for figure in FIGURES:
    figure.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_double)]
lib.ebur128_true_peak.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.POINTER(ctypes.c_double)]


def ebur128(path, channels, frames, poll):
    buffer = ctypes.create_string_buffer(open(path, "rb").read(frames * channels * 4), frames * channels * 4)
    at, value = ctypes.addressof(buffer), ctypes.c_double()
    start = time.process_time()
    state = ctypes.c_void_p(lib.ebur128_init(channels, 48000, M | S | I | LRA | SAMPLE | TRUE))
    chunk = poll or frames
    for i in range(0, frames, chunk):
        lib.ebur128_add_frames_float(state, at + i * channels * 4, min(chunk, frames - i))
        for figure in FIGURES:
            figure(state, ctypes.byref(value))
        for channel in range(channels):
            lib.ebur128_true_peak(state, channel, ctypes.byref(value))
    seconds = time.process_time() - start
    lib.ebur128_destroy(ctypes.byref(state))
    return seconds


def fir(path, taps):
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    start = used()
    subprocess.run(["sox", "-V1", "-t", "f32", "-r", "48000", "-c", "1", path, "-n", "fir", taps], check=True)
    return used() - start


for line in sys.stdin:
    ask = json.loads(line)
    if "fir" in ask:
        seconds = fir(ask["fir"], ask["taps"])
    else:
        seconds = ebur128(ask["ebur128"], ask["channels"], ask["frames"], ask["poll"])
    print(seconds, flush=True)
