"""Rows for choosing are never rows for reporting."""

from __future__ import annotations

from pathlib import Path

from service.evaluation.labelled import split_rows

SPLITS = """\
dataset,id,product_split,brand_split,fold
catalog,1,train,train,
catalog,2,val,train,
catalog,3,test,val,
catalog,4,train,val,
catalog,5,,test,
catalog,6,test,train,
"""


def test_a_row_that_either_split_sets_aside_for_testing_is_in_no_other_part(tmp_path: Path) -> None:
    table = tmp_path / "splits.csv"
    table.write_text(SPLITS, encoding="utf-8")

    def ids(by: str, part: str) -> set[str]:
        return {id_ for _, id_ in split_rows(table, by, part)}

    assert ids("product", "val") == {"2"}
    assert ids("brand", "val") == {"4"}
    assert ids("product", "test") == {"3", "6"}
    assert ids("brand", "test") == {"5"}
