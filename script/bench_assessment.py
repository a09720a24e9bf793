"""How fast a year is opened, filled and computed: `script/bench assessment [--organizations N]`.

On a PostgreSQL of its own, for a quarter, a half and all of N organizations: forms and answers,
all automatic figures, all results, in seconds and per organization; linear growth shows as the
same milliseconds in each line. Then votes through HTTP: gunicorn as deployed, four clients, and
whether the count is exact. Prints JSON lines.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from script.bench_import import machine
from tests.servers import ROOT, PostgreSQL

CONTESTANT = Path(__file__).parent / "assessing" / "contestant.py"
CLIENTS, WORKERS = 4, 2


def main(options):
    server = PostgreSQL()
    with tempfile.TemporaryDirectory() as folder:
        try:
            server.start()
            for line in results(server.url, folder, options):
                sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
                sys.stdout.flush()
        finally:
            server.remove()


def results(url, folder, options):
    env = {
        **os.environ, "DATABASE_URL": url, "VAR_DIR": folder, "DEBUG": "on", "REDIS_URL": "",
        "PRIVATE_ROOT": f"{folder}/private", "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    yield machine()
    run(env, "migrate")
    for part in (4, 2, 1):
        yield run(env, "year", options.organizations // part, options.cases, options.votes)
    codes = run(env, "codes", options.ballots)["codes"]
    yield votes(env, codes) | run(env, "count")


def run(env, *arguments) -> dict:
    command = [sys.executable, str(CONTESTANT), *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE)  # noqa: S603
    if done.returncode:
        sys.exit(f"bench: {arguments[0]} failed")
    return json.loads(done.stdout.splitlines()[-1])


def votes(env, codes) -> dict:
    """Every code is posted once by one of four clients, over connections that stay open."""
    port = "8399"
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-w", str(WORKERS), "-b",
               f"127.0.0.1:{port}", "--log-level", "error"]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, env=env)  # noqa: S603
    try:
        wait(port)
        clients = [Client(port, codes[n::CLIENTS]) for n in range(CLIENTS)]
        since = time.perf_counter()
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        seconds = time.perf_counter() - since
    finally:
        server.terminate()
        server.wait()
    taken = sum(client.taken for client in clients)
    return {
        "what": "votes through HTTP", "clients": CLIENTS, "workers": WORKERS, "sent": len(codes),
        "taken": taken, "seconds": round(seconds, 2), "votes_per_s": round(taken / seconds, 1),
    }  # fmt: skip


def wait(port):
    for _ in range(100):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=5)
            connection.request("GET", "/v/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("bench: the server did not come up")


class Client(threading.Thread):
    def __init__(self, port, codes):
        super().__init__()
        self.port, self.codes, self.taken = int(port), codes, 0

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        choices = {f"q{n}": "AB"[n % 2] for n in range(1, 8)}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        for code in self.codes:
            body = urlencode({"code": code, "cast": "1"} | choices)
            connection.request("POST", "/v/", body, headers)
            answer = connection.getresponse()
            self.taken += answer.status == 200 and "回执".encode() in answer.read()


def options(arguments):
    parser = argparse.ArgumentParser(prog="script/bench assessment")
    parser.add_argument("--organizations", type=int, default=2167)
    parser.add_argument("--cases", type=int, default=10, help="requests an organization")
    parser.add_argument("--votes", type=int, default=30, help="votes a group")
    parser.add_argument("--ballots", type=int, default=1000, help="votes through HTTP")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(options(sys.argv[1:]))
