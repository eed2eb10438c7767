"""Names in Chinese characters: as colleagues say them, and foreign names.

老赵, 阿华 and 玲玲 name a person by one character. A foreign name is written with characters that
are kept for that; those of Chinese names do not write the sound of a foreign one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from anyascii import anyascii

from grievances.people.east_asian import cantonese
from grievances.people.east_asian.japanese import HAN

BEFORE = re.compile("^[小老阿亞亚大]+(?=.)")
CALLED = "姐哥叔姨仔妹嫂伯爷爺生總总工董局处處科"
BEHIND = re.compile(f"(?<=.)[{CALLED}]$")
"""What is before or behind a character by which a person is called."""
OF_FOREIGN_NAMES = frozenset(
    "大阿埃艾爱愛安昂奥奧巴白拜班邦保鲍鮑北贝貝本比彼毕畢宾賓波伯勃博卜布采查昌达達戴丹当當道德"
    "登邓鄧迪底地蒂丁东東都杜敦顿頓多朵厄恩尔爾发發法凡范菲费費芬弗佛夫福富盖蓋冈岡戈哥格葛古"
    "瓜圭郭哈海罕汉漢豪赫黑亨洪侯胡华華怀懷霍基吉加伽贾賈简簡姜杰傑金津久喀卡凯凱坎康考科可克"
    "肯孔库庫夸奎昆拉莱萊来來赖賴兰蘭朗劳勞勒雷蕾里理利莉丽麗连連廉良列林琳刘劉龙龍卢盧鲁魯路"
    "露吕呂伦倫罗羅洛马馬玛瑪迈邁麦麥曼芒毛茅梅门門蒙孟米密缅缪繆摩莫默姆木穆拿娜纳納乃奈南内"
    "內尼妮年涅宁寧牛纽紐努诺諾欧歐帕派潘庞龐培佩彭皮珀普漆齐齊奇契恰强強乔喬切琴丘邱屈让讓热"
    "熱仁日荣榮茹儒瑞若撒萨薩塞赛賽桑瑟森沙莎山珊善尚绍紹舍申圣聖施石史士舒朔思斯丝絲松苏蘇索"
    "塔泰坦汤湯唐陶特滕提惕田廷汀通图圖托脱脫瓦万萬旺威韦韋维維魏温溫文翁沃乌烏吾武伍西希悉锡"
    "錫席夏香肖謝谢欣辛兴興休修许許薛逊遜雅亚亞扬揚尧堯耶叶葉伊依因殷英尤于约約泽澤扎詹湛张張"
    "章哲珍芝知志治朱竺佐卓琼瓊黛黎霖婷娅婭蓓薇妲娃玫玲翠珠琪柯"
    "翰卫衛根李易高雪生強祖曾蔡宗楚永延惠冯馮丰豐真杨楊萧蕭"
)
"""Characters with which foreign names are written, in old and in simple form."""
SYLLABLE = re.compile(
    "(?:[bpmfdtnlgkhjqxryw]|[zcs]h?)?(?:a(?:i|o|ng?)?|e(?:i|r|ng?)?"
    "|i(?:a(?:o|ng?)?|e|u|ng?|ong)?|o(?:u|ng)?|u(?:a(?:i|ng?)?|e|i|o|n)?|v)"
)
"""One syllable as Mandarin is written in Latin letters."""
LEAST_LETTERS = 2


def may_be_foreign(text: str) -> bool:
    """Return whether a text in Chinese characters may write a foreign name's sound.

    It does not where its characters are those of Chinese names (`cantonese`) or call a person, and
    write no foreign name. Of three or more, one may be such. Any other leaves a doubt.
    """
    signs = HAN.findall(text)
    chinese = [sign for sign in signs if sign in cantonese.SPELLINGS or sign in CALLED]
    others = sum(sign not in OF_FOREIGN_NAMES for sign in chinese)
    return others <= (1 if len(signs) > LEAST_LETTERS else 0)


def readings(text: str) -> tuple[str, ...]:
    """Return a name as it is said, and without what only calls the person."""
    plain = text.strip()
    if not plain or not all(HAN.match(sign) for sign in plain):
        return ()
    bare = BEHIND.sub("", BEFORE.sub("", plain))
    shapes = dict.fromkeys((plain, bare, BEFORE.sub("", plain), BEHIND.sub("", plain)))
    return tuple(read for shape in shapes for read in cantonese.readings(shape))


def called_by(text: str, names: Iterable[str]) -> Iterator[str]:
    """Yield the words of names with the one character that a person is called by."""
    plain = text.strip()
    bare = BEHIND.sub("", BEFORE.sub("", plain))
    if len(set(bare)) != 1 or not HAN.match(bare[0]) or len(plain) < LEAST_LETTERS:
        return
    said = {anyascii(bare[0]).lower(), *cantonese.readings(bare[0])}
    for word in names:
        if any(_has_syllable(word, one) for one in said if len(one) >= LEAST_LETTERS):
            yield word


def _has_syllable(word: str, one: str) -> bool:
    ends = {word.removeprefix(one), word.removesuffix(one)} - {word}
    return any(not rest or SYLLABLE.fullmatch(rest) for rest in ends)
