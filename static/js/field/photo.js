/** Photos: made small on the phone and stamped with what is known, and only that. */

/** @typedef {import("./types.js").Photo} Photo */
/** @typedef {import("./types.js").Position} Position */

const LONGEST_PX = 1600;
const QUALITIES = [0.82, 0.7, 0.55];
const MOST_BYTES = 3_000_000;
// A camera hands its file over at once; an older one was chosen from the album.
const FRESH_MS = 5 * 60_000;

/**
 * A photo ready to be sent. Throws Error with a message in Chinese for a file that is no picture.
 * @param {File} file
 * @param {{officer: string, grid: string, here: Position|null, now_ms: number}} facts
 * @returns {Promise<Photo>}
 */
export async function takePhoto(file, { officer, grid, here, now_ms }) {
  const isFresh = now_ms - file.lastModified < FRESH_MS;
  const taken_ms = isFresh ? now_ms : file.lastModified;
  const place = isFresh ? here : null;
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => {
    throw new Error(`“${file.name}”不是照片，或本机浏览器不能识别。请用相机重新拍摄。`);
  });
  const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  stamp(pen, stampLines(taken_ms, place, officer, grid, isFresh));
  const bytes = await jpeg(canvas);
  return { id: crypto.randomUUID(), bytes, taken_at: new Date(taken_ms).toISOString(), place: place && { lon: place.lon, lat: place.lat } };
}

/** @param {number} taken_ms @param {Position|null} place @param {string} officer @param {string} grid @param {boolean} isFresh */
export function stampLines(taken_ms, place, officer, grid, isFresh) {
  const at = new Date(taken_ms).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", hourCycle: "h23" });
  const where = place
    ? `位置 ${place.lon.toFixed(6)}，${place.lat.toFixed(6)}　定位精度 ±${Math.ceil(place.accuracy_m)} 米`
    : "位置 无可用定位";
  return [`时间 ${at}${isFresh ? "" : "（选自相册，时间为文件时间）"}`, where, `人员 ${officer}`, `网格 ${grid || "不在本人网格内"}`];
}

/** @param {CanvasRenderingContext2D} pen @param {string[]} lines */
function stamp(pen, lines) {
  const { width, height } = pen.canvas;
  const size = Math.max(14, Math.round(width / 38));
  const line = Math.round(size * 1.45);
  const top = height - lines.length * line - size;
  pen.fillStyle = "rgba(0, 0, 0, 0.55)";
  pen.fillRect(0, top, width, height - top);
  pen.font = `${size}px "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif`;
  pen.textBaseline = "top";
  pen.fillStyle = "#ffffff";
  lines.forEach((text, index) => pen.fillText(text, size, top + size / 2 + index * line, width - 2 * size));
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<ArrayBuffer>} */
async function jpeg(canvas) {
  for (const quality of QUALITIES) {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob && blob.size <= MOST_BYTES) return blob.arrayBuffer();
  }
  throw new Error("照片过大，无法压缩到 3 MB 以内。请重新拍摄。");
}
