"""Who works in 青溪县 (all invented), and the accounts that a visitor may try."""

from dataclasses import dataclass

from orgs.models import Duty, Role

#: One password for all: the demo is public.
PASSWORD = "Qingxi@2026"  # noqa: S105


@dataclass(frozen=True)
class Account:
    username: str
    name: str
    role: str
    work: str
    #: What waits on this person's workbench.
    hint: str


ACCOUNTS = (
    Account(
        "wangxiaoyun",
        "王小芸",
        "窗口人员",
        "柳河镇便民服务中心",
        "登记诉求、受理、当场办结、打印回执",
    ),
    Account("tianguilan", "田桂兰", "代办员", "柳河镇石桥村", "登记村民诉求、代办、送回结果"),
    Account("xiangdawei", "向大伟", "派单员", "柳河镇", "把待派单的诉求派给承办单位"),
    Account("liuzhiqiang", "柳志强", "承办人", "柳河镇民政", "签收、办理、提交审核、回复群众"),
    Account(
        "chenjianhua", "陈建华", "承办单位负责人", "柳河镇民政、残联", "审核答复、退回修改、退单"
    ),
    Account("zhoumin", "周敏", "中心主任", "柳河镇", "看超期、代审核、重办、发布事项"),
    Account("lizhenguo", "李振国", "书记", "柳河镇", "看全镇办件和超期情况"),
    Account("hejuan", "何娟", "回访员", "柳河镇", "回访已回复的诉求，办结或重办"),
    Account("zhengkai", "郑凯", "组织部门", "青溪县", "看全县办件，启动年度考核，考评打分"),
    Account("hongliang", "洪亮", "组织部门", "青溪县", "复核考评定稿、测评码，公示结果"),
    Account("tanli", "谭丽", "两处任职", "柳河镇窗口、东山乡派单", "在页面右上角切换任职"),
    Account("xuhao", "许浩", "系统管理员", "青溪县", "账号、党组织、中心、日历、分类"),
    Account("gaofeng", "高峰", "安全管理员", "青溪县", "任职授权、解除登录锁定"),
    Account("luojing", "罗静", "审计管理员", "青溪县", "查看、筛选、导出操作记录"),
)

ADMINISTRATORS = {"xuhao": Duty.SYSTEM, "gaofeng": Duty.SECURITY, "luojing": Duty.AUDIT}

