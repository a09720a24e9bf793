"""The machine goes dark while a roster goes in: nobody is half there, and it goes in when it is
asked for again."""

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection

from orgs.models import AuditEntry, Member
from orgs.rosters.commit import commit
from orgs.rosters.staging import open_batch, stage
from tests.orgs.rosters import HEADINGS, id_number, township
from tests.servers import ROOT
from tests.sheets import workbook

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 1000
DIES = """
import django
django.setup()
import os, signal
from itertools import islice
from orgs.models import ImportBatch
from orgs.rosters.bulk import Inflow
from orgs.rosters.commit import commit

written = Inflow.insert

def some(inflow, model, names, rows):
    written(inflow, model, names, islice(rows, {row}))
    os.kill(os.getpid(), signal.SIGKILL)

Inflow.insert = some
commit(ImportBatch.objects.get(), actor=None)
"""


@pytest.fixture
def batch(clock, tmp_path):
    """A thousand people of one village, staged and not yet let in."""
    town = township()
    born = [f"{1950 + number // 400}0{1 + number % 9}15" for number in range(PEOPLE)]
    rows = (
        (f"张{'一二三四五六七八九十'[n % 10]}", id_number(born[n], n % 999 + 1), None,
         "一村党支部", "2005.07")
        for n in range(PEOPLE)
    )  # fmt: skip
    path = workbook(tmp_path / "名册.xlsx", HEADINGS, *rows)
    batch = stage(open_batch(path, path.name, organization=town, actor=None), path)
    assert batch.counts["new"] == PEOPLE
    return batch


@pytest.mark.parametrize("row", [1, 500, 999])
def test_roster_killed_at_a_row_leaves_nobody_and_goes_in_when_asked_again(batch, row):
    env = {**os.environ, "PORTAL_TEST_DATABASE": str(connection.settings_dict["NAME"])}
    command = [sys.executable, "-c", DIES.format(row=row)]

    died = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, timeout=90)

    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert Member.objects.count() == 0
    assert not AuditEntry.objects.filter(action="roster.committed").exists()
    batch.refresh_from_db()
    assert batch.status == "PENDING"

    assert commit(batch, actor=None)["new"] == PEOPLE

    assert Member.objects.count() == PEOPLE
    assert Member.objects.values("id_index").distinct().count() == PEOPLE
    assert not batch.rows.filter(brought=None).exists()
