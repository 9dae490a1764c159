/* Practice is judged at once, here on the page: nothing of it goes to the server. */
const KINDS = {
  pilihan: (practice) => practice.element.addEventListener("change", () => judge(practice)),
  "pilihan-ganda": addCheck,
  urutan: (practice) => {
    const order = practice.element.querySelector("ol.order");
    // Where this does not arrive, the fields themselves serve.
    import("./urutan.js").then(({ arrange }) => arrange(order, () => clear(practice)), () => {});
    addCheck(practice);
  },
  jodoh: addCheck,
  isian: (practice) => addButton(practice, "Bandingkan dengan jawaban", () => reveal(practice)),
};

/* Gives every question below an element what judges it. */
export function practise(root) {
  root.querySelectorAll("[data-latihan]").forEach((element) => {
    const practice = {
      element,
      right: JSON.parse(element.dataset.right),
      answer: element.querySelector("details.answer"),
      verdict: document.createElement("div"),
    };
    const enhance = KINDS[element.dataset.latihan];
    if (!enhance) return;
    practice.verdict.className = "verdict";
    practice.verdict.setAttribute("role", "status");
    practice.answer.before(practice.verdict);
    enhance(practice);
  });
}

practise(document);

function addButton(practice, words, pressed) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn second";
  button.textContent = words;
  button.addEventListener("click", pressed);
  practice.verdict.before(button);
}

function addCheck(practice) {
  addButton(practice, "Periksa", () => judge(practice));
  practice.element.addEventListener("change", () => clear(practice));
}

function valueOf({ element }) {
  return Array.from(element.querySelectorAll("input:checked, select")).map((field) => field.value);
}

function clear({ verdict }) {
  verdict.textContent = "";
  verdict.className = "verdict";
}

function judge(practice) {
  const value = valueOf(practice);
  const { element, right, verdict } = practice;
  clear(practice);
  if (!value.length || !value.every(Boolean)) {
    verdict.textContent = "Jawab dulu, lalu tekan Periksa.";
    return;
  }
  const isChoice = /^pilihan/.test(element.dataset.latihan);
  const isRight = isChoice ? isSameSet(value, right) : value.join() === right.join();
  verdict.classList.add(isRight ? "right" : "wrong");
  // The author's line on a single choice begins with the same words.
  if (element.dataset.latihan !== "pilihan") {
    say(verdict, isRight ? "✓ Benar." : `✗ Belum tepat.${missed(isChoice, value, right)}`);
  }
  if (isChoice) showFeedback(practice, value);
  else reveal(practice);
}

function isSameSet(value, right) {
  return value.length === right.length && value.every((key) => right.includes(key));
}

function missed(isChoice, value, right) {
  return isChoice && value.every((key) => right.includes(key)) ? " Masih ada pilihan benar yang terlewat." : "";
}

function say(verdict, words) {
  const line = document.createElement("b");
  line.textContent = words;
  verdict.append(line);
}

/* The author's words on what was chosen, taken from the answer below. */
function showFeedback({ answer, verdict }, value) {
  const list = document.createElement("ul");
  list.className = "feedback";
  answer.querySelectorAll("li[data-key]").forEach((line) => {
    if (value.includes(line.dataset.key)) list.append(line.cloneNode(true));
  });
  verdict.append(list);
}

function reveal({ answer }) {
  answer.open = true;
}
