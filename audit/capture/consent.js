// Presses the button that refuses a request for consent. A function expression: (words) => whether one was pressed.
({ refuse, about }) => {
  const MAX_DEPTH = 8;
  const plain = (text) => (text || "").replace(/\s+/g, " ").trim().toLowerCase().replace(/[.!›»>\s]+$/u, "");
  const roots = [document];
  for (const root of roots) for (const element of root.querySelectorAll("*")) if (element.shadowRoot) roots.push(element.shadowRoot);
  const above = (element) => element.parentElement || (element.getRootNode() instanceof ShadowRoot ? element.getRootNode().host : null);

  // Only what stands in a request for consent is pressed: "reject" may also stand in a form of the service itself.
  const asks = (element) => {
    for (let step = 0; element && element !== document.body && step < MAX_DEPTH; element = above(element), step++) {
      const text = plain(`${element.textContent} ${element.id} ${element.className}`).slice(0, 5000);
      if (about.some((word) => text.includes(word))) return true;
    }
    return false;
  };

  for (const root of roots) {
    for (const button of root.querySelectorAll("button, a, [role=button], input[type=button], input[type=submit]")) {
      const rect = button.getBoundingClientRect();
      const says = [button.innerText, button.value, button.getAttribute("aria-label")].map(plain);
      if (rect.width > 0 && rect.height > 0 && says.some((text) => refuse.includes(text)) && asks(button)) {
        button.click();
        return true;
      }
    }
  }
  return false;
}
