"""A QTI 2.1 package: one file for each question, a test of them all, and the manifest.

Choices are ``choiceInteraction``, orders ``orderInteraction``, numbers ``textEntryInteraction`` whose
tolerance stands in the response processing. Every reason is a ``modalFeedback``.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from html import escape

from tools.questions.items import AGAIN, Item, lettered, plain

ITEM = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
PLACES = {
    ITEM: "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    PACKAGE: "http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
}
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
WHEN = (2026, 1, 1, 0, 0, 0)
"""The date of every file in a package, so that the same questions make the same bytes."""


def _root(tag: str, space: str, attributes: str) -> str:
    where = f'xmlns="{space}" xmlns:xsi="{SCHEMA}" xsi:schemaLocation="{space} {PLACES[space]}"'
    return f"{HEAD}\n<{tag} {where} {attributes}>"


def _declared(cardinality: str, kind: str, right: Sequence[str]) -> str:
    values = "".join(f"<value>{escape(one)}</value>" for one in right)
    return (f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{kind}">'
            f"<correctResponse>{values}</correctResponse></responseDeclaration>")  # fmt: skip


def _outcomes(cardinality: str) -> str:
    return (
        '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="1">'
        "<defaultValue><value>0</value></defaultValue></outcomeDeclaration>"
        f'<outcomeDeclaration identifier="FEEDBACK" cardinality="{cardinality}" baseType="identifier"/>'
    )


def _feedback(name: str, text: str) -> str:
    return (f'<modalFeedback outcomeIdentifier="FEEDBACK" showHide="show" identifier="{name}">'
            f"<p>{escape(text)}</p></modalFeedback>")  # fmt: skip


def _set(name: str, kind: str, value: str) -> str:
    return (f'<setOutcomeValue identifier="{name}"><baseValue baseType="{kind}">{value}</baseValue>'
            "</setOutcomeValue>")  # fmt: skip


MATCH = ('<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
         + _set("SCORE", "float", "1"))  # fmt: skip


def _choice(item: Item) -> Iterator[str]:
    told, single = item.question, item.question["kind"] == "single"
    shown = lettered(told)
    many = "single" if single else "multiple"
    yield _declared(many, "identifier", [letter for letter, one in shown if one["right"]])
    yield _outcomes(many)
    prompt = escape(told["ask"] + ("" if single else "（多选）"))
    choices = "".join(f'<simpleChoice identifier="{letter}">{escape(one["text"])}</simpleChoice>'
                      for letter, one in shown)  # fmt: skip
    yield (f'<itemBody><choiceInteraction responseIdentifier="RESPONSE" shuffle="true" '
           f'maxChoices="{int(single)}"><prompt>{prompt}</prompt>{choices}</choiceInteraction></itemBody>')  # fmt: skip
    yield (f"<responseProcessing><responseCondition><responseIf>{MATCH}</responseIf></responseCondition>"
           '<setOutcomeValue identifier="FEEDBACK"><variable identifier="RESPONSE"/></setOutcomeValue>'
           "</responseProcessing>")  # fmt: skip
    for letter, one in shown:
        yield _feedback(letter, f"{'对。' if one['right'] else '不对。'}{one['why']}")


def _order(item: Item) -> Iterator[str]:
    told = item.question
    shown = lettered(told)
    places = sorted(shown, key=lambda one: one[1]["place"])
    yield _declared("ordered", "identifier", [letter for letter, _ in places])
    yield _outcomes("single")
    choices = "".join(f'<simpleChoice identifier="{letter}">{escape(one["text"])}</simpleChoice>'
                      for letter, one in shown)  # fmt: skip
    yield (f'<itemBody><orderInteraction responseIdentifier="RESPONSE" shuffle="true" orientation="vertical">'
           f"<prompt>{escape(told['ask'])}</prompt>{choices}</orderInteraction></itemBody>")  # fmt: skip
    yield (f"<responseProcessing><responseCondition><responseIf>{MATCH}{_set('FEEDBACK', 'identifier', 'RIGHT')}"
           f"</responseIf><responseElse>{_set('FEEDBACK', 'identifier', 'WRONG')}</responseElse>"
           "</responseCondition></responseProcessing>")  # fmt: skip
    yield _feedback("RIGHT", f"对。{told['why']}")
    yield _feedback("WRONG", f"不对。{told['why']}")


def _near(value: float, tolerance: float) -> str:
    """Return the condition of an answer within the tolerance, as ``quiz.js`` takes it."""
    width = plain(tolerance + 1e-9)
    return (f'<equal toleranceMode="absolute" tolerance="{width} {width}"><variable identifier="RESPONSE"/>'
            f'<baseValue baseType="float">{plain(value)}</baseValue></equal>')  # fmt: skip


def _number(item: Item) -> Iterator[str]:
    told = item.question
    yield _declared("single", "float", [plain(told["answer"])])
    yield _outcomes("single")
    yield (f"<itemBody><p>{escape(told['ask'])}</p><p>"
           f'<textEntryInteraction responseIdentifier="RESPONSE" expectedLength="10"/> {escape(told["unit"])}'
           "</p></itemBody>")  # fmt: skip
    traps = [(f"TRAP{place}", one) for place, one in enumerate(told.get("traps", ()), start=1)]
    first = (f"<responseIf>{_near(told['answer'], told['tolerance'])}{_set('SCORE', 'float', '1')}"
             f"{_set('FEEDBACK', 'identifier', 'RIGHT')}</responseIf>")  # fmt: skip
    others = "".join(f"<responseElseIf>{_near(one['value'], told['tolerance'])}"
                     f"{_set('FEEDBACK', 'identifier', name)}</responseElseIf>" for name, one in traps)  # fmt: skip
    last = f"<responseElse>{_set('FEEDBACK', 'identifier', 'WRONG')}</responseElse>"
    yield (f"<responseProcessing><responseCondition>{first}{others}{last}</responseCondition>"
           "</responseProcessing>")  # fmt: skip
    yield _feedback("RIGHT", f"对。{told['why']}")
    for name, one in traps:
        yield _feedback(name, f"不对。{one['why']}")
    yield _feedback("WRONG", f"不对。{AGAIN}")


PARTS = {"single": _choice, "multiple": _choice, "number": _number, "order": _order}


def name_of(item: Item) -> str:
    """Return a question's identifier, which may not begin with a digit."""
    return f"Q-{item.number}"


