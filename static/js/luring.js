/* Checks the text of a certificate's QR by the keys that came with the page, and asks nobody. */
const MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(" ");
const PREFIX = "sinau-psm/sertifikat/1\0";
const MOST = 300;
const OLD_DAYS = 90;
const LOOK = 150;
const WIDEST = 1000;
const part = "([!-:<-~]*)";
const CODE = new RegExp(
  "^(https?:[/][/][!-~]+[/]cek[/]([A-Za-z0-9_-]{20,32}))#1;([0-9a-f]{8});([0-9]{8});([0-9]{1,4});([0-9]{1,3});" +
    `([01]);${part};${part};${part};([A-Za-z0-9_-]{86})$`
);
const ONLINE = /[/]cek[/][A-Za-z0-9_-]{20,32}$|^([A-Za-z0-9]{4}-?){3}$/;
const byId = (id) => document.getElementById(id);
const canvas = document.createElement("canvas");
const data = JSON.parse(byId("data").textContent);
const ascii = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const SIGNS = { "+": "-", "/": "_", "-": "+", _: "/" };

function toText(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/[+/]/g, (sign) => SIGNS[sign]).replace(/=/g, "");
}

function toBytes(text) {
  return ascii(atob(text.replace(/[-_]/g, (sign) => SIGNS[sign])));
}

const mark = (text) => toText(nacl.hash(new TextEncoder().encode(text)).slice(0, 9));
const day = (digits) => digits.replace(/^(....)(..)(..)$/, "$1-$2-$3");

function inWords(iso) {
  const [year, month, date] = iso.split("-").map(Number);
  return `${date} ${MONTHS[month - 1]} ${year}`;
}

function unpacked(text) {
  const [shown, whole] = text.split("*");
  return { text: decodeURIComponent(shown.replace(/\+/g, " ")), mark: whole };
}

/* The library takes a second half of any size: by adding the order, others could be made from one signature. */
function isBelowOrder(number) {
  const order = nacl.lowlevel.L;
  for (let place = 31; place >= 0; place -= 1) {
    if (number[place] !== order[place]) return number[place] < order[place];
  }
  return false;
}

function isSigned(key, message, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  return isBelowOrder(signature.slice(32)) && nacl.sign.detached.verify(message, signature, key);
}

/* [state, facts, day]: what the text is worth as far as this page knows. */
function judged(raw) {
  const text = raw.replace(/\s/g, "");
  const found = text.length <= MOST && CODE.exec(text);
  if (!found) return [ONLINE.test(text) ? "alamat" : text ? "bentuk" : "kosong"];
  const [, address, token, name, digits, hours, revision, sample, number, holder, activity, ending] = found;
  const key = data.kunci.find((each) => each.id === name);
  if (!key) return ["kunci"];
  const signed = text.slice(0, -87);
  const signature = toBytes(ending);
  if (toText(signature) !== ending) return ["salah"];
  if (!isSigned(toBytes(key.umum), ascii(PREFIX + signed), signature)) return ["salah"];
  const facts = { number: unpacked(number), name: unpacked(holder), activity: unpacked(activity) };
  Object.assign(facts, { issued: day(digits), hours: Number(hours), revision: Number(revision), address });
  if (sample === "1") return ["contoh", facts];
  const isListed = data.terbit.includes(mark(`${address}#1;${signed.slice(address.length + 12)}`));
  if (key.sampai && facts.issued > key.sampai && !isListed) return ["berakhir", facts, key.sampai];
  if (key.bocor && !isListed) return ["bocor", facts, key.bocor];
  const now = new Date(Date.now() + 252e5).toISOString();
  const [state, on] = data.akhir[mark(token)] || [facts.issued > now ? "nanti" : "benar", facts.issued];
  return [state, facts, on];
}

const KEPT = `menurut catatan per ${inWords(data.per)}`;
const WORDS = {
  kosong: ["ragu", "Belum ada teks", () => "Tempel dulu teks dari kode QR, lalu tekan Periksa."],
  bentuk: [
    "buruk",
    "✗ Bukan kode sertifikat kami",
    () => "Teks ini tidak lengkap, atau bukan dari sertifikat situs ini.",
  ],
  alamat: [
    "ragu",
    "Perlu jaringan",
    () => "Kode ini hanya dapat diperiksa dengan jaringan. Tanpa jaringan, pindai kode QR-nya.",
  ],
  salah: [
    "buruk",
    "✗ SALAH",
    () => "Tanda tangannya tidak cocok: isinya diubah, atau bukan buatan kami. Jangan dipakai.",
  ],
  kunci: [
    "ragu",
    "? Kunci tidak dikenal",
    () => "Halaman ini tidak memuat kuncinya. Ambil salinan terbaru; bila tetap begini, jangan dipakai.",
  ],
  contoh: ["ragu", "Contoh", () => "Lembar ini contoh, tidak berlaku."],
  berakhir: [
    "buruk",
    "✗ DITOLAK",
    (on) => `Kuncinya sudah diakhiri ${inWords(on)}, sebelum lembar ini terbit. Jangan dipakai.`,
  ],
  bocor: [
    "buruk",
    "✗ DITOLAK",
    (on) => `Kuncinya bocor sejak ${inWords(on)}, dan lembar ini tidak tercatat sebelum itu.`,
  ],
  dicabut: [
    "buruk",
    "✗ Dicabut",
    (on) => `Dicabut oleh penerbit ${inWords(on)}, ${KEPT}. Jangan dipakai sebagai bukti.`,
  ],
  diganti: [
    "ragu",
    "Diganti",
    (on) => `Diganti ${inWords(on)} oleh revisi yang lebih baru, ${KEPT}. Mintalah lembar terakhir.`,
  ],
  menunggu: [
    "ragu",
    "Menunggu tanda tangan",
    () => `Isinya dari kantor, PDF-nya belum ditandatangani pejabatnya secara elektronik, ${KEPT}.`,
  ],
  nanti: [
    "ragu",
    "Belum berlaku",
    (on) => `Ditandatangani kantor dan tidak dicabut, ${KEPT}. Berlaku mulai ${inWords(on)}.`,
  ],
  benar: [
    "baik",
    "✓ BENAR",
    () => `Ditandatangani kantor dan tidak dicabut, ${KEPT}. Cocokkan dengan lembar di tangan Anda:`,
  ],
};

