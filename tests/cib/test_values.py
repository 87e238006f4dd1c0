"""One value by its path."""

from __future__ import annotations

from pathlib import Path

import pytest
from round_trip import load, show

from crmsh_py.cib.document import Cib
from crmsh_py.cib.values import find_value, paths, set_value
from crmsh_py.errors import CrmError, NoSuchObject, UsageError

TEXT = """
node 1: n attributes size=big
primitive a Dummy params state=1 passwd=x op monitor interval=10s timeout=20s op start timeout=9s interval=0s
primitive a.b Dummy params ip=2 monitor.x=3 meta dup=1
primitive t Dummy op monitor interval=10 role=Promoted op monitor interval=11s role=Unpromoted
primitive two Dummy params rule 1: #uname eq n x=1 params x=2
primitive odd Dummy operations $id=odd-ops op monitor interval=10s
group g a meta priority=1
property no-quorum-policy=stop
op_defaults op-options: timeout=60s
"""


@pytest.fixture
def cib() -> Cib:
    return load(TEXT)


@pytest.mark.parametrize(
    ("path", "old"),
    [
        ("a.state", "1"),
        ("a.b.ip", "2"),
        ("a.b.monitor.x", "3"),
        ("a.monitor.timeout", "20s"),
        ("a.monitor.10.timeout", "20s"),
        ("a.monitor.10s.timeout", "20s"),
        ("a.monitor.10sec.timeout", "20s"),
        ("a.start.timeout", "9s"),
        ("a.start.0.timeout", "9s"),
        ("t.monitor.11.role", "Unpromoted"),
        ("n.size", "big"),
        ("g.priority", "1"),
        ("op-options.timeout", "60s"),
        ("cib-bootstrap-options.no-quorum-policy", "stop"),
        ("a-instance_attributes.state", "1"),
    ],
)
def test_a_value_is_found_and_set(cib: Cib, path: str, old: str) -> None:
    spot = find_value(cib, path)
    assert spot.el.get(spot.attribute) == old
    set_value(cib, path, "77s")
    assert spot.el.get(spot.attribute) == "77s"


@pytest.mark.parametrize(
    ("path", "error", "text"),
    [
        ("a", UsageError, "not the path"),
        (".", UsageError, "not the path"),
        ("a.", UsageError, "not the path"),
        (".a", UsageError, "not the path"),
        ("a..b", NoSuchObject, "a has no"),
        ("nosuch.x", NoSuchObject, "there is no object nosuch"),
        ("a.nosuch", NoSuchObject, "a has no attribute nosuch"),
        ("a.stop.timeout", NoSuchObject, "a has no operation stop"),
        ("a.monitor.11.timeout", NoSuchObject, "a has no monitor with the interval 11"),
        ("a.monitor.nosuch", NoSuchObject, "a has no attribute monitor.nosuch"),
        ("t.monitor.role", UsageError, "by its interval"),
        ("two.x", UsageError, "expected one value for two.x, found 2"),
        ("a.id", NoSuchObject, "a has no attribute id"),
        ("a.monitor.id", NoSuchObject, "a has no attribute monitor.id"),
    ],
)
def test_what_is_not_there_or_not_clear(cib: Cib, path: str, error: type[CrmError], text: str) -> None:
    before = cib.to_bytes()
    with pytest.raises(error, match=text):
        set_value(cib, path, "1")
    assert cib.to_bytes() == before


def test_a_set_can_be_named_where_a_name_stands_twice(cib: Cib) -> None:
    with pytest.raises(UsageError) as caught:
        find_value(cib, "two.x")
    assert "two-instance_attributes-0.x" in str(caught.value.problems[0].hint)
    set_value(cib, "two-instance_attributes-0.x", "5")
    assert "x=5" in show(cib)


def test_an_interval_gets_its_unit_and_the_operation_its_id(cib: Cib) -> None:
    set_value(cib, "a.monitor.interval", "15")
    op = find_value(cib, "a.monitor.timeout").el
    assert (op.get("interval"), op.get("id")) == ("15s", "a-monitor-15s")
    set_value(cib, "odd.monitor.interval", "15")
    assert find_value(cib, "odd.monitor.interval").el.get("id") == "odd-ops-monitor-15s"


def test_an_id_of_a_person_stays(cib: Cib) -> None:
    op = find_value(cib, "a.monitor.timeout").el
    op.set("id", "mine")
    set_value(cib, "a.monitor.interval", "15")
    assert op.get("id") == "mine"


def test_a_mask_is_refused(cib: Cib) -> None:
    with pytest.raises(CrmError) as caught:
        set_value(cib, "a.passwd", "******")
    assert caught.value.problems[0].code == "masked-value"
    set_value(cib, "a.state", "******")
    assert find_value(cib, "a.state").el.get("value") == "******"


@pytest.mark.parametrize("value", ["a\0b", "\x01", "\ud800"])
def test_a_value_that_xml_cannot_hold_is_refused(cib: Cib, value: str) -> None:
    before = cib.to_bytes()
    with pytest.raises(UsageError, match="cannot stand in a CIB"):
        set_value(cib, "a.state", value)
    assert cib.to_bytes() == before


def test_every_path_that_is_offered_leads_to_one_value(corpus_file: Path) -> None:
    cib = Cib.parse(corpus_file.read_bytes(), corpus_file.name)
    unclear = []
    for path in paths(cib):
        try:
            spot = find_value(cib, path)
        except UsageError:
            unclear.append(path)
            continue
        # what is set is there when it is asked for
        old = spot.el.get(spot.attribute)
        spot.el.set(spot.attribute, "7")
        if spot.attribute != "interval":  # which may be a part of the path
            again = find_value(cib, path)
            assert again.el.get(again.attribute) == "7"
        spot.el.set(spot.attribute, old or "")
    assert len(unclear) * 2 <= len(paths(cib)) or len(paths(cib)) < 4


def test_an_operation_gets_an_attribute_that_it_has_not(cib: Cib) -> None:
    set_value(cib, "t.monitor.10s.timeout", "30")
    assert find_value(cib, "t.monitor.10.timeout").el.get("timeout") == "30s"
    assert cib.configuration.find(".//op[@interval='11s']").get("timeout") is None  # type: ignore[union-attr]
    set_value(cib, "a.start.on-fail", "block")
    assert "on-fail=block" in show(cib)
    with pytest.raises(UsageError, match="say which monitor: by its interval"):
        set_value(cib, "t.monitor.on-fail", "block")
    with pytest.raises(NoSuchObject, match=r"t has no attribute monitor\.10s\.nosuch"):
        set_value(cib, "t.monitor.10s.nosuch", "1")
