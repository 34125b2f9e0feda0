"""An XForm, the only place where Central tells labels and choices, read as questions.

The first instance has a node for every question, in the form's order; binds tell the
kind of data; controls in the body tell how it is asked; `itext` has the words in every
language; further instances are the lists of choices.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from ingestion.sources.base import Choice, QuestionDefinition
from ingestion.sources.odk.xml_documents import parse_xml
from ingestion.sources.odk.xml_names import (
    JAVAROSA,
    META,
    XFORMS,
    XHTML,
    local_name,
    odata_path,
)

Labels = dict[str, str]

# What a form in languages without a name calls its words, and what is written where a
# language has none.
UNNAMED_LANGUAGE = "default"
UNTRANSLATED = "-"
NO_BIND = ET.Element("bind")

TYPES_OF_DATA = {
    "string": "text",
    "int": "integer",
    "dateTime": "datetime",
    "boolean": "text",
}
SELECTS = {"select1": "select_one", "select": "select_multiple", "rank": "rank"}
OTHER_CONTROLS = {"trigger": "acknowledge", "range": "range"}
UPLOADS = {"image/*": "image", "audio/*": "audio", "video/*": "video"}
PRELOADED_DATES = {"date": "today"}
AUDIT = "audit"
BY_ITSELF = {"geopoint": "start-geopoint", "binary": "background-audio"}
LIST = re.compile(r"instance\('([^']+)'\)")
ITEXT = re.compile(r"jr:itext\('([^']*)'\)")
LAST_NAME = re.compile(r"\s*[\w./-]*?([\w.-]+)\s*")


def read_questions(xform: str) -> tuple[QuestionDefinition, ...]:
    """Return the questions of an XForm; none where it is no XForm.

    Raises:
        UnreadableXmlError: It is no XML that is safe to read.
    """
    root = parse_xml(xform)
    model = root.find(f"{XHTML}head/{XFORMS}model")
    first = None if model is None else model.find(f"{XFORMS}instance/*")
    if model is None or first is None:
        return ()
    return tuple(_Form.read(root, model, local_name(first.tag)).questions(first))


@dataclass(frozen=True, slots=True)
class _Form:
    """The parts of an XForm by what refers to them; paths begin below the root."""

    binds: dict[str, ET.Element]
    controls: dict[str, ET.Element]
    repeats: frozenset[str]
    texts: dict[str, Labels]
    instances: dict[str, ET.Element]

    @classmethod
    def read(cls, root: ET.Element, model: ET.Element, root_name: str) -> "_Form":
        body = root.find(f"{XHTML}body")
        elements = [] if body is None else list(body.iter())
        prefix = f"/{root_name}/"

        def path(element: ET.Element, attribute: str) -> str:
            return element.get(attribute, "").strip().removeprefix(prefix)

        return cls(
            binds={path(b, "nodeset"): b for b in model.iter(f"{XFORMS}bind")},
            controls={path(e, "ref"): e for e in elements if _is_control(e)},
            repeats=frozenset(
                path(e, "nodeset") for e in elements if e.tag == f"{XFORMS}repeat"
            ),
            texts=_texts(model),
            instances={i.get("id", ""): i for i in model.iter(f"{XFORMS}instance")},
        )

    def questions(
        self, element: ET.Element, inside: str = "", repeat: str | None = None
    ) -> Iterator[QuestionDefinition]:
        """Yield the questions below an element of the first instance."""
        seen: set[str] = set()
        for child in element:
            path = f"{inside}{local_name(child.tag)}"
            # A repeat stands there twice: as a template, and empty.
            if path in seen:
                continue
            seen.add(path)
            if path == META:
                yield from _audit(child)
                continue
            if len(child) or path in self.repeats:
                around = path if path in self.repeats else repeat
                yield from self.questions(child, f"{path}/", around)
            else:
                yield self._question(path, repeat)

    def _question(self, path: str, repeat: str | None) -> QuestionDefinition:
        control = self.controls.get(path)
        bind = self.binds.get(path, NO_BIND)
        if control is None:
            return QuestionDefinition(
                odata_path(path), _type_unasked(bind), repeat and odata_path(repeat)
            )
        list_name, choices = self._choices(control)
        return QuestionDefinition(
            path=odata_path(path),
            type=self._type(control, bind),
            repeat_path=repeat and odata_path(repeat),
            labels=self._labels(control.find(f"{XFORMS}label")),
            list_name=list_name,
            choices=choices,
        )

    def _type(self, control: ET.Element, bind: ET.Element) -> str:
        tag = local_name(control.tag)
        if tag in SELECTS:
            return SELECTS[tag] + ("_from_file" if self._is_from_file(control) else "")
        if tag == "upload":
            return UPLOADS.get(control.get("mediatype", ""), "file")
        if tag in OTHER_CONTROLS:
            return OTHER_CONTROLS[tag]
        kind = bind.get("type", "string")
        kind = TYPES_OF_DATA.get(kind, kind)
        is_shown_only = bind.get("readonly") == "true()" and not bind.get("calculate")
        return "note" if kind == "text" and is_shown_only else kind

    def _instance(self, control: ET.Element) -> tuple[str, ET.Element] | None:
        itemset = control.find(f"{XFORMS}itemset")
        found = itemset is not None and LIST.search(itemset.get("nodeset", ""))
        if not found or found[1] not in self.instances:
            return None
        return found[1], self.instances[found[1]]

    def _is_from_file(self, control: ET.Element) -> bool:
        instance = self._instance(control)
        return instance is not None and instance[1].get("src") is not None

    def _choices(self, control: ET.Element) -> tuple[str | None, tuple[Choice, ...]]:
        instance = self._instance(control)
        if instance is None:
            items = control.findall(f"{XFORMS}item")
            return None, tuple(self._choice(item, "value") for item in items)
        name, element = instance
        if element.get("src") is not None:
            return None, ()
        items = element.findall(f"{XFORMS}root/{XFORMS}item")
        return name, tuple(self._choice(item, "name") for item in items)

    def _choice(self, item: ET.Element, value: str) -> Choice:
        text_id = item.findtext(f"{XFORMS}itextId")
        labels = (
            self._labels(item.find(f"{XFORMS}label"))
            if text_id is None
            else self.texts.get(text_id, {})
        )
        return Choice(item.findtext(f"{XFORMS}{value}", ""), labels)

    def _labels(self, label: ET.Element | None) -> Labels:
        if label is None:
            return {}
        translated = ITEXT.fullmatch(label.get("ref", ""))
        if translated:
            return self.texts.get(translated[1], {})
        words = _words(label)
        return {"": words} if words else {}


def _is_control(element: ET.Element) -> bool:
    tag = local_name(element.tag)
    known = tag in SELECTS or tag in OTHER_CONTROLS or tag in ("input", "upload")
    return known and element.get("ref") is not None


def _texts(model: ET.Element) -> dict[str, Labels]:
    """Return text id -> language -> words; a medium such as a picture is no words."""
    texts: dict[str, Labels] = {}
    for translation in model.findall(f"{XFORMS}itext/{XFORMS}translation"):
        named = translation.get("lang", "")
        language = "" if named == UNNAMED_LANGUAGE else named
        for text in translation.findall(f"{XFORMS}text"):
            labels = texts.setdefault(text.get("id", ""), {})
            values = text.findall(f"{XFORMS}value")
            plain = [value for value in values if value.get("form") is None]
            words = _words(plain[0]) if plain else ""
            if words not in ("", UNTRANSLATED):
                labels[language] = words
    return texts


def _words(element: ET.Element) -> str:
    """Return a label; an answer shown in it is `${name}`, as in an XLSForm."""
    parts = [element.text or ""]
    for child in element:
        shown = LAST_NAME.fullmatch(child.get("value", ""))
        parts.append(f"${{{shown[1]}}}" if shown else "")
        parts.append(child.tail or "")
    return "".join(parts).strip()


def _audit(meta: ET.Element) -> Iterator[QuestionDefinition]:
    """Yield the log of how the form was filled in, which a form asks for by itself."""
    if any(local_name(child.tag) == AUDIT for child in meta):
        yield QuestionDefinition(AUDIT, AUDIT)


def _type_unasked(bind: ET.Element) -> str:
    """Return the type of what is recorded and not asked."""
    preload = bind.get(f"{JAVAROSA}preload")
    if preload is not None:
        parameters = bind.get(f"{JAVAROSA}preloadParams", "")
        return PRELOADED_DATES.get(preload, parameters)
    if bind.get("calculate"):
        return "calculate"
    return BY_ITSELF.get(bind.get("type", ""), "hidden")
