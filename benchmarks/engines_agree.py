"""Do both engines give the same page? Each street photo is asked of the embedded index and Elasticsearch.

    python benchmarks/engines_agree.py --data DIR --photos 100

reads the workspace of SOUK_HOME, whose catalogue was built into both engines, and SOUK_ELASTICSEARCH_URL.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

from service.evaluation.labelled import labelled_photos
from service.parameters import read_parameters
from service.searching import Asked, run_search
from service.services import Services
from service.settings import load_settings
from service.wiring import build_services


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--photos", type=int, default=100)
    parser.add_argument("--marketplace", default="in")
    options = parser.parse_args()
    settings = load_settings()
    embedded = build_services(replace(settings, elasticsearch_url=None))
    elastic = build_services(settings)
    photos = list(labelled_photos(options.data, embedded.locales().concepts, ("street",)))
    step = max(1, len(photos) // options.photos)
    overlaps, same = [], 0
    for photo in photos[::step][: options.photos]:
        here = page(embedded, photo.photo, options.marketplace)
        there = page(elastic, photo.photo, options.marketplace)
        union = max(len(here), len(there))
        overlaps.append(len(set(here) & set(there)) / union if union else 1.0)
        same += here == there
    print(
        json.dumps(
            {
                "photos": len(overlaps),
                "identical_pages": same,
                "mean_overlap@10": round(sum(overlaps) / len(overlaps), 4),
                "index": elastic.index.get().version.id,
            }
        )
    )


def page(services: Services, photo: bytes, marketplace: str) -> list[str]:
    """The first ten products; a degraded retrieval counts as none."""
    market = services.market(marketplace)
    asked = Asked(
        market=market,
        parameters=read_parameters({"limit": 10, "accessories": False}),
        language=market.marketplace.default_language,
        now=services.clock(),
        photo=photo,
    )
    answer = run_search(asked, services).answer
    if any(note.startswith("retrieval:") for note in answer.degraded):
        return []
    return [item.product_id for item in answer.results]


if __name__ == "__main__":
    main()
