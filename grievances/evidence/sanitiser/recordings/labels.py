"""Names of labels in recordings, in plain words."""

from __future__ import annotations

from grievances.evidence.sanitiser.plain_words import date, place_of, printable
from grievances.evidence.sanitiser.protocol import Found

WHERE = "Where it was recorded"
PROGRAM = "Program"
DATA = ("Track of data", "yes, such as places and movements")
"""What is told of a track that no one sees or hears."""
WORDS = {
    "Title": "title nam tit2 inam titl displayname name tt2 ©nam",
    "Artist": "artist art perf perfo performer tpe1 iart tp1 ©art lead_performer",
    "Made by": (
        "author auth aut ©aut albumartist album_artist tpe2 aart composer tcom ©wrt wrt icms "
        "director ©dir dir producer ©prd prd ieng owner town publisher tpub encodedby encoded_by "
        "tenc tech itch contact originator recorded_by copyright_owner com.apple.quicktime.author"
    ),
    "Album": "album alb talb iprd albm ©alb",
    "Comment": "comment comm cmt icmt description desc dscp ldes ©cmt ©des ©inf inf comments",
    "Copyright": "copyright cprt tcop icop ©cpy cpy license",
    "Maker of the device": "make mak ©mak manufacturer com.android.manufacturer tmake",
    "Model of the device": "model mod ©mod com.android.model device tmodel",
    PROGRAM: (
        "software swr ©swr encoder tsse ©too too isft ©enc enc writingapp muxingapp encoded_using "
        "com.android.version tool vendor"
    ),
    "Recorded on": (
        "date tdrc tyer tdat trda tdor tdrl tden tdtg day ©day icrd yrrc date_recorded "
        "date_digitized date_encoded date_tagged date_released creationdate creation_time year "
        "origination idit ©dat originationdate"
    ),
    WHERE: "location location.iso6709 ©xyz xyz loci geo geolocation recording_location",
    "Genre": "genre gen tcon ignr gnre ©gen",
    "Keywords": "keywords kywd keyw ikey kwd",
    "Lyrics": "lyrics uslt ©lyr lyr unsyncedlyrics sylt",
    "Picture inside": "apic pic covr metadata_block_picture coverart",
    "File enclosed": "geob filename",
    "Name of a track": "handler_name handler",
    "Organisation": "organization organisation company icmp",
}
NAMES = {name: words for words, names in WORDS.items() for name in names.split()}
"""The words for a label, by its name in lower case."""
PREFIXES = ("com.apple.quicktime.", "com.apple.", "qt.")


class Findings:
    """What is found in one recording, and the values to look for in its copy."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.sought: Found = []

    def tell(self, name: str, value: str) -> None:
        """Add a label; an empty one, and one that was told already, is left out."""
        key = name.lower().strip()
        for prefix in PREFIXES:
            key = key.removeprefix(prefix)
        what = NAMES.get(key) or NAMES.get(key.partition("-")[0]) or ""
        what = name if name.startswith("Name of ") else what
        place = place_of(value) if what == WHERE or "location" in key else ""
        words = printable(value)
        if place:
            what, words = WHERE, place
        elif what == "Recorded on":
            words = date(value)
        elif not what and words:
            words = f"{printable(name)}: {words}"
        self.say(what or "Label", words)
        if what != PROGRAM:  # Its name is in the sound and the pictures, too, and names no one.
            self.sought.append((what or "Label", printable(value)))

    def say(self, what: str, words: str) -> None:
        """Add words as they are, a place first."""
        if words and (what, words) not in self.found:
            self.found.insert(0 if what == WHERE else len(self.found), (what, words))
