"""A target for a coverage-guided fuzzer: python fuzz_text.py [libFuzzer options] [folders of inputs].

The first character of an input chooses what it is read as: typed text, exact text, or a CIB. Whatever is read is saved
and loaded again; any exception that is not a CrmError ends the run, and the input stays in a file `crash-...`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["crmsh_py"]):
    from crmsh_py.cib import edit, listing, transfer
    from crmsh_py.cib.document import Cib
    from crmsh_py.errors import CrmError
    from crmsh_py.language import keywords, parser, records


def one_input(data: bytes) -> None:
    kind, body = data[:1], data[1:]
    try:
        if kind == b"<":
            cib = Cib.parse(data, "fuzz")
        else:
            cib = Cib.empty("pacemaker-3.9")
            text = parser.read_text(transfer.decoded(body, "fuzz"), "fuzz")
            edit.update(cib, text.statements, exact=kind == b"e" or text.header is not None)
    except CrmError:
        return
    saved = transfer.exact_text(cib)
    ids = cib.configuration.xpath(
        ".//@id[not(parent::node or parent::obj_ref or parent::resource_ref or parent::role)]"
    )
    if len(ids) > len(set(ids)):
        return  # an object is known by its id: of those that share one, the last is kept
    again = Cib.empty(cib.schema)
    edit.replace(again, parser.read_text(saved, "saved").statements, exact=True)
    assert transfer.exact_text(again) == saved
    for fragments in listing.show(cib):
        assert fragments
    for entry in listing.entries(cib):
        records.record(listing.statement_of(entry))


def write_seeds(folder: Path) -> None:
    """The statements of the examples, one an input, and the examples as CIBs."""
    for example in sorted((ROOT / "examples").glob("*.crm")):
        text = example.read_text(encoding="utf-8")
        joined = text.replace("\\\n", " ")
        for number, line in enumerate(filter(str.strip, joined.splitlines())):
            (folder / f"{example.stem}-{number}").write_text(f"t{line}", encoding="utf-8")
        cib = Cib.empty("pacemaker-3.9")
        edit.update(cib, parser.parse(text, example.name))
        (folder / f"{example.stem}.xml").write_bytes(cib.to_bytes())
        (folder / f"{example.stem}.exact").write_text("e" + transfer.exact_text(cib), encoding="utf-8")


def write_dictionary(path: Path) -> None:
    """The words of the language, in libFuzzer's notation."""
    words = sorted(keywords.statement_keywords() | keywords.inner_keywords() | {"$'", "\\\n", "inf:", "@", "$id="})
    escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in words)
    path.write_text("".join(f'"{word}"\n' for word in escaped), encoding="ascii")


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        seeds, dictionary = Path(scratch) / "seeds", Path(scratch) / "words"
        seeds.mkdir()
        write_seeds(seeds)
        write_dictionary(dictionary)
        atheris.Setup([*sys.argv, f"-dict={dictionary}", str(seeds)], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
