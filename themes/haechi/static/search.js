// Search in the browser, without a server. The index comes in small scripts, so that it also works
// from disk; words are cut as src/site/search/tokenizer.rs cuts them.
(() => {
  "use strict";
  const own = document.currentScript;
  const root = own.dataset.root;
  const say = window.haechiSay ?? ((korean) => korean);
  const initials = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];
  const vowels = ["ㅏ", "ㅐ", "ㅑ", "ㅒ", "ㅓ", "ㅔ", "ㅕ", "ㅖ", "ㅗ", "ㅗㅏ", "ㅗㅐ", "ㅗㅣ", "ㅛ", "ㅜ", "ㅜㅓ", "ㅜㅔ", "ㅜㅣ", "ㅠ", "ㅡ", "ㅡㅣ", "ㅣ"];
  const finals = ["", "ㄱ", "ㄲ", "ㄱㅅ", "ㄴ", "ㄴㅈ", "ㄴㅎ", "ㄷ", "ㄹ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ", "ㄹㅌ", "ㄹㅍ", "ㄹㅎ", "ㅁ", "ㅂ", "ㅂㅅ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅊ", "ㅋ", "ㅌ", "ㅍ", "ㅎ"];
  const syllable = (c) => { const at = c.codePointAt(0) - 0xac00; return at >= 0 && at < 11172 ? at : -1; };
  const keys = (word) => [...word].map((c) => {
    const at = syllable(c);
    return at < 0 ? c : initials[Math.floor(at / 588)] + vowels[Math.floor(at / 28) % 21] + finals[at % 28];
  }).join("");
  const onsets = (word) => [...word].map((c) => { const at = syllable(c); return at < 0 ? "" : initials[Math.floor(at / 588)]; }).join("");
  const isHangul = (word) => /^[가-힣ㄱ-ㅣ]+$/.test(word);

  // The scripts call back with what they hold.
  const waiting = new Map();
  const loaded = new Map();
  const come = (name) => (...data) => { waiting.get(name(data))?.(data); };
  window.haechiSearch = {
    index: come(() => "index"), words: come(() => "words"),
    shard: come(([number]) => `s${number}`), page: come(([name]) => name),
  };
  const load = (name) => {
    if (!loaded.has(name)) {
      loaded.set(name, new Promise((resolve, reject) => {
        waiting.set(name, resolve);
        const script = document.createElement("script");
        script.src = `${root}search/${name}.js`;
        script.onerror = () => { loaded.delete(name); reject(new Error(name)); };
        script.onload = () => script.remove();
        document.head.append(script);
      }));
    }
    return loaded.get(name);
  };

  const stem = (word, particles) => {
    for (const particle of particles) {
      if (!word.endsWith(particle)) continue;
      const rest = word.slice(0, -particle.length);
      if (rest.length >= ("을를은는".includes(particle) ? 1 : 2)) return rest;
    }
    return word;
  };
  const tokens = (query) => {
    const found = [];
    const pattern = /(?<=^|\s)-+[\p{L}\p{N}][\p{L}\p{N}-]*|[가-힣ㄱ-ㅣ]+|(?:(?![가-힣ㄱ-ㅣ])[\p{L}\p{N}])+/gu;
    for (const [word] of query.toLowerCase().matchAll(pattern)) found.push(word);
    return found;
  };

  // All words whose keys begin with these, from the shards that can hold them.
  const lookUp = async (index, wanted) => {
    const shards = [];
    for (let at = 0; at < index.keys.length; at++) {
      const first = index.keys[at];
      const next = index.keys[at + 1];
      const ends = next !== undefined && next <= wanted && !next.startsWith(wanted);
      if (ends || (first > wanted && !first.startsWith(wanted))) continue;
      shards.push(load(`s${at}`));
    }
    const whole = [];
    const inner = [];
    for (const [, words, parts] of await Promise.all(shards.slice(0, 3))) {
      for (const [word, postings] of words) { const k = keys(word); if (k.startsWith(wanted)) whole.push([word, k, postings]); }
      for (const [word, postings] of parts) { const k = keys(word); if (k.startsWith(wanted)) inner.push([word, k, postings]); }
    }
    return { whole, inner };
  };
  const spread = (postings, worth, scores, sections) => {
    const idf = Math.log(1 + sections / (1 + postings.length / 2));
    let section = 0;
    for (let at = 0; at < postings.length; at += 2) {
      section += postings[at];
      const score = worth * idf * postings[at + 1];
      if (score > (scores.get(section) ?? 0)) scores.set(section, score);
    }
  };

  // How far two words are apart in keys: letters changed, left out, put in, or swapped (Damerau),
  // given up beyond `most`.
  const apart = (a, b, most) => {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let before = [];
    let row = Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        const cost = a[i - 1] === b[j - 1] ? 0 : 1;
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + cost);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
      }
      if (Math.min(...next) > most) return most + 1;
      [before, row] = [row, next];
    }
    return row[b.length];
  };

  // The words that the book's file of synonyms has beside this one.
  const synonyms = (index, forms) => {
    const own = index.synonyms.filter((group) => group.some((word) => forms.includes(word)));
    return [...new Set(own.flat())].filter((word) => !forms.includes(word));
  };
  // The sections that hold a word of the query or a synonym, each with a score; and the words that were found.
  const matches = async (index, word, marks) => {
    const scores = await itself(index, word, marks);
    const forms = [word, stem(word, index.particles)];
    for (const other of synonyms(index, forms)) {
      // A synonym of several words stands where all of them do.
      const each = await Promise.all(tokens(other).map((token) => exactly(index, token)));
      for (const [section, score] of each[0] ?? []) {
        if (!each.every((hits) => hits.has(section))) continue;
        const worth = 0.7 * score;
        if (worth > (scores.get(section) ?? 0)) scores.set(section, worth);
      }
      if (each[0]?.size) tokens(other).forEach((token) => marks.add(token));
    }
    return scores;
  };
  const itself = async (index, word, marks) => {
    const scores = new Map();
    if (/^[ㄱ-ㅎ]+$/.test(word)) {
      await byInitials(index, word, scores, marks);
      return scores;
    }
    const forms = isHangul(word) ? [...new Set([word, stem(word, index.particles)])] : [word];
    for (const form of forms) {
      const wanted = keys(form);
      const { whole, inner } = await lookUp(index, wanted);
      for (const [found, k, postings] of whole) {
        const same = found === form;
        spread(postings, same ? 1 : 0.75 * Math.sqrt(wanted.length / k.length), scores, index.sections);
        marks.add(same ? form : found);
      }
      for (const [, k, postings] of inner) spread(postings, 0.5 * Math.sqrt(wanted.length / k.length), scores, index.sections);
      if (inner.length) marks.add(form);
    }
    if (scores.size === 0) await nearly(index, forms.at(-1), scores, marks);
    if (isHangul(word) && word.length >= 3 && scores.size < 8) await parted(index, forms, scores, marks);
    return scores;
  };
  const exactly = async (index, word) => {
    const { whole, inner } = await lookUp(index, keys(word));
    const hits = new Map();
    for (const [found, , postings] of [...whole, ...inner]) {
      if (found === word || (word.length > 1 && found.startsWith(word))) spread(postings, found === word ? 1 : 0.6, hits, index.sections);
    }
    return hits;
  };
  // Words written together: 순환참조 for 순환 참조.
  const parted = async (index, forms, scores, marks) => {
    for (const form of forms.filter((form) => isHangul(form) && form.length >= 3)) {
      for (let at = 1; at < form.length; at++) {
        const [left, right] = [form.slice(0, at), form.slice(at)];
        if (left.length < 2 && right.length < 2) continue;
        const [first, second] = [await exactly(index, left), await exactly(index, right)];
        let any = false;
        for (const [section, score] of first) {
          const other = second.get(section);
          if (other === undefined) continue;
          any = true;
          const both = (score + other) * 0.8;
          if (both > (scores.get(section) ?? 0)) scores.set(section, both);
        }
        if (any) { marks.add(left); marks.add(right); }
      }
    }
  };
  // A typing slip.
  const nearly = async (index, word, scores, marks) => {
    const wanted = keys(word);
    if (wanted.length < 4) return;
    const most = wanted.length >= 8 ? 2 : 1;
    const [list] = await load("words");
    const near = [];
    for (const other of list.split(" ")) {
      const k = keys(other);
      if (k[0] !== wanted[0] && k[1] !== wanted[1]) continue;
      const distance = apart(wanted, k, most);
      if (distance <= most) near.push([distance, other]);
    }
    near.sort((a, b) => a[0] - b[0]);
    for (const [distance, other] of near.slice(0, 3)) {
      const { whole } = await lookUp(index, keys(other));
      for (const [found, , postings] of whole) if (found === other) spread(postings, 0.7 / distance, scores, index.sections);
      marks.add(other);
    }
  };
  // Initial consonants: of words, and of headings over the blanks between words.
  const byInitials = async (index, word, scores, marks) => {
    const [list, phrases] = await load("words");
    let places = 0;
    for (const [section, rank, text] of phrases) {
      const parts = text.match(/[가-힣]+/g) ?? [];
      const starts = parts.map((_, at) => onsets(parts.slice(at).join("")));
      const at = starts.findIndex((start) => start.startsWith(word));
      if (at < 0) continue;
      const whole = onsets(parts.join("")).length;
      scores.set(section, (60 - 10 * Math.min(rank, 3)) * (at === 0 ? 1 : 0.6) * (0.6 + 0.4 * word.length / whole));
      const shown = parts.slice(at).find((part) => onsets(part).startsWith(word));
      if (shown) marks.add(stem(shown, index.particles));
      if (++places > 200) break;
    }
    // A synonym that the book itself does not write.
    for (const group of index.synonyms.filter((group) => group.some((other) => isHangul(other) && onsets(other) === word))) {
      for (const other of group.flatMap(tokens)) {
        for (const [section, score] of await exactly(index, other)) if (0.6 * score > (scores.get(section) ?? 0)) scores.set(section, 0.6 * score);
        marks.add(other);
      }
    }
    const words = list.split(" ").filter((other) => isHangul(other) && onsets(other).startsWith(word)).slice(0, 5);
    for (const [at, other] of words.entries()) {
      const { whole } = await lookUp(index, keys(other));
      for (const [found, , postings] of whole) if (found === other) spread(postings, 0.6 / (1 + at / 2), scores, index.sections);
      marks.add(other);
    }
  };

  // The best sections for a query, at most three of a page; `total` says how many sections there are.
  const search = async (query, most = 10) => {
    const [index] = await load("index");
    const words = tokens(query).slice(0, 8);
    if (words.length === 0) return Object.assign([], { total: 0, marks: [] });
    const marks = new Set();
    const each = await Promise.all(words.map((word) => matches(index, word, marks)));
    const total = new Map();
    for (const scores of each) {
      for (const [section, score] of scores) {
        const [sum, count] = total.get(section) ?? [0, 0];
        total.set(section, [sum + score, count + 1]);
      }
    }
    const pieceOf = (section) => {
      let [low, high] = [0, index.starts.length - 1];
      while (low < high) { const middle = (low + high + 1) >> 1; if (index.starts[middle] <= section) low = middle; else high = middle - 1; }
      return low;
    };
    // A page that answers in many places answers better.
    const ofPage = new Map();
    const ranked = [...total].map(([section, [sum, count]]) => ({ section, piece: pieceOf(section), page: index.owners[pieceOf(section)], score: sum * (count / words.length) ** 2 }));
    for (const hit of ranked) ofPage.set(hit.page, (ofPage.get(hit.page) ?? 0) + hit.score);
    for (const hit of ranked) hit.score += 0.5 * Math.min(ofPage.get(hit.page) - hit.score, 2 * hit.score);
    ranked.sort((a, b) => b.score - a.score || a.section - b.section);
    const taken = new Map();
    const few = ranked.filter(({ page }) => { const count = (taken.get(page) ?? 0) + 1; taken.set(page, count); return count <= 3; });
    // What is beyond three of a page comes behind all others.
    const best = [...few, ...ranked.filter((hit) => !few.includes(hit))].slice(0, most);
    const hits = await Promise.all(best.map(async ({ section, piece, score }) => {
      const owner = index.owners[piece];
      const [, data] = await load(`p${owner}-${piece - index.owners.indexOf(owner)}`);
      const [anchor, path, text] = data.sections[section - index.starts[piece]];
      return { href: data.href + (anchor && path.length ? `#${encodeURIComponent(anchor)}` : ""), title: data.title, path, score, context: context(text, marks) };
    }));
    // A page that is called what was asked for.
    const bare = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
    for (const hit of hits) if (!hit.path.length && bare(hit.title) === bare(query)) hit.score *= 1.5;
    hits.sort((a, b) => b.score - a.score);
    return Object.assign(hits, { total: ranked.length, marks: [...marks] });
  };

  // A piece of the text around the first hit, as parts that are marked or not.
  const context = (text, marks) => {
    const words = [...marks].filter((word) => word.length > 0).sort((a, b) => b.length - a.length);
    const lower = text.toLowerCase();
    const places = words.map((word) => lower.indexOf(word)).filter((at) => at >= 0);
    const first = places.length ? Math.min(...places) : 0;
    const from = Math.max(0, first - 30);
    const piece = text.slice(from, from + 130);
    if (words.length === 0) return [[piece, false]];
    const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const parts = piece.split(new RegExp(`(${escaped.join("|")})`, "giu"));
    const cut = parts.map((part, at) => [part, at % 2 === 1]).filter(([part]) => part);
    if (from > 0) cut.unshift(["… ", false]);
    return cut;
  };
  window.haechiFind = search;

  // The dialogue.
  const dialog = document.createElement("dialog");
  dialog.className = "search";
  dialog.setAttribute("aria-label", say("검색", "Search"));
  const input = Object.assign(document.createElement("input"), { type: "search", placeholder: say("검색어, 명령, 초성", "Words, commands, options"), autocomplete: "off", spellcheck: false });
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-label", say("검색어", "Words"));
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", "hits");
  input.setAttribute("aria-autocomplete", "list");
  const list = Object.assign(document.createElement("div"), { id: "hits" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", say("찾은 곳", "Found"));
  const told = document.createElement("p");
  told.className = "told";
  told.setAttribute("role", "status");
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: say("닫기", "Close") });
  close.addEventListener("click", () => dialog.close());
  const bar = document.createElement("div");
  bar.className = "bar";
  bar.append(input, close);
  dialog.append(bar, told, list);
  let current = -1;
  const choose = (at) => {
    const all = [...list.children];
    all[current]?.setAttribute("aria-selected", "false");
    current = all.length ? (at + all.length) % all.length : -1;
    const hit = all[current];
    hit?.setAttribute("aria-selected", "true");
    hit?.scrollIntoView({ block: "nearest" });
    if (hit) input.setAttribute("aria-activedescendant", hit.id); else input.removeAttribute("aria-activedescendant");
  };
  // As many as fit at first; more when asked for.
  const STEP = 10;
  let most = STEP;
  let asked = 0;
  const more = Object.assign(document.createElement("button"), { type: "button", className: "more", hidden: true });
  const advice = Object.assign(document.createElement("div"), { className: "advice", hidden: true });
  const advise = (query) => {
    const shorter = tokens(query).map((word) => [...word]).filter((letters) => letters.length > 2).map((letters) => letters.slice(0, 2).join(""));
    const try_ = Object.assign(document.createElement("p"), { textContent: say("철자를 확인하거나, 더 짧은 말이나 영어로 찾아 보십시오. 첫소리만 적어도 됩니다(예: ㅋㅌㅇㄴ).", "Check the spelling, or try a shorter word.") });
    const list = document.createElement("p");
    for (const word of new Set(shorter)) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: word });
      button.addEventListener("click", () => { input.value = word; renew(); input.focus(); });
      list.append(button, " ");
    }
    list.append(Object.assign(document.createElement("a"), { href: `${root}toc.html`, textContent: say("목차에서 찾기", "Look in the contents") }));
    advice.replaceChildren(try_, list);
  };
  const item = (hit, at, marks) => {
    const link = Object.assign(document.createElement("a"), { id: `hit${at}`, href: root + hit.href, tabIndex: -1 });
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    const path = document.createElement("b");
    path.textContent = [hit.title, ...hit.path].join(" › ");
    const text = document.createElement("span");
    for (const [part, marked] of hit.context) {
      const piece = document.createElement(marked ? "mark" : "span");
      piece.textContent = part;
      text.append(piece);
    }
    link.append(path, text);
    link.addEventListener("click", () => {
      try { sessionStorage.setItem("haechi-found", JSON.stringify({ page: hit.href.split("#")[0], words: marks })); } catch { /* a private window forgets */ }
      dialog.close();
    });
    return link;
  };
  const show = async () => {
    const mine = ++asked;
    const query = input.value.trim();
    let hits = Object.assign([], { total: 0, marks: [] });
    try {
      if (query) hits = await search(query, most);
    } catch {
      told.textContent = say("검색 색인을 읽지 못했습니다. 페이지를 다시 열어 보십시오.", "The index cannot be read. Load the page again.");
      return;
    }
    if (mine !== asked) return;
    const before = most > STEP ? current : -1;
    list.replaceChildren(...hits.map((hit, at) => item(hit, at, hits.marks)));
    list.hidden = hits.length === 0;
    input.setAttribute("aria-expanded", String(hits.length > 0));
    const { total } = hits;
    const part = total > hits.length;
    const found = part ? say(`${total}곳을 찾았습니다. 가까운 ${hits.length}곳입니다.`, `${total} found, the best ${hits.length} shown`) : say(`${total}곳을 찾았습니다.`, `${total} found`);
    told.textContent = query ? (total ? found : say(`‘${query}’을(를) 찾지 못했습니다.`, `Nothing found for “${query}”.`)) : "";
    more.hidden = !part;
    more.textContent = say(`더 보기 (${total - hits.length}곳)`, `Show more (${total - hits.length})`);
    advice.hidden = !query || total > 0;
    if (!advice.hidden) advise(query);
    current = -1;
    choose(Math.max(before, 0));
  };
  const renew = () => { most = STEP; return show(); };
  more.addEventListener("click", async () => { most += 2 * STEP; await show(); input.focus(); });
  dialog.append(more, advice);
  input.addEventListener("input", renew);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(current + 1);
    else if (event.key === "ArrowUp") choose(current - 1);
    else if (event.key === "Enter" && !event.isComposing) list.children[current]?.click();
    else if (event.key === "Escape" && !event.isComposing) dialog.close();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  window.haechiOpenSearch = (query) => {
    if (!dialog.open) dialog.showModal();
    if (query) { input.value = query; renew(); }
    input.select();
  };
  window.haechiOpenSearch(own.dataset.query);
})();
