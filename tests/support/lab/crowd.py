"""So many connections to a node that want nothing of it, each with its own ZeroMQ socket: crowd.py URL COUNT

Says how many are connected, one line a change, until standard input ends.
"""
import resource
import sys

import zmq
from zmq.utils.monitor import recv_monitor_message

url, count = sys.argv[1], int(sys.argv[2])
# Each needs a socket, its monitor and the queues between them.
files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
context = zmq.Context(io_threads=1)
context.set(zmq.MAX_SOCKETS, 4 * count)
poller = zmq.Poller()
poller.register(sys.stdin.fileno(), zmq.POLLIN)
crowd = []
for _ in range(count):
    socket = context.socket(zmq.SUB)
    socket.linger = 0
    socket.subscribe(b"nothing/")
    monitor = socket.get_monitor_socket(zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_DISCONNECTED)
    poller.register(monitor, zmq.POLLIN)
    socket.connect(url)
    crowd.append(socket)
there = 0
while True:
    for ready, _ in poller.poll():
        if ready == sys.stdin.fileno():
            context.destroy(linger=0)
            sys.exit()
        event = recv_monitor_message(ready)["event"]
        there += 1 if event == zmq.EVENT_HANDSHAKE_SUCCEEDED else -1
    print(there, flush=True)
