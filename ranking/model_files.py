"""The shipped model: `ranker.txt` (LightGBM's text) and `ranker.json` (its card), read with suspicion.

A model is used only with the feature table that it was trained on: another list, another table
version or another checksum is refused, and the message names the difference and the fix.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ranking.features import NAMES, table_version
from ranking.scorers import TreeScorer

FORMAT = 1
MODEL_FILE = "ranker.txt"
CARD_FILE = "ranker.json"
_RETRAIN = "Run `souk train ranker` to make one that fits."


class RankerError(Exception):
    """The model folder cannot be used; the message names the file, the finding and the fix."""


class RankerMissingError(RankerError):
    """There is no model file at all; the linear blend may stand in."""


def load_scorer(folder: Path) -> TreeScorer:
    """The trees of `folder`; RankerMissingError without files, RankerError on any mismatch."""
    model, card_path = folder / MODEL_FILE, folder / CARD_FILE
    if not model.is_file() and not card_path.is_file():
        raise RankerMissingError(f"{folder}: no {MODEL_FILE} and no {CARD_FILE}. {_RETRAIN}")
    for path in (model, card_path):
        if not path.is_file():
            raise RankerError(f"{path}: missing beside its pair. {_RETRAIN}")
    card = read_card(card_path)
    _check_format(card_path, card)
    data = model.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if card.get("sha256") != digest:
        raise RankerError(
            f"{model}: its SHA-256 is {digest[:12]}…, the card says {str(card.get('sha256'))[:12]}…; "
            f"the file is truncated or not the card's ({len(data)} bytes). Restore both files or {_RETRAIN}"
        )
    return TreeScorer(
        data.decode("utf-8"),
        version=digest[:12],
        policy_weight=_weight(card_path, card, "policy_weight"),
        acceptance_weight=_weight(card_path, card, "acceptance_weight"),
    )


def _weight(path: Path, card: Mapping[str, Any], name: str) -> float:
    weight = card.get(name)
    if not isinstance(weight, int | float) or isinstance(weight, bool) or not 0 <= weight < 100:
        raise RankerError(f"{path}: {name} is {weight!r}, no number from 0. {_RETRAIN}")
    return float(weight)


def read_card(path: Path) -> Mapping[str, Any]:
    """The card as JSON; RankerError when it is none."""
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise RankerError(f"{path}: no readable JSON ({error}). {_RETRAIN}") from error
    if not isinstance(card, dict):
        raise RankerError(f"{path}: the card must be a JSON object. {_RETRAIN}")
    return card


def write_model(
    folder: Path,
    text: str,
    facts: Mapping[str, Any],
    *,
    policy_weight: float,
    acceptance_weight: float,
) -> str:
    """Write both files, each in one step, the card last; answers the model's version.

    `facts` are the card's free part: data, splits, measures, the curve.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = text.encode("utf-8")
    digest = hashlib.sha256(data).hexdigest()
    card = {
        "format": FORMAT,
        "version": digest[:12],
        "sha256": digest,
        "table": table_version(),
        "features": list(NAMES),
        "policy_weight": policy_weight,
        "acceptance_weight": acceptance_weight,
        **facts,
    }
    _replace(folder / MODEL_FILE, data)
    lines = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    _replace(folder / CARD_FILE, lines.encode("utf-8"))
    return digest[:12]


def _replace(path: Path, data: bytes) -> None:
    part = path.with_suffix(path.suffix + ".part")
    part.write_bytes(data)
    part.replace(path)


def _check_format(path: Path, card: Mapping[str, Any]) -> None:
    if card.get("format") != FORMAT:
        raise RankerError(
            f"{path}: format {card.get('format')!r}, this souk reads {FORMAT}. {_RETRAIN}"
        )
    features = card.get("features")
    if not isinstance(features, list):
        raise RankerError(f"{path}: the card names no features. {_RETRAIN}")
    if (difference := _difference(features)) is not None:
        raise RankerError(
            f"{path}: the model was trained on other features: {difference}. {_RETRAIN}"
        )
    if card.get("table") != table_version():
        raise RankerError(
            f"{path}: the model was trained on feature table {card.get('table')!r}, this is "
            f"{table_version()!r}: same names, other ranges, defaults or directions. {_RETRAIN}"
        )


def _difference(features: Sequence[object]) -> str | None:
    if list(features) == list(NAMES):
        return None
    lacking = [name for name in NAMES if name not in features]
    strange = [str(name) for name in features if name not in NAMES]
    parts = []
    if lacking:
        parts.append(f"it lacks {', '.join(lacking)}")
    if strange:
        parts.append(f"it has {', '.join(strange)} that this table does not")
    if not parts:
        at = next(
            i for i, pair in enumerate(zip(features, NAMES, strict=False)) if pair[0] != pair[1]
        )
        parts.append(f"column {at} is {features[at]}, here {NAMES[at]}")
    return "; ".join(parts)
