"""Guards that the database itself keeps, whoever writes to it.

The audit trail is append-only, and 三员 hold no business posts. A migration that changes one of
these tables on SQLite rebuilds it and so loses its guards: end it with `install`.
"""

from dataclasses import dataclass

APPEND_ONLY = "操作记录只能追加，不能修改或删除"
NO_POST = "系统、安全、审计管理员不得兼任业务角色"


@dataclass(frozen=True)
class Guard:
    """Refuse `event` on `table`, always or when `when` holds."""

    name: str
    table: str
    event: str
    reason: str
    when: dict[str, str] | None = None


#: The new row's user is an administrator; FOR SHARE waits for a change of duty under way.
IS_ADMINISTRATOR = {
    "sqlite": "(SELECT duty FROM orgs_user WHERE id = NEW.user_id) <> 'BUSINESS'",
    "postgresql": ("(SELECT duty FROM orgs_user WHERE id = NEW.user_id FOR SHARE) <> 'BUSINESS'"),
}
HOLDS_POST = (
    "NEW.duty <> 'BUSINESS' AND EXISTS (SELECT 1 FROM orgs_post WHERE user_id = NEW.id"
    " AND (ended_on IS NULL OR ended_on >= {today}))"
)
BECOMES_ADMINISTRATOR = {
    "sqlite": HOLDS_POST.format(today="date('now', '+8 hours')"),
    "postgresql": HOLDS_POST.format(today="(now() AT TIME ZONE 'Asia/Shanghai')::date"),
}
AUDIT_DELETE = Guard("audit_no_delete", "orgs_auditentry", "DELETE", APPEND_ONLY)
GUARDS = (
    Guard("audit_no_update", "orgs_auditentry", "UPDATE", APPEND_ONLY),
    AUDIT_DELETE,
    Guard("post_no_administrator", "orgs_post", "INSERT", NO_POST, IS_ADMINISTRATOR),
    Guard("post_not_to_administrator", "orgs_post", "UPDATE", NO_POST, IS_ADMINISTRATOR),
    Guard("administrator_no_post", "orgs_user", "UPDATE", NO_POST, BECOMES_ADMINISTRATOR),
)


def create_sql(guard, vendor) -> list[str]:
    condition = guard.when[vendor] if guard.when else ""
    if vendor == "sqlite":
        when = f"WHEN {condition} " if condition else ""
        return [
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW "
            f"{when}BEGIN SELECT RAISE(ABORT, '{guard.reason}'); END"
        ]
    refusal = f"RAISE EXCEPTION '{guard.reason}' USING ERRCODE = 'integrity_constraint_violation';"
    refusal = f"IF {condition} THEN {refusal} END IF;" if condition else refusal
    return [
        f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {refusal} RETURN NEW; END $$",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW "
        f"EXECUTE FUNCTION {guard.name}()",
    ]


def drop_sql(guard, vendor) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {guard.name}"]
    return [f"DROP FUNCTION IF EXISTS {guard.name}() CASCADE"]


def install(connection, guards=GUARDS):
    """Put the guards in place, afresh where they are already."""
    remove(connection, guards)
    run(connection, [line for guard in guards for line in create_sql(guard, connection.vendor)])


def remove(connection, guards=GUARDS):
    run(connection, [line for guard in guards for line in drop_sql(guard, connection.vendor)])


def run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
