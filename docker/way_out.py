"""
The only way out of the pages: to the hosts named in ``OIDC_HOSTS``, by HTTPS.

Where people sign in at an institution, web asks its issuer through here. It is
a proxy for CONNECT alone: what is said stays between web and the issuer.
"""

import asyncio
import os
import re
from asyncio import StreamReader, StreamWriter

PORT = 3128
ASKED = re.compile(r"CONNECT ([\w.-]+):(\d+) HTTP/1\.[01]\r\n")

#: Seconds to say where to and to reach it, and for one exchange.
PATIENCE, LONGEST = 5, 60
LARGEST_QUESTION = 8192


def allowed() -> set[tuple[str, int]]:
    """Return hosts and ports that may be reached; 443 where none is said."""
    named = os.environ.get("OIDC_HOSTS", "").replace(",", " ").lower().split()
    parts = [name.partition(":") for name in named]
    return {(host, int(port or 443)) for host, _colon, port in parts}


async def serve(reader: StreamReader, writer: StreamWriter) -> None:
    """Join one caller to where it asks to go, if it may go there."""
    try:
        await asyncio.wait_for(_join(reader, writer), LONGEST)
    except (
        OSError,
        TimeoutError,
        asyncio.IncompleteReadError,
        asyncio.LimitOverrunError,
    ):
        pass  # either side went away, or took too long
    finally:
        writer.close()


async def _join(reader: StreamReader, writer: StreamWriter) -> None:
    question = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    found = ASKED.match(question.decode("latin-1"))
    place = (found[1].lower(), int(found[2])) if found else ("", 0)
    if place not in allowed():
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        return await writer.drain()
    there, to_there = await asyncio.wait_for(asyncio.open_connection(*place), PATIENCE)
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    try:
        await asyncio.gather(_pass_on(reader, to_there), _pass_on(there, writer))
    finally:
        to_there.close()


async def _pass_on(source: StreamReader, target: StreamWriter) -> None:
    while part := await source.read(65536):
        target.write(part)
        await target.drain()
    if target.can_write_eof():
        target.write_eof()


async def main(host: str = "0.0.0.0", port: int = PORT) -> None:  # noqa: S104 - in a container
    """Serve until somebody stops it."""
    server = await asyncio.start_server(serve, host, port, limit=LARGEST_QUESTION)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
