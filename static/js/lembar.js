/* A sheet of questions or fields: what stands in each, and every change of it saved by itself. */
const TYPING_PAUSE = 800;
const VISIT = Object(performance.getEntriesByType("navigation")[0]).type;

export class Sheet {
  /* `questions` carry their number in data-soal and the counter of the answer shown in data-counter. */
  constructor(form, questions, box) {
    Object.assign(this, { form, questions, box });
    this.attempt = form.dataset.attempt;
    this.saved = new Map();
    this.typing = new Map();
  }

  fieldsOf(question) {
    return [...question.querySelectorAll(`[name=q${question.dataset.soal}]`)];
  }

  valueOf(question) {
    const fields = this.fieldsOf(question).filter((field) => field.checked || !/^(radio|checkbox)$/.test(field.type));
    return fields.map((field) => field.value);
  }

  isWritten(question) {
    return /^(text|date)/.test(this.fieldsOf(question)[0].type);
  }

  isAnswered(question) {
    const value = this.valueOf(question);
    return value.length > 0 && value.every((part) => part.trim());
  }

  fill(question, value) {
    this.fieldsOf(question).forEach((field, number) => {
      if (/^(radio|checkbox)$/.test(field.type)) field.checked = value.includes(field.value);
      else field.value = value[number] || "";
    });
  }

  remember(question) {
    this.saved.set(question, JSON.stringify(this.valueOf(question)));
  }

  save(question) {
    clearTimeout(this.typing.get(question));
    if (this.saved.get(question) === JSON.stringify(this.valueOf(question))) return;
    this.remember(question);
    this.latest = question;
    this.box.add(this.attempt, Number(question.dataset.soal), this.valueOf(question), this.isWritten(question));
  }

  saveAll() {
    this.questions.forEach((question) => this.save(question));
  }

  saveSoon(question) {
    clearTimeout(this.typing.get(question));
    this.typing.set(question, setTimeout(() => this.save(question), TYPING_PAUSE));
  }

  /* What waits here is newer than what the page shows, unless another phone went further. */
  putBackUnsent() {
    this.box.entries(this.attempt).forEach((entry) => {
      const question = this.questions.find(({ dataset }) => Number(dataset.soal) === entry.number);
      if (!question || entry.counter < Number(question.dataset.counter)) return;
      this.fill(question, entry.value);
      this.remember(question);
    });
  }

  watch(question) {
    question.addEventListener("change", () => this.save(question));
    question.addEventListener("input", () => this.isWritten(question) && this.saveSoon(question));
  }

  /* Nothing is lost from here on, nor what was answered before; what a browser puts back is no answer. */
  start() {
    const held = this.questions.map((question) => this.valueOf(question));
    this.form.reset();
    this.box.seen[this.attempt] = Number(this.form.dataset.counter);
    this.questions.forEach((question, at) => {
      this.remember(question);
      if (VISIT === "navigate") this.fill(question, held[at]);
      this.save(question);
    });
    this.putBackUnsent();
    this.questions.forEach((question) => this.watch(question));
    addEventListener("beforeunload", (event) => this.warn(event));
    addEventListener("pagehide", () => this.saveAll());
    document.addEventListener("visibilitychange", () => this.saveAll());
  }

  warn(event) {
    if (!this.box.isFragile()) return;
    event.preventDefault();
    event.returnValue = "";
  }

  /* The way back, or a tab woken up, may show an old copy of the page. */
  async renewOldCopy() {
    const shown = Number(this.form.dataset.counter);
    const isOld = this.box.highest(this.attempt) > shown && !this.box.entries(this.attempt).length;
    if (!VISIT || VISIT === "reload" || !(isOld || VISIT === "back_forward")) return;
    try {
      const reply = await fetch(location.pathname, { credentials: "same-origin", cache: "reload" });
      if (reply.ok) location.reload();
    } catch (noSignal) {
      // The old copy serves until there is a line again.
    }
  }
}
