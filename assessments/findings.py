"""What the figures say, in one sentence each: the titles of a dashboard's panels."""

from services.rates import LEAST, percent


def of_rates(on_time, before, satisfied, before_words) -> str:
    words = [said(on_time), said(satisfied)]
    if on_time.value is not None and before.value is not None:
        points = (on_time.value - before.value) * 100
        change = f"高 {points:.1f} 个百分点" if points > 0 else f"低 {-points:.1f} 个百分点"
        words[0] += f"，比{before_words}" + (change if abs(points) >= 0.05 else "持平")
    return "；".join(words)


def said(rate) -> str:
    label = rate.definition.label
    if not rate.denominator:
        return f"{label}还没有可算的办件"
    if rate.is_small:
        return f"{label}样本不足（{rate.counts}），只看件数"
    return f"{label} {rate.percent}"


def of_branches(branches, overdue, units) -> str:
    """`units` is how many of the worst branch's overdue cases lie with which unit."""
    if not overdue:
        soon = sum(row["soon"] for row in branches)
        return f"没有超期办件，{soon} 件即将到期" if soon else "没有超期和即将到期的办件"
    worst = max(branches, key=lambda row: row["overdue"])
    words = f"{worst['name']}超期最多，{worst['overdue']} 件"
    if worst["overdue"] == overdue and len(branches) > 1:
        words = f"{overdue} 件超期都在{worst['name']}"
    elif overdue > worst["overdue"]:
        words += f"（共 {overdue} 件）"
    unit, count = max(units.items(), key=lambda pair: pair[1], default=("", 0))
    if unit and count * 2 > worst["overdue"] > 1:
        words += f"，主要在{unit}（{count} 件）"
    return words


def of_months(volumes, began, ended) -> str:
    words = f"本期登记 {volumes['registered']:,} 件，首次答复 {volumes['answered']:,} 件"
    if ended == began:
        return f"{words}；期末在办 {ended:,} 件，与期初相同"
    more = f"多 {ended - began:,} 件" if ended > began else f"少 {began - ended:,} 件"
    return f"{words}；期末在办 {ended:,} 件，比期初{more}"


def of_backlog(groups) -> str:
    """`groups` as services.volumes.backlog gives them."""
    total, oldest = sum(count for _, count, _ in groups), groups[-1][1]
    if not total:
        return "没有在办的办件"
    if oldest:
        return f"在办 {total:,} 件，其中 {oldest:,} 件收到已超过 20 个工作日"
    return f"在办 {total:,} 件，收到都在 20 个工作日以内"


def of_overdue(count, worst_words) -> str:
    return f"超期 {count:,} 件，最久的{worst_words}" if count else "没有超期的办件"


def of_shares(rows, total, what) -> str:
    if not rows:
        return f"本期没有登记，{what}无从统计"
    first = rows[0]
    name = first["name"].rsplit(" / ", 1)[-1]
    share = f"，占 {percent(first['count'], total)}" if total >= LEAST else ""
    return f"{what}：“{name}”最多，{first['count']:,} 件{share}"


def of_excluded(count) -> str:
    return f"经批准剔除 {count} 件，不计入各项比率" if count else "本期没有剔除的办件"


def of_units(rows, waiting, unsigned) -> str:
    busy = [row for row in rows if row["open"]]
    if not busy:
        return "各单位没有在办的办件"
    first = max(busy, key=lambda row: row["open"])
    words = f"{first['name']}在办最多，{first['open']} 件；待签收 {waiting} 件"
    return f"{words}，{unsigned} 件已过签收期限" if unsigned else words


def of_handlers(rows) -> str:
    if not rows:
        return "没有承办人手上的办件"
    late = [row for row in rows if row["overdue"]]
    words = f"{len(rows)} 名承办人有在办办件，最多的 {rows[0]['open']} 件"
    return f"{words}；{len(late)} 人有超期" if late else words


def of_returns(rate, again) -> str:
    words = f"本期派单 {rate.denominator} 件，退过单的 {rate.numerator} 件"
    words += "（样本不足，不算比率）" if rate.is_small else f"，错派率 {rate.percent}"
    return f"{words}；{again} 件退单两次以上" if again else words