#: username, name, then posts: (role, place) or (role, place, units…).
STAFF = (
    ("zhengkai", "郑凯", (Role.REVIEWER, "青溪县委")),
    ("hongliang", "洪亮", (Role.REVIEWER, "青溪县委")),
    ("fangzhiyuan", "方志远", (Role.SECRETARY, "青溪县委")),
    ("tanli", "谭丽", (Role.CLERK, "柳河镇"), (Role.DISPATCHER, "东山乡")),
    # 柳河镇
    ("wangxiaoyun", "王小芸", (Role.CLERK, "柳河镇")),
    ("xiangdawei", "向大伟", (Role.DISPATCHER, "柳河镇")),
    ("zhoumin", "周敏", (Role.CENTRE_HEAD, "柳河镇")),
    ("lizhenguo", "李振国", (Role.SECRETARY, "柳河镇")),
    ("hejuan", "何娟", (Role.CALLBACK, "柳河镇")),
    ("liuzhiqiang", "柳志强", (Role.HANDLER, "柳河镇", "民政")),
    ("shenfang", "沈芳", (Role.HANDLER, "柳河镇", "民政", "残联")),
    ("mengtao", "孟涛", (Role.HANDLER, "柳河镇", "土管")),
    ("qinliang", "覃亮", (Role.HANDLER, "柳河镇", "城建")),
    ("dengxiu", "邓秀", (Role.HANDLER, "柳河镇", "计生")),
    ("yuhong", "余红", (Role.HANDLER, "柳河镇", "劳动保障")),
    ("maolinsen", "毛林森", (Role.HANDLER, "柳河镇", "林业")),
    ("pengling", "彭玲", (Role.HANDLER, "柳河镇", "社区")),
    ("chenjianhua", "陈建华", (Role.UNIT_HEAD, "柳河镇", "民政", "残联")),
    ("huguoping", "胡国平", (Role.UNIT_HEAD, "柳河镇", "土管", "城建", "林业")),
    ("songlihua", "宋丽华", (Role.UNIT_HEAD, "柳河镇", "计生", "劳动保障", "社区")),
    ("liyan", "李燕", (Role.CLERK, "柳河社区")),
    ("tianguilan", "田桂兰", (Role.AGENT, "石桥村")),
    ("zhangchengfu", "张成富", (Role.AGENT, "河口村")),
    ("huangqiuju", "黄秋菊", (Role.AGENT, "枫树坪村")),
    ("xiangxiaobo", "向小波", (Role.AGENT, "新屋场村")),
    ("yangzhengcai", "杨正财", (Role.AGENT, "杨家冲村")),
    # 白石镇
    ("duanxue", "段雪", (Role.CLERK, "白石镇")),
    ("guojun", "郭军", (Role.DISPATCHER, "白石镇")),
    ("fanwenbin", "范文斌", (Role.CENTRE_HEAD, "白石镇")),
    ("zhanghaibo", "张海波", (Role.SECRETARY, "白石镇")),
    ("yaolan", "姚岚", (Role.CALLBACK, "白石镇")),
    ("jiangping", "蒋平", (Role.HANDLER, "白石镇", "民政", "残联")),
    ("wuyong", "吴勇", (Role.HANDLER, "白石镇", "土管", "城建")),
    ("hexiaoling", "贺小玲", (Role.HANDLER, "白石镇", "计生", "劳动保障")),
    ("shidagang", "石大刚", (Role.HANDLER, "白石镇", "林业", "社区")),
    ("caimingxia", "蔡明霞", (Role.UNIT_HEAD, "白石镇", "民政", "残联", "计生", "劳动保障")),
    ("renjianjun", "任建军", (Role.UNIT_HEAD, "白石镇", "土管", "城建", "林业", "社区")),
    ("baiyumei", "白玉梅", (Role.CLERK, "白石社区")),
    ("qiuchangshun", "邱长顺", (Role.AGENT, "大水井村")),
    ("luochunhua", "罗春花", (Role.AGENT, "樟树湾村")),
    ("majianbo", "马建波", (Role.AGENT, "马鞍村")),
    ("zhuxiulan", "朱秀兰", (Role.AGENT, "竹林坡村")),
    # 东山乡; the 城建 handler there also looks after 土管 in 白石镇.
    ("tangmei", "唐梅", (Role.CLERK, "东山乡")),
    ("kongqinghua", "孔庆华", (Role.CENTRE_HEAD, "东山乡")),
    ("yuanzhong", "袁忠", (Role.SECRETARY, "东山乡")),
    ("linna", "林娜", (Role.CALLBACK, "东山乡")),
    ("douyuhua", "窦玉华", (Role.HANDLER, "东山乡", "民政", "残联")),
    ("majun", "马骏", (Role.HANDLER, "东山乡", "城建"), (Role.HANDLER, "白石镇", "土管")),
    ("xionggang", "熊刚", (Role.HANDLER, "东山乡", "土管", "林业")),
    ("tanshufen", "覃淑芬", (Role.HANDLER, "东山乡", "计生", "劳动保障", "社区")),
    ("wanqing", "万青", (Role.UNIT_HEAD, "东山乡", "民政", "残联", "计生", "劳动保障")),
    ("yandong", "闫东", (Role.UNIT_HEAD, "东山乡", "土管", "城建", "林业", "社区")),
    ("shuping", "舒平", (Role.CLERK, "东山社区")),
    ("weiyouliang", "韦有良", (Role.AGENT, "茶园沟村")),
    ("lanxiuying", "兰秀英", (Role.AGENT, "云雾坪村")),
    ("liuhaiqing", "柳海清", (Role.AGENT, "杨柳冲村")),
    ("gaodeshan", "高德山", (Role.AGENT, "高岭村")),
)  # fmt: skip
