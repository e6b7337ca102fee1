// Our isolated world in one frame, standing before the page's first script runs. A function expression, given axe and our readers.
(axe, axeRun, outline, condition, refuse, memo) => {
  // Set when the page's tree last changed; styles and attributes are left out, for a carousel would never be still.
  let changed = performance.now();
  new MutationObserver(() => { changed = performance.now(); })
    .observe(document, { subtree: true, childList: true, characterData: true });

  // Whether anything changed since a reader began, styles and attributes included.
  let touched = false;
  const watch = new MutationObserver(() => { touched = true; });
  const begin = () => {
    touched = false;
    watch.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  };

  // Whether all that may happen here is seen: nothing in another frame or in a shadow tree. A form's fields may be named like
  // the members that are asked for, so the prototypes' are taken.
  const member = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get;
  const localName = member(Element.prototype, "localName"), shadowRoot = member(Element.prototype, "shadowRoot");
  const all = (selector) => [...Document.prototype.querySelectorAll.call(document, selector)];
  const plain = () => !all("iframe, frame, object, embed").length
    && !all("*").some((element) => localName.call(element).includes("-") || shadowRoot.call(element));

  // Whether a transition is on its way to its end; what turns for ever is none.
  const moving = () => Document.prototype.getAnimations.call(document).some(
    ({ playState, effect }) => playState === "running" && Number.isFinite(effect.getComputedTiming().endTime),
  );

  const readers = axeRun(axe, memo);
  const scripted = () => [...document.scripts].some((script) => !script.type || /javascript|ecmascript|module/i.test(script.type))
    || document.querySelector("iframe, frame, object, body[onload]") !== null;

  const attempt = async (result, name, read) => {
    try {
      result[name] = await read();
    } catch (error) {
      result[`${name}_error`] = String((error && error.message) || error).slice(0, 300);
    }
  };

  globalThis.loket = {
    axe: readers,
    refuse,
    still: () => JSON.stringify({
      state: document.readyState, idle: (performance.now() - changed) / 1000, scripted: scripted(), moving: moving(),
      plain: plain(), touched,
    }),
    // What one frame gives; `wanted` names the readers. As one string: as an object the protocol takes four times as long.
    read: async (wanted, limits) => {
      const result = {};
      begin();
      if (wanted.includes("condition")) await attempt(result, "condition", condition);
      if (wanted.includes("outline")) await attempt(result, "outline", () => outline(limits));
      if (wanted.includes("axe")) await attempt(result, "axe", readers.run);
      return JSON.stringify(result);
    },
    // Hide what a form holds, and these words, before a picture is taken: by a highlight in their own colour, so that nothing
    // moves. Colours are ours to set, for the world ends with the look.
    mask: (words) => {
      for (const field of document.querySelectorAll("input, textarea, select")) {
        if (!/^(button|submit|reset|image|checkbox|radio)$/.test(field.type)) {
          field.style.setProperty("-webkit-text-fill-color", "transparent", "important");
          field.style.setProperty("text-shadow", "none", "important");
        }
      }
      const ranges = [], roots = [document];
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("::highlight(loket-masked) { color: #767676; background-color: #767676; text-shadow: none; }");
      for (const root of words.length ? roots : []) {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          if (node.shadowRoot) roots.push(node.shadowRoot);
          for (const word of node.nodeType === Node.TEXT_NODE ? words : []) {
            for (let at = node.data.indexOf(word); at >= 0; at = node.data.indexOf(word, at + word.length)) {
              const range = new StaticRange({ startContainer: node, startOffset: at, endContainer: node, endOffset: at + word.length });
              ranges.push(range);
            }
          }
        }
        root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
      }
      if (ranges.length) CSS.highlights.set("loket-masked", new Highlight(...ranges));
    },
  };
}