def item_xml(item: Item) -> str:
    """Return one question as an ``assessmentItem``."""
    label = escape(f"{item.point}（{item.level}）")
    root = _root("assessmentItem", ITEM, f'identifier="{name_of(item)}" title="{escape(item.number)}" '
                 f'label="{label}" adaptive="false" timeDependent="false"')  # fmt: skip
    return "\n".join([root, *PARTS[item.question["kind"]](item), "</assessmentItem>", ""])


def test_xml(name: str, title: str, items: Sequence[Item]) -> str:
    """Return the test that asks the questions in their order."""
    refs = "".join(f'<assessmentItemRef identifier="{name_of(one)}" href="items/{name_of(one)}.xml"/>'
                   for one in items)  # fmt: skip
    return "\n".join([
        _root("assessmentTest", ITEM, f'identifier="{name}" title="{escape(title)}"'),
        '<testPart identifier="P1" navigationMode="nonlinear" submissionMode="individual">',
        f'<assessmentSection identifier="S1" title="{escape(title)}" visible="true">{refs}',
        "</assessmentSection></testPart></assessmentTest>", "",
    ])  # fmt: skip


test_xml.__test__ = False  # type: ignore[attr-defined]  # its name is QTI's, pytest would run it


def manifest(name: str, items: Sequence[Item]) -> str:
    """Return the manifest of a package."""
    needed = "".join(f'<dependency identifierref="R-{name_of(one)}"/>' for one in items)
    files = "".join(
        f'<resource identifier="R-{name_of(one)}" type="imsqti_item_xmlv2p1" href="items/{name_of(one)}.xml">'
        f'<file href="items/{name_of(one)}.xml"/></resource>'
        for one in items
    )
    return "\n".join([
        _root("manifest", PACKAGE, f'identifier="M-{name}"'),
        "<metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0</schemaversion></metadata>",
        f'<organizations/><resources><resource identifier="R-{name}" type="imsqti_test_xmlv2p1" href="test.xml">'
        f'<file href="test.xml"/>{needed}</resource>{files}</resources></manifest>', "",
    ])  # fmt: skip


def zipped(files: Sequence[tuple[str, str | bytes]]) -> bytes:
    """Return a zip of files, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files:
            info = zipfile.ZipInfo(name, WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            package.writestr(info, content, compresslevel=9)
    return out.getvalue()


def package(name: str, title: str, items: Sequence[Item]) -> bytes:
    """Return the package of a chapter's questions as a zip."""
    files = [("imsmanifest.xml", manifest(name, items)), ("test.xml", test_xml(name, title, items))]
    return zipped([*files, *((f"items/{name_of(one)}.xml", item_xml(one)) for one in items)])
