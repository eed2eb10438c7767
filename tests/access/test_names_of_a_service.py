"""People of a probation service as others type them: names by role, pet names, initials.

Each form must find the person meant, in a directory of 400; and none may keep out a tenth of it.
"""

from __future__ import annotations

import itertools
import random
import unicodedata

import pytest

from grievances.people.directory import Directory, Entry
from tests.access.test_names_of_one_workplace import FIRST, LAST, MOST_KEPT_OUT

TYPED = {
    "Elizabeth Hargreaves": (
        "E.H. | Liz H | Lizzie | Betsy Hargreaves | Bess Hargreaves | Elspeth Hargreaves | "
        "hargreaves e | ehargreaves | Ekizabeth Hargreaves | Elizabeth Hargraves | "
        "ElizabethHargreaves | E1izabeth Hargreaves | SPO Liz | Libby | lhargreaves"
    ),
    "Robert Tennyson": (
        "Bob T | Bobby | Robbie Tennyson | Rob Tenyson | rtennyson | Mr Tennison | Bobs | "
        "Tennyson-Smith | Robrt Tennsyon | R0bert Tennyson"
    ),
    "Margaret Ollerenshaw": (
        "Peggy | Maggie O | Meg Ollerenshaw | Marge | Daisy Ollerenshaw | Mags | "
        "Margret Olerenshaw | Mrs Ollerenshaw the SPO | Mags O."
    ),
    "Edward Blenkinsop": (
        "Ted | Ted Blenkinsop | Ned | Eddie B | Teddy Blenkinsopp | Head of PDU Ted | "
        "E Blenkinsop/Leeds"
    ),
    "Karen Muldoon": (
        "SPO Karen | Karen (SPO) | Karen from the AP | Kaz | Kaz Muldoon | "
        "Karen Smith née Muldoon | Karen Doherty (was Muldoon) | Kaern | Karen M | Laren Muldoon | "
        "Kareb Muldoon | our SPO, Karen | Karen my senior | Karen Muldoon PSO"
    ),
    "Bhavna Patel": (
        "Mrs Patel from the Leeds office | Bhavnaben Patel | Bhavna Ben | ભાવના પટેલ | "
        "Bhavana Patel | B Patel (Leeds) | Bavna"
    ),
    "Amelia Kingsley-Thornbury": (
        "Amelia Thornbury | Mrs Kingsley | Millie Kingsley | A K-T | AKT | Kingsley Thornbury | "
        "Kingsley-Thornberry | Mel Thornbury | Amy Kingsley"
    ),
    "Chukwuebuka Nwosu": "Ebuka | Ebuka Nwosu | Chuks Nwosu | Bukky Nwosu | Mr Nwosu",
    "Oluwadamilola Ogunbanjo": (
        "Dami | Damilola | Lola Ogunbanjo | Dami O | Dámiló̩lá | Dammy | Ogunbanjo Damilola"
    ),
    "Ngozi Chimamanda Eze": "Ngozi | Ngo Eze | Mrs Eze | Eze N.C. | Ngosi Eze",
    "Mohamed Abdi Warsame": (
        "Maxamed Cabdi Warsame | Mo Warsame | Maxamed | محمد عبدي ورسمي | Muhamed Abdi"
    ),
    "Hodan Yusuf Cige": "Hodan Yuusuf Cige | Hodan Ige | Hoodan | Hodan Egeh",
    "Tariq bin Saeed": (
        "Tarik Said | Tariq b. Saeed | طارق بن سعيد | طارق سعید | Bin Saeed | Tareq Saeid"
    ),
    "Nurul Huda bint Rahman": "Huda | Nurul Huda | Nurulhuda Rahman | নুরুল হুদা | Noorul Hoda",
    "Shazia Mahmood": (
        "شازیہ محمود | Shazia baji | Shazia Mehmood | Sazia Mahmud | Shaz | Shazia apa"
    ),
    "Tahmina Begum Choudhury": (
        "তাহমিনা বেগম চৌধুরী | Tamina Chowdhury | Tahmina Apa | Mina Chowdhury"
    ),
    "Sukhwinder Singh Dhaliwal": (
        "Sukhi | ਸੁਖਵਿੰਦਰ ਸਿੰਘ ਧਾਲੀਵਾਲ | Sukhi Dhaliwal | Sukh | Dhaliwal S S | S. S. Dhaliwal | "
        "Sukhwinder paji | Sukhvinder Dhaliwal | सुखविंदर सिंह"
    ),
    "Muthukumar Selvaraj": (
        "முத்துக்குமார் செல்வராஜ் | Muthu | S. Muthukumar | Kumar Selvaraj | Muttukumar | Muthu anna"
    ),
    "Grzegorz Brzęczyszczykiewicz": (
        "Greg | Grzesiek | Gregory Brzeczyszczykiewicz | Pan Grzegorz | Gzegosz | Grzes | "
        "Mr B from Hull (Polish)"
    ),
    "Krzysztof Szymański": (
        "Chris Szymanski | Krzysiek | Kris Shymanski | Krzys | Szymanska Krzysztof | "
        "Christopher Symanski"
    ),
    "Wojciech Dąbrowski": "Wojtek | Wojtek Dabrowski | Voytek | Dombrowski | Pan Dąbrowski",
    "Ștefan Țurcanu": (
        "Stefan Turcanu | Ştefan Ţurcanu | Fane Turcanu | Domnul Țurcanu | Dl. Turcanu | Tsurcanu"
    ),
    "Ioana Crăciunescu": (
        "Doamna Craciunescu | Joana Craciunescu | Oana Craciunescu | Ioana Kraciunescu | "
        "Dna Craciunescu"
    ),
    "Gülşah Özdemir": (
        "Gulsah Ozdemir | Gulshah Hanım | Gülşah abla | Guelsah Oezdemir | Özdemir hoca"
    ),
    "Çağlar Yıldız": "Caglar Yildiz | Chalar Yildiz | Çağlar abi | CAĞLAR YILDIZ",
    "Nguyễn Thị Hương": (
        "Huong Nguyen | Chị Hương | Huong | Nguyen Thi Huong | Ms Nguyen | Cô Hương"
    ),
    "Phạm Văn Đức": "Duc Pham | Anh Đức | Mr Duc | Duc Van Pham | Dook Fam",
    "Gwenno ap Dafydd": (
        "Gwenno Dafydd | Gwen ferch Dafydd | Gwenno Davies | Gwenno David | i Gwenno | Wenno"
    ),
    "Meirion Pryderi": (
        "Feirion Pryderi | gan Feirion | Bryderi | Phryderi | a Meirion | Meirion Bryderi | "
        "i Feirion"
    ),
    "Cadwaladr Tegid": (
        "Gadwaladr Degid | Nghadwaladr | Chadwaladr | Mr Cadwallader | Gadwaladr"
    ),
    "Dilwyn Bowen": "Ddilwyn Bowen | Nilwyn | Mr Ab Owen | Dil Bowen",
    "Guto Prothero": "Uto Prothero | Nguto | i Guto",
    "Pieter van Houten": "Peter Vanhouten | P v Houten | van Houten | Piet Houten | Piet",
    "Ruairí Mac Giolla Phádraig": (
        "Rory Fitzpatrick | Rory | Ruairi McGillapatrick | Ruari Fitzpatrick | "
        "Rory Mac Giolla Phadraig"
    ),
    "Vasilios Karagiannopoulos": (
        "Bill Karagiannopoulos | Vassilis | Βασίλης Καραγιαννόπουλος | Vas | Kyrios Vasilis | "
        "Billy Karagianopoulos"
    ),
    "Dmitrijs Kļaviņš": "Dmitrijs Klavins | Dima Klavins | Дмитрий Клявиньш | Dmitry Klyavinsh",
    "Miriam Feldshtein": (
        "מרים פלדשטיין | מ׳ פלדשטיין | מ. פלדשטיין | Miri Feldstein | M Feldshtayn | גב' פלדשטיין"
    ),
    "Chaim Weizman": (
        "ח׳ ויצמן | ח' ויצמן | ח. ויצמן | ח ויצמן | ויצמן ח׳ | חיים ו׳ | מר ויצמן | ח״ו | C Weizman"
    ),
    "Hrvoje Jurjević": (
        "Hervoye Jurjevich | Hrvoye Yuryevich | Хрвоје Јурјевић | Hrvoje Jurjevitch | "
        "Harvey Jurjevic | Х. Јурјевић"
    ),
    "Alexei Vorontsov": (
        "А. Воронцов | Алексей В. | А.В. | Воронцов А. | Voroncov | Worontzow | Lyosha Vorontsov"
    ),
    "Khalid Al-Mutairi": (
        "خ. المطيري | خالد م | Abu Khalid | خ المطيري | Almutairi K | Khaled Mutairi | أبو خالد"
    ),
    "Anjali Deshmukh": "अ. देशमुख | अंजली दे. | A Deshmuk | Anju Deshmukh | Anjali Tai | Anjli",
    "Georgios Papadakis": (
        "Γ. Παπαδάκης | George Papadakis | Yorgos | Giorgos P | Jorgos Papadakis"
    ),
    "Siân Angharad Cadogan": "Sian C | Shan Cadogan | Sharn | S A Cadogan | SAC | Siân Cadwgan",
    "Geraldine Whittingstall": (
        "Gerry | Geri Whittingstall | Ger | Whittingstal G | Hwittingstall | gwhittingstall01 | "
        "geraldinew | Geraldine W"
    ),
    "Dorothy Featherby": (
        "Dot Featherby | Dottie | Dolly Featherby | Dotty F | Doroth y Featherby | Dorothy_F"
    ),
    "Henry Ashdown": (
        "Harry Ashdown | Hal | Hank Ashdown | Henr Yashdown | Hnery | Hewnry Ashdown | "
        "Jenry Ashdown | Ash"
    ),
    "Francesca Bonetti": (
        "Fran B | Frankie Bonetti | Chessie | Cesca | Frannie | Sig.ra Bonetti | Bonneti"
    ),
    "Alasdair MacPhee": (
        "Alistair McFee | Ally Macphee | Al | Alastair Mac Phee | Alister McPhie"
    ),
    "Tuyet Lan Dang": "Đặng Tuyết Lan | Lan Dang | Tuyetlan",
    "Jiří Novotný": "George Novotny | Jirka | Irji Novotny | Yirzhi Novotny",
    "Kehinde Bamidele": "Kenny Bamidele | Kehinde B | Kennie | Mr Bamidele (Yoruba) | Bami",
    "Eun-ji Hwang": "황은지 | 은지 | 은지씨 | Eunji Whang | Unji Hwang",
    "Jihoon Bae": "지훈 | 배지훈 | 지훈 씨 | Ji Hun Pae",
    "Charlotte Endicott": (
        "Lottie | Charlie Endicott | Lotte E | Char | Totty Endicott | Charl0tte | Cahrlotte"
    ),
    "Philippa Marchmont": "Pip | Pippa | Pippa M. | Philipa Marchmount | Flip | P1ppa",
    "Jacqueline Esposito": "Jacqui | Jackie E | Jacquie Esposito | Jaq | Jax Esposito",
    "Winifred Adjei": "Freddie Adjei | Win | Winnie A | Fred Adjei | Winny Adjaye",
    "Hrvoje Đurđević": (
        "Hervoye Jurjevich | Hrvoje Djurdjevic | Hrvoje Dzurdzevic | Durdevic H | Jurdevich | "
        "Хрвоје Ђурђевић"
    ),
    "Goran Šimić": "Goran Shimich | Simic | Gorun Simitch | Г. Шимић",
    "Zdeněk Dvořák": "Zdenek Dvorzhak | Dvorak Z | Zdenyek Dvorak | Mr Dvorjak",
    "Nimmi Achuthanandan": (
        "நிம்மி அச்சுதானந்தன் | Nimi Achuthananthan | நி. அச்சுதானந்தன் | Nimmi akka | Achu"
    ),
    "Yehoshua Ben-David": (
        "י׳ בן דוד | Josh Ben David | Yoshua Bendavid | Shuki Ben-David | בן-דוד י."
    ),
    "Fiachra Ó hUiginn": "Fiachra Higgins | Feekra O'Higgins | Mr Higgins | Ó hUiginn",
    "Nokuthula Dlamini": "Thula | Noku | Nokuthula D | Ms Dhlamini | Nokutula Dlamini",
    "Oyinkansola Fashola": "Oyin | Kansola | Sola Fashola | Oyinkan | Yinka Fashola",
    "Gary Winterbottom": (
        "Gaz | Gazza Winterbottom | Gazza | Gaz W | Winterbotham | Gary from programmes | "
        "programmes Gary | gary the cleaner | Gary payroll"
    ),
    "Darren Oldroyd": (
        "Daz | Dazza | Daz Oldroyd | oldroyd (PSO) | D. Oldroid | PO Darren | "
        "Darren PO Wakefield | darren o"
    ),
    "Jeremy Quarmby": "Jez | Jezza | Jerry Q | Quarmbey | Jeremy (TM) | TM Jeremy | Jeremy VLO",
    "Lakshmi Venkataraghavan": (
        "Lakshmi Venkat | லட்சுமி | लक्ष्मी वेंकटराघवन | Laxmi | V. Lakshmi | Lakshmiji | "
        "Lakshmi madam | Lakshmi ma'am"
    ),
    "Xiomara Villanueva de la Cruz": (
        "Xiomara de la Cruz | Ciomara Villanueva | Villanueva Cruz X | Señora Villanueva | Siomara"
    ),
    "Tomasz Gąsiorowski": (
        "Tomek G | Pan Tomasz | Thomas Gonsiorovski | Gasiorowska | T. Gąsiorowski | pan Tomek | "
        "Gonsiorowski"
    ),
    "Andreea Ungureanu": (
        "Andrea Ungurianu | dna Ungureanu | d-na Ungureanu | Dna. Andreea | A Ungureanu"
    ),
    "Emre Büyükkaya": (
        "Emre Bey | Emre Bueyuekkaya | Buyukaya | emre abi | Emre hoca | E. Büyükkaya"
    ),
    "Trần Quốc Bảo": "Bao Tran | anh Bảo | Tran Bao | Mr Bao | Quoc Bao",
    "Myfanwy Rowlands": (
        "Fyfanwy | Myf | Vanwy Rowlands | am Fyfanwy | i Fyfanwy Rowlands | Myfanwey"
    ),
    "Bronwen Teifi": "Fronwen | i Fronwen | Bron | Bron Teifi | Fronwen Deifi",
    "Penri Glyndŵr": "Phenri | Benri | i Benri | Penri Glyn Dwr | P. Glyndwr",
    "Abdirizak Faarax Nuur": (
        "Abdirisaq Farah | Cabdirisaaq Faarax | Abdi Farah Noor | Farah | Cabdirizaaq"
    ),
    "Zahra Nooraldin": (
        "زهرا نورالدين | Zahra Nur al-Din | Umm Zahra | زهراء | Zara Nooruddin | ز. نورالدين"
    ),
    "Parvin Akhtar": (
        "পারভীন আক্তার | Parveen Akter | پروین اختر | Parvin apa | Parbin Aktar | P Akhtar PO"
    ),
    "Swarnjit Kaur Bhogal": (
        "ਸਵਰਨਜੀਤ ਕੌਰ | Swarn Bhogal | Sawarnjit | Swaranjeet Bhogal | Bhogal SK | ਸ. ਭੋਗਲ | Swarn ji"
    ),
    "Sunniva Ødegård": "Sunniva Oedegaard | Odegard S | Sunny Odegaard",
    "Bartholomew Quigg": "Bart | Barty Quigg | Bat Quigg | Quig | Bartholemew",
    "Alexandra Postlethwaite": (
        "Sandy P | Lexi | Lex Postlethwaite | Alex Postlewaite | Postlethwaite-Jones | "
        "Ali Postlethwaite | Sasha P | Xandra"
    ),
    "Christabel Nkrumah": "Chris N | Chrissy Nkrumah | Bel Nkrumah | Belle | Nkruma",
    "Dominic O'Shaughnessy": (
        "Dom | Nick O'Shaughnessy | Dom Shaughnessy | O Shaunessy | Dom O'S | Shocknessy"
    ),
    "Rosalind Featherington-Wye": (
        "Roz | Ros Wye | R F-W | Rosie Featherington | Mrs Wye | Rozalind"
    ),
    "Tadhg Mac Cárthaigh": (
        "Tim McCarthy | Teague McCarthy | Tige McCarthy | Tadgh Carthy | Mr McCarthy"
    ),
    "Ekaterina Sobolevskaya": (
        "Катя | Катя Соболевская | Е. Соболевская | Kate Sobolevsky | Соболевская Е. | Katya S"
    ),
    "Vytautas Žukauskas": "Vytas | Zhukauskas | Vyto Zukauskas | Витаутас Жукаускас",
    "Kristina Kovačević": "Kristina Kovachevich | Tina Kovacevic | Kovachevic | К. Ковачевић",
    "Soo-min Oh": "오수민 | 수민 | 수민 씨 | Sumin Oh | Su Min O",
    "Xue Li": "李雪 | 小雪 | Li Xue | Shirley Li | 雪姐",
    "Haruto Endo": "遠藤陽斗 | 遠藤さん | Haruto-san | エンドウ ハルト | Endou",
    "Negash Woldemariam": "ነጋሽ ወልደማርያም | Negash W/Mariam | ነ. ወልደማርያም | Nagash Wolde",
    "Davit Kapanadze": "დავით კაპანაძე | David Kapanadze | დ. კაპანაძე | Dato Kapanadze",
    "Anahit Sargsyan": "Անահիտ Սարգսյան | Ա. Սարգսյան | Anna Sarkissian | Anahid Sarkisyan",
    "Somchai Rattanakorn": "สมชาย รัตนากร | คุณสมชาย | Khun Somchai | ส. รัตนากร | Somchay",
}  # fmt: skip
"""The name in the directory, and what is typed, one form after another."""
PAIRS = {
    "Elizabeth Hargreaves | Robert Tennyson": (
        "Liz and Bob | Liz & Bob Tennyson | Liz/Bob | Hargreaves+Tennyson | Lizzie;Bob | "
        "Bob Tennyson & Mrs Hargreaves from the Leeds office | E.H. and R.T. | Bob n Liz | "
        "Bob 'n' Liz | Liz, Bob | Liz with Bob | Liz\\Bob | Liz + Bob | Liz&Bob | both Liz and Bob"
    ),
    "Karen Muldoon | Bhavna Patel": (
        "Karen & Bhavna | SPO Karen and PO Bhavna | Karen and Mrs Patel | Karen/Bhavna | "
        "Karen, B Patel | KM & BP | Karen or Bhavna | Karen+Bhavna | Karen;Bhavna Patel"
    ),
    "Edward Blenkinsop | Margaret Ollerenshaw": (
        "Ted and Peggy | Ted & Peggy | Ted/Peggy | Peggy a Ted | Ned+Meg"
    ),
    "Gary Winterbottom | Darren Oldroyd": (
        "Gaz & Daz | Gaz and Darren | PO Gary; PO Darren | Gary/Darren | G.W. & D.O. | Gaz+Daz"
    ),
    "Myfanwy Rowlands | Bronwen Teifi": "Myf a Bron | Fyfanwy a Bronwen | Bronwen ac Myfanwy",
}  # fmt: skip
"""Two people on one line."""
OTHERS = 300
BETWEEN = " | "


