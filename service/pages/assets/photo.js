// Where photos come from: a file, the camera, a drop, the clipboard, a link. Large ones are made smaller here.

import { by } from "./dom.js";

const SHRINK_ABOVE_BYTES = 1_500_000;
const LONGEST_SIDE = 1600;
const LINK_SIDE = 176;

/** Calls `take(blob)` with whatever picture the shopper hands over. */
export function listenForPhotos(take) {
  for (const id of ["file", "camera"]) {
    const input = by(id);
    input.onchange = () => {
      const [chosen] = input.files;
      if (chosen) take(chosen);
      input.value = "";
    };
  }
  let depth = 0;
  const over = (on) => document.body.classList.toggle("over", on);
  document.addEventListener("dragenter", (event) => {
    if ([...event.dataTransfer.types].includes("Files")) over(++depth > 0);
  });
  document.addEventListener("dragleave", () => over((depth = Math.max(0, depth - 1)) > 0));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    over((depth = 0) > 0);
    const [dropped] = event.dataTransfer.files;
    if (dropped) take(dropped);
  });
  document.addEventListener("paste", (event) => {
    const pasted = [...(event.clipboardData?.files || [])].find((file) => file.type.startsWith("image/"));
    if (pasted) take(pasted);
  });
}

/** A phone's photo made small enough to travel; what cannot be read here is sent as it is. */
export async function prepared(blob) {
  if (blob.size <= SHRINK_ABOVE_BYTES) return blob;
  return (await redrawn(blob, LONGEST_SIDE, "image/jpeg", 0.9)) || blob;
}

/** The photo as text for a link's fragment, which no server ever sees; "" when it cannot be drawn. */
export async function asFragment(blob) {
  const small = await redrawn(blob, LINK_SIDE, "image/webp", 0.6);
  if (!small) return "";
  const bytes = new Uint8Array(await small.arrayBuffer());
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function fromFragment(text) {
  try {
    const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return new Blob([Uint8Array.from(raw, (letter) => letter.charCodeAt(0))], { type: "image/webp" });
  } catch {
    return null;
  }
}

async function redrawn(blob, longest, type, quality) {
  const bitmap = await createImageBitmap(blob).catch(() => null);
  if (!bitmap) return null;
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((done) => canvas.toBlob(done, type, quality));
}
