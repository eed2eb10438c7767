"""Office: attributes and elements of the schemas that hold a typed name and that no page shows."""
# ruff: noqa: E501 - the table of places is read line by line

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.evidence.cleaned_documents import cleaned, names_in
from tests.evidence.documents import Parts, excel, odt, office_parts, pack, slides, unpack, word
from tests.evidence.planted import ACCOUNT, WHO, WORDS

DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
INK = "http://www.w3.org/2003/InkML"
PIVOT = "xl/pivotTables/pivotTable1.xml"
XFORMS = "http://www.w3.org/2002/xforms"


def foot(inner: str) -> Callable[[], Parts]:
    return word("word/footer8.xml", f"<w:ftr><w:p>{inner}</w:p></w:ftr>")


def sheet(inner: str) -> Callable[[], Parts]:
    return excel("xl/worksheets/sheet9.xml", f"<worksheet>{inner}</worksheet>")


def content(inner: str) -> Callable[[], Parts]:
    return odt("content.xml", f"<office:document-content>{inner}</office:document-content>")


def art(part: str, inner: str) -> Callable[[], Parts]:
    return slides(
        f"ppt/diagrams/{part}1.xml", f"<dgm:{part} xmlns:dgm='{DIAGRAM}'>{inner}</dgm:{part}>"
    )


