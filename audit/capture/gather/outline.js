// Hands over one frame's document as the outline reads it: a flat list of elements and texts, shadow trees flattened.
//
// `rules.outline` says what a block is and cuts the list up; here is only what a browser alone knows: computed style, boxes,
// shadow roots, frames. Nothing is written to the page, so its layout is computed once. Getters are taken from the
// prototypes of our own world, because a form's fields may be named "childNodes" and then hide the form's own.
(limits) => {
  const settings = __SETTINGS__;
  const most = { ...settings.limits, ...limits };
  const skipped = new Set(settings.skipped);
  const carriers = new Set(settings.carriers);
  const leaves = new Set(settings.leaves);
  const wanted = new Set(settings.attributes);
  const boxed = new Set(settings.boxed);
  const buttons = new Set(settings.buttons);

  const getter = (prototype, name) => {
    const get = Object.getOwnPropertyDescriptor(prototype, name).get;
    return (object) => get.call(object);
  };
  const firstChild = getter(Node.prototype, "firstChild");
  const nextSibling = getter(Node.prototype, "nextSibling");
  const parentNode = getter(Node.prototype, "parentNode");
  const nodeType = getter(Node.prototype, "nodeType");
  const nodeValue = getter(Node.prototype, "nodeValue");
  const baseURI = getter(Node.prototype, "baseURI");
  const textContent = getter(Node.prototype, "textContent");
  const localName = getter(Element.prototype, "localName");
  const shadowRoot = getter(Element.prototype, "shadowRoot");
  const rootElement = getter(Document.prototype, "documentElement");
  const title = getter(Document.prototype, "title");
  const attribute = (element, name) => Element.prototype.getAttribute.call(element, name);
  const select = (selector) => [...Document.prototype.querySelectorAll.call(document, selector)];

  const items = [];
  let truncated = false;
  let characters = 0;
  let scopes = 0;

  const childrenOf = (node) => {
    const found = [];
    for (let child = firstChild(node); child; child = nextSibling(child)) found.push(child);
    return found;
  };

  // The place of an element among the siblings of its tag; counted once for all children of a parent.
  const places = new Map();
  const counted = new Set();
  const placeOf = (element) => {
    const parent = parentNode(element);
    if (parent && !counted.has(parent)) {
      counted.add(parent);
      const counts = new Map();
      for (let child = firstChild(parent); child; child = nextSibling(child)) {
        if (nodeType(child) !== 1) continue;
        const tag = localName(child);
        counts.set(tag, (counts.get(tag) || 0) + 1);
        places.set(child, counts.get(tag));
      }
    }
    return places.get(element) || 1;
  };

  const attributesOf = (element, tag) => {
    const found = {};
    let any = false;
    for (const name of Element.prototype.getAttributeNames.call(element)) {
      if (!wanted.has(name)) continue;
      found[name] = attribute(element, name).slice(0, most.attribute);
      any = true;
    }
    if (tag === "input" && buttons.has((found.type || "").toLowerCase())) {
      found.value = (attribute(element, "value") || "").slice(0, most.attribute);
    }
    if (tag === "iframe" || tag === "frame") {
      const inner = getter(tag === "frame" ? HTMLFrameElement.prototype : HTMLIFrameElement.prototype, "contentWindow")(element);
      for (let index = 0; inner && index < window.length && index < most.frames; index += 1) {
        if (window[index] === inner) found.frame = String(index);
      }
      any = true;
    }
    return any ? found : 0;
  };

  // Whether an element and what is inside it is passed over; what carries a value of structured data is not.
  const isSkipped = (element) => {
    const tag = localName(element).toLowerCase();
    return skipped.has(tag) && !(carriers.has(tag) && settings.value_names.some((name) => attribute(element, name) !== null));
  };

  const boxOf = (element) => {
    const rect = Element.prototype.getBoundingClientRect.call(element);
    if (!rect.width && !rect.height) return 0;
    return [rect.left + window.scrollX, rect.top + window.scrollY, rect.width, rect.height].map(Math.round);
  };

  const push = (item) => {
    while (item[item.length - 1] === 0) item.pop();
    items.push(item);
    return items.length - 1;
  };

  // What stands in an element: its shadow root's children, what is assigned to a slot, or its own children.
  const inside = (element, tag, scope) => {
    const shadow = shadowRoot(element);
    if (shadow) {
      scopes += 1;
      return [childrenOf(shadow), scopes];
    }
    const assigned = tag === "slot" && element instanceof HTMLSlotElement ? element.assignedNodes() : [];
    return assigned.length ? [assigned, -1] : [childrenOf(element), scope];
  };

  const numbers = new Map(); // element -> its number, for the parents of slotted elements
  const scopeOf = new Map();

  const enter = (element, above, scope, invisible, gone) => {
    const tag = localName(element).toLowerCase();
    let hiding = 0;
    if (!settings.unstyled.includes(tag)) {
      const style = getComputedStyle(element);
      const hidden = style.visibility !== "visible";
      if (style.display === "none") hiding |= 1;
      if (hidden && !invisible) hiding |= 2;
      if (!hidden && invisible) hiding |= 4;
      invisible = hidden;
    }
    const attributes = attributesOf(element, tag);
    gone = gone || (hiding & 1) === 1;
    const box = !gone && (boxed.has(tag) || attributes.role) ? boxOf(element) : 0;
    let parent = 0;
    if (scope === -1) {
      scope = scopeOf.get(parentNode(element)) || 0;
      parent = (numbers.get(parentNode(element)) || 0) + 1;
    }
    const number = push([above, tag, placeOf(element), attributes, hiding, box, scope, parent]);
    if (leaves.has(tag)) return null;
    const [children, innerScope] = inside(element, tag, scope);
    if (innerScope !== scope && innerScope !== -1) {
      numbers.set(element, number);
      scopeOf.set(element, scope);
    }
    return { children, next: 0, number, scope: innerScope, invisible, gone };
  };

  const root = rootElement(document);
  const open = root ? [enter(root, -1, 0, false, false)] : [];
  while (open.length && open[open.length - 1]) {
    const top = open[open.length - 1];
    if (top.next >= top.children.length) {
      open.pop();
      continue;
    }
    if (items.length >= most.nodes || characters >= most.characters) {
      truncated = true;
      break;
    }
    const child = top.children[top.next];
    top.next += 1;
    const type = nodeType(child);
    if (type === 3 || type === 4) {
      const text = nodeValue(child);
      characters += text.length;
      items.push([top.number, text.slice(0, most.characters)]);
    } else if (type === 1 && !isSkipped(child)) {
      const entered = enter(child, top.number, top.scope, top.invisible, top.gone);
      if (entered) open.push(entered);
    }
  }

  // Where this frame stands: the index of its window in its parent's, from the page downwards.
  const path = [];
  for (let here = window; here !== here.parent && path.length < 20; here = here.parent) {
    let index = 0;
    while (index < here.parent.length && here.parent[index] !== here) index += 1;
    path.unshift(index);
  }

  const canonical = select("link[rel~=canonical i][href]")[0];
  const scripts = select("script[type]").filter(
    (script) => attribute(script, "type").trim().toLowerCase() === "application/ld+json",
  );
  return {
    url: location.href,
    base: baseURI(document),
    title: title(document),
    canonical: canonical ? attribute(canonical, "href") : "",
    structured: scripts.slice(0, most.scripts).map((script) => textContent(script).slice(0, most.script)),
    path,
    items,
    truncated,
  };
}
