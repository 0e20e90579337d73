// A reader's own screen beside the page: pasted here, compared here, forgotten with the page. The rules are
// haechi's own, as WebAssembly.
(() => {
  "use strict";
  const { path, announce, script } = window.haechi;
  const create = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const loaded = (name) => new Promise((resolve, reject) => {
    const element = script(name);
    element.addEventListener("load", () => resolve(element));
    element.addEventListener("error", reject);
  });

  const instantiate = async () => {
    const packed = Uint8Array.from(atob(window.haechiReaderWasm), (letter) => letter.charCodeAt(0));
    const bytes = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
    return (await WebAssembly.instantiate(bytes)).instance.exports;
  };
  const data = async () => {
    const page = `${path.replace(/\.html$/, "").split("/").map(encodeURIComponent).join("/")}.reader.js`;
    const [own] = await Promise.all([loaded(page), loaded("reader.book.js"), loaded("reader.wasm.js")]);
    return { page: window.haechiReaderPages[own.src], book: window.haechiReaderBook, rules: await instantiate() };
  };
  let loading;
  const known = () => loading ??= data().catch((error) => { loading = undefined; throw error; });

  // What was pasted, by the number of the snippet. It is kept nowhere else.
  const pasted = new Map();
  const boxes = new Map();

  const ask = async (snippet) => {
    const { page, book, rules } = await known();
    const question = { ...page, errors: book.errors, snippet, pasted: [...pasted].map(([snippet, text]) => ({ snippet, text })) };
    try {
      const bytes = new TextEncoder().encode(JSON.stringify(question));
      const place = rules.room(bytes.length);
      new Uint8Array(rules.memory.buffer, place, bytes.length).set(bytes);
      const length = rules.answer();
      return JSON.parse(new TextDecoder().decode(new Uint8Array(rules.memory.buffer, rules.answered(), length)));
    } catch (error) {
      // A module that has failed is not asked again.
      loading = undefined;
      throw error;
    }
  };

  const SIGNS = { same: "", example: "≈", version: "≈", changed: "≠", missing: "−", extra: "+", elided: "…" };
  // So many lines of what the page leaves out are shown.
  const ELIDED = 6;

  const sides = (rows, say) => {
    const columns = { page: create("pre"), screen: create("pre") };
    const line = (side, kind, spans, sign) => {
      const row = create("span", { className: `row ${kind}` });
      const mark = create("span", { className: "sign", textContent: sign });
      if (sign && say.has(`row_${kind}`)) { mark.setAttribute("role", "img"); mark.setAttribute("aria-label", say(`row_${kind}`)); }
      row.append(mark);
      for (const span of spans) {
        if (typeof span === "string") row.append(span);
        else row.append(create("mark", { textContent: span[0], className: span[1], title: span[1] === "wrong" ? "" : say(`is_${span[1]}`) }));
      }
      row.append("\n");
      columns[side].append(row);
    };
    for (const { kind, page, screen } of rows) {
      const shown = kind === "elided" && screen.length > ELIDED ? [...screen.slice(0, ELIDED - 1), [say("more", { n: screen.length - ELIDED + 1 })]] : screen;
      const height = Math.max(page.length, shown.length);
      for (const [side, lines] of [["page", page], ["screen", shown]]) {
        for (let at = 0; at < height; at += 1) {
          if (at < lines.length) line(side, kind, lines[at], SIGNS[kind]);
          else line(side, "filler", [], "");
        }
      }
    }
    const figure = (name) => create("figure", {}, create("figcaption", { textContent: say(name) }), columns[name]);
    for (const name of ["page", "screen"]) columns[name].setAttribute("aria-label", say(name));
    return create("div", { className: "sides" }, figure("page"), figure("screen"));
  };

  const verdict = (step, say) => {
    // Lines that are wrong one after the other are one place.
    const isWrong = (row) => ["changed", "missing", "extra"].includes(row?.kind);
    const wrong = step.rows.filter((row, at) => isWrong(row) && !isWrong(step.rows[at - 1])).length;
    const versions = step.values.filter(([kind]) => kind === "version").map(([, page, screen]) => `${page} → ${screen}`).join(", ");
    const examples = step.values.filter(([kind]) => kind !== "version").length;
    return say(step.outcome, { n: step.outcome === "wrong" ? wrong : examples || step.rows.filter(({ kind }) => kind === "example").length, versions });
  };
  const LOOKS = { same: "verified", example: "verified", version: "drifted", wrong: "false", unshown: "skipped", missing: "skipped" };
  const ICONS = { same: "✓", example: "✓", version: "≈", wrong: "✗", unshown: "–", missing: "–" };

  const signed = (outcome, ...children) => {
    const icon = create("span", { className: "mark", textContent: ICONS[outcome] });
    icon.setAttribute("aria-hidden", "true");
    return [icon, " ", ...children];
  };
  // Long IDs are known by their beginning; they stand whole in the columns.
  const short = (value) => value.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, "$1…");

  /** What came of a command; `alone` where the sentence above says it. */
  const result = (step, links, say, alone) => {
    const part = create("div", { className: `step ${LOOKS[step.outcome]}` });
    if (!alone) {
      part.append(create("p", { className: "typed" }, create("code", { textContent: step.command })));
      part.append(create("p", { className: "verdict" }, ...signed(step.outcome, verdict(step, say))));
    }
    const notes = [];
    if (step.conflict) notes.push(say("conflict", step.conflict));
    if (step.download) notes.push(say("download"));
    if (step.order) notes.push(say("order", { a: step.order[0], b: step.order[1] }));
    if (step.second) notes.push(say("second", { a: step.second[0], b: step.second[1] }));
    for (const note of notes) part.append(create("p", { className: "aside", textContent: note }));
    for (const error of step.errors) {
      const [href, title] = links[error];
      part.append(create("p", { className: "help" }, `${say("help")} `, create("a", { href: window.haechi.root + href, textContent: title })));
    }
    // The sentence names the versions.
    const values = step.values.filter(([kind]) => kind !== "version" || step.outcome !== "version");
    if (values.length) {
      const list = create("ul", { className: "values" });
      list.setAttribute("aria-label", say("values"));
      for (const [kind, page, screen] of values) {
        list.append(create("li", {}, create("b", { textContent: say(`is_${kind}`) }), " ", create("code", { textContent: short(page) }), " → ", create("code", { textContent: short(screen) })));
      }
      part.append(list);
    }
    if (step.rows.length) part.append(sides(step.rows, say));
    return part;
  };

  // An issue has the screen only while the reader wants it there.
  const LONGEST = 1200;
  const attach = (link, text) => {
    link.dataset.empty ??= link.href;
    const url = new URL(link.dataset.empty);
    if (text) {
      const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
      for (const name of ["body", "issue[description]"]) {
        const body = url.searchParams.get(name);
        if (body) url.searchParams.set(name, body.replace(/```text\n\n```\n$/, () => `${fence}text\n${text.slice(0, LONGEST).trimEnd()}\n${fence}\n`));
      }
    }
    link.href = url.href;
  };

  const wordsOf = (words) => {
    const say = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, () => value), words[`reader_${name}`] ?? name);
    say.has = (name) => `reader_${name}` in words;
    return say;
  };

  const makeBox = async (proof) => {
    const snippet = Number(proof.dataset.snippet);
    const { book } = await known();
    const say = wordsOf(book.words);
    const id = `paste-${snippet}`;
    const text = create("textarea", { id, rows: 5, spellcheck: false, autocomplete: "off", wrap: "off" });
    for (const name of ["autocapitalize", "autocorrect"]) text.setAttribute(name, "off");
    text.setAttribute("aria-describedby", `${id}-hint`);
    const clear = create("button", { type: "button", className: "clear", textContent: say("clear") });
    const told = create("p", { className: "told" });
    told.setAttribute("role", "status");
    const shown = create("div", { className: "results" });
    const box = create("div", { className: "reader" },
      create("label", { htmlFor: id, textContent: say("paste") }),
      create("p", { className: "aside", id: `${id}-hint`, textContent: say("hint") }),
      text, create("p", { className: "controls" }, clear), told, shown);
    const report = proof.querySelector("a.report");
    const wanted = create("input", { type: "checkbox", autocomplete: "off" });
    const attached = create("label", { className: "attach", hidden: true }, wanted, " ", say("attach"));
    if (report) shown.after(attached);
    const offer = () => { if (report) { attached.hidden = !text.value.trim(); attach(report, wanted.checked ? text.value : ""); } };
    wanted.addEventListener("change", offer);

    // Shows what the pasted screen means; `speaks` says whether it was asked for here.
    const show = async (speaks) => {
      clear.hidden = !text.value;
      if (!text.value.trim()) { told.textContent = ""; shown.replaceChildren(); return; }
      try {
        const { found, ignored, steps } = await ask(snippet);
        const compared = steps.filter(({ outcome }) => outcome !== "missing");
        const worst = ["wrong", "version", "example", "same", "unshown"].find((outcome) => compared.some((step) => step.outcome === outcome));
        const sum = [];
        if (!found) sum.push(say("output"));
        else if (steps.length > 1) sum.push(say("found", { found, all: steps.length }));
        if (steps.length > 1 && worst) sum.push(say(`all_${worst}`));
        else if (compared.length) sum.push(verdict(compared[0], say));
        if (ignored) sum.push(say("ignored", { n: ignored }));
        if (!speaks) told.setAttribute("role", "none");
        told.className = `told ${worst ? LOOKS[worst] : ""}`;
        told.replaceChildren(...worst ? signed(worst, sum.join(" ")) : [sum.join(" ")]);
        const links = book.links;
        shown.replaceChildren(...steps.map((step) => result(step, links, say, steps.length === 1)));
        for (const pre of shown.querySelectorAll("pre")) {
          if (pre.scrollWidth > pre.clientWidth + 1 || pre.scrollHeight > pre.clientHeight + 1) { pre.tabIndex = 0; pre.setAttribute("role", "group"); }
          else pre.removeAttribute("aria-label");
        }
        told.setAttribute("role", "status");
      } catch {
        told.className = "told";
        told.textContent = say("failed");
        shown.replaceChildren();
      }
    };
    let waiting;
    const changed = () => {
      pasted.delete(snippet);
      if (text.value.trim()) pasted.set(snippet, text.value);
      offer();
      // What an example stands for here counts in the snippets that follow.
      for (const [number, other] of boxes) if (number >= snippet) other.show(number === snippet);
    };
    text.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(changed, 250); });
    clear.addEventListener("click", () => {
      clearTimeout(waiting);
      text.value = "";
      wanted.checked = false;
      changed();
      announce(say("cleared"));
      text.focus();
    });
    clear.hidden = true;
    boxes.set(snippet, { show });
    return { box, text };
  };

  // Opens and closes the box of a proof.
  window.haechiCompare = async (button, proof) => {
    const open = button.getAttribute("aria-expanded") !== "true";
    let box = proof.querySelector(".reader");
    if (!box) {
      const made = await makeBox(proof);
      box = made.box;
      button.closest(".actions").after(box);
    }
    box.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) box.querySelector("textarea").focus();
  };
})();