SHAPES = (
    "rect",
    "roundrect",
    "line",
    "polyline",
    "oval",
    "arc",
    "curve",
    "image",
    "group",
    "shapetype",
)
PLACES: dict[str, Callable[[], Parts]] = {
    **{f"older drawing, {each}": foot(f"<v:{each} id='{WHO}' o:spid='{ACCOUNT}' class='{WHO}' target='{WHO}'/>") for each in SHAPES},
    "kind of an older drawing": foot(f"<v:shapetype id='{ACCOUNT}'/><v:shape type='#{ACCOUNT}'/>"),
    "file of an older picture": foot(f"<v:shape><v:imagedata src='{ACCOUNT}.png' o:althref='{ACCOUNT}'/><v:fill src='{ACCOUNT}'/></v:shape>"),
    "equation of an older drawing": foot(f"<v:shape equationxml='{WHO}'/>"),
    "drawings that belong together": foot(f"<o:shapelayout><o:rules><o:r><o:proxy idref='{ACCOUNT}'/></o:r></o:rules><o:regrouptable/></o:shapelayout><o:rel idsrc='{ACCOUNT}' iddest='{ACCOUNT}'/>"),
    "object of Word": foot(f"<w:object><w:objectLink w:fieldCodes='{WHO}' w:shapeId='{ACCOUNT}'/></w:object>"),
    "field of an older object": foot(f"<o:OLEObject><o:FieldCodes>{WHO}</o:FieldCodes></o:OLEObject>"),
    "forms in a document": content(f"<xforms:model xmlns:xforms='{XFORMS}'><xforms:instance><name>{WHO}</name></xforms:instance></xforms:model>"),
    "looks of cells of a table": excel("xl/tables/table1.xml", f"<table headerRowCellStyle='{WHO}' dataCellStyle='{WHO}'><tableColumns><tableColumn totalsRowCellStyle='{WHO}'/></tableColumns></table>"),
    "looks of a pivot table": excel(PIVOT, f"<pivotTableDefinition pivotTableStyle='{WHO}' pageStyle='{WHO}' vacatedStyle='{WHO}'/>"),
    "filter of a pivot table": excel(PIVOT, f"<pivotTableDefinition><filters count='1'><filter fld='0' type='captionEqual' stringValue1='{WHO}'><autoFilter><filterColumn colId='0'><customFilters><customFilter val='{WHO}'/></customFilters></filterColumn></autoFilter></filter></filters></pivotTableDefinition>"),
    "property of a pivot field": excel(PIVOT, f"<pivotTableDefinition><pivotFields><pivotField uniqueMemberProperty='{WHO}'/></pivotFields></pivotTableDefinition>"),
    "names of a server": excel(PIVOT, f"<pivotTableDefinition><x14:header uniqueName='{WHO}' hierarchyName='{WHO}'/><x14:dataField uniqueName='{WHO}'/></pivotTableDefinition>"),
    "members that are computed": excel("xl/pivotCache/p1.xml", f"<pivotCacheDefinition><calculatedMembers><calculatedMember name='{WHO}' mdx='{WHO}'/></calculatedMembers></pivotCacheDefinition>"),
    "captions of items": excel("xl/pivotCache/p1.xml", f"<pivotCacheDefinition><cacheFields><cacheField name='c' propertyName='{WHO}'><sharedItems><n v='1' c='{WHO}'/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>"),
    "filter of a sheet": sheet(f"<autoFilter ref='A1:A9'><filterColumn colId='0'><filters><filter val='{WHO}'/></filters></filterColumn></autoFilter>"),
    "scenario's values": sheet(f"<scenarios><scenario name='x'><inputCells r='A1' val='{WHO}'/></scenario></scenarios>"),
    "shown text of a link": sheet(f"<hyperlinks><hyperlink ref='A1' display='{WHO}'/></hyperlinks>"),
    "data model": excel("xl/book.xml", f"<workbook><x15:dataModel><x15:modelTables><x15:modelTable id='{WHO}' name='{WHO}' connection='{WHO}'/></x15:modelTables></x15:dataModel></workbook>"),
    "hidden name": excel("xl/book.xml", f"<workbook><definedNames><definedName name='x' hidden='1'>&quot;{WHO}&quot;</definedName></definedNames></workbook>"),
    "kinds of metadata": excel("xl/metadata.xml", f"<metadata><metadataTypes><metadataType name='{WHO}'/></metadataTypes><futureMetadata name='{WHO}'/></metadata>"),
    "who liked a comment": slides("ppt/comments/modern1.xml", f"<p188:cmLst xmlns:p188='http://schemas.microsoft.com/office/powerpoint/2018/8/main'><p188:cm id='x' likes='{WHO}' tags='{WHO}' title='{WHO}'/></p188:cmLst>"),
    "place in a film": slides("ppt/slides/s9.xml", f"<p:sld><p14:bmkTgt bmkName='{WHO}'/></p:sld>"),
    "mark of a run": slides("ppt/slides/s9.xml", f"<p:sld><a:rPr bmk='{WHO}'/></p:sld>"),
    "link of a script": slides("ppt/slides/s9.xml", f"<p:sld><asl:scriptLink val='{WHO}'/></p:sld>"),
    "node of SmartArt": art("layoutDef", f"<dgm:layoutNode name='{WHO}' styleLbl='{WHO}'><dgm:constr forName='{WHO}' refForName='{WHO}'/><dgm:rule forName='{WHO}'/><dgm:choose name='{WHO}'><dgm:if name='{WHO}'/><dgm:else name='{WHO}'/></dgm:choose><dgm:forEach name='{WHO}' ref='{WHO}'/></dgm:layoutNode>"),
    "name in SmartArt": art("dataModel", f"<dgm:prSet presName='{WHO}' presStyleLbl='{WHO}' phldrT='{WHO}'/>"),
    "label of a look of SmartArt": art("styleDef", f"<dgm:styleLbl name='{WHO}'/>"),
    "words recognised in ink": slides("ppt/ink/ink1.xml", f"<inkml:ink xmlns:inkml='{INK}'><inkml:traceGroup><inkml:annotation type='writer'>{WHO}</inkml:annotation></inkml:traceGroup></inkml:ink>"),
    "look with a typed name": content(f"<draw:gradient draw:name='x' draw:display-name='{WHO}'/>"),
    "look of a table": content(f"<table:table-template table:name='{WHO}'/><table:table table:template-name='{WHO}'/>"),
    "decoration of handouts": content(f"<presentation:notes presentation:use-footer-name='{WHO}'/><style:handout-master presentation:use-header-name='{WHO}'/>"),
    "show of some slides": content(f"<draw:page draw:name='{WHO}'/><presentation:settings presentation:start-page='{WHO}'><presentation:show presentation:name='x' presentation:pages='{WHO},{WHO}'/></presentation:settings>"),
    "hidden control": content(f"<form:hidden form:value='{WHO}'/><form:password form:value='{WHO}' form:current-value='{WHO}'/>"),
    "source of a list": content(f"<form:listbox form:list-source='{WHO}'/><form:combobox form:list-source='{WHO}'/>"),
    "data of a form": content(f"<form:form form:detail-fields='{WHO}' form:master-fields='{WHO}' office:target-frame='{WHO}'/>"),
    "tray of a printer": content(f"<style:page-layout-properties style:paper-tray-name='{WHO}'/>"),
    "title of a format": content(f"<number:date-style number:title='{WHO}'/>"),
    "begin of an entry of an index": content(f"<text:p><text:alphabetical-index-mark-start text:key1='{WHO}' text:key2='{WHO}' text:string-value-phonetic='{WHO}'/></text:p>"),
    "sequence of captions": content(f"<text:table-index-source text:caption-sequence-name='{WHO}'/><text:list-item text:style-override='{WHO}'/>"),
    "condition of a paragraph": content(f"<text:p>{WORDS}<text:hidden-paragraph text:condition='ooow:x==&quot;{WHO}&quot;' text:is-hidden='true'/></text:p>"),
    "condition of a section": content(f"<text:section text:name='x' text:display='condition' text:condition='ooow:x==&quot;{WHO}&quot;'/>"),
    "hidden variable": content(f"<text:p>{WORDS}<text:variable-set text:name='v' text:display='none' text:formula='ooow:{WHO}' office:value-type='string' office:string-value='{WHO}'/></text:p>"),
    "filter of a table": content(f"<table:database-range table:name='x'><table:filter><table:filter-condition table:value='{WHO}'/></table:filter></table:database-range>"),
    "source of data": content(f"<office:database><db:data-source><db:login db:user-name='{WHO}'/></db:data-source><db:queries><db:query db:command='{WHO}'/></db:queries></office:database>"),
    "other program of a text": content(f"<text:p>{WORDS}<text:dde-connection text:connection-name='{WHO}'>x</text:dde-connection></text:p>"),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_typed_name_is_left_that_no_page_shows(place: str) -> None:
    parts = PLACES[place]()
    body = pack(parts)
    assert names_in(body), "the test names no one"
    report, copy = cleaned(body)
    assert (report.code, names_in(copy)) == ("cleaned", [])
    seen = any(WORDS.encode() in part for part in parts.values())
    assert any(WORDS.encode() in part for part in unpack(copy).values()) == seen


def written(parts: Parts) -> dict[str, str]:
    report, copy = cleaned(pack(parts))
    assert report.code == "cleaned"
    return {name: part.decode() for name, part in unpack(copy).items()}


def values(key: str, said: str) -> set[str]:
    return set(re.findall(rf'\b{key}="([^"]*)"', said))


def test_the_parts_of_smart_art_still_belong_together() -> None:
    layout = (
        "<dgm:layoutNode name='Mine' styleLbl='node1'><dgm:constr forName='Mine'/></dgm:layoutNode>"
    )
    copy = written(office_parts("pptx", {
        "ppt/diagrams/layout1.xml": f"<dgm:layoutDef xmlns:dgm='{DIAGRAM}'>{layout}</dgm:layoutDef>",
        "ppt/diagrams/data1.xml": f"<dgm:dataModel xmlns:dgm='{DIAGRAM}'><dgm:prSet presName='Mine' presStyleLbl='node1'/></dgm:dataModel>",
    }))  # fmt: skip
    (name,) = values("name", copy["ppt/diagrams/layout1.xml"])
    assert values("forName", copy["ppt/diagrams/layout1.xml"]) == {name} != {"Mine"}
    assert values("presName", copy["ppt/diagrams/data1.xml"]) == {name}
    assert values("styleLbl", copy["ppt/diagrams/layout1.xml"]) == {"node1"}


@pytest.mark.parametrize(
    "label",
    ["node1", "lnNode1", "alignAccFollowNode1", "sibTrans2D1", "fgAcc2", "bgImgPlace1", "revTx",
     "solidFgAcc1", "trBgShp", "parChTrans1D4", "vennNode1", "conFgAcc1", "asst0", "dkBgShp", "callout"],
)  # fmt: skip
def test_labels_of_programs_stay_in_smart_art(label: str) -> None:
    part = f"<dgm:styleDef xmlns:dgm='{DIAGRAM}'><dgm:styleLbl name='{label}'/></dgm:styleDef>"
    copy = written(office_parts("pptx", {"ppt/diagrams/s1.xml": part}))
    assert values("name", copy["ppt/diagrams/s1.xml"]) == {label}


def test_links_and_controls_follow_a_range_that_is_renamed() -> None:
    copy = written(office_parts("xlsx", {
        "xl/book.xml": "<workbook><definedNames><definedName name='MyHours'>Sheet1!A1</definedName></definedNames></workbook>",
        "xl/worksheets/s9.xml": "<worksheet><hyperlinks><hyperlink ref='A1' location='MyHours'/></hyperlinks></worksheet>",
        "xl/ctrlProps/c1.xml": "<formControlPr fmlaGroup='MyHours' fmlaTxbx='$A$1'/>",
    }))  # fmt: skip
    (name,) = values("name", copy["xl/book.xml"])
    assert values("location", copy["xl/worksheets/s9.xml"]) == {name} != {"MyHours"}
    assert values("fmlaGroup", copy["xl/ctrlProps/c1.xml"]) == {name}
    assert values("fmlaTxbx", copy["xl/ctrlProps/c1.xml"]) == {"$A$1"}


def test_a_shape_keeps_its_kind_and_a_show_its_slides() -> None:
    copy = written(
        foot("<v:shapetype id='Mine'/><v:shape type='#Mine'/><v:rect id='_x0000_s1026'/>")()
    )
    said = copy["word/footer8.xml"]
    assert {f"#{each}" for each in values("id", said)} >= values("type", said) != {"#Mine"}
    assert "_x0000_s1026" in values("id", said)
    copy = written(
        content(
            "<draw:page draw:name='One'/><draw:page draw:name='Two'/><presentation:show presentation:pages='One,Two'/>"
        )()
    )
    pages = re.findall(r'draw:name="([^"]*)"', copy["content.xml"])
    assert values("pages", copy["content.xml"]) == {",".join(pages)}


def test_what_a_reader_sees_of_a_slicer_stays() -> None:
    part = f"<slicers><slicer name='x' cache='y' caption='{WORDS}'/></slicers>"
    copy = written(office_parts("xlsx", {"xl/slicers/slicer1.xml": part}))
    assert values("caption", copy["xl/slicers/slicer1.xml"]) == {WORDS}


def test_a_variable_that_a_page_shows_keeps_its_value() -> None:
    said = "<text:p><text:variable-set text:name='v' text:display='none' office:string-value='KEEP'/><text:variable-get text:name='v'>KEEP</text:variable-get></text:p>"
    assert values("string-value", written(content(said)())["content.xml"]) == {"KEEP"}
    said = f"<text:p><text:hidden-paragraph text:condition='x' text:is-hidden='false'/>{WORDS}</text:p>"
    assert values("condition", written(content(said)())["content.xml"]) == {"ooow:0"}
