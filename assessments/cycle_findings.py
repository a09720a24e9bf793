"""What the figures of a cycle say, in one sentence each: the titles of its dashboard's panels."""

from services.rates import percent


def of_progress(rows) -> str:
    total = sum(row["all"] for row in rows)
    done = sum(row["REVIEWED"] for row in rows)
    left = sum(row["open"] for row in rows)
    words = f"{total:,} 个党组织参加考核，完成 {done:,} 个（{percent(done, total)}）"
    if not left:
        return f"{words}，自评都已提交"
    worst = max(rows, key=lambda row: row["open"])
    return f"{words}；{left:,} 个自评未交" + (
        f"，{worst['name']}最多（{worst['open']:,} 个）" if len(rows) > 1 else ""
    )


def of_stars(rows) -> str:
    counts = {n: sum(row[f"stars_{n}"] for row in rows) for n in range(1, 6)}
    total, pending = sum(counts.values()), sum(row["pending"] for row in rows)
    good, weak = counts[5] + counts[4], counts[2] + counts[1]
    words = f"先进（4—5 星）{good:,} 个，占 {percent(good, total)}；后进（1—2 星）{weak:,} 个"
    return f"{words}；待定 {pending:,} 个" if pending else words


def of_goals(rows, goals) -> str:
    means = []
    for goal in goals:
        known = [
            row[f"goal_{goal.number}"] for row in rows if row[f"goal_{goal.number}"] is not None
        ]
        if known:
            means.append((sum(known) / len(known), goal.name))
    if not means:
        return "还没有考评得分"
    (low, weakest), (high, strongest) = min(means), max(means)
    return f"“{strongest}”得分率最高，各领域平均 {high:.1f}%；“{weakest}”最低，{low:.1f}%"


def of_turnout(rows) -> str:
    eligible, valid = sum(r["eligible"] for r in rows), sum(r["valid"] for r in rows)
    waiting = sum(row["pending"] for row in rows)
    words = f"应参评 {eligible:,} 人，有效票 {valid:,} 张，参评率 {percent(valid, eligible)}"
    return f"{words}；{waiting:,} 个单位待定" if waiting else words


def of_gaps(rows, count, flag) -> str:
    limit = f"{flag.normalize():f}"
    if not count:
        return f"没有自评与考评相差超过 {limit} 分的党组织"
    first = rows[0]
    more = "高" if first["gap"] > 0 else "低"
    return (
        f"{count:,} 个党组织自评与考评相差超过 {limit} 分，"
        f"最大的是{first['name']}，自评{more} {abs(first['gap'])} 分"
    )


def of_indicators(rows) -> str:
    first = rows[0]
    return f"得分率最低的是“{first['name']}”，{first['rate']}"
