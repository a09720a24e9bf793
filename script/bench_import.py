"""How fast a large roster of members goes in: `script/bench import [--rows N] [--rounds N]`.

In one run on a PostgreSQL of its own, by turns: the real path of the portal (read, check, stage,
let in, audit), the floor (read, plain checks, COPY, INSERT … ON CONFLICT), the same roster again,
and django-import-export row by row on a sample. Each contestant is a process of its own on a
fresh copy of the database. Prints JSON lines; seconds are medians, ratios are to the floor. On a
machine that does something else beside, compare `cpu_s`: the processor time of a contestant and
the processes that it starts, without the database's.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg

from script.importing.roster import COLUMNS, write_roster
from tests.servers import ROOT, PostgreSQL

SAMPLE = 1000
CONTESTANTS = Path(__file__).parent / "importing" / "contestants.py"


def main(options):
    server = PostgreSQL()
    with tempfile.TemporaryDirectory() as folder:
        try:
            server.start()
            bench = Bench(server.url, Path(folder), options)
            for line in bench.results():
                sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
                sys.stdout.flush()
        finally:
            server.remove()


class Bench:
    def __init__(self, url, folder, options):
        self.url, self.folder, self.options = url.rpartition("/")[0], folder, options
        self.env = {
            **os.environ, "VAR_DIR": str(folder), "REDIS_URL": "",
            "PRIVATE_ROOT": str(folder / "private"), "DJANGO_SETTINGS_MODULE": "config.settings",
            # as deployed: with DEBUG Django keeps the text of every query
            "DEBUG": "off", "ALLOWED_HOSTS": "localhost", "PUBLIC_URL": "https://localhost",
            "EMAIL_URL": "consolemail://",
        }  # fmt: skip

    def results(self):
        yield machine() | {"rows": self.options.rows, "columns": len(COLUMNS)}
        self.run("prepare", "template", tree=str(self.options.branches))
        roster, sample = self.folder / "roster.xlsx", self.folder / "sample.xlsx"
        write_roster(roster, self.options.rows, self.options.branches)
        write_roster(sample, min(SAMPLE, self.options.rows), self.options.branches)
        told = {name: [] for name in ("floor", "real", "unchanged", "import_export")}
        for number in range(self.options.rounds):
            told["floor"].append(self.fresh("floor", roster))
            told["real"].append(self.fresh("real", roster))
            # the same database, where everybody is there already
            told["unchanged"].append(self.run("real", "bench_real", file=str(roster)))
            if number == 0:
                told["import_export"].append(self.fresh("import_export", sample))
        floor = median(told["floor"], "seconds")
        speed = self.options.rows / floor
        for name, rounds in told.items():
            rows = self.options.rows if name != "import_export" else rounds[0]["rows"]
            yield summary(name, rows, rounds, speed)
        mine = self.options.rows / median(told["real"], "seconds")
        theirs = told["import_export"][0]["rows"] / told["import_export"][0]["seconds"]
        yield {"what": "real against import_export", "times_faster": round(mine / theirs, 1)}

    def fresh(self, name, path) -> dict:
        database = f"bench_{name}"
        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {database}")
            connection.execute(f"CREATE DATABASE {database} TEMPLATE template")
        return self.run(name, database, file=str(path))

    def run(self, name, database, **said) -> dict:
        """One contestant; what it says, and the most memory it and its children held."""
        if name == "prepare":
            with psycopg.connect(f"{self.url}/postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {database}")
        env = self.env | {"DATABASE_URL": f"{self.url}/{database}"}
        command = [sys.executable, str(CONTESTANTS), name, *said.values()]
        process = subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE
        )
        peak = Peak(process.pid)
        output, _ = process.communicate()
        peak.stop()
        if process.returncode:
            sys.exit(f"bench: {name} failed")
        return json.loads(output.splitlines()[-1]) | {"peak_mb": round(peak.most / 2**20)}


class Peak(threading.Thread):
    """Watches the resident memory of a process and all below it."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.most, self.going = pid, 0, True
        self.start()

    def run(self):
        while self.going:
            self.most = max(self.most, tree_memory(self.pid))
            time.sleep(0.02)

    def stop(self):
        self.going = False
        self.join()


def tree_memory(pid, parent="") -> int:
    """Bytes; of a page that several processes share each has its part (PSS)."""
    place = Path("/proc", str(pid))
    try:
        command = (place / "cmdline").read_text()
        if command == parent:
            return 0  # just forked: all of it is its parent's
        lines = (place / "smaps_rollup").read_text().split("\n")
        children = (place / "task" / str(pid) / "children").read_text().split()
    except OSError:
        return 0
    held = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
    return held + sum(tree_memory(child, command) for child in children)


def median(rounds, name):
    return statistics.median(told[name] for told in rounds)


def summary(name, rows, rounds, floor_speed) -> dict:
    seconds = median(rounds, "seconds")
    line = {
        "what": name,
        "rows": rows,
        "seconds": round(seconds, 2),
        "rows_per_s": round(rows / seconds),
        "ratio": round(floor_speed / (rows / seconds), 2),
        "cpu_s": round(median(rounds, "cpu"), 2),
        "peak_mb": max(told["peak_mb"] for told in rounds),
        "rounds": [round(told["seconds"], 2) for told in rounds],
    }
    if parts := rounds[0].get("parts"):
        line["parts"] = {
            part: round(median([t["parts"] for t in rounds], part), 2) for part in parts
        }
    return line


def machine() -> dict:
    text = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    names = [line.partition(":")[2].strip() for line in text.split("\n") if "model name" in line]
    return {
        "what": "machine",
        "processor": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "database": "PostgreSQL of tests/servers.py on this machine, fsync off",
    }


def options(arguments):
    parser = argparse.ArgumentParser(prog="script/bench import")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--branches", type=int, default=500)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(options(sys.argv[1:]))
