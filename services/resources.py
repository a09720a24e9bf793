"""诉求分类 in and out of files: one row is the path of one leaf."""

from django.core.exceptions import ValidationError
from import_export import fields, resources
from import_export.results import RowResult
from tablib import Dataset

from orgs.models import AuditEntry
from orgs.row_import import BadCell, Report
from services.models import Category

COLUMNS = {"first": "一级分类", "second": "二级分类", "third": "三级分类"}
ROW = "行号"
LONGEST = Category._meta.get_field("name").max_length


class CategoryResource(resources.ModelResource):
    first = fields.Field(column_name=COLUMNS["first"])
    second = fields.Field(column_name=COLUMNS["second"])
    third = fields.Field(column_name=COLUMNS["third"])

    class Meta:
        model = Category
        fields = tuple(COLUMNS)
        import_id_fields = ()
        skip_diff = report_skipped = store_row_values = use_transactions = True

    def before_import(self, dataset, **kwargs):
        leaves = Category.objects.leaves().with_full_name()
        self.known = {(row.parent.parent.name, row.parent.name, row.name): row for row in leaves}

    def before_import_row(self, row, **kwargs):
        """Refuse a row that does not name a leaf."""
        faults = {}
        for column in COLUMNS.values():
            if not row[column]:
                faults[column] = f"{column}不能为空。"
            elif len(row[column]) > LONGEST:
                faults[column] = f"最多 {LONGEST} 个字，请缩短。"
        if faults:
            raise ValidationError(faults)

    def get_instance(self, instance_loader, row):
        return self.known.get(path_of(row))

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return instance.pk is not None

    def validate_instance(self, *args, **kwargs):
        """`before_import_row` has looked at all there is."""

    def save_instance(self, instance, is_create, row, **kwargs):
        self.known[path_of(row)], _ = Category.ensure(*path_of(row))

    def after_import(self, dataset, result, *, actor=None, **kwargs):
        made = result.totals[RowResult.IMPORT_TYPE_NEW]
        if made:
            AuditEntry.record(
                actor,
                "category.imported",
                Category(name="诉求分类"),
                label="导入分类",
                note=f"新增 {made} 个三级分类",
            )

    def get_queryset(self):
        return Category.objects.active().leaves().with_full_name()

    def dehydrate_first(self, leaf):
        return leaf.parent.parent.name

    def dehydrate_second(self, leaf):
        return leaf.parent.name

    def dehydrate_third(self, leaf):
        return leaf.name


def path_of(row) -> tuple[str, ...]:
    return tuple(row[column] for column in COLUMNS.values())


def filled_down(records):
    """Cells as text; an empty cell at the left means the one above it (merged cells)."""
    above = dict.fromkeys(COLUMNS, "")
    for number, record in records:
        said = {name: " ".join(str(record[name] or "").split()) for name in COLUMNS}
        for name in COLUMNS:
            if said[name]:
                break
            said[name] = above[name]
        above = said
        yield number, said


class CategoryReport(Report):
    def __init__(self):
        super().__init__(new="新增", unchanged="不变")
        self.made = []  # paths of the new leaves

    def add(self, row):
        """Count one row of the resource's result."""
        said = row.row_values
        if row.import_type == RowResult.IMPORT_TYPE_NEW:
            self.count("new")
            self.made.append(path_of(said))
        elif row.import_type == RowResult.IMPORT_TYPE_SKIP:
            self.count("unchanged")
        else:
            faults = row.validation_error.message_dict.items()
            cells = [BadCell(column, said[column], words[0]) for column, words in faults]
            self.refuse(said[ROW], *cells)


def import_categories(records, *, actor=None, dry_run=False) -> CategoryReport:
    """Bring rows [(row number, {field: cell})] into the list; a dry run only tells."""
    dataset = Dataset(headers=[ROW, *COLUMNS.values()])
    for number, said in filled_down(records):
        dataset.append([number, *said.values()])
    result = CategoryResource().import_data(dataset, dry_run=dry_run, actor=actor)
    for error in (*result.base_errors, *(e for row in result.rows for e in row.errors)):
        raise error.error
    report = CategoryReport()
    for row in result.rows:
        report.add(row)
    return report
