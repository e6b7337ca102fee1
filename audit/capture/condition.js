// What state a page is in, for a reader who must tell a page from a wall before it. A function expression run in the top frame.
() => {
  const COVERED = 0.9, POINTS = 9;
  // A form's fields may be named "matches" and then hide the form's own.
  const is = (element, selector) => Element.prototype.matches.call(element, selector);
  const above = Object.getOwnPropertyDescriptor(Node.prototype, "parentElement").get;
  const body = document.body;
  const root = document.documentElement;
  const visible = (element) => {
    const rect = element.getBoundingClientRect();
    return rect.width > 1 && rect.height > 1 && getComputedStyle(element).visibility === "visible";
  };
  const words = (element) => ((element && (element.innerText ?? element.textContent)) || "").replace(/\s+/g, " ").trim();

  // The one overlay that lies over nearly all of the window, if there is one.
  const overlay = () => {
    const hits = new Map();
    for (let row = 0; row < POINTS; row++) {
      for (let column = 0; column < POINTS; column++) {
        let element = document.elementFromPoint(((column + 0.5) * innerWidth) / POINTS, ((row + 0.5) * innerHeight) / POINTS);
        while (element && element !== body && element !== root) {
          const style = getComputedStyle(element);
          if (style.position === "fixed" || is(element, "dialog[open]")) {
            hits.set(element, (hits.get(element) || 0) + 1);
            break;
          }
          element = above.call(element);
        }
      }
    }
    for (const [element, count] of hits) if (count >= COVERED * POINTS * POINTS) return element;
    return null;
  };

  const text = words(body || root);
  const cover = body ? overlay() : null;
  const passwords = [...document.querySelectorAll("input[type=password]")].filter(visible);
  const filled = [...document.querySelectorAll("input, textarea, select")].some(
    (field) => field.value && field.type !== "hidden" && !["button", "submit", "reset", "image", "checkbox", "radio"].includes(field.type),
  );
  const seen = "img, svg, canvas, video, audio, object, embed, iframe, frame, input, button, select, textarea, [role]";
  const shadows = [...document.querySelectorAll("*")].some((element) => element.shadowRoot);
  const blank = !text && !shadows && !(body || root)?.querySelector(seen);
  return {
    type: document.contentType,
    title: document.title,
    text: text.slice(0, 2000),
    length: text.length,
    blank,
    // A place for scripts to fill that they left empty, or nothing at all where they took the whole document away.
    hollow: !root || (blank && document.scripts.length > 0
      && [...(body || root).querySelectorAll("*")].some((element) => !is(element, "script, style, link, meta, noscript, template"))),
    bare: !document.doctype && !document.head?.childElementCount && !root?.attributes.length,
    password: passwords.length > 0,
    cover: cover ? words(cover).slice(0, 2000) : "",
    beside: cover ? Math.max(0, text.length - words(cover).length) : text.length,
    filled,
  };
}
