// Makes our script fit for the page's own world, the only one that WebDriver reaches. A function expression, given axe, what
// `world.js` made, and a word that no page can know.
(axe, loket, word) => {
  // The package axe-selenium-python knows one call, `axe.run`, waits for ever when that fails, and would have its result carried
  // as objects. So here it gives one frame's part as a string, or what went wrong behind an exclamation mark.
  axe.run = (context) => loket.axe.partial(context).then(
    JSON.stringify, (error) => `!${String((error && error.message) || error).slice(0, 300)}`,
  );

  // A page that changes what the language's or the document's own functions do would bend what we read. Each is asked something
  // whose answer is known; a replacement that does its work passes, for many pages bring some.
  const sample = document.createElement("div");
  sample.setAttribute("title", "a");
  sample.append(document.createElement("b"), "c");
  const kept = [
    ["Array.map", () => [1, 2].map((one) => one * 2).join() === "2,4"],
    ["Array.filter", () => [1, 2, 3].filter((one) => one > 1).join() === "2,3"],
    ["Array.forEach", () => { let sum = 0; [1, 2].forEach((one) => { sum += one; }); return sum === 3; }],
    ["Array.reduce", () => [1, 2, 3].reduce((sum, one) => sum + one, 0) === 6],
    ["Array.some", () => [1, 2].some((one) => one === 2) && ![1].some((one) => one === 2)],
    ["Array.every", () => [1, 1].every((one) => one === 1) && ![1, 2].every((one) => one === 1)],
    ["Array.find", () => [1, 2].find((one) => one > 1) === 2],
    ["Array.includes", () => [1, 2].includes(2) && ![1].includes(2)],
    ["Array.indexOf", () => [1, 2].indexOf(2) === 1 && [1].indexOf(2) === -1],
    ["Array.push", () => { const list = [1]; return list.push(2) === 2 && list[1] === 2; }],
    ["Array.concat", () => [1].concat([2]).join() === "1,2"],
    ["Array.slice", () => [1, 2, 3].slice(1).join() === "2,3"],
    ["Array.splice", () => { const list = [1, 2]; return list.splice(0, 1).join() === "1" && list.length === 1; }],
    ["Array.sort", () => [2, 1].sort((a, b) => a - b).join() === "1,2"],
    ["Array.reverse", () => [1, 2].reverse().join() === "2,1"],
    ["Array.flat", () => [1, [2]].flat().join() === "1,2"],
    ["Array.from", () => Array.from(new Set([1, 2])).join() === "1,2"],
    ["Array.isArray", () => Array.isArray([]) && !Array.isArray({})],
    ["Object.keys", () => Object.keys({ a: 1 }).join() === "a"],
    ["Object.assign", () => Object.assign({ a: 1 }, { b: 2 }).b === 2],
    ["Object.entries", () => Object.entries({ a: 1 }).join() === "a,1"],
    ["String.replace", () => "aba".replace(/a/g, "c") === "cbc"],
    ["String.split", () => "a b".split(" ").length === 2],
    ["String.trim", () => " a ".trim() === "a"],
    ["String.includes", () => "abc".includes("b") && !"abc".includes("d")],
    ["String.toLowerCase", () => "A".toLowerCase() === "a"],
    ["RegExp.test", () => /^a$/.test("a") && !/^a$/.test("b")],
    ["RegExp.exec", () => /(b)/.exec("abc").index === 1],
    ["JSON.stringify", () => JSON.stringify({ a: [1, "b"] }) === '{"a":[1,"b"]}'],
    ["JSON.parse", () => JSON.parse('{"a":[1]}').a[0] === 1],
    ["Map", () => new Map([["a", 1]]).get("a") === 1],
    ["Set", () => new Set([1]).has(1) && !new Set([1]).has(2)],
    ["Element.getAttribute", () => sample.getAttribute("title") === "a" && sample.getAttribute("id") === null],
    ["Element.matches", () => sample.matches("div[title]") && !sample.matches("p")],
    ["Element.querySelectorAll", () => sample.querySelectorAll("b").length === 1],
    ["Node.childNodes", () => sample.childNodes.length === 2 && sample.firstChild.nodeName.toLowerCase() === "b"],
    ["Node.textContent", () => sample.textContent === "c"],
    ["document.querySelectorAll", () => {
      const found = document.querySelectorAll(":root"), root = document.documentElement;
      return root ? [...found].includes(root) : found.length === 0;  // a page may have taken its root away
    }],
    ["Element.getBoundingClientRect", () => typeof sample.getBoundingClientRect().width === "number"],
    ["getComputedStyle", () => typeof getComputedStyle(sample).display === "string"],
  ];
  const bent = kept.filter(([, works]) => {
    try {
      return !works();
    } catch {
      return true;
    }
  }).map(([name]) => name);
  Object.defineProperty(loket, "own", { value: (asked) => asked === word && globalThis.axe === axe && globalThis.loket === loket });
  Object.defineProperty(loket, "bent", { value: bent });
}
