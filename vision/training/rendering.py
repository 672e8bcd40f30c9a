"""One picture of a 3D model, drawn on the processor through EGL: camera, light, soft shadow.

Needs Debian's `libegl1`, `libegl-mesa0` and `libgl1-mesa-dri`, and moderngl (extra `train`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import moderngl
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from vision.training.furniture_meshes import Matrix, Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """Where the camera stands and how the light falls. Angles in degrees; distances in diagonals."""

    azimuth: float
    elevation: float
    distance: float = 1.75
    field_of_view: float = 32.0
    light: tuple[float, float, float] = (0.4, 0.9, 0.55)
    warmth: float = 0.0
    """-1 for bluish, 1 for reddish light."""
    exposure: float = 1.0
    ground: tuple[int, int, int] = (255, 255, 255)
    shadow: float = 0.35


_VERTEX = """
#version 330
uniform mat4 view; uniform mat4 projection;
in vec3 place; in vec3 normal; in vec2 texture_place;
out vec3 n; out vec2 uv; out vec3 eye;
void main() {
    vec4 seen = view * vec4(place, 1.0);
    eye = -seen.xyz; n = mat3(view) * normal; uv = texture_place;
    gl_Position = projection * seen;
}
"""
_FRAGMENT = """
#version 330
uniform vec4 colour; uniform sampler2D skin; uniform bool skinned; uniform vec3 key; uniform vec3 up;
uniform vec3 tint; uniform float exposure;
in vec3 n; in vec2 uv; in vec3 eye;
out vec4 result;
void main() {
    vec4 base = colour;
    if (skinned) { base *= texture(skin, uv); }
    if (base.a < 0.05) { discard; }
    vec3 towards = normalize(eye); vec3 normal = normalize(n);
    if (dot(normal, towards) < 0.0) { normal = -normal; }
    float sky = 0.5 + 0.5 * dot(normal, up);
    float lit = max(dot(normal, normalize(key)), 0.0);
    float fill = max(dot(normal, normalize(vec3(-key.x, 0.3, 0.6))), 0.0);
    vec3 half_way = normalize(normalize(key) + towards);
    float gleam = pow(max(dot(normal, half_way), 0.0), 40.0) * 0.16;
    vec3 light = vec3(0.30 + 0.28 * sky) + tint * (0.54 * lit + 0.20 * fill);
    result = vec4(min(base.rgb * light * exposure + gleam, 1.0), base.a);
}
"""


class RendererMissingError(Exception):
    """This machine offers no EGL; the message names the fix."""


class Renderer:
    """One EGL context and its buffers. Use it as a context manager; not safe between threads."""

    def __init__(self, side: int) -> None:
        self.side = side
        try:
            # The stub asks for a mapping of settings; the library takes the backend by its name.
            self._context: moderngl.Context = moderngl.create_context(
                standalone=True,
                backend="egl",  # type: ignore[arg-type]
            )
        except Exception as error:
            raise RendererMissingError(
                f"no EGL renderer ({error}); apt install libegl1 libegl-mesa0 libgl1-mesa-dri"
            ) from error
        self._program = self._context.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
        size = (side, side)
        self._drawn = self._context.framebuffer(
            [self._context.renderbuffer(size, 4, samples=4)],
            self._context.depth_renderbuffer(size, samples=4),
        )
        self._resolved = self._context.framebuffer([self._context.renderbuffer(size, 4)])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.release()

    def render(self, pieces: Sequence[Piece], shot: Shot, *, standing: bool = True) -> Image.Image:
        """The model on the shot's ground, with a soft shadow under what stands."""
        view = _camera(shot)
        low, high = _bounds(pieces)
        layer = self._layer(pieces, view, shot)
        picture = Image.new("RGB", layer.size, shot.ground)
        if standing:
            picture = _shadowed(picture, view, shot, low, high)
        picture.paste(layer, (0, 0), layer.getchannel("A"))
        return picture

    def _layer(self, pieces: Sequence[Piece], view: Matrix, shot: Shot) -> Image.Image:
        context, program = self._context, self._program
        self._drawn.use()
        self._drawn.clear(0.0, 0.0, 0.0, 0.0)
        context.enable(moderngl.DEPTH_TEST | moderngl.BLEND)
        blending = (moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA)
        context.blend_func = (*blending, moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA)  # type: ignore[assignment]  # the stub knows two of four
        _set(program, "view", view.T)
        _set(program, "projection", _projection(shot.field_of_view).T)
        _set(program, "key", (view[:3, :3] @ np.array(_turned(shot.light, shot.azimuth)))[None])
        _set(program, "up", view[:3, 1][None])
        program["tint"] = (1 + 0.1 * shot.warmth, 1.0, 1 - 0.12 * shot.warmth)
        program["exposure"] = shot.exposure
        for piece in sorted(pieces, key=lambda p: -p.colour[3]):
            self._draw(piece)
        context.copy_framebuffer(self._resolved, self._drawn)
        raw = self._resolved.read(components=4)
        layer = Image.frombytes("RGBA", (self.side, self.side), raw)
        return layer.transpose(Image.Transpose.FLIP_TOP_BOTTOM)

    def _draw(self, piece: Piece) -> None:
        context, program = self._context, self._program
        program["colour"] = piece.colour
        program["skinned"] = piece.skin is not None
        texture = None
        if piece.skin is not None:
            skin = piece.skin.convert("RGBA").transpose(Image.Transpose.FLIP_TOP_BOTTOM)
            skin.thumbnail((512, 512))
            texture = context.texture(skin.size, 4, skin.tobytes())
            texture.build_mipmaps()
            texture.use(0)
        buffer = context.buffer(piece.triangles.tobytes())
        array = context.vertex_array(
            program, [(buffer, "3f 3f 2f", "place", "normal", "texture_place")]
        )
        array.render(moderngl.TRIANGLES)
        for resource in (array, buffer, texture):
            if resource is not None:
                resource.release()


