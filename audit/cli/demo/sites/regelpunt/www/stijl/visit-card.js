"use strict";

class VisitCard extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = `
      <style>
        div { border-left: 6px solid #7a1f3d; padding: .25rem 1rem; background: #fff; }
        p { margin: .5rem 0; }
      </style>
      <div>
        <p><b>Bezoekadres:</b> Kanaalweg 5, 1799 AE Westerdam</p>
        <p>Open op maandag tot en met vrijdag van 9.00 tot 16.00 uur.</p>
      </div>`;
  }
}
customElements.define("visit-card", VisitCard);
