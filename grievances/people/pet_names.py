"""Pet names: other first names by which people call a person.

They are the common ones of English, Welsh, Irish and of Muslim names, where the short form does
not begin as the full one does. A short form that does is found without a list (`directory`).
"""

from __future__ import annotations

from grievances.people.names import words

GROUPS = (
    "alexander alexandra sandy sasha alec lex",
    "andrew drew andy",
    "anthony antony tony ant",
    "catherine katherine kathryn kate katie kathy cathy kitty kit kath",
    "charles chuck charlie charley",
    "christopher christine christina kit chris chrissie tina",
    "daniel danielle danny dan",
    "dorothy dot dotty dolly",
    "edward edwin ted teddy ed eddie ned",
    "eleanor elen ellen nell nellie nora",
    "elizabeth elisabeth liz lizzie beth betty bess bessie eliza libby lisbeth betsan lilibet",
    "frances francis frank frankie fran fanny",
    "frederick fred freddie",
    "geoffrey jeffrey jeffery geoff jeff",
    "george georgina georgie",
    "gerald gerard gerry jerry",
    "gwenllian gwendolen gwen wendy",
    "helen helena nell nellie lena",
    "henry harry hal hank harri",
    "isabel isabella isobel bella izzy belle",
    "jacqueline jackie jacqui",
    "james jim jimmy jamie jem",
    "john jack johnny ian ieuan ifan sion shon",
    "jonathan jon jonny",
    "joseph joe joey josephine jo josie",
    "lawrence laurence larry laurie",
    "leonard len lenny leo",
    "margaret maggie meg megan peggy peg madge greta rita marged",
    "mary molly polly mair mari",
    "matilda tilly maud",
    "michael mick micky mike mihangel",
    "mohammed muhammad mohamed mo hamid",
    "nicholas nick nicky nicola nicolas",
    "patricia patrick pat patsy paddy tricia trish",
    "peter pete pedr",
    "philip phillip phil pip",
    "rebecca becky becca",
    "richard dick rick ricky rich richie hitchin",
    "robert bob bobby rob robbie bert robin",
    "rosemary rose rosie romy",
    "samuel samantha sam sammy",
    "sarah sally sadie sara",
    "stephen steven steve stevie steffan",
    "susan susannah sue susie suzy",
    "theodore theodora ted theo dora",
    "theresa teresa terry tess tessa",
    "thomas tom tommy twm",
    "william bill billy will willie liam gwilym gwil wil",
)
PETS: dict[str, set[str]] = {}
"""The other forms of each first name."""
for _group in map(words, GROUPS):
    for _name in _group:
        PETS.setdefault(_name, set()).update(set(_group) - {_name})
