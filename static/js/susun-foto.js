/* What takes pictures weighs as much as the editor, so it comes with the first picture: chosen, pasted or dropped. */
export function bring(box, area) {
  if (!box) return;
  const menu = box.closest("details");
  let came = null;
  const load = () => {
    came = came || import("./susun-gambar.js");
    // Without signal the link in the menu is left, and the next picture tries again.
    return came.catch(() => {
      came = null;
    });
  };
  // What comes before the script is there is given to it again.
  const pass = (event, held, make) => {
    const files = Array.from(held.files);
    if (came || !files.length || Array.from(held.types).includes("text/plain")) return;
    event.preventDefault();
    const data = new DataTransfer();
    files.forEach((file) => data.items.add(file));
    load().then(() => came && area.dispatchEvent(make(data)));
  };
  const again = { bubbles: true, cancelable: true };
  area.addEventListener("paste", (event) => {
    pass(event, event.clipboardData, (data) => new ClipboardEvent("paste", { ...again, clipboardData: data }));
  });
  area.addEventListener("drop", (event) => {
    pass(event, event.dataTransfer, (data) => new DragEvent("drop", { ...again, dataTransfer: data }));
  });
  area.addEventListener("dragenter", load);
  menu.addEventListener("toggle", load);
  // A picture that was pasted or dropped is asked about where pictures are chosen.
  new MutationObserver((changes) => {
    const asks = changes.find(({ target }) => target.className === "card");
    if (asks) menu.open = !asks.target.hidden;
  }).observe(box, { subtree: true, attributes: true, attributeFilter: ["hidden"] });
}
