"""A mail server on a free port of this machine, as friendly as a test wants it."""

import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy


class MailServer(socketserver.ThreadingTCPServer):
    """`refusal` is its answer to each recipient, such as `450 Later`; one that `hangs` has none.

    `slow`: seconds before each answer; `slow_end`: more before it says that it took a mail, which
    it has then. All can be changed while it runs.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, refusal="", hangs=False, slow=0.0, slow_end=0.0):
        super().__init__(("127.0.0.1", 0), Talk)
        self.port = self.server_address[1]
        self.behave(refusal, hangs, slow, slow_end)
        self.is_over = threading.Event()
        self.connections = 0
        self.letters = []

    def behave(self, refusal="", hangs=False, slow=0.0, slow_end=0.0):
        self.refusal, self.hangs = refusal, hangs
        self.slow, self.slow_end = slow, slow_end

    def handle_error(self, request, client_address):
        """Who was killed or lost patience says no good-bye."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.connections += 1
        if self.server.hangs:
            self.server.is_over.wait()
            return
        self.say("220 ready")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.take()
            elif word == b"RCPT" and self.server.refusal:
                self.say(self.server.refusal)
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def take(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return  # cut off before its end: it is no mail
            lines.append(line)
        self.server.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self.server.is_over.wait(self.server.slow_end)
        self.say("250 taken")

    def say(self, line):
        self.server.is_over.wait(self.server.slow)
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server(**manners) -> Iterator[MailServer]:
    server = MailServer(**manners)
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()
