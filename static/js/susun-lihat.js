/* The preview: a page in a frame, as wide as a phone or a computer, that changes with every pause in typing. */
import { practise } from "./latihan.js";
import { explain } from "./istilah.js";

const PAGE = "<!doctype html><html lang=id><meta charset=utf-8><title>Pratinjau</title><body><main></main></html>";

export class Preview {
  constructor(screen, widths, told) {
    Object.assign(this, { screen, told, width: 360, html: "" });
    this.frame = document.createElement("iframe");
    this.frame.title = "Pratinjau";
    this.ready = new Promise((done) => {
      this.frame.addEventListener("load", () => done(this.furnish()));
    });
    this.frame.srcdoc = PAGE;
    screen.textContent = "";
    screen.append(this.frame);
    widths.hidden = false;
    widths.querySelectorAll("button").forEach((button, _, all) => {
      button.addEventListener("click", () => {
        all.forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
        this.width = Number(button.dataset.lebar);
        this.fit();
      });
    });
    addEventListener("resize", () => this.fit());
    this.fit();
  }

  /* The frame is as wide as it says, and made smaller where the page has less room. */
  fit() {
    const room = this.screen.clientWidth || this.width;
    const part = Math.min(1, room / (this.width + 4));
    const beside = matchMedia("(min-width: 56.25em)").matches;
    const tall = Math.max(320, beside ? innerHeight * 0.6 : innerHeight - 170);
    const { style } = this.frame;
    style.width = `${this.width + 4}px`;
    style.height = `${tall / part}px`;
    style.transform = `scale(${part})`;
    this.screen.style.height = `${tall}px`;
  }

  furnish() {
    const page = this.frame.contentDocument;
    page.documentElement.className = document.documentElement.className;
    this.screen.dataset.css.split(" ").forEach((address) => {
      const link = page.createElement("link");
      link.rel = "stylesheet";
      link.href = address;
      page.head.append(link);
    });
    explain(page);
    page.addEventListener("click", (event) => this.follow(event));
    return page;
  }

  async draw(html) {
    const page = await this.ready;
    if (html === this.html) return;
    this.html = html;
    const main = page.querySelector("main");
    const made = new DOMParser().parseFromString(html, "text/html").body;
    // A picture that is there already is not loaded again: the page below it would jump.
    const there = Array.from(main.querySelectorAll("img"));
    made.querySelectorAll("img").forEach((picture) => {
      const same = there.findIndex((each) => each.isEqualNode(picture));
      if (same >= 0) picture.replaceWith(...there.splice(same, 1));
    });
    main.textContent = "";
    Array.from(made.childNodes).forEach((node) => main.append(node));
    practise(main);
  }

  /* Links lead nowhere from here, but to a place of the same page. */
  follow(event) {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented) return;
    event.preventDefault();
    const address = link.getAttribute("href");
    const place = address[0] === "#" && this.frame.contentDocument.getElementById(address.slice(1));
    if (place) place.scrollIntoView();
    else this.told(`Di pratinjau tautan tidak dibuka. Yang ini menuju ${address.replace(/^.*\/sunting\//, "")}`);
  }

  /* Shows the heading that the caret stands under, as soon as the preview has it. */
  async show(heading) {
    if (!heading || heading === this.heading) return;
    const page = await this.ready;
    const headings = Array.from(page.querySelectorAll("h1, h2, h3, legend"));
    const found = headings.find((each) => plain(each.textContent) === heading);
    if (!found) return;
    this.heading = heading;
    const view = page.defaultView;
    view.scrollTo(0, found.getBoundingClientRect().top + view.scrollY - 8);
  }
}

const plain = (text) => text.replace(/[*_`]/g, "").trim();

/* The words of the last heading above the caret or in its line, as the preview has them. */
export function headingAt(area) {
  const end = `${area.value}\n`.indexOf("\n", area.selectionStart);
  const lines = area.value.slice(0, end).split("\n");
  const found = lines.reverse().find((line) => /^#{1,3} /.test(line)) || "";
  const pool = /^## *(latihan|kuis)\b(?: *:([^(]*))?/i.exec(found);
  if (!pool) return plain(found.replace(/^#+ */, ""));
  return (pool[2] || "").trim() || pool[1][0].toUpperCase() + pool[1].slice(1).toLowerCase();
}
