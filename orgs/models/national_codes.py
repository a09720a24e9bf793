"""Code lists of the national standards that rosters use."""

from django.db import models


class Sex(models.TextChoices):
    """GB/T 2261.1."""

    MALE = "1", "男"
    FEMALE = "2", "女"


class Education(models.TextChoices):
    """GB/T 4658, as far as rosters tell levels apart."""

    DOCTORATE = "11", "博士研究生"
    MASTER = "14", "硕士研究生"
    POSTGRADUATE = "10", "研究生"
    BACHELOR = "20", "大学本科"
    COLLEGE = "30", "大专"
    VOCATIONAL = "41", "中专"
    VOCATIONAL_HIGH = "44", "职高"
    TECHNICAL = "47", "技校"
    HIGH = "60", "高中"
    MIDDLE = "70", "初中"
    PRIMARY = "80", "小学"
    OTHER = "90", "其他"


_NAMES = (
    "汉族 蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 "
    "哈尼族 哈萨克族 傣族 黎族 傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 "
    "土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 阿昌族 普米族 塔吉克族 怒族 "
    "乌孜别克族 俄罗斯族 鄂温克族 德昂族 保安族 裕固族 京族 塔塔尔族 独龙族 鄂伦春族 赫哲族 门巴族 "
    "珞巴族 基诺族"
)
#: GB/T 3304, 01 to 56.
ETHNICITIES = [(f"{number:02}", name) for number, name in enumerate(_NAMES.split(), 1)]
