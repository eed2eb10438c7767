"""People as others call them: whatever is typed, the person meant is among those kept out."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from grievances.intake import submission
from grievances.participants.redaction import tells
from grievances.people.directory import Directory, Entry
from grievances.people.matching import Staff as Typed
from grievances.people.models import LineManagement, User
from tests.access.naming import rename, require_kept_out
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import SINCE, Staff
from tests.intake.raising import page_of
from tests.signing_in import sign_in

LIZ, BILL = "Elizabeth Jones", "William O'Neill-Davies"
TYPED: dict[str, tuple[tuple[str, str], ...]] = {
    "pet names and short forms": (
        (LIZ, "Lizzy Jones"),
        (LIZ, "Betty"),
        (LIZ, "Liz's deputy"),
        ("Joanna Lee", "Jo Leigh"),
        ("Deborah Wright", "Debs"),
        ("Victoria Reeve", "Vicky Reeves"),
        ("Robert Marsh", "Bobby M."),
        ("Chukwuemeka Okonkwo", "Emeka"),
        ("Oluwaseun Adebayo", "Seun"),
        ("Catherine Fitzgerald", "Cath Fitz"),
        ("Katarzyna Wisniewska", "Kasia"),
        ("Małgorzata Żółkiewska", "Gosia"),
        ("Александра Йорданова", "Саша"),
    ),
    "abbreviations": (
        (BILL, "Wm. O'Neill"),
        ("Charles Whitcombe", "Chas. Whitcomb"),
        ("Robert Marsh", "Robt. Marsh"),
        ("Muhammad Iqbal", "Mohd."),
        ("Muhammad Iqbal", "Md. Iqbal"),
        ("María José García López", "Mª José"),
        (LIZ, "Eliz. Jones"),
        (LIZ, "E. J."),
        (LIZ, "EJ"),
        ("Abdul Rahman Khan", "A.R. Khan"),
    ),
    "double and married names": (
        (BILL, "Bill O'Neill"),
        (BILL, "Davies-O'Neill"),
        (BILL, "William Davis"),
        (LIZ, "Elizabeth Smith (née Jones)"),
        (LIZ, "Liz Smith, formerly Jones"),
        (LIZ, "Beth Jones-Smith"),
        ("María José García López", "MJ Garcia"),
        ("Harpreet Kaur Gill", "Ms Kaur"),
        ("Katarzyna Wisniewska", "Kate Wisniewski"),
    ),
    "letters that changed": (
        (LIZ, "Elizabth Joens"),
        (LIZ, "Jonse"),
        (LIZ, "E1izabeth J0nes"),
        ("Deborah Wright", "Deb Rite"),
        ("Joanna Lee", "Li"),
        ("Geoffrey Hughes-Reckitt", "Jeff Reckit"),
        ("Stephen Phillips", "Stefan Fillips"),
        ("Aleksandr Shcherbakov", "Alex Sherbakov"),
        ("Jürgen Müller", "Juergen Muellr"),
        (LIZ, "Elizabeth_Jones"),
    ),
    "words run together": (
        (LIZ, "LizJones"),
        (LIZ, "mrsjones"),
        (LIZ, "Mrs.Jones"),
        ("Wei Chen", "Chenwei"),
        (LIZ, "J O N E S"),
        ("Yuki Tanaka", "Tanakasan"),
        ("Hamish MacDonald", "Hamish Mc Donald"),
        ("Joseph van der Berg", "J. vandenberg"),
    ),
    "other scripts": (
        ("Muhammad Iqbal", "محمد إقبال"),
        ("Mohammed Al-Ansari", "محمد الأنصاري"),
        ("عبد الرحمن الأنصاري", "Abdul Rahman Al-Ansari"),
        ("Yonatan Abramowitz", "יהונתן אברמוביץ"),
        ("Priya Chaturvedi", "प्रिया चतुर्वेदी"),
        ("प्रिया चतुर्वेदी", "Chaturvedi, Priya"),
        ("Priya Chaturvedi", "பிரியா சதுர்வேதி"),
        ("Harpreet Kaur", "ਹਰਪ੍ਰੀਤ ਕੌਰ"),
        ("Wei Chen", "陈伟"),
        ("王小明", "Wang Xiao-Ming"),
        ("김민준", "Kim Min-jun"),
        ("Kim Min-jun", "김 민준"),
        ("Yuki Tanaka", "タナカ ユキ"),
        ("Георги Петров", "George Petrov"),
    ),
    "Chinese characters read in Japanese": (
        ("Yuki Tanaka", "田中由紀"),
        ("Tanaka Yuki", "田中 由紀"),
        ("田中由紀", "Yuki Tanaka"),
        ("Yuko Sato", "佐藤裕子"),
        ("Hiroko Sato", "佐藤裕子"),
        ("佐藤裕子", "Hiroko Satou"),
        ("Ichiro Suzuki", "鈴木一郎"),
        ("Takeshi Nakamura", "中村健"),
        ("Shota Kobayashi", "小林翔太"),
        ("Sakura Watanabe", "渡辺さくら"),
    ),
    "names said otherwise than they are written": (
        ("Oliver St John", "Sinjin"),
        ("Oliver St. John", "Oliver Sinjun"),
        ("Oliver Saint-John", "Mr St John"),
        ("Amelia St Clair", "Amelia Sinclair"),
        ("Amelia Sinclair", "Ms St. Clair"),
        ("Amelia StClair", "Sinclaire"),
        ("Peter Seymour", "St Maur"),
        ("Peter St Leger", "Sellinger"),
    ),
    "an initial behind a title": (
        ("Priya Menon", "Ms. M"),
        ("Priya Menon", "Miss M."),
        ("Priya Menon", "Ms M from the office"),
        ("Zoë Ångström", "Dr A"),
    ),
    "staff numbers and addresses": (
        (BILL, "104512"),
        (BILL, "staff number 104512"),
        (BILL, "S-104512 in York"),
        (BILL, "bill.oneill@other.invalid"),
        (BILL, "Bill.Oneill"),
        (BILL, "DOMAIN\\S104512"),
        (BILL, "@bill.oneill"),
    ),
    "English names in letters of other countries": (
        (LIZ, "伊丽莎白·琼斯"),
        (LIZ, "琼斯"),
        (LIZ, "엘리자베스 존스"),
        (LIZ, "ਐਲਿਜ਼ਾਬੈਥ ਜੋਨਸ"),
        (LIZ, "เอลิซาเบธ โจนส์"),
        ("James Wilson", "威尔逊"),
        ("James Wilson", "Τζέιμς Γουίλσον"),
        ("Michael Johnson", "麦可強森"),
        ("David Brown", "大卫·布朗"),
        ("David Brown", "Дэвид Браун"),
        ("Sarah Williams", "Сара Уильямс"),
        ("Katherine Smith", "캐서린 스미스"),
        ("Muhammad Iqbal", "穆罕默德·伊克巴尔"),
        ("Priya Nair", "بريا ناير"),
        ("Priya Nair", "프리야 나이르"),
        ("Priyanka Chaturvedi", "प्रियंका चतुर्वेदी"),
        ("Gurbaksh Sandhu", "ਗੁਰਬਖ਼ਸ਼ ਸੰਧੂ"),
        ("Rajesh Subramaniam", "ராஜேஷ் சுப்ரமணியம்"),
        ("Xiaoming Wang", "ワン・シャオミン"),
    ),
    "one name in two languages": (
        ("Siobhán Ní Bhriain", "Siobhan O'Brien"),
        ("Nuala Ó Súilleabháin", "Ms O'Sullivan"),
        ("Rhys ap Gruffydd", "Reece Griffiths"),
        ("Rezaul Chowdhury", "Mr Choudary"),
        ("Katherine Smith", "Kath Schmidt"),
        ("Wei Chen", "Chan Wai"),
        ("Kim Min-jun", "Gim Minjun"),
        ("Stanisław Łukasiewicz", "Stanislav Lukashevich"),
        ("Işıl Yıldırım", "Isil Hanim"),
    ),
    "written as it is heard, both words": (
        ("Priya Nair", "Preya Nayer"),
        (LIZ, "Elisabeth Johns"),
        ("Aoife McLoughlin", "Efa Mcloclin"),
        ("Björn Åkesson", "Bjorn Okeson"),
        ("Agnieszka Wójcik", "Agnieshka Voychik"),
        ("Hamish MacDonald", "Hamish McD"),
        ("Sean O'Brien", "Sean O.B."),
        ("Rajesh Subramaniam", "Subbu"),
        ("Kwabena Mensah", "Kwabs"),
    ),
    "what a program or a hurry made of it": (
        ("Jürgen Müller", "JÃ¼rgen MÃ¼ller"),
        ("Muhammad Iqbal", "muhammad 1qbal"),
        ("Priya Nair", "Nairs team"),
        ("Amelia Fitzgerald-Hughes", "AFH"),
        ("Jean-Pierre Lefèvre", "J-P"),
    ),
    "sentences": (
        (
            LIZ,
            "my manager elizabeth said it at the meeting on Tuesday with everyone else listening",
        ),
        (LIZ, "It was Jones who said it to me in front of the whole team"),
        (LIZ, "elizabeth said it again"),
        (LIZ, "He told me that I should ask Betty about it, and then I was moved to York"),
        (LIZ, "ask Elizabeth"),
        (LIZ, "Owen Griffiths told me in May that Lizzie had asked for me to be moved away"),
    ),
}
"""By kind: the name in the directory, and what is typed."""


@pytest.mark.parametrize("kind", TYPED)
def test_the_person_meant_is_found(kind: str) -> None:
    missed = []
    for name, typed in TYPED[kind]:
        entries = [
            Entry(1, "S/104512", name, "bill.oneill@work.invalid"),
            Entry(2, "lone2", "Owen Griffiths", "owen@work.invalid"),
        ]
        found = {pk for match in Directory(entries, ["York"]).find(typed) for pk in match.close}
        missed += [] if 1 in found else [(name, typed)]
    assert not missed


@pytest.mark.parametrize(
    "typed",
    [
        "Xanthe Quillfeather",
        "the tall one from the second floor",
        "Priya Sharma said so",
        "N/A",
        "prefer not to say",
        "the whole team and the new manager",
        "Ann Ball",
    ],
)
def test_no_one_is_found_who_is_not_meant(typed: str) -> None:
    """A shared first name beside another surname, or a plain description, means no one."""
    names = ("Priya Menon", "Mark May-Forth", "王小明", "Anna Bell", "Will Day")
    directory = Directory(Entry(pk, f"u{pk}", name) for pk, name in enumerate(names))
    assert not directory.find(typed)


def test_few_are_kept_out_who_are_not_meant() -> None:
    """In a directory of 300 people, a typed name keeps out three in a hundred others at most."""
    first = "Priya Owen Amelia Yuki Kwame Zoë Harpreet Liam Fatima Piotr Grace Samuel Mei Isla Omar"
    last = (
        "Menon Griffiths StClair Tanaka Mensah Walker Singh Murphy Rahman Kowalczyk Evans Okafor "
        "Chen Fraser Haddad Patel Hughes Sinclair Suzuki Boateng"
    )
    names = [f"{one} {other}" for one in first.split() for other in last.split()]
    directory = Directory(Entry(pk, f"u{pk}", name) for pk, name in enumerate(names))
    typed = [
        "田中由紀",
        "Amelia St Clair",
        "Ms Priya Menon",
        "Omar Haddad",
        "鈴木由紀",
        "Liam Evans",
        "利亚姆·埃文斯",
        "오마르 하다드",
    ]
    for line in typed:
        found = {pk for match in directory.find(line) for pk in match.close}
        assert 0 < len(found) <= 9, (line, sorted(names[pk] for pk in found))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        "the triage officer",
        "Head of the HQ office",
        "the DPO and the Triage Officer",
        "lone1's boss",
    ],
)
@pytest.mark.parametrize("field", ["about", "decided", "exclude"])
def test_an_office_a_unit_or_a_manager_instead_of_a_name(
    staff: Staff, typed: str, field: str
) -> None:
    rename(staff["staff1"], "Lone1")
    LineManagement.objects.create(person=staff["staff1"], manager=staff["triage1"], from_date=SINCE)
    User.objects.filter(pk=staff["independent1"].pk).update(unit=staff["decider1"].unit)
    answers: dict[str, Any] = {**cases.ACCOUNT, "about": "", "region": "NORTH", field: typed}
    able = {p.username for p in submission.preview_anonymous(answers, now=START)}
    assert able
    assert "triage1" not in able


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "kept_away"),
    [
        ("Lone1's team", {"triage1"}),
        ("Lone1 and all his staff", {"triage1"}),
        ("Lone1; the HQ office", {"Hq"}),
        ("everyone in Hq, and Lone1", {"Hq"}),
        ("the whole of York ofice", {"York"}),
        ("Lone1, head of the HQ office", set()),
    ],
)
def test_a_team_or_a_unit_beside_a_name_is_kept_away_too(
    staff: Staff, typed: str, kept_away: set[str]
) -> None:
    rename(staff["staff1"], "Lone1")
    LineManagement.objects.create(person=staff["triage1"], manager=staff["staff1"], from_date=SINCE)
    found = Typed.read().people_and_units(typed)
    names = dict(User.objects.values_list("pk", "username"))
    others = {names[pk] for pk in found.close} | {unit.name for unit in found.units}
    assert others - {"staff1"} == kept_away


@pytest.mark.django_db
def test_people_kept_away_later_are_described_in_the_same_ways(staff: Staff) -> None:
    rename(staff["triage1"], "Elizabeth Jones")
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "complainant1")
    typed = "Beth Smith (formerly Jones)\nthe casework lead"
    answer = client.post(f"/cases/{case.reference}/exclude/", {"people": typed})
    assert answer.status_code == 302, page_of(answer)
    for who in ("triage1", "lead1"):
        require_kept_out(staff, who, case)


@pytest.mark.django_db
def test_a_unit_beside_a_name_is_a_note(staff: Staff) -> None:
    rename(staff["staff1"], "Tom Ford")
    named = Typed.read().people_and_units("Tom Ford, head of the HQ office")
    assert not named.units
    assert named.meant == {staff["staff1"].pk}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (LIZ, "I spoke to Liz about it."),
        (LIZ, "We heard from Elisabeth that it was said."),
        (LIZ, "So Mrs Jonnes wrote."),
        ("Muhammad Iqbal", "قال محمد إقبال ذلك"),
        ("प्रिया चतुर्वेदी", "We asked Priya Chaturvedi."),
        (BILL, "S/104512 asked us."),
        ("James Wilson", "我们问过 威尔逊 先生"),
        ("Nuala Ó Súilleabháin", "We asked Ms O'Sullivan."),
    ],
)
def test_the_complainants_name_is_found_in_outgoing_text(name: str, text: str) -> None:
    assert tells(text, User(name=name, username="S/104512", email="x.y@work.invalid"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Robert Marsh", "It was said in March, on a Friday."),
        ("William Grace", "Will you answer? Good grace."),
        (LIZ, "Please answer: what was said in the meeting?"),
        ("王小明", "Please answer by May."),
    ],
)
def test_ordinary_words_are_not_taken_for_the_complainants_name(name: str, text: str) -> None:
    assert not tells(text, User(name=name, username="u1", email=""))
