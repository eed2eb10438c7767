"""Pet names: other first names by which people call a person.

They are the common ones of English, Welsh, Irish and of Muslim names, where the short form does
not begin as the full one does. A short form that does is found without a list (`directory`).
"""

from __future__ import annotations

from grievances.people.names import words

GROUPS = (
    "alexander alexandra aleksandr aleksandra oleksandr sandy sasha alec lex alexr xander",
    "andrew drew andy",
    "anthony antony tony ant",
    "catherine katherine kathryn katarzyna kate katie kathy cathy kitty kit kath kat cat kay cass "
    "kasia kaska catrin",
    "charles carl karl chuck charlie charley chas chaz",
    "christopher xpher christine christina kit chris chrissie tina",
    "daniel danielle danny dan danl",
    "deborah debra debbie deb debs",
    "dorothy dot dotty dolly",
    "edward edwin ted teddy ed eddie ned",
    "eleanor elen ellen nell nellie nora",
    "elizabeth elisabeth elspeth eliz liz lizzie beth betty bess bessie eliza libby lisbeth betsan "
    "lilibet",
    "frances francis frank frankie fran fanny",
    "frederick fred freddie fredk",
    "geoffrey jeffrey jeffery geoff jeff",
    "george georgina georgie georgios giorgos yiorgos jorge jerzy geo",
    "gerald gerard gerry jerry",
    "gwenllian gwendolen gwen wendy",
    "helen helena nell nellie lena",
    "henry harry hal hank harri",
    "isabel isabella isobel bella izzy belle",
    "ivan vanya",
    "jacqueline jackie jacqui",
    "james jim jimmy jamie jem hamish seamus jas shamus",
    "john jack johnny ian ieuan ifan sion shon jn jno sean shaun shawn evan",
    "jonathan yonatan yehonatan jon jonny yoni jonty",
    "joseph jose joe joey josephine jo josie jos pepe pepa ze yusuf yosef",
    "lawrence laurence larry laurie",
    "lee leigh",
    "leonard len lenny leo",
    "margaret malgorzata maggie meg megan peggy peg madge greta rita marged gosia malgosia",
    "mary molly polly mair mari",
    "maria mª maryam miriam masha",
    "matilda tilly maud",
    "michael mick micky mike mihangel",
    "mohammed muhammad mohamed mohammad mehmet mo hamid mohd md mhd muhd",
    "nicholas nick nicky nicola nicolas",
    "patricia patrick pat patsy paddy tricia trish",
    "peter pete pedr",
    "philip phillip phil pip",
    "rebecca becky becca",
    "richard dick rick ricky rich richie hitchin",
    "robert bob bobby rob robbie bert robin robt",
    "rosemary rose rosie romy",
    "rajesh rajendra raj raju",
    "samuel samantha sam sammy saml",
    "sarah sally sadie sara",
    "stephen steven steve stevie steffan stefan ste",
    "susan susannah zuzanna sue susie suzy",
    "theodore theodora ted theo dora",
    "theresa teresa terry tess tessa",
    "thomas tom tommy twm thos tomasz tomek tomos",
    "victoria vicky vikki vicki tori vic",
    "william wm bill billy will willie liam gwilym gwil wil",
    "zoe zoey zooey zowie",
)
PETS: dict[str, set[str]] = {}
"""The other forms of each first name."""
for _group in map(words, GROUPS):
    for _name in _group:
        PETS.setdefault(_name, set()).update(set(_group) - {_name})