function element(name, text, inside) {
  const made = document.createElement(name);
  made.textContent = text;
  return inside.appendChild(made);
}

function row(list, label, value) {
  element("dt", label, list);
  const shown = element("dd", value.mark ? `${value.text}…` : value.text || "–", list);
  if (value.mark) compare(shown, label, value.mark);
}

/* Too long for the code: it holds the beginning and a mark of the whole, which whoever has the sheet can compare. */
function compare(shown, label, whole) {
  element("p", "Kode QR hanya memuat awalnya.", shown);
  const line = element("label", `${label} selengkapnya, persis seperti di lembar: `, shown);
  const field = line.appendChild(document.createElement("input"));
  const told = element("output", "", line);
  field.addEventListener("input", () => {
    const same = mark(field.value.trim().replace(/\s+/g, " ")) === whole;
    told.textContent = same ? "✓ Sama" : field.value ? "belum sama" : "";
  });
}

function show([state, facts, on]) {
  const [look, title, text] = WORDS[state];
  const result = byId("hasil");
  result.textContent = "";
  result.hidden = false;
  result.className = look;
  element("h2", title, result).tabIndex = -1;
  element("p", text(on), result);
  if (facts) {
    const list = element("dl", "", result);
    row(list, "Nama", facts.name);
    row(list, "Nomor", facts.number);
    row(list, "Kegiatan", facts.activity);
    row(list, "Jam pelajaran", { text: `${facts.hours} JP` });
    row(list, "Tanggal terbit", { text: inWords(facts.issued) });
    if (facts.revision) row(list, "Revisi", { text: String(facts.revision) });
    const later = `Terbit setelah salinan ini dibuat (${inWords(data.per)}). Ambil salinan terbaru.`;
    if (facts.issued > data.per) element("p", later, result);
  }
  result.firstChild.focus();
}

function check(text) {
  show(judged(text));
}

function tell(text) {
  byId("kabar").textContent = text;
}

function received(text) {
  tell("");
  byId("teks").value = text;
  return check(text);
}

async function reader() {
  if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const own = new BarcodeDetector({ formats: ["qr_code"] });
    return async (context) => ((await own.detect(context.canvas))[0] || {}).rawValue;
  }
  if (!window.jsQR) return null;
  return (context) => {
    const { width, height } = context.canvas;
    const picture = context.getImageData(0, 0, width, height);
    return (window.jsQR(picture.data, width, height, { inversionAttempts: "dontInvert" }) || {}).data;
  };
}

async function scan(decode) {
  const video = byId("video");
  try {
    const wish = { facingMode: "environment", width: { ideal: 1280 } };
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wish });
    video.hidden = false;
    await video.play();
    watch(decode, video);
  } catch (refused) {
    tell("Kamera tidak dapat dipakai di sini. Potret kodenya atau tempel teksnya.");
  }
}

function look(decode, picture, width, height, widest) {
  const scale = Math.min(1, widest / width);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return decode(context);
}

async function watch(decode, video) {
  const width = video.videoWidth;
  const text = width && (await look(decode, video, width, video.videoHeight, WIDEST));
  if (!text) return setTimeout(() => watch(decode, video), LOOK);
  video.srcObject.getTracks().forEach((track) => track.stop());
  video.hidden = true;
  return received(text);
}

/* Of a whole sheet the code is small, so it is looked for in a larger picture too. */
async function readPhoto(decode, file) {
  byId("hasil").hidden = true;
  tell("Membaca foto…");
  const picture = await createImageBitmap(file).catch(() => null);
  const seen = (widest) => look(decode, picture, picture.width, picture.height, widest);
  const text = picture && ((await seen(WIDEST)) || (await seen(2 * WIDEST)));
  return text ? received(text) : tell("Kodenya belum terbaca. Potret kode QR-nya saja, dari dekat.");
}

async function start() {
  const age = Math.floor((Date.now() - new Date(data.per).getTime()) / 86400000);
  const old = `Salinan ini berumur ${age} hari: pencabutan sesudahnya belum termuat.`;
  if (age > OLD_DAYS) byId("umur").textContent = old;
  byId("periksa").addEventListener("click", () => check(byId("teks").value));
  const decode = await reader();
  byId("kamera").hidden = !decode || !navigator.mediaDevices;
  byId("potret").hidden = !decode;
  byId("tanpa").hidden = !!decode;
  byId("kamera").addEventListener("click", () => scan(decode));
  byId("foto").addEventListener("change", ({ target }) => target.files[0] && readPhoto(decode, target.files[0]));
}

start();
