"""变更记录: what a page tells of the changes of one thing."""

HISTORY_SHOWN = 20


def history_line(entry) -> dict:
    """One change as the timeline shows it."""
    text = "\n".join(filter(None, [entry.note, *entry.change_lines()]))
    return {"title": entry.label, "actor": entry.actor_name, "at": entry.at, "text": text}
