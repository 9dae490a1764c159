/* Pictures for the text that is being written: pasted, dropped, chosen or taken with the camera, then made small,
   told in words, sent, and put in at the caret. What could not be sent stays here until it is sent or thrown away. */
import { renew } from "./susun-kirim.js";
import { block } from "./susun-sisip.js";
import { shrunk } from "./susun-perkecil.js";

const LARGEST = 5 * 2 ** 20;
const PATIENCE = 120000;
const LONGEST_WORDS = 200;
const HOW = "Atau tempel dan seret gambar ke tulisan. Gambar dikecilkan, dan data lokasinya dihapus.";
const HINT = "Dibaca oleh yang tidak melihat gambarnya. Misalnya: Dua orang berbicara di teras rumah.";
const NO_WORDS = "Tulis apa yang terlihat, misalnya: Dua orang berbicara di teras rumah.";
const FAILED = "Belum terkirim. Gambar dan kata-katanya masih di sini; tekan “Kirim lagi” bila sinyal ada.";
const TOO_LARGE = "Gambar ini lebih dari 5 MB. Kirim dulu ke WhatsApp Anda sendiri, lalu pakai hasilnya.";
const SIGNED_OUT = "Anda sudah keluar. Masuk lagi di tab lain, lalu tekan “Kirim lagi”; gambarnya masih di sini.";

const kb = (bytes) => `${Math.ceil(bytes / 1024).toLocaleString("id-ID")} KB`;

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function fill(parent, ...children) {
  parent.textContent = "";
  parent.append(...children);
}

const button = (words, kind, press) => {
  const made = make("button", { type: "button", className: `btn ${kind}`, textContent: words });
  made.addEventListener("click", press);
  return made;
};

class Pictures {
  constructor(box, text) {
    Object.assign(this, { box, text, waiting: [], picture: null });
    this.address = box.dataset.alamat;
    this.token = document.querySelector("input[name=csrf_token]");
    this.build();
    this.listen();
  }

  build() {
    this.chooser = this.input({ multiple: true });
    this.camera = this.input({});
    this.camera.setAttribute("capture", "environment");
    const choose = button("Pilih gambar", "second", () => this.chooser.click());
    const take = button("Ambil foto", "second", () => this.camera.click());
    this.choice = make("div", {}, make("p", { className: "pick" }, choose, take));
    this.choice.append(make("p", { className: "hint", textContent: HOW }));
    fill(this.box, this.choice, this.buildForm(), this.chooser, this.camera);
    this.news = make("p", { className: "small kirim-gambar" });
    this.news.setAttribute("role", "status");
    (document.querySelector(".next") || this.box).prepend(this.news); // In sight when the menu is closed again.
  }

  input(properties) {
    const made = make("input", { type: "file", accept: "image/*", hidden: true, ...properties });
    made.addEventListener("change", () => {
      this.take(made.files);
      made.value = "";
    });
    return made;
  }

