"""Office: names in slicers, timelines, rich data, pivot items, objects and SmartArt are gone."""
# ruff: noqa: E501 - the table of places is read line by line

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.evidence.cleaned_documents import cleaned, names_in
from tests.evidence.documents import Parts, excel, office_parts, pack, slides, unpack, word
from tests.evidence.planted import ACCOUNT, WHO

ONE = "[Staff].[Name].&amp;[" + WHO + "]"
LEVEL = f"<level uniqueName='{ONE}' sourceCaption='{WHO}'><ranges><range startItem='0'><i n='{ONE}' c='{WHO}'><p n='{ONE}'/></i></range></ranges></level>"
OLAP = f"<data><olap pivotCacheId='1'><levels>{LEVEL}</levels><selections><selection n='{ONE}'/></selections></olap></data>"
TABLE = "xl/pivotTables/pivotTable1.xml"
DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"


def smart(root: str, inner: str = "") -> Callable[[], Parts]:
    body = f"<dgm:{root} xmlns:dgm='{DIAGRAM}' uniqueId='urn:{ACCOUNT}'>{inner}</dgm:{root}>"
    return slides(f"ppt/diagrams/{root}1.xml", body)


PLACES: dict[str, Callable[[], Parts]] = {
    "slicer": excel("xl/slicers/slicer1.xml", f"<slicers><slicer name='{WHO}' cache='Slicer_{ACCOUNT}' style='{WHO}'/></slicers>"),
    "cache of a slicer": excel("xl/slicerCaches/slicerCache1.xml", f"<slicerCacheDefinition name='Slicer_{ACCOUNT}' sourceName='{WHO}'><pivotTables><pivotTable tabId='1' name='{WHO}'/></pivotTables></slicerCacheDefinition>"),
    "items of a slicer of a server": excel("xl/slicerCaches/slicerCache1.xml", f"<slicerCacheDefinition name='x' sourceName='x'>{OLAP}</slicerCacheDefinition>"),
    "timeline": excel("xl/timelines/timeline1.xml", f"<timelines><timeline name='{WHO}' cache='Timeline_{ACCOUNT}' style='{WHO}'/></timelines>"),
    "cache of a timeline": excel("xl/timelineCaches/t1.xml", f"<timelineCacheDefinition name='Timeline_{ACCOUNT}' sourceName='{WHO}'><state filterPivotName='{WHO}'/></timelineCacheDefinition>"),
    "frame of a slicer": excel("xl/drawings/drawing1.xml", f"<xdr:wsDr><sle:slicer xmlns:sle='http://schemas.microsoft.com/office/drawing/2010/slicer' name='{WHO}'/><tsle:timeslicer xmlns:tsle='http://schemas.microsoft.com/office/drawing/2012/timeslicer' name='{WHO}'/></xdr:wsDr>"),
    "styles of slicers": excel("xl/styles.xml", f"<styleSheet><x14:slicerStyles defaultSlicerStyle='{WHO}'><x14:slicerStyle name='{WHO}'/></x14:slicerStyles><x15:timelineStyles defaultTimelineStyle='{WHO}'><x15:timelineStyle name='{WHO}'/></x15:timelineStyles></styleSheet>"),
    "values of rich data": excel("xl/richData/rdrichvalue.xml", f"<rvData><rv s='0'><v>{WHO}</v><fb t='s'>{WHO}</fb></rv></rvData>"),
    "structures of rich data": excel("xl/richData/rdrichvaluestructure.xml", f"<rvStructures><s t='{ACCOUNT}'><k n='{WHO}' t='s'/></s></rvStructures>"),
    "types of rich data": excel("xl/richData/rdRichValueTypes.xml", f"<rvTypesInfo><global><keyFlags><key name='{WHO}'><flag name='{WHO}' value='1'/></key></keyFlags></global><types><type name='{WHO}'/></types></rvTypesInfo>"),
    "bags of rich data": excel("xl/richData/rdsupportingpropertybag.xml", f"<supportingPropertyBags><spbData><spb s='0'><v>{WHO}</v></spb></spbData></supportingPropertyBags>"),
    "caption of a pivot item": excel(TABLE, f"<pivotTableDefinition><pivotFields><pivotField><items><item n='{WHO}' x='0'/></items></pivotField></pivotFields></pivotTableDefinition>"),
    "members of a server": excel(TABLE, f"<pivotTableDefinition><pageFields><pageField fld='0' name='{ONE}' cap='{WHO}'/></pageFields><pivotHierarchies><pivotHierarchy caption='{WHO}'><members><member name='{ONE}'/></members></pivotHierarchy></pivotHierarchies><filters><filter name='{WHO}' description='{WHO}'/></filters></pivotTableDefinition>"),
    "caption of a field of a cache": excel("xl/pivotCache/p1.xml", f"<pivotCacheDefinition><cacheFields><cacheField name='c' caption='{WHO}'/></cacheFields></pivotCacheDefinition>"),
    "program of an object (sheet)": excel("xl/worksheets/s9.xml", f"<worksheet><oleObjects><oleObject progId='{ACCOUNT}' shapeId='1'/></oleObjects></worksheet>"),
    "program of an object (Word)": word("word/footer8.xml", f"<w:ftr><o:OLEObject Type='Embed' ProgID='Excel.{ACCOUNT}'/></w:ftr>"),
    "program of an object (slides)": slides("ppt/slides/s9.xml", f"<p:sld><p:oleObj progId='{WHO}'/></p:sld>"),
    "layout of SmartArt": smart("layoutDef", f"<dgm:catLst><dgm:cat type='{WHO}' pri='1'/></dgm:catLst>"),
    "style of SmartArt": smart("styleDef"),
    "colours of SmartArt": smart("colorsDef"),
    "looks of SmartArt": slides("ppt/diagrams/data1.xml", f"<dgm:dataModel xmlns:dgm='{DIAGRAM}'><dgm:prSet loTypeId='urn:{ACCOUNT}' loCatId='{WHO}' qsTypeId='urn:{ACCOUNT}' qsCatId='{WHO}' csTypeId='urn:{ACCOUNT}' csCatId='{WHO}'/></dgm:dataModel>"),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_name_is_left_in_an_object_of_an_office_file(place: str) -> None:
    parts = PLACES[place]()
    body = pack(parts)
    assert names_in(body), "the test names no one"
    report, copy = cleaned(body)
    assert (report.code, names_in(copy)) == ("cleaned", [])
    assert unpack(copy).keys() == parts.keys()


def written(parts: Parts) -> dict[str, str]:
    """The parts of the copy."""
    report, copy = cleaned(pack(parts))
    assert report.code == "cleaned"
    return {name: part.decode() for name, part in unpack(copy).items()}


def value(key: str, said: str) -> str:
    (one,) = re.findall(rf'\b{key}="([^"]*)"', said)
    return str(one)


def test_a_slicer_still_has_its_cache_its_column_and_its_frame() -> None:
    copy = written(office_parts("xlsx", {
        "xl/slicers/s.xml": f"<slicers><slicer name='{WHO}' cache='Slicer_A' style='SlicerStyleDark2'/></slicers>",
        "xl/slicerCaches/c.xml": "<slicerCacheDefinition name='Slicer_A' sourceName='Hours'/>",
        "xl/drawings/d.xml": f"<xdr:wsDr><sle:slicer name='{WHO}'/></xdr:wsDr>",
        "xl/tables/t.xml": "<table><tableColumns><tableColumn name='Hours'/></tableColumns></table>",
        "xl/book.xml": "<workbook><definedNames><definedName name='Slicer_A'>#N/A</definedName></definedNames></workbook>",
    }))  # fmt: skip
    slicer, cache = copy["xl/slicers/s.xml"], copy["xl/slicerCaches/c.xml"]
    assert value("style", slicer) == "SlicerStyleDark2"
    assert value("cache", slicer) == value("name", cache) == value("name", copy["xl/book.xml"])
    assert value("name", slicer) == value("name", copy["xl/drawings/d.xml"])
    assert value("sourceName", cache) == "Hours"


def test_a_picture_in_a_cell_keeps_its_data() -> None:
    copy = written(office_parts("xlsx", {
        "xl/richData/rdrichvalue.xml": "<rvData count='1'><rv s='0'><v>0</v><v>5</v><v>-1.5E+3</v></rv></rvData>",
        "xl/richData/rdrichvaluestructure.xml": "<rvStructures count='1'><s t='_localImage'><k n='_rvRel:LocalImageIdentifier' t='i'/><k n='CalcOrigin' t='i'/></s></rvStructures>",
        "xl/richData/rdRichValueTypes.xml": "<rvTypesInfo><keyFlags><key name='_Self'><flag name='ExcludeFromFile' value='1'/></key></keyFlags></rvTypesInfo>",
        "xl/worksheets/w.xml": "<worksheet><c t='str'><v>Words</v></c></worksheet>",
    }))  # fmt: skip
    assert "<v>0</v><v>5</v><v>-1.5E+3</v>" in copy["xl/richData/rdrichvalue.xml"]
    for kept in ("_localImage", "_rvRel:LocalImageIdentifier", "CalcOrigin"):
        assert f'"{kept}"' in copy["xl/richData/rdrichvaluestructure.xml"]
    assert 'name="_Self"><flag name="ExcludeFromFile"' in copy["xl/richData/rdRichValueTypes.xml"]
    assert "<v>Words</v>" in copy["xl/worksheets/w.xml"]


@pytest.mark.parametrize("program", ["Excel.Sheet.12", "Equation.DSMT4", "Word.Document.8", "Package", "AcroExch.Document.DC"])  # fmt: skip
def test_a_known_program_of_an_object_stays(program: str) -> None:
    copy = written(slides("ppt/slides/s9.xml", f"<p:sld><p:oleObj progId='{program}'/></p:sld>")())
    assert value("progId", copy["ppt/slides/s9.xml"]) == program


def test_smart_art_still_finds_its_layout() -> None:
    own, known = f"urn:{ACCOUNT}", "urn:microsoft.com/office/officeart/2005/8/quickstyle/simple1"
    copy = written(office_parts("pptx", {
        "ppt/diagrams/l.xml": f"<dgm:layoutDef uniqueId='{own}'><dgm:cat type='list' pri='1'/></dgm:layoutDef>",
        "ppt/diagrams/d.xml": f"<dgm:dataModel><dgm:prSet loTypeId='{own}' qsTypeId='{known}'/></dgm:dataModel>",
    }))  # fmt: skip
    said = copy["ppt/diagrams/d.xml"]
    assert value("loTypeId", said) == value("uniqueId", copy["ppt/diagrams/l.xml"])
    assert value("qsTypeId", said) == known
    assert value("type", copy["ppt/diagrams/l.xml"]) == "list"
