/* Putting things in order by Naik and Turun. The selects below stay the fields that are sent. */

/* Turn the list of selects into one that moves; `changed` is called after every move. */
export function arrange(base, changed) {
  const selects = [...base.querySelectorAll("select")];
  // A question that is still being written may have nothing to order.
  if (!selects.length) return;
  const words = {};
  [...selects[0].options].forEach(({ value, text }) => {
    if (value) words[value] = text;
  });
  const list = { keys: startOrder(selects, words), words, selects, changed };
  list.element = make("ol", "order moves");
  list.status = make("p", "hidden");
  list.status.setAttribute("role", "status");
  list.accept = make("button", "btn second", "Pakai urutan ini");
  list.accept.addEventListener("click", () => settle(list));
  base.hidden = true;
  base.after(list.element, list.accept, list.status);
  draw(list);
}

function make(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text || "";
  if (name === "button") made.type = "button";
  return made;
}

/* What was chosen, in order, then the rest as shown. */
function startOrder(selects, words) {
  const chosen = selects.map((select) => select.value).filter(Boolean);
  return [...new Set([...chosen, ...Object.keys(words)])];
}

function isSettled(list) {
  return list.selects.every((select, place) => select.value === list.keys[place]);
}

function draw(list) {
  list.element.textContent = "";
  list.keys.forEach((key, place) => list.element.append(row(list, key, place)));
  list.accept.hidden = isSettled(list);
}

function row(list, key, place) {
  const made = make("li", "");
  made.append(make("span", "", list.words[key]), mover(list, place, -1), mover(list, place, 1));
  return made;
}

function mover(list, place, step) {
  const word = step < 0 ? "Naik" : "Turun";
  const button = make("button", "btn second", word);
  button.setAttribute("aria-label", `${word}: ${list.words[list.keys[place]]}`);
  button.disabled = !list.keys[place + step];
  button.addEventListener("click", () => move(list, place, step));
  return button;
}

function move(list, place, step) {
  const [key] = list.keys.splice(place, 1);
  list.keys.splice(place + step, 0, key);
  settle(list);
  list.status.textContent = `${list.words[key]}: langkah ${place + step + 1} dari ${list.keys.length}`;
  const buttons = list.element.children[place + step].querySelectorAll("button");
  const same = buttons[step < 0 ? 0 : 1];
  (same.disabled ? buttons[step < 0 ? 1 : 0] : same).focus();
}

function settle(list) {
  list.selects.forEach((select, place) => {
    select.value = list.keys[place];
  });
  draw(list);
  list.changed();
}
