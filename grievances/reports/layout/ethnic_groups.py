"""The ethnic groups of the census of England and Wales, as reports name them.

Plain Python, for the web process too.
"""

ALL_GROUPS = {
    "A1": "Indian",
    "A2": "Pakistani",
    "A3": "Bangladeshi",
    "A4": "Chinese",
    "A5": "Any other Asian background",
    "B1": "Caribbean",
    "B2": "African",
    "B3": "Any other Black, Black British or Caribbean background",
    "M1": "White and Black Caribbean",
    "M2": "White and Black African",
    "M3": "White and Asian",
    "M4": "Any other Mixed or Multiple background",
    "W1": "English, Welsh, Scottish, Northern Irish or British",
    "W2": "Irish",
    "W3": "Gypsy or Irish Traveller",
    "W4": "Roma",
    "W5": "Any other White background",
    "O1": "Arab",
    "O2": "Any other ethnic group",
}
POOLED = "All other groups together"
"""The groups that are too small to be shown by themselves."""
