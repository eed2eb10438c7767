"""Names in Chinese characters as they are read in Cantonese: 陳小明 is Chan Siu Ming.

The spellings are those of passports of Hong Kong, and the characters those of names. A character
that is not listed is read in Mandarin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product

from anyascii import anyascii

from grievances.people.east_asian.japanese import HAN

READ = (
    "ah阿亞亚 oi愛爱 on安 chak澤泽 chan陳陈 cheuk卓 cheung張张章祥翔昌璋彰長长 "
    "chi志智芝知之治致枝池 ching靜静清晴正程貞贞澄青菁政 chiu超昭照趙赵朝潮釗钊 cho祖楚助 "
    "chui翠徐 chun俊春進进振秦駿骏津真晉晋臻珍 chung忠聰聪宗松鍾钟中仲頌颂鐘 choi彩才財财采蔡 "
    "fai輝辉暉晖 fan芬凡帆範范勳勋 fat發发 fong方芳房 fu富夫福孚符傅 fuk福 "
    "fung鳳凤峰鋒锋豐丰馮冯風风 hau厚孝浩巧 hei希熹喜曦羲 him謙谦 hin軒轩憲宪顯显 "
    "hing興兴慶庆卿 hiu曉晓 ho浩豪可好何皓昊賀贺 hoi海凱凯開开 hok學学鶴鹤 hon漢汉翰瀚韓韩 "
    "hong康航匡 hung雄紅红鴻鸿洪虹孔熊 ka嘉家加佳 kai啟启佳繼继計计溪 kam金錦锦甘琴 kan簡简勤 "
    "kei琪奇基紀纪祺琦其淇 ki琪基 kin建健堅坚 king敬景勁京瓊琼 kit傑杰潔洁 kiu嬌娇喬乔橋桥 ko高 "
    "kong江剛刚光廣广 kuen娟權权 kwan君軍军坤均群鈞钧昆關关 kwok國国郭 kwong光廣广 kwai貴贵桂 "
    "lai麗丽黎禮礼勵励 lam林藍蓝南嵐岚 lan蘭兰 lau劉刘流柳 lee李利 li李利 lei莉李利理 "
    "leung良梁亮 lik力 lim廉 lin蓮莲連连 ling玲靈灵鈴铃凌齡龄令嶺岭 lok樂乐洛 lui蕾呂吕雷 "
    "lun倫伦麟 lung龍龙隆 luk陸陆綠绿 lo羅罗盧卢路 ma馬马 man文敏民曼雯汶萬万 mei美薇媚 "
    "ming明銘铭鳴鸣名 mo武毛莫 mui梅妹 mun敏滿满 nga雅 ngai藝艺毅魏 ngan銀银顏颜 ngok岳 "
    "ng吳吴伍 nui女 pak柏伯白 pik碧 ping平萍炳冰 pui佩沛培貝贝 po寶宝波保 sau秀修壽寿 sai世 "
    "sang生 shan珊山 shek石碩硕 sheung雙双尚 shing成城誠诚勝胜盛承聲声 shiu少紹绍兆邵 "
    "shu樹树書书舒 shuk淑 suk淑 shun順顺信舜純纯 shuet雪 shui水瑞 sin仙善倩冼 sing星勝胜 "
    "siu小蕭萧少兆肇韶 sum心森深岑 sze思詩诗斯施史師师 suet雪 suen孫孙 sun新孫孙 sung宋崇 ta大 "
    "tai泰大帝棣戴 tak德 tam譚谭 tang鄧邓 tat達达 tin天田 ting婷庭廷定亭丁 to濤涛道杜陶圖图 "
    "tong唐堂棠湯汤 tsang曾 tse謝谢 tsui徐翠 tsz子梓紫慈 tung東东彤通棟栋同童董 wa華华 wah華华 "
    "wai偉伟慧惠威維维蕙衛卫為韋韦煒炜懷怀 wan雲云韻韵溫温允尹運运芸 wang宏弘泓 "
    "wing榮荣永詠咏穎颖 wo和胡 wong黃黄王汪旺 wu胡 wui會会許许 wun煥焕 yam任蔭荫 "
    "yan恩欣昕茵仁人殷忻甄因 yat一日逸 yau友有祐佑游優优邱丘 yee儀仪怡綺绮意義义懿宜兒儿 "
    "yi儀仪怡綺绮意義义懿宜 yeung楊杨陽阳洋 yik奕翊億亿亦 yim艷艳嚴严 yin燕妍然彥彦賢贤言研嫣延 "
    "ying英瑩莹盈穎颖瑛嬰婴影應应鷹鹰 yip葉叶業业 yiu耀瑤瑶堯尧饒饶姚 "
    "yu宇如瑜余愉裕雨羽譽誉餘儒娛娱于俞 yuen源圓圆媛元婉袁遠远阮淵渊 yuet月悅悦越 yui睿銳锐蕊 "
    "yuk玉煜鈺钰沃旭 yun潤润閏闰 yung勇蓉容榕鏞镛融庸翁 chow周鄒邹 cheng鄭郑 chu朱諸诸 chau周 "
    "fok霍 hui許许 kwan關 lai賴赖 leung梁 ip葉叶 mak麥麦 mok莫 pang彭 poon潘 so蘇苏 szeto司徒 "
    "tsoi蔡 chong莊庄 yue余 lui雷 au歐欧區区 hsu許徐 kou高 ngo吳 wat屈 tin田 yick易 yuen袁"
)
"""Characters by the syllable that writes them, in old and in simple form."""
SYLLABLE = re.compile(r"([a-z]+)([^a-z ]+)")
SPELLINGS: dict[str, tuple[str, ...]] = {}
"""How each character is spelt."""
for _spelt, _signs in SYLLABLE.findall(READ):
    for _sign in _signs:
        SPELLINGS[_sign] = tuple(dict.fromkeys((*SPELLINGS.get(_sign, ()), _spelt)))
MOST_SIGNS = 4
MOST_READINGS = 16


def readings(text: str) -> tuple[str, ...]:
    """Return how a name may be read in Cantonese, each syllable a word.

    There are at most 16 readings, and none for a text that is no name in characters.
    """
    plain = text.strip()
    if not 0 < len(plain) <= MOST_SIGNS or not all(HAN.match(sign) for sign in plain):
        return ()
    if not any(sign in SPELLINGS for sign in plain):
        return ()
    return tuple(islice(_read(plain), MOST_READINGS))


def _read(text: str) -> Iterator[str]:
    choices = [SPELLINGS.get(sign) or (anyascii(sign).lower(),) for sign in text]
    for each in product(*choices):
        yield " ".join(each)
