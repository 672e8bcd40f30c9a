"""Who wears what, in which colours, and how often it is shown on a body."""

from __future__ import annotations

from collections.abc import Mapping

ANY = ("red", "blue", "green", "black", "pink", "yellow", "maroon", "navy", "teal", "purple", "orange", "white",
       "mustard", "peach", "grey", "beige", "magenta", "lavender", "rust", "olive", "brown")  # fmt: skip
_FESTIVE = (
    "red",
    "maroon",
    "pink",
    "magenta",
    "green",
    "blue",
    "gold",
    "orange",
    "teal",
    "purple",
    "navy",
    "peach",
    "yellow",
    "mustard",
    "beige",
    "lavender",
    "rust",
)
_WHITES = ("white",) * 8 + ("beige", "beige", "peach", "yellow", "gold", "maroon", "orange")
_KASAVU = ("white",) * 9 + ("beige",)
_LEATHER = ("brown", "black", "brown", "black", "rust", "beige", "maroon", "navy", "grey")
_METAL = ("gold",) * 5 + ("silver",) * 3 + ("copper",)
_SUIT = (
    "black",
    "navy",
    "grey",
    "navy",
    "grey",
    "black",
    "brown",
    "beige",
    "blue",
    "maroon",
    "olive",
)
_DENIM = ("blue",) * 4 + ("navy",) * 4 + ("black", "black", "grey", "white")
_CHECKS = (
    "blue",
    "green",
    "maroon",
    "purple",
    "navy",
    "red",
    "teal",
    "orange",
    "mustard",
    "white",
    "blue",
    "green",
)

COLOURS_OF: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("saree", "lehenga_choli", "saree_blouse", "potli", "dupatta", "salwar_suit", "bindi"), _FESTIVE),
    "dhoti": _WHITES, "mundu": _KASAVU, "angavastram": _WHITES, "lungi": _CHECKS,
    "gamcha": ("red", "red", "red", "green", "blue", "orange", "maroon"),
    "sherwani": ("beige", "beige", "gold", "maroon", "navy", "white", "peach", "green", "black", "red", "teal", "blue", "pink", "grey"),
    "turban": ("red", "maroon", "orange", "pink", "yellow", "mustard", "blue", "navy", "white", "green", "magenta", "gold", "peach"),
    "kurta_men": ("white", "white", "beige", "blue", "navy", "maroon", "mustard", "green", "black", "pink", "teal", "yellow", "grey", "peach"),
    "nehru_jacket": ("navy", "black", "maroon", "beige", "mustard", "green", "grey", "blue", "teal", "pink", "rust", "brown"),
    **dict.fromkeys(("jeans",), _DENIM),
    **dict.fromkeys(("suit", "blazer", "waistcoat"), _SUIT),
    **dict.fromkeys(("formal_shoes", "boots", "leather_belt", "wallet", "casual_shoes", "sandals"), _LEATHER),
    "kolhapuri": ("brown", "brown", "rust", "brown", "black", "beige", "maroon", "mustard"),
    **dict.fromkeys(("bangle", "bracelet", "earrings", "jhumka", "necklace", "pendant", "ring", "jewellery_set", "maang_tikka"), _METAL),
    "lederhosen": ("brown", "brown", "black", "beige", "grey"),
    "petticoat": ("white", "red", "maroon", "black", "beige", "green", "navy", "pink", "yellow"),
    "vest": ("white", "white", "white", "black", "grey", "navy", "beige"),
    "watch": ("brown", "black", "silver", "gold", "navy", "rust", "white"),
    "sunglasses": ("black", "black", "brown", "navy", "grey", "gold", "maroon"),
    "trousers": ("black", "navy", "beige", "grey", "brown", "olive", "white", "maroon", "blue"),
    "manton": ("black", "red", "white", "maroon", "green", "blue", "mustard", "pink"),
    "traje_de_flamenca": ("red", "red", "black", "white", "green", "blue", "pink", "yellow", "navy", "orange", "teal"),
    "churidar": ("white", "black", "red", "maroon", "beige", "green", "navy", "pink", "gold", "mustard"),
    "bangle_glass": ANY,
}  # fmt: skip
"""Likely colours; a concept that is not here comes in any."""

GENDERS_OF: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("dhoti", "mundu", "lungi", "kurta_men", "sherwani", "nehru_jacket", "angavastram", "gamcha",
                     "lederhosen", "suit", "waistcoat", "vest", "formal_shoes", "necktie", "mojari", "turban", "wallet"), ("men",)),
    **dict.fromkeys(("shirt", "checked_shirt", "tshirt", "jacket", "blazer", "sweater", "trousers", "jeans", "shorts", "casual_shoes",
                     "boots", "belt", "leather_belt", "cap", "watch", "sunglasses", "socks", "kolhapuri", "sandals", "flip_flops",
                     "backpack", "hat", "scarf", "kurta_set", "sneakers", "knee_socks", "churidar"), ("men", "women")),
}  # fmt: skip
"""Whom the concept is made for; women where it is not here."""

WORN_SHARE: Mapping[str, float] = {
    **dict.fromkeys(("dhoti", "mundu", "lungi", "saree", "sherwani", "lehenga_choli", "salwar_suit", "turban", "kurta_set"), 0.65),
    **dict.fromkeys(("bindi", "maang_tikka", "jhumka"), 0.35),
    **dict.fromkeys(("bangle", "bracelet", "earrings", "necklace", "pendant", "jewellery_set", "watch", "sunglasses", "cap", "hat", "necktie"), 0.25),
}  # fmt: skip
"""How often it is shown on a body when the caller leaves it open; 0.45 for other clothes."""
