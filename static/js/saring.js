/* A long list of lessons shows only those whose title has the words that are looked for. */
const box = document.getElementById("saring");

if (box) {
  const field = box.querySelector("input");
  const rows = Array.from(document.querySelectorAll("li.lesson"));
  const filter = () => {
    const wanted = field.value.trim().toLowerCase();
    rows.forEach((row) => {
      const title = row.querySelector("h3");
      row.hidden = Boolean(wanted) && !(title && title.textContent.toLowerCase().includes(wanted));
    });
    document.querySelectorAll("ol.lessons").forEach((list) => {
      const folded = list.closest("details");
      if (folded && wanted) folded.open = true;
      list.closest("section").hidden = Boolean(wanted) && !list.querySelector("li.lesson:not([hidden])");
    });
    const count = rows.filter((row) => !row.hidden).length;
    box.querySelector("p").textContent = wanted ? `${count} dari ${rows.length} pelajaran` : "";
  };
  box.hidden = false;
  field.addEventListener("input", filter);
  // A browser that comes back may have kept what was typed.
  filter();
}