def _set(program: moderngl.Program, name: str, value: Matrix) -> None:
    uniform = program[name]
    if isinstance(uniform, moderngl.Uniform):
        uniform.write(np.ascontiguousarray(value, dtype=np.float32).tobytes())


def _turned(light: tuple[float, float, float], azimuth: float) -> tuple[float, float, float]:
    """Light that keeps its side when the camera walks around."""
    angle = np.radians(azimuth)
    x, y, z = light
    return (
        float(x * np.cos(angle) + z * np.sin(angle)),
        y,
        float(z * np.cos(angle) - x * np.sin(angle)),
    )


def _camera(shot: Shot) -> Matrix:
    a, e = np.radians(shot.azimuth), np.radians(shot.elevation)
    eye = np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
    right = np.array([np.cos(a), 0.0, -np.sin(a)])
    up = np.cross(eye, right)
    view = np.eye(4)
    view[:3, :3] = np.vstack([right, up, eye])
    # The lens decides how near a diagonal of 1 fills the picture.
    view[2, 3] = -shot.distance * 0.36 / np.tan(np.radians(shot.field_of_view / 2))
    return view


def _projection(field_of_view: float) -> Matrix:
    scale = 1 / np.tan(np.radians(field_of_view / 2))
    near, far = 0.05, 30.0
    matrix = np.zeros((4, 4))
    matrix[0, 0] = matrix[1, 1] = scale
    matrix[2, 2], matrix[2, 3] = (far + near) / (near - far), 2 * far * near / (near - far)
    matrix[3, 2] = -1
    return matrix


def _bounds(pieces: Sequence[Piece]) -> tuple[Matrix, Matrix]:
    low = np.min([p.triangles[:, :3].min(axis=0) for p in pieces], axis=0)
    high = np.max([p.triangles[:, :3].max(axis=0) for p in pieces], axis=0)
    return low, high


def _shadowed(
    picture: Image.Image, view: Matrix, shot: Shot, low: Matrix, high: Matrix
) -> Image.Image:
    """A soft dark patch where the bounds touch the floor."""
    middle, half = (low + high) / 2, (high - low) / 2 * 1.04
    ring = [
        (middle[0] + half[0] * sx * 0.96, low[1], middle[2] + half[2] * sz * 0.96, 1.0)
        for sx, sz in (
            (-1, -1),
            (0, -1.06),
            (1, -1),
            (1.06, 0),
            (1, 1),
            (0, 1.06),
            (-1, 1),
            (-1.06, 0),
        )
    ]
    clip = np.array(ring) @ (_projection(shot.field_of_view) @ view).T
    place = (clip[:, :2] / clip[:, 3:] * (1, -1) + 1) / 2 * picture.width
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).polygon([tuple(p) for p in place.tolist()], fill=round(255 * shot.shadow))
    mask = mask.filter(ImageFilter.GaussianBlur(picture.width * 0.022))
    dark = Image.new("RGB", picture.size, tuple(round(c * 0.35) for c in shot.ground))
    return Image.composite(dark, picture, mask)
