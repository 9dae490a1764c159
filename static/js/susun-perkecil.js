/* A photograph made small on the phone that took it, so that little has to cross a weak line. */
const WIDEST = 1280;
const QUALITY = 0.85;
const WORTH_IT = 100 * 1024;

/* Two pixels side by side that stand one above the other once they are turned as their EXIF says. */
const TURNED =
  "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5ueP" +
  "WvuZHI////////////////////////////////////////////////////wAALCAABAAIBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQ" +
  "AQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z";

/* What an old browser would turn wrong is better sent as it is: the server knows how. */
async function turnsUpright() {
  const bytes = Uint8Array.from(atob(TURNED), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
  return bitmap.width === 1;
}

function drawn(bitmap, widest) {
  const share = Math.min(1, widest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * share));
  canvas.height = Math.max(1, Math.round(bitmap.height * share));
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/* { blob, canvas }: what to send, and what it looks like; no canvas where this browser can't tell. */
export async function shrunk(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const canvas = drawn(bitmap, WIDEST);
    const large = file.size > WORTH_IT || Math.max(bitmap.width, bitmap.height) > WIDEST;
    if (!large || file.type === "image/gif" || !(await turnsUpright())) return { blob: file, canvas };
    const kind = file.type === "image/png" ? "image/png" : "image/jpeg";
    const blob = await new Promise((done) => canvas.toBlob(done, kind, QUALITY));
    return { blob: blob && blob.size < file.size ? blob : file, canvas };
  } catch (unreadable) {
    return { blob: file, canvas: null };
  }
}
