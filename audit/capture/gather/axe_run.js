// Runs axe in one frame's isolated world. A function expression: (axe, memo) => what the world offers for axe.
// Its results are trimmed here: carried out of the page as objects they double axe's time.
(axe, memo) => {
  const MAX_NODES = 50, MAX_HTML = 500, MAX_SUMMARY = 1000, KEPT = ["violations", "incomplete"];
  // The default's "cssom" serves one rule that is experimental and off; it would fetch every style sheet a second time.
  // target-size is WCAG 2.2's and off by default in axe.
  const OPTIONS = {
    reporter: "loket", resultTypes: KEPT, preload: { assets: ["media"], timeout: 5000 }, rules: { "target-size": { enabled: true } },
  };

  // More than half of axe's time goes into parsing the same few colours. A colour that cannot be parsed throws and is not kept.
  const colour = axe.commons && axe.commons.color && axe.commons.color.Color && axe.commons.color.Color.prototype;
  if (memo && colour && typeof colour.parseString === "function") {
    const parse = colour.parseString, known = new Map();
    colour.parseString = function (text) {
      const seen = known.get(text);
      if (seen) {
        [this.r, this.g, this.b, this.alpha] = seen;
        return this;
      }
      parse.call(this, text);
      if (known.size < 10000) known.set(text, [this.r, this.g, this.b, this.alpha]);
      return this;
    };
  }

  const acts = new Map(axe.getRules().map((rule) => [rule.ruleId, rule.actIds || []]));

  // What a form was given before is nobody's business; a button's value is its name.
  const masked = (html) => html
    .replace(/<input\b[^>]*>/gi, (tag) => /\stype="?(button|submit|reset|image|checkbox|radio)\b/i.test(tag)
      ? tag : tag.replace(/(\svalue=)("[^"]*"|'[^']*'|[^\s>]+)/i, '$1"…"'))
    .replace(/(<textarea\b[^>]*>)[^<]+/gi, "$1…");

  const select = (root, selector) => {
    let element = null;
    for (const part of Array.isArray(selector) ? selector : [selector]) {
      element = root && root.querySelector(part);
      root = element && element.shadowRoot;
    }
    return element;
  };

  // Through frames of the same origin; in another origin's frame the frame itself is what can be marked.
  const box = (target) => {
    let root = document, left = scrollX, top = scrollY, found = null;
    for (const [step, selector] of target.entries()) {
      const element = select(root, selector);
      if (!element) return null;
      const rect = element.getBoundingClientRect();
      found = [left + rect.x, top + rect.y, rect.width, rect.height].map(Math.round);
      if (step === target.length - 1) break;
      root = element.contentDocument;
      if (!root) break;
      left += rect.x + element.clientLeft;
      top += rect.y + element.clientTop;
    }
    return found;
  };

  const node = ({ target, html, failureSummary }) => ({
    target: target.flat(),
    path: target.slice(0, -1).flat(),
    html: masked(html).slice(0, MAX_HTML),
    summary: (failureSummary || "").slice(0, MAX_SUMMARY),
    box: box(target),
  });

  // Before axe describes what it found: to tell one element from all others takes long, and nobody reads of more than these.
  const shortened = (nodes = []) => nodes.slice(0, MAX_NODES).map((found) => {
    const alone = (checks) => checks.map((check) => ({ ...check, relatedNodes: [] }));
    return { ...found, any: alone(found.any), all: alone(found.all), none: alone(found.none) };
  });

  const trim = (result, counts) => {
    const rules = [];
    let truncated = false;
    for (const outcome of ["violations", "incomplete", "passes", "inapplicable"]) {
      for (const rule of result[outcome]) {
        const kept = KEPT.includes(outcome) ? rule.nodes : [];
        const count = counts.get(`${rule.id} ${outcome}`) || 0;
        truncated ||= kept.length < count && KEPT.includes(outcome);
        rules.push({
          id: rule.id, outcome, impact: rule.impact || "", tags: rule.tags, act_ids: acts.get(rule.id) || [],
          help: rule.help, help_url: rule.helpUrl, nodes: kept.map(node), count,
        });
      }
    }
    return { version: axe.version, rules, truncated };
  };

  // An inert frame is there for nobody: not for the mouse, the keyboard or a screen reader. An open modal dialog makes all
  // that lies outside it inert. axe 4.12 knows neither for frames.
  const inert = (element) => {
    const modal = [...document.querySelectorAll("dialog:modal")].pop();
    return Boolean(element && (element.closest("[inert]") || (modal && !modal.contains(element))));
  };

  axe.addReporter("loket", (raw, options, resolve, reject) => {
    const counts = new Map();
    for (const rule of raw) {
      for (const outcome of ["violations", "incomplete", "passes"]) counts.set(`${rule.id} ${outcome}`, (rule[outcome] || []).length);
    }
    const short = raw.map((rule) => ({ ...rule, violations: shortened(rule.violations), incomplete: shortened(rule.incomplete) }));
    axe.getReporter("v1")(short, options, (result) => resolve(trim(result, counts)), reject);
  });

  return {
    // A page without frames.
    run: () => axe.run(document, { ...OPTIONS, iframes: false }),
    // A page with frames: each frame in part, then all parts together in the top one, as axe itself puts frames together.
    frames: (context) => axe.utils.getFrameContexts(context || document).map(
      (frame) => ({ ...frame, inert: inert(axe.utils.shadowSelect(frame.frameSelector)) }),
    ),
    partial: (context) => axe.runPartial(context || document, OPTIONS),
    finish: (parts) => axe.finishRun(parts, OPTIONS),
    select: (selector) => axe.utils.shadowSelect(selector),
  };
}
