"""The SQL of the catalogue's store."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.rows import OFFER_COLUMNS, PRODUCT_COLUMNS


def _upsert(
    table: str, keys: tuple[str, ...], columns: tuple[str, ...], kept: Mapping[str, str]
) -> str:
    """INSERT that updates only where a value differs, so that rowcount says whether it did."""
    values = {c: kept.get(c, f"excluded.{c}") for c in columns if c not in keys}
    compared = [c for c in values if c != "changed"]
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "  # noqa: S608 (own constants)
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET "
        f"{', '.join(f'{c} = {value}' for c, value in values.items())} "
        f"WHERE ({', '.join(f'{table}.{c}' for c in compared)}) "
        f"IS NOT ({', '.join(values[c] for c in compared)})"
    )


UPSERT_PRODUCT = _upsert(
    "products",
    ("product_id",),
    (*PRODUCT_COLUMNS, "changed"),
    {"group_id": "coalesce(excluded.group_id, products.group_id)"},
)
UPSERT_OFFER = _upsert("offers", ("marketplace", "product_id"), OFFER_COLUMNS, {})
LISTINGS = """
SELECT p.*, o.* FROM offers o JOIN products p USING (product_id)
WHERE o.marketplace = ? ORDER BY o.product_id
"""
RECORDS = """
SELECT p.*, o.*, v.vector, v.appearance FROM offers o
JOIN products p USING (product_id)
JOIN vectors v ON v.model_version = ? AND v.product_id = o.product_id AND v.image = coalesce(p.image, '')
WHERE o.marketplace = ? ORDER BY o.product_id
"""
RECORDS_OF = """
SELECT p.*, o.*, v.vector, v.appearance FROM offers o
JOIN products p USING (product_id)
JOIN vectors v ON v.model_version = ? AND v.product_id = o.product_id AND v.image = coalesce(p.image, '')
WHERE o.marketplace = ? AND o.product_id IN (SELECT value FROM json_each(?))
"""
_LACKING_FROM = """
FROM products p
LEFT JOIN vectors v ON v.model_version = ?1 AND v.product_id = p.product_id AND v.image = p.image
LEFT JOIN unusable_pictures u
    ON u.model_version = ?1 AND u.product_id = p.product_id AND u.image = p.image
WHERE p.image IS NOT NULL AND v.product_id IS NULL AND u.product_id IS NULL
"""
LACKING = f"SELECT p.* {_LACKING_FROM} AND p.product_id > ?2 ORDER BY p.product_id LIMIT ?3"
COUNT_LACKING = f"SELECT count(*) {_LACKING_FROM}"
STOCKED = (
    "SELECT concept, gender, count(*) AS n FROM offers JOIN products USING (product_id)"
    " WHERE marketplace = ? AND available GROUP BY concept, gender"
)