  buildForm() {
    this.shown = make("div");
    this.weight = make("p", { className: "small quiet" });
    this.fault = make("p", { className: "fault", id: "gambar-salah", hidden: true });
    this.words = make("input", { id: "gambar-teks", type: "text", maxLength: LONGEST_WORDS, autocomplete: "off" });
    this.words.setAttribute("aria-describedby", "gambar-bantuan gambar-salah");
    this.words.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // The text around this must not be saved instead.
      this.send();
    });
    const label = make("label", { htmlFor: "gambar-teks", textContent: "Apa yang terlihat?" });
    const hint = make("p", { className: "hint", id: "gambar-bantuan", textContent: HINT });
    this.progress = make("progress", { className: "bar", max: 1, value: 0, hidden: true });
    this.progress.setAttribute("aria-label", "Terkirim");
    this.sender = button("Sisipkan", "", () => this.send());
    this.cancel = button("Batal", "second", () => this.drop());
    const field = make("div", { className: "field" }, label, hint, this.fault, this.words);
    const pick = make("p", { className: "pick" }, this.cancel, this.sender);
    this.form = make("div", { className: "card", hidden: true }, this.shown, this.weight, field, this.progress, pick);
    return this.form;
  }

  listen() {
    this.text.addEventListener("paste", (event) => {
      const { files, types } = event.clipboardData;
      // A word processor sends a picture of its text along with the text: the text is meant.
      if (!Array.from(types).includes("text/plain") && this.take(files)) event.preventDefault();
    });
    const hasFiles = (event) => Array.from(event.dataTransfer.types).includes("Files");
    this.text.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.text.classList.add("drop");
    });
    this.text.addEventListener("dragleave", () => this.text.classList.remove("drop"));
    this.text.addEventListener("drop", (event) => {
      this.text.classList.remove("drop");
      if (!hasFiles(event)) return;
      event.preventDefault(); // Else the browser would leave the text for the picture.
      if (!this.take(event.dataTransfer.files)) this.tell("Itu bukan gambar. Seret berkas gambar, misalnya JPG.", 15);
    });
    addEventListener("beforeunload", (event) => {
      if (!this.picture) return;
      event.preventDefault();
      event.returnValue = "";
    });
  }

  /* True when there was a picture among them. */
  take(files) {
    const pictures = Array.from(files).filter(({ type, name }) => /^image\//.test(type) || /\.(heic|svg)$/i.test(name));
    this.waiting.push(...pictures);
    if (!this.picture) this.next();
    return pictures.length > 0;
  }

  async next() {
    const file = this.waiting.shift();
    this.picture = file ? { name: file.name, blob: file } : null;
    this.form.hidden = true;
    this.choice.hidden = false;
    if (!file) return;
    this.tell("Mengecilkan gambar …");
    const { blob, canvas } = await shrunk(file);
    this.picture.blob = blob;
    this.show(file, canvas);
  }

  show(file, canvas) {
    const { size } = this.picture.blob;
    fill(this.shown, ...(canvas ? [canvas] : []));
    if (canvas) canvas.setAttribute("aria-label", "Gambar yang akan dikirim");
    this.weight.textContent = size < file.size ? `${kb(size)}, tadinya ${kb(file.size)}` : kb(size);
    this.words.value = "";
    this.complain("");
    this.tell("");
    this.form.hidden = false;
    this.choice.hidden = true;
    this.busy(false);
    this.sender.textContent = "Sisipkan";
    if (size > LARGEST) this.complain(TOO_LARGE);
    this.words.focus();
  }

  tell(words, seconds) {
    clearTimeout(this.timer);
    this.news.textContent = words;
    if (seconds) this.timer = setTimeout(() => this.tell(""), seconds * 1000);
  }

  complain(words) {
    this.fault.textContent = words;
    this.fault.hidden = !words;
    if (words) this.words.setAttribute("aria-invalid", "true");
    else this.words.removeAttribute("aria-invalid");
  }

  busy(is) {
    this.sender.disabled = is;
    this.progress.hidden = !is;
    this.progress.value = 0;
  }

  drop() {
    if (this.request) this.request.abort();
    this.next();
    this.tell("Gambar tidak jadi disisipkan.", 5);
  }

  async send() {
    if (this.sender.disabled) return;
    if (!this.words.value.trim()) {
      this.complain(NO_WORDS);
      this.words.focus();
      return;
    }
    this.complain("");
    this.busy(true);
    this.tell("Mengirim gambar …");
    let reply = await this.post();
    if (reply.data.error === "token" && (await renew(this.token)).status === 200) reply = await this.post();
    this.busy(false);
    if (reply.status === 200) this.finish(reply.data);
    else if (reply.status !== -1) this.fail(reply);
  }

  /* { status, data }: 0 without a line, -1 when it was called off. */
  post() {
    const body = new FormData();
    body.append("csrf_token", this.token.value);
    body.append("teks", this.words.value);
    body.append("gambar", this.picture.blob, this.picture.name || "gambar");
    const request = new XMLHttpRequest();
    this.request = request;
    return new Promise((done) => {
      const end = (status) => () => done({ status, data: {} });
      request.open("POST", this.address);
      request.setRequestHeader("Accept", "application/json");
      request.timeout = PATIENCE;
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        this.progress.value = total ? loaded / total : 0;
        if (loaded === total) this.tell("Gambar diolah …");
      });
      request.addEventListener("load", () => done({ status: request.status, data: parsed(request.responseText) }));
      request.addEventListener("error", end(0));
      request.addEventListener("timeout", end(0));
      request.addEventListener("abort", end(-1));
      request.send(body);
    });
  }

  fail({ status, data }) {
    this.tell("");
    this.sender.textContent = "Kirim lagi";
    if (status === 401) this.complain(SIGNED_OUT);
    else if (status === 422 || status === 413) this.complain(data.text);
    else this.complain(FAILED);
    this.fault.scrollIntoView({ block: "nearest" });
  }

  finish({ markdown, kb: size }) {
    this.insert(markdown);
    this.next();
    this.tell(`Gambar disisipkan: ${size} KB.`, 15);
  }

  /* Below the line with the caret, which it leaves whole, and never above the title. */
  insert(markdown) {
    const { value, selectionEnd } = this.text;
    const isLineStart = value[selectionEnd - 1] === "\n";
    const end = value.indexOf("\n", selectionEnd);
    const at = isLineStart ? selectionEnd : end < 0 ? value.length : end;
    this.text.setSelectionRange(at, at);
    block(this.text, markdown, "");
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (noJson) {
    return {};
  }
}

const box = document.querySelector("[data-gambar]");
const text = document.getElementById("teks");
if (box && text) new Pictures(box, text);
