"""事项清单 in and out of files: a row is one item, known by its code within its organization.

The headings are those of the exported list, so that an export, changed, comes back as an import.
"""

import re

from django.core.exceptions import ValidationError
from import_export import fields, resources, widgets
from import_export.results import RowResult
from tablib import Dataset

from orgs.masking import phone_error
from orgs.models import AuditEntry, Department, NotAllowed, Organization, Role
from orgs.row_import import BadCell, Report
from services.item_forms import tidy_lines
from services.models import Category, ItemVersion, Mode, ServiceItem
from services.models.item import CONTENT, Difference

CODE, UNIT, PLACE, ROW = "编码", "承办单位", "所属党组织", "行号"
HEADINGS = {
    "name": "事项", "category": "分类", "mode": "办理方式", "statutory_days": "法定时限",
    "promised_days": "承诺时限", "conditions": "办理条件", "materials": "所需材料",
    "steps": "办理流程", "fee": "收费", "result": "办理结果", "handler_name": "承办人",
    "handler_phone": "联系电话",
}  # fmt: skip
COLUMNS = {"code": CODE, "place": PLACE, "unit": UNIT, **HEADINGS}
REQUIRED = {"code", "unit", "name", "mode", "promised_days", "handler_name", "handler_phone"}
#: What a version says of itself and no row does; and the category, found among those there are.
OWN = ("item", "number", "published_at", "published_by", "category")
LINES = ("conditions", "materials", "steps")
ON_THE_SPOT = ("当场办结", "当日办结", "直接办理")
DAYS = re.compile(r"(\d{1,4})(?:\.0)?(?:个?工作日.*|天|日)?")


class DaysWidget(widgets.Widget):
    """A number of workdays, or the promise as the list words it."""

    def clean(self, value, row=None, **kwargs):
        text = "".join(value.split())
        if not text:
            return None
        if text in ON_THE_SPOT:
            return 0
        if not (found := DAYS.fullmatch(text)):
            raise ValueError("请填工作日数，如 5；当场办结填 0。")
        return int(found[1])


class ModeWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        modes = {mode.label: mode.value for mode in Mode}
        if value not in modes:
            raise ValueError(f"只能填{'、'.join(modes)}。")
        return modes[value]


SEVERAL = "有几个同名的三级分类，请写全，如“一级 / 二级 / 三级”。"
UNKNOWN = "没有这个三级分类，或已停用，请对照诉求分类填写。"


class CategoryWidget(widgets.Widget):
    """The whole path, or the name of the third level where there is only one such."""

    def __init__(self, resource):
        super().__init__()
        self.resource = resource

    def clean(self, value, row=None, **kwargs):
        path = tuple(part.strip() for part in re.split("[/／>]", value) if part.strip())
        kept = row["item"] and row["item"].current.category
        if kept and path == path_to(kept):
            return kept  # it may have closed since
        leaves = self.resource.leaves if path else ()
        found = [leaf for names, leaf in leaves if names[-len(path) :] == path]
        if path and len(found) != 1:
            raise ValueError(SEVERAL if found else UNKNOWN)
        return found[0] if found else None


class TextWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        return value


class LinesWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        return tidy_lines(value)