def in_letters(name: str) -> list[str]:
    """The words of a name as a user name has them."""
    plain = "".join(s for s in unicodedata.normalize("NFKD", name) if s.isascii())
    return plain.lower().replace("-", " ").replace("'", "").split()


def address(name: str) -> str:
    """First name and surname at the service."""
    return f"{in_letters(name)[0]}.{in_letters(name)[-1]}@np.invalid"


@pytest.fixture(scope="module")
def directory() -> Directory:
    pairs = list(itertools.product(FIRST.split(), LAST.split()))
    random.Random(5).shuffle(pairs)
    named = [Entry(at, f"nps{5000 + at}", name, address(name)) for at, name in enumerate(TYPED)]
    others = (Entry(1000 + n, f"user{n}", " ".join(pair)) for n, pair in enumerate(pairs[:OTHERS]))
    return Directory([*others, *named], ["Leeds", "York", "Hull"])


def found(directory: Directory, line: str) -> set[int]:
    return {pk for match in directory.find(line) for pk in match.close}


def test_each_form_finds_the_person_and_few_others(directory: Directory) -> None:
    missed, wide = [], []
    widest = MOST_KEPT_OUT * len(directory.entries)
    for pk, (name, typed) in enumerate(TYPED.items()):
        for line in (*typed.split(BETWEEN), address(name)):
            kept_out = found(directory, line)
            missed += [] if pk in kept_out else [(name, line)]
            wide += [(line, len(kept_out))] if len(kept_out) > widest else []
    assert not missed
    assert not wide


def test_both_of_two_people_are_found(directory: Directory) -> None:
    names = list(TYPED)
    missed = []
    for pair, typed in PAIRS.items():
        for line in typed.split(BETWEEN):
            meant = {names.index(name) for name in pair.split(BETWEEN)}
            missed += [] if meant <= found(directory, line) else [(pair, line)]
    assert not missed


@pytest.mark.parametrize(
    "line",
    [
        "prefer not to say", "I'd rather not say", "unknown", "not sure", "the SPO", "no one",
        "the senior probation officer", "my line manager", "service centre staff", "Xanthe Ormesby",
    ],
)  # fmt: skip
def test_a_line_that_names_no_one_keeps_no_one_out(directory: Directory, line: str) -> None:
    assert not found(directory, line)


@pytest.mark.parametrize("line", ["지훈", "지훈 씨", "수민", "은지", "배지훈"])
def test_a_korean_first_name_keeps_out_one_in_twenty_at_most(
    directory: Directory, line: str
) -> None:
    """Hangul writes each consonant that is said; 지훈 kept out 78 of 352."""
    assert 0 < len(found(directory, line)) <= len(directory.entries) / 20
