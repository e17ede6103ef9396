"""Spanish for patients in the United States: one word for a thing, and none of Spain alone."""

import re

import polib
import pytest

from config.setup.postgres import ROOT

FILES = [*(ROOT / "cms/starter/es").glob("*.yaml"), ROOT / "programs/starter/texts_es.yaml"]
FAULTY = {
    "Alcance con": "Estire la mano",
    "Alcance como": "Estire la mano",
    "Apunte y encoja": "Ponga el pie en punta y encójalo",
    "Asienta": "Baje un poco el mentón",
    "pies planos": "pies bien apoyados",
    "Manos listas": "Manos cerca del apoyo",
    "encimera": "barra de la cocina",
    "Deténgase": "Pare",
    "ordenador": "computadora",
    "gafas": "lentes",
    "móvil": "teléfono",
    "vosotros": "ustedes",
}


def texts() -> dict[str, str]:
    found = {file.name: file.read_text(encoding="utf-8") for file in FILES}
    catalog = polib.pofile(str(ROOT / "locale/es/LC_MESSAGES/django.po"))
    said = [one for entry in catalog for one in (entry.msgstr, *entry.msgstr_plural.values())]
    return found | {"django.po": "\n".join(said)}


@pytest.mark.parametrize("faulty", FAULTY)
def test_no_faulty_term_is_left(faulty: str) -> None:
    pattern = re.compile(rf"\b{faulty}\b", re.IGNORECASE)
    for name, text in texts().items():
        assert not pattern.search(text), f"{name}: say “{FAULTY[faulty]}”"


def test_a_side_is_a_side() -> None:
    """'derecho' alone also means straight on."""
    catalog = polib.pofile(str(ROOT / "locale/es/LC_MESSAGES/django.po"))
    assert catalog.find("right").msgstr == "lado derecho"
    assert catalog.find("left").msgstr == "lado izquierdo"
