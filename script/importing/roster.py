"""A synthetic roster of any length, always the same: nobody in it lives."""

import random
from datetime import date, timedelta
from itertools import product

from openpyxl import Workbook

COLUMNS = (
    "姓名", "公民身份号码", "性别", "民族", "出生日期", "学历", "学位", "籍贯", "人员类别",
    "党籍状态", "所在党支部", "加入党组织日期", "转为正式党员日期", "工作岗位", "联系电话",
    "固定电话", "家庭住址", "流动党员", "困难党员", "备注",
)  # fmt: skip
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗覃向田彭谭冉"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华国建文志玉秀"
PLACES = "青山龙潭柳林白岩石桥清溪红岩黄土双河高峰新田茶园金竹枫香凉水"
PEOPLES = ("汉族", "土家族", "苗族", "侗族", "回族")
SCHOOLS = ("小学", "初中", "高中", "中专", "大专", "大学本科", "硕士研究生")
JOBS = ("村民", "村民小组长", "村委会主任", "合作社理事长", "小学教师", "乡镇干部", "个体户")


def branch_name(number) -> str:
    first, second = PLACES[2 * (number % 15)], PLACES[2 * (number // 15 % 15) + 1]
    return f"{first}{second}{number:03}村党支部"


def id_number(born, serial) -> str:
    body = f"4205{serial // 999 % 90 + 10}{born:%Y%m%d}{serial % 999:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def people(rows, branches):
    dice = random.Random(2026)  # noqa: S311
    names = list(product(SURNAMES, GIVEN, GIVEN))
    first = date(1940, 1, 1)
    for number in range(rows):
        born = first + timedelta(days=number % 20000)
        joined = born + timedelta(days=7000 + dice.randrange(3000))
        is_full = dice.random() < 0.95
        place = branch_name(number % branches)
        yield (
            "".join(dice.choice(names)), id_number(born, number),
            "男" if number % 999 % 2 else "女", dice.choice(PEOPLES), born.isoformat(),
            dice.choice(SCHOOLS), "学士" if number % 20 == 0 else None, "湖北宜昌",
            "正式党员" if is_full else "预备党员", "正常", place, joined.isoformat(),
            f"{joined.year + 1}-{joined:%m}" if is_full else None,
            dice.choice(JOBS), f"139{number:08}", f"0717-{6000000 + number % 900000}",
            f"{place[:2]}村{number % 12 + 1}组{number % 300}号", "是" if number % 10 == 0 else "否",
            "是" if number % 25 == 0 else None, f"第{number % 40}组" if number % 5 == 0 else None,
        )  # fmt: skip


def write_roster(path, rows, branches):
    book = Workbook(write_only=True)
    sheet = book.create_sheet("党员花名册")
    sheet.append(COLUMNS)
    for row in people(rows, branches):
        sheet.append(row)
    book.save(path)
