"""A real SMTP server for the tests: it keeps what it is sent, and misbehaves when told to."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default


@dataclass
class Sink:
    """What arrived, and how the next conversations go."""

    port: int = 0
    arrived: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    answers: dict[str, bytes] = field(default_factory=dict)
    """Per recipient, the answer to RCPT TO in place of yes."""
    drops_after_data: int = 0
    """How many more times to take the message and hang up without saying so."""
    drops_within_data: int = 0
    """How many more times to hang up while the message is being sent."""
    thinks: float = 0.0
    """Seconds from the end of a message to the answer, as of a server that looks for viruses."""
    quick: int = 0
    """How many messages are answered at once before it begins to think."""
    most: int = 1000
    """Messages in one connection, after which the server answers 421 and hangs up."""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):  # the caller may be killed
            await self._converse(reader, writer)
        writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        self.connections += 1
        taken = 0
        while line := await reader.readline():
            verb = line.strip().upper()
            if verb.startswith(b"MAIL") and taken >= self.most:
                writer.write(b"421 too many\r\n")
                break
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                if self.drops_within_data:
                    self.drops_within_data -= 1
                    break
                raw = await reader.readuntil(b"\r\n.\r\n")
                self.arrived.append(BytesParser(policy=default).parsebytes(raw[:-5]))
                taken += 1
                await asyncio.sleep(self.thinks if len(self.arrived) > self.quick else 0)
                if self.drops_after_data:
                    self.drops_after_data -= 1
                    break
            writer.write(self._answer(line))
            if verb == b"QUIT":
                break

    def _answer(self, line: bytes) -> bytes:
        text = line.decode().strip()
        if text.upper().startswith("RCPT TO:"):
            return self.answers.get(text[8:].strip("<> "), b"250 ok") + b"\r\n"
        return b"221 bye\r\n" if text.upper() == "QUIT" else b"250 ok\r\n"


@contextmanager
def serving() -> Iterator[Sink]:
    """A sink on a free port of this machine, gone when the block ends."""
    sink = Sink()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    # In the thread of its own loop: a browser test may have left one running in this thread.
    starting = asyncio.start_server(sink.talk, "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result(5)
    sink.port = server.sockets[0].getsockname()[1]
    yield sink
    asyncio.run_coroutine_threadsafe(_close(server), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@contextmanager
def hanging() -> Iterator[socket.socket]:
    """A server on a free port that takes every connection and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(64)
        yield server


async def _close(server: asyncio.Server) -> None:
    server.close()
    await server.wait_closed()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)
