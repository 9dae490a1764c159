/* A sheet of questions or fields: what stands in each, and every change of it saved by itself. */
const TYPING_PAUSE = 800;

export class Sheet {
  /* `questions` carry their number in data-soal and the counter of the answer shown in data-counter. */
  constructor(form, questions, box) {
    Object.assign(this, { form, questions, box });
    this.attempt = form.dataset.attempt;
    this.saved = new Map();
    this.typing = new Map();
  }

  fieldsOf(question) {
    return Array.from(question.querySelectorAll(`[name=q${question.dataset.soal}]`));
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
    this.box.add(this.attempt, Number(question.dataset.soal), this.valueOf(question), this.isWritten(question));
  }

  saveAll() {
    this.questions.forEach((question) => this.save(question));
  }

  saveSoon(question) {
    clearTimeout(this.typing.get(question));
    this.typing.set(question, setTimeout(() => this.save(question), TYPING_PAUSE));
  }

  /* What waits on this phone is newer than what the page shows, unless another phone went further. */
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

  /* The page as it came. Gives question -> what was answered in it before this script was there; what the browser itself
   * puts back, on a reload or on the way back, is none of it. */
  takeEarly() {
    const [visit] = performance.getEntriesByType("navigation");
    const held = new Map(this.questions.map((question) => [question, this.valueOf(question)]));
    this.form.reset();
    this.questions.forEach((question) => this.remember(question));
    held.forEach((value, question) => {
      if (!visit || visit.type !== "navigate" || this.saved.get(question) === JSON.stringify(value)) held.delete(question);
    });
    return held;
  }

  /* From here on nothing that is typed can be lost. Gives the questions that were answered before. */
  start() {
    const early = this.takeEarly();
    this.box.seen[this.attempt] = Number(this.form.dataset.counter);
    this.putBackUnsent();
    this.questions.forEach((question) => this.watch(question));
    early.forEach((value, question) => {
      this.fill(question, value);
      this.save(question);
    });
    addEventListener("beforeunload", (event) => this.warn(event));
    addEventListener("pagehide", () => this.saveAll());
    document.addEventListener("visibilitychange", () => this.saveAll());
    return Array.from(early.keys());
  }

  warn(event) {
    if (!this.box.isFragile()) return;
    event.preventDefault();
    event.returnValue = "";
  }

  /* The way back, or a slow tab woken up, may show an old copy of the page: look whether there is a newer one. */
  async renewOldCopy() {
    const [visit] = performance.getEntriesByType("navigation");
    const shown = Number(this.form.dataset.counter);
    const isOld = this.box.highest(this.attempt) > shown && !this.box.entries(this.attempt).length;
    if (!visit || visit.type === "reload" || !(isOld || visit.type === "back_forward")) return;
    try {
      const reply = await fetch(location.pathname, { credentials: "same-origin", cache: "reload" });
      if (reply.ok) location.reload();
    } catch (noSignal) {
      // The old copy serves until there is a line again.
    }
  }
}
