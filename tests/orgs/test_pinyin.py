"""Whoever looks for a person types the name on a Latin keyboard, surnames as they are spoken."""

import pytest

from orgs.pinyin import pinyin_of, pinyin_of_place


@pytest.mark.parametrize(
    ("name", "whole", "initials"),
    [
        ("李雪梅", "lixuemei", "lxm"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("仇英", "qiuying", "qy"),
        ("解缙", "xiejin", "xj"),
        ("曾国藩", "zengguofan", "zgf"),
        ("查良镛", "zhaliangyong", "zly"),
        ("覃德明", "qindeming", "qdm"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("吕蒙", "lvmeng", "lm"),
        ("阿依古丽·买买提", "ayigulimaimaiti", "ayglmmt"),
        ("John 王", "johnwang", "johnw"),
        ("", "", ""),
    ],
)
def test_name_is_spelled_as_it_is_spoken(name, whole, initials):
    assert pinyin_of(name) == (whole, initials)


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("乐天溪镇解放村党支部", "letianxizhenjiefangcundangzhibu ltxzjfcdzb"),
        ("青溪县A区", "qingxixianaqu qxxaq"),
        ("", " "),
    ],
)
def test_place_is_no_surname(name, spelling):
    assert pinyin_of_place(name) == spelling
