"""上传 → 核对列 → 核对内容 → 入库: where a batch stands, for the bar above its pages."""

LABELS = ("上传", "核对列", "核对内容", "入库")


def steps_of(batch, at=None) -> list[dict]:
    """`batch` None: nothing is uploaded yet; `at`: the page shows another step than the batch's."""
    here = step_of(batch) if at is None else at
    return [{"label": label, "state": state(place, here)} for place, label in enumerate(LABELS)]


def state(place, here) -> str:
    return "done" if place < here else "current" if place == here else "todo"


def step_of(batch) -> int:
    if batch is None:
        return 0
    if batch.work == "COMMIT":
        return 3
    if batch.status == "PARSING":
        return 2 if batch.work else 1
    return 4 if batch.status in ("COMMITTED", "UNDONE") else 2
