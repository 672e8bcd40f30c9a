"""Who did what: one line of the audit log for each change over HTTP, none for what was refused."""

from __future__ import annotations

from service.tokens import Role
from tests.service.fakes import NOW, JsonClient


def test_every_change_leaves_a_line_and_a_refused_one_leaves_none(client: JsonClient) -> None:
    tokens = client.services.tokens
    made = tokens.create(name="Asha", role=Role.ADMIN, marketplaces=("*",), now=NOW, days=1)
    viewer = tokens.create(name="Vera", role=Role.VIEWER, marketplaces=("*",), now=NOW, days=1)
    headers = {"Authorization": f"Bearer {made}"}
    read = client.get("/v1/admin/in/rules", headers=headers).json
    draft = {
        "files": {"merchandising.yaml": "# one\n" + read["files"]["merchandising.yaml"]},
        "base": read["version"],
        "reason": "Sarees before Diwali.",
    }
    back = {"to": None, "reason": "It was too early."}
    line = b'{"product_id": "N2", "delete": true}'
    for by, status in (({"Authorization": f"Bearer {viewer}"}, 403), (headers, 200)):
        for url, body in (("in/rules:publish", draft), ("in/products:bulk", line)):
            kind = {"data": body} if isinstance(body, bytes) else {"json": body}
            answer = client.post(f"/v1/admin/{url}", headers=by, **kind)
            assert answer.status_code == status
    assert client.post("/v1/admin/in/rules:publish", json=draft, headers=headers).status_code == 409
    assert client.post("/v1/admin/us/rules:rollback", json=back, headers=headers).status_code == 409
    identity = made.split("_")[1]
    assert tokens.audited() == (
        (NOW.isoformat(), identity, "Asha", "products:bulk", "in", "1 absent"),
        (NOW.isoformat(), identity, "Asha", "rules:publish", "in", "Sarees before Diwali."),
    )
