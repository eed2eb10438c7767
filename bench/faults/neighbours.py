"""The mail server and the virus scanner, as processes that can be killed.

Run as a program: `mail PORT FILE` writes the Message-ID of each letter that it took to the file;
`antivirus PORT` finds nothing in any file.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

from tests.evidence.scanner import Talk, Tcp
from tests.notifications.smtp_sink import Sink


class Kept(list[EmailMessage]):
    """Letters that are written down before the server says that it has them."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file

    def append(self, letter: EmailMessage) -> None:
        """Write down the Message-ID of a letter."""
        with self.file.open("a") as lines:
            lines.write(f"{letter['Message-ID']}\n")


async def take_mail(port: int, file: Path) -> None:
    """Take letters until the process ends."""
    sink = Sink(arrived=Kept(file))
    server = await asyncio.start_server(sink.talk, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


class Again(Tcp):
    """A scanner on the port of the one that was killed."""

    allow_reuse_address = True


def scan(port: int) -> None:
    """Answer as clamd does until the process ends."""
    with Again(("127.0.0.1", port), Talk) as server:
        server.seen = []
        server.serve_forever()


def main(words: Sequence[str]) -> None:
    """Serve what is named."""
    if words[0] == "mail":
        asyncio.run(take_mail(int(words[1]), Path(words[2])))
    else:
        scan(int(words[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
