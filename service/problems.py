"""RFC 9457 problems: every error a caller can meet, with a stable type, a status and a fix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemType:
    """One documented kind of error. `type` in answers is `/problems/<slug>`."""

    slug: str
    status: int
    title: str
    fix: str


TYPES: Mapping[str, ProblemType] = {
    kind.slug: kind
    for kind in (
        ProblemType(
            slug="unknown-marketplace",
            status=404,
            title="There is no such marketplace",
            fix="Use one of the ids that GET /v1/marketplaces lists.",
        ),
        ProblemType(
            slug="unknown-product",
            status=404,
            title="This marketplace does not stock the product",
            fix="Check the id; it may be stocked in another marketplace or no longer at all.",
        ),
        ProblemType(
            slug="unknown-category",
            status=422,
            title="This marketplace has no such category",
            fix="Use an id that GET /v1/{marketplace}/categories lists.",
        ),
        ProblemType(
            slug="unknown-object",
            status=422,
            title="The photo has no such object",
            fix="Use an id from the answer's objects, or send a box.",
        ),
        ProblemType(
            slug="no-photo",
            status=400,
            title="The request carries no photo",
            fix="Send multipart/form-data with a file `photo`, a raw image/* body, or JSON "
            '{"product_id": …}.',
        ),
        ProblemType(
            slug="not-an-image",
            status=415,
            title="This is no picture that souk reads",
            fix="Send a JPEG, PNG, WebP or AVIF picture; HEIC needs the service's extra `heif`.",
        ),
        ProblemType(
            slug="bad-image",
            status=422,
            title="The picture cannot be decoded",
            fix="Open it in a picture viewer and save it again as JPEG.",
        ),
        ProblemType(
            slug="photo-too-large",
            status=413,
            title="The picture is larger than souk takes",
            fix="Send at most 12 MB and 50 megapixels; a shorter side of 800 pixels is plenty.",
        ),
        ProblemType(
            slug="invalid-parameter",
            status=422,
            title="A parameter cannot be used",
            fix="Each entry of `errors` names the parameter, what was found and what would do.",
        ),
        ProblemType(
            slug="invalid-body",
            status=400,
            title="The body cannot be read",
            fix="Send a JSON object in UTF-8, as /docs describes.",
        ),
        ProblemType(
            slug="invalid-cursor",
            status=400,
            title="This cursor cannot be used",
            fix="Start again without a cursor; cursors expire and belong to one marketplace.",
        ),
        ProblemType(
            slug="unauthorized",
            status=401,
            title="A token is needed",
            fix="Send `Authorization: Bearer …` with a token made by `souk tokens`.",
        ),
        ProblemType(
            slug="forbidden",
            status=403,
            title="This token may not do that",
            fix="Use a token whose role and marketplaces cover the request.",
        ),
        ProblemType(
            slug="conflict",
            status=409,
            title="Somebody else was faster",
            fix="Read the current version, merge your change and send it again.",
        ),
        ProblemType(
            slug="rules-refused",
            status=422,
            title="The rule files have problems",
            fix="Each entry of `errors` names file, line and fix; nothing was published.",
        ),
        ProblemType(
            slug="unknown-experiment",
            status=404,
            title="There is no such experiment",
            fix="Use a key that GET /v1/admin/experiments lists.",
        ),
        ProblemType(
            slug="experiment-refused",
            status=422,
            title="The experiments' definitions have problems",
            fix="Each entry of `errors` names file, line and fix; nothing was started.",
        ),
        ProblemType(
            slug="too-many-requests",
            status=429,
            title="Too many requests",
            fix="Wait as long as Retry-After says.",
        ),
        ProblemType(
            slug="busy",
            status=503,
            title="The service has more work than it can answer in time",
            fix="Try again after the seconds of Retry-After.",
        ),
        ProblemType(
            slug="not-ready",
            status=503,
            title="A part that this request needs is missing",
            fix="GET /readyz names the part; `souk doctor` on the host tells how to mend it.",
        ),
        ProblemType(
            slug="not-found",
            status=404,
            title="There is nothing at this address",
            fix="See /docs for the addresses of this service.",
        ),
        ProblemType(
            slug="method-not-allowed",
            status=405,
            title="This address does not take that method",
            fix="See the Allow header and /docs.",
        ),
        ProblemType(
            slug="internal",
            status=500,
            title="souk made a mistake",
            fix="Report it with the request id; the log has the details.",
        ),
    )
}
"""By slug; the documentation page of problems is made from this table."""


@dataclass(eq=False)
class Problem(Exception):  # noqa: N818  RFC 9457 calls it a problem
    """Raised anywhere below a route; becomes `application/problem+json`."""

    slug: str
    detail: str
    errors: tuple[Mapping[str, str | int], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> ProblemType:
        return TYPES[self.slug]

    def body(self, request_id: str) -> dict[str, object]:
        """The wire form; `detail` ends with what to do when it does not say so itself."""
        document: dict[str, object] = {
            "type": f"/problems/{self.slug}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "fix": self.kind.fix,
            "request_id": request_id,
        }
        if self.errors:
            document["errors"] = list(self.errors)
        return document
