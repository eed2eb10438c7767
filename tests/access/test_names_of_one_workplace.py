"""Names as colleagues say them: by one character, in Cantonese, by initials, by ear.

Each line must find the person; and no line may keep half of an organisation out.
"""

from __future__ import annotations

import itertools
import random

import pytest

from grievances.people.directory import Directory, Entry
from grievances.people.mentions import names_in_another_script

FIRST = (
    "Oliver Amelia Jack Olivia Harry Isla George Emily Noah Charlie Jacob Grace Thomas Sophie "
    "James Muhammad Fatima Ali Aisha Hassan Imran Nadia Raj Priya Anil Kwame Chidi Tunde Wei "
    "Ming Hui Piotr Anna Elena Siobhan Rhys Megan Carys Stuart Fiona Leroy Marcia Carlos Maria "
    "Yusuf Mehmet"
)
LAST = (
    "Smith Jones Taylor Brown Williams Johnson Robinson Wright Evans White Green Hall Jackson "
    "Khan Ahmed Hussain Begum Patel Singh Kaur Sharma Mensah Okafor Balogun Wong Li Zhang Nowak "
    "Popescu Murphy Byrne Campbell Reid Grant Silva Costa Yilmaz Kaya Owen Hughes Morgan Price"
)
STAFF = 300
MOST_KEPT_OUT = 0.1
"""The part of the organisation that one line may keep out."""

NAMED: dict[str, tuple[str, ...]] = {
    "Chan Siu-ming": (
        "陳小明", "陈小明", "小明", "阿明", "陳生", "陳先生", "Chen Xiaoming", "Simon Chan",
    ),
    "Wong Ka-yan": ("黃嘉欣", "嘉欣", "家欣", "黃小姐", "Karen Wong"),
    "Leung Wing-kei": ("梁詠琪", "詠琪", "Gigi Leung"),
    "Cheung Hok-yau": ("張學友", "学友", "張生", "Jacky Cheung"),
    "Lau Tak-wah": ("劉德華", "刘德华", "德華", "華仔", "Andy Lau"),
    "Ng Yuk-ling": ("吳玉玲", "玉玲", "Ms Ng"),
    "Xiuying Zhao": ("赵秀英", "秀英", "小赵", "老赵", "英姐"),
    "Jianguo Huang": ("黄建国", "建国", "老黄", "黄总"),
    "Lihua Sun": ("孙丽华", "丽华", "阿华", "华姐"),
    "Mei-ling Tsai": ("蔡美玲", "阿玲", "玲玲"),
    "陳小明": ("Chan Siu Ming", "Siu Ming"),
    "Yael Rosenbaum": ("יעל רוזנבאום", "יעל", "רוזנבוים יעל"),
    "Chaim Weizman": ("חיים ויצמן", "Hayim Vaitzman"),
    "Shoshana Levy": ("שושנה לוי", "שושי לוי"),
    "Tzipporah Friedman": ("ציפורה פרידמן", "ציפי פרידמן"),
    "Samantha O'Brien-Clarke": ("SOB", "SOBC", "S O'B"),
    "Sean O'Beirne": ("SOB", "S.O.B.", "SO'B", "S O B"),
    "Mary McAllister": ("MMcA", "M McA", "Mary Mac"),
    "Gurpreet Sandhu": ("ਗੁਰਪ੍ਰੀਤ ਕੌਰ ਸੰਧੂ",),
    "Shamsul Haque": ("Samsul Huq", "Md Shamsul Haq", "শামসুল হক"),
    "Cabdiraxmaan Xasan Cali": ("Abdirahman Hassan Ali", "Abdi Hassan"),
    "Caoilfhionn Nic Dhonnchadha": ("Keelin McDonagh", "Keelin"),
    "Penelope Featherstonehaugh-Cholmondeley": ("Penny Fanshaw-Chumley",),
    "Ananya Mukhopadhyay": ("Ananya Mukherjee",),
    "Hrvoje Đurđević": ("Хрвоје Ђурђевић",),
    "Ludmila Dvořáková": ("Lida Dvorak",),
    "Sarah Brown-Jones": ("布朗",),
    "Tigist Bekele": ("ትግስት በቀለ",),
    "Nino Beridze": ("ნინო ბერიძე",),
    "Armen Petrosyan": ("Արմեն Պետրոսյան",),
    "Hetal Desai": ("હેતલબેન દેસાઈ",),
    "Kavitha Raghunathan": ("கவிதா ரகுநாதன்",),
}  # fmt: skip
NAMES = tuple(NAMED)
LINES = [(name, line) for name, lines in NAMED.items() for line in lines]


@pytest.fixture(scope="module")
def directory() -> Directory:
    """Three hundred people of a service, and those whom the lines name."""
    pairs = list(itertools.product(FIRST.split(), LAST.split()))
    random.Random(5).shuffle(pairs)
    others = [
        Entry(1000 + at, f"user{at}", f"{first} {last}")
        for at, (first, last) in enumerate(pairs[:STAFF])
    ]
    named = [Entry(at, f"staff{at}", name) for at, name in enumerate(NAMES)]
    return Directory([*others, *named])


@pytest.mark.parametrize(("name", "line"), LINES)
def test_a_line_finds_the_person_and_not_half_of_the_organisation(
    directory: Directory, name: str, line: str
) -> None:
    found = {pk for match in directory.find(line) for pk in match.close}
    assert NAMES.index(name) in found
    assert len(found) < MOST_KEPT_OUT * len(directory.entries)


@pytest.mark.parametrize("line", ["建国", "秀英", "学友", "小红", "詠琪"])
def test_a_chinese_first_name_is_not_heard_as_a_foreign_one(line: str) -> None:
    people = Directory([Entry(1, "a", "Jack Green"), Entry(2, "b", "Sean Young")])
    assert not {pk for match in people.find(line) for pk in match.close}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("布朗", "Ann Brown"),
        ("史密斯", "Tom Smith"),
        ("詹姆斯", "James Reed"),
        ("彼得", "Peter Reed"),
        ("彼得先生", "Peter Reed"),
        ("占士", "James Reed"),
        ("积克", "Jack Reed"),
        ("雪莉", "Shirley Reed"),
        ("芭芭拉", "Barbara Reed"),
        ("強生", "Ann Johnson"),
        ("摩根", "Ann Morgan"),
        ("墨菲", "Ann Murphy"),
        ("可汗", "Ann Khan"),
        ("华生", "Ann Watson"),
        ("我的经理埃文斯", "Ann Evans"),
    ],
)
def test_a_foreign_name_in_characters_is_still_heard(line: str, name: str) -> None:
    people = Directory([Entry(1, "a", name)])
    assert {pk for match in people.find(line) for pk in match.close} == {1}


@pytest.mark.parametrize(
    ("name", "text", "is_said"),
    [
        ("Chan Siu-ming", "我星期一見過小明。", True),
        ("Lau Tak-wah", "德華在辦公室。", True),
        ("Ann Brown", "我星期一見過小明。", False),
    ],
)
def test_a_name_in_characters_is_taken_out_of_a_text(name: str, text: str, is_said: bool) -> None:
    assert names_in_another_script(text, name) is is_said