class ItemResource(resources.ModelResource):
    """Rows become versions; what a row does not change publishes nothing."""

    class Meta:
        model = ItemVersion
        fields = CONTENT
        import_id_fields = ()
        clean_model_instances = True
        skip_diff = report_skipped = store_row_values = store_instance = True
        use_transactions = False

    def __init__(self, *, actor, seen=None):
        super().__init__()
        self.actor, self.seen = actor, seen
        special = {
            "mode": ModeWidget(),
            "category": CategoryWidget(self),
            "statutory_days": DaysWidget(),
            "promised_days": DaysWidget(),
            **dict.fromkeys(LINES, LinesWidget()),
        }
        for name, heading in HEADINGS.items():
            widget = special.get(name, TextWidget())
            default = "不收费" if name == "fee" else fields.NOT_PROVIDED
            self.fields[name] = fields.Field(name, heading, widget, default)

    def before_import(self, dataset, **kwargs):
        reach = Organization.objects.in_reach_of(self.actor, Role.CENTRE_HEAD)
        units = Department.objects.filter(organization__in=reach)
        self.units = list(units.select_related("organization"))
        items = ServiceItem.objects.filter(organization__in=reach, current__isnull=False)
        items = items.select_related(
            "department__organization", "current__category__parent__parent"
        )
        self.items = {(item.organization_id, item.code): item for item in items}
        leaves = Category.objects.active().leaves().with_full_name()
        self.leaves = [(path_to(leaf), leaf) for leaf in leaves]
        self.first = {}

    def before_import_row(self, row, **kwargs):
        """Whose item the row speaks of; refused before anything of it is read."""
        faults = {
            COLUMNS[name]: f"{COLUMNS[name]}不能为空。"
            for name in REQUIRED
            if not row.get(COLUMNS[name], "")
        }
        if len(row[CODE]) > 40:
            faults[CODE] = "最多 40 个字，请缩短。"
        if faults:
            raise ValidationError(faults)
        unit = self.unit_of(row)
        item = self.items.get((unit.organization_id, row[CODE]))
        if not unit.is_active and not (item and item.department == unit):
            raise ValidationError({UNIT: "这个承办单位已停用，请换一个。"})
        self.refuse_again((unit.organization_id, row[CODE]), row)
        self.refuse_news(item)
        row["unit"], row["item"] = unit, item

    def unit_of(self, row):
        name, place = row[UNIT], row.get(PLACE, "")
        found = [
            unit
            for unit in self.units
            if name in (unit.name, str(unit))
            and (not place or place in names_of(unit.organization))
        ]
        # An item may stay with a unit that has closed, and no row brings one there.
        found = [unit for unit in found if unit.is_active] or found
        if not found:
            where = f"“{place}”的" if place else ""
            raise ValidationError({UNIT: f"在您管理的范围内没有{where}这个承办单位。"})
        if len(found) > 1:
            raise ValidationError({UNIT: f"不止一个组织有这个单位，请填写“{PLACE}”。"})
        return found[0]

    def refuse_again(self, key, row):
        first = self.first.setdefault(key, row[ROW])
        if first != row[ROW]:
            raise ValidationError({CODE: f"与第 {first} 行是同一个事项。"})

    def refuse_news(self, item):
        """What came in after the preview was read is not overwritten."""
        if item and self.seen is not None and self.seen.get(str(item.pk)) != item.current.number:
            raise ValidationError(
                {CODE: f"预览之后已发布第 {item.current.number} 版，请重新上传核对。"}
            )

    def get_instance(self, instance_loader, row):
        if not row["item"]:
            return None
        current = row["item"].current
        return ItemVersion(**{name: getattr(current, name) for name in CONTENT})

    def validate_instance(self, instance, import_validation_errors=None, **kwargs):
        """The rules of the form; each fault under the heading of its column."""
        unread = import_validation_errors or {}
        faults = {HEADINGS[name]: words for name, words in unread.items()}
        try:
            # Constraints would ask the database row by row; the version meets them when published.
            instance.full_clean(exclude={*OWN, *unread}, validate_constraints=False)
        except ValidationError as error:
            for name, words in error.message_dict.items():
                faults.setdefault(HEADINGS.get(name, HEADINGS["promised_days"]), words)
        law, promise = instance.statutory_days, instance.promised_days
        if law is not None and promise is not None and promise > law:
            faults.setdefault(HEADINGS["promised_days"], [f"不能超过法定时限 {law} 个工作日。"])
        if wrong := phone_error(instance.handler_phone):
            faults.setdefault(HEADINGS["handler_phone"], [wrong])
        if faults:
            raise ValidationError(faults)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        item = row["item"]
        if import_validation_errors or not item:
            return False
        return not moved(row) and not instance.differences(item.current)

    def save_instance(self, instance, is_create, row, **kwargs):
        if kwargs.get("dry_run"):
            return
        item, content = row["item"], {name: getattr(instance, name) for name in CONTENT}
        given = {"actor": self.actor, "department": row["unit"], **content}
        try:
            if item:
                item.revise(since=item.current.number, **given)
            else:
                ServiceItem.introduce(code=row[CODE], **given)
        except NotAllowed as refusal:
            raise ValidationError({CODE: str(refusal)}) from refusal
        except ValidationError as refusal:
            raise ValidationError({CODE: refusal.messages}) from refusal

    def numbers(self) -> dict[str, int]:
        """The versions that a preview has looked at."""
        return {str(item.pk): item.current.number for item in self.items.values()}


def moved(row) -> bool:
    return row["item"].department_id != row["unit"].pk


def names_of(organization):
    return {organization.name, organization.short_name, organization.code, str(organization)}


def path_to(leaf) -> tuple[str, str, str]:
    return leaf.parent.parent.name, leaf.parent.name, leaf.name


class ItemReport(Report):
    def __init__(self):
        super().__init__(new="新增", changed="修改", unchanged="不变")
        self.changes = []  # (row number, item or None, name, what differs)

    def add(self, row):
        """Count one row of the resource's result."""
        said = row.row_values
        if row.import_type == RowResult.IMPORT_TYPE_SKIP:
            self.count("unchanged")
        elif row.validation_error:
            faults = row.validation_error.message_dict.items()
            self.refuse(
                said[ROW], *(BadCell(head, said.get(head, ""), words[0]) for head, words in faults)
            )
        else:
            item = said["item"]
            self.count("changed" if item else "new")
            self.changes.append((said[ROW], item, row.instance.name, told(row.instance, said)))


def told(instance, said) -> list:
    """What a changed row changes; nothing for a new item."""
    item = said["item"]
    if not item:
        return []
    rows = instance.differences(item.current)
    return (
        [Difference(UNIT, str(item.department), str(said["unit"])), *rows] if moved(said) else rows
    )


def import_items(records, *, actor, seen=None, dry_run=False):
    """Bring rows [(row number, {field: text})] into the list; a dry run only tells.

    Returns the report and the versions it was made against, for `seen` of the real run.
    """
    present = [name for name in COLUMNS if any(name in said for _, said in records)]
    dataset = Dataset(headers=[ROW, *(COLUMNS[name] for name in present)])
    for number, said in records:
        dataset.append([number, *(said.get(name, "") for name in present)])
    resource, report = ItemResource(actor=actor, seen=seen), ItemReport()
    result = resource.import_data(dataset, dry_run=dry_run)
    for error in (*result.base_errors, *(e for row in result.rows for e in row.errors)):
        raise error.error
    for row in result.rows:
        report.add(row)
    if not dry_run and report.changes:
        AuditEntry.record(
            actor,
            "item.imported",
            ServiceItem(code="事项清单"),
            label="导入事项",
            organization=actor.acting_organization,
            note=report.lines()[0],
        )
    return report, resource.numbers()
