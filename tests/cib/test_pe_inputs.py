"""The inputs that Pacemaker's scheduler keeps, as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmsh_py.cib import pe_inputs
from crmsh_py.cib.stores.file import File
from crmsh_py.errors import CrmError, NoSuchObject, UsageError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def live(tmp_path: Path) -> File:
    path = tmp_path / "live.xml"
    path.write_bytes((ROOT / "examples" / "empty.xml").read_bytes())
    return File(str(path))


@pytest.fixture
def inputs(tmp_path: Path, live: File) -> Path:
    import bz2
    import gzip

    place = tmp_path / "pengine"
    place.mkdir()
    (place / "pe-input-5.bz2").write_bytes(bz2.compress(live.read()))
    (place / "pe-warn-6.gz").write_bytes(gzip.compress(live.read()))
    (place / "pe-error-7").write_bytes(live.read())
    (place / "pe-input-8.bz2").write_bytes(bz2.compress(live.read())[:-9])
    (place / "pe-error-8.bz2").write_bytes(b"BZh nothing")
    return place


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("5", "pe-input-5"),
        ("05", "pe-input-5"),
        ("6", "pe-warn-6"),
        ("7", "pe-error-7"),
        ("pe-warn-6.gz", "pe-warn-6"),
        ("pe-error-7", "pe-error-7"),
    ],
)
def test_an_input_is_found_by_number_and_by_name(said: str, name: str, inputs: Path, live: File) -> None:
    path = pe_inputs.find(said, str(inputs))
    assert pe_inputs.name_of(path) == name
    assert pe_inputs.read(path) == live.read()


def test_inputs_that_are_not_there_or_not_one_are_said(inputs: Path) -> None:
    with pytest.raises(UsageError, match=r"8 could be pe-error-8\.bz2 or pe-input-8\.bz2"):
        pe_inputs.find("8", str(inputs))
    for place in (inputs, inputs / "nowhere"):
        with pytest.raises(NoSuchObject, match="no input 99"):
            pe_inputs.find("99", str(place))
    with pytest.raises(CrmError, match="its end is missing"):
        pe_inputs.read(pe_inputs.find("pe-input-8.bz2", str(inputs)))
    with pytest.raises(CrmError, match="it is damaged"):
        pe_inputs.read(pe_inputs.find("pe-error-8.bz2", str(inputs)))


def test_what_grows_without_end_is_refused(inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pe_inputs, "LARGEST", 100)
    for number in ("5", "6"):
        with pytest.raises(CrmError, match="larger than"):
            pe_inputs.read(pe_inputs.find(number, str(inputs)))


@pytest.mark.parametrize(
    ("path", "name"),
    [("/x/web.xml", "web"), ("a.xml.bz2", "a"), ("pe-input-1.bz2", "pe-input-1"), (".xml", ".xml"), ("b.crm", "b.crm")],
)
def test_a_shadow_is_called_as_its_file(path: str, name: str) -> None:
    assert pe_inputs.name_of(path) == name
