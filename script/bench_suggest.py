"""How often the suggested first-level category is right: `script/bench suggest TRAIN TEST`.

Both are workbooks with the headings 留言主题, 留言详情 and 一级分类, in any order and among others.
Learns from the labelled rows of TRAIN, suggests for those of TEST, prints one JSON line.
"""

import json
import statistics
import sys
from time import perf_counter

from orgs.row_import import read_records
from orgs.workbook import BadWorkbook
from services.suggestion_model import Classifier
from services.suggestion_words import words_of

COLUMNS = {"title": "留言主题", "body": "留言详情", "label": "一级分类"}


def labelled(path) -> list[tuple[str, str, str]]:
    """(title, body, label) of the rows that have a label."""
    rows = [
        tuple(str(record.get(name) or "").strip() for name in COLUMNS)
        for _, record in read_records(path, COLUMNS, optional=("title",))
    ]
    return [row for row in rows if row[2]]


def measure(train, test) -> dict:
    started = perf_counter()
    classifier = Classifier(train, {label: words_of(label) for *_, label in train})
    learned = perf_counter() - started
    places, spent = [], []
    for title, body, label in test:
        started = perf_counter()
        ranking = list(classifier.shares(title, body))
        spent.append(1000 * (perf_counter() - started))
        places.append(ranking.index(label) if label in ranking else len(ranking) + 3)
    return {
        "train": len(train),
        "test": len(test),
        "classes": len({label for *_, label in train}),
        "top1": share(place < 1 for place in places),
        "top3": share(place < 3 for place in places),
        "ms": round(statistics.fmean(spent), 2),
        "train_s": round(learned, 2),
    }


def share(hits) -> float:
    return round(statistics.fmean(hits), 4)


def main(arguments):
    if len(arguments) != 2:
        sys.exit("usage: script/bench suggest TRAIN.xlsx TEST.xlsx")
    try:
        train, test = map(labelled, arguments)
    except (OSError, BadWorkbook) as refusal:
        sys.exit(f"bench: {refusal}")
    for path, rows in zip(arguments, (train, test), strict=True):
        if not rows:
            sys.exit(f"bench: {path}: 没有带“一级分类”的行。")
    sys.stdout.write(json.dumps(measure(train, test), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
