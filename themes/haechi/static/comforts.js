// Comforts that nobody needs before they touch the page: loaded by haechi.js at the first sign of a reader.
(() => {
  "use strict";
  const { root, path, say, announce, script, dressed } = window.haechi;
  const html = document.documentElement;

  // Pages that a reader is about to open are fetched ahead.
  const fetched = new Set([location.href.split("#")[0]]);
  const prefetch = (link) => {
    if (!link || location.protocol === "file:" || navigator.connection?.saveData) return;
    const url = new URL(link.href);
    url.hash = "";
    if (url.origin !== location.origin || !url.pathname.endsWith(".html") || fetched.has(url.href)) return;
    fetched.add(url.href);
    document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: url.href }));
  };
  window.haechi.prefetch = prefetch;
  for (const sign of ["pointerover", "focusin", "touchstart"]) {
    document.addEventListener(sign, (event) => prefetch(event.target.closest?.("a[href]")), { passive: true });
  }

  // Pictures that are shown smaller than they are open as large as they are.
  const viewer = (image) => {
    const dialog = document.createElement("dialog");
    dialog.className = "viewer";
    dialog.setAttribute("aria-label", image.alt || say("그림", "Picture"));
    const close = Object.assign(document.createElement("button"), { type: "button", textContent: say("닫기", "Close") });
    const place = document.createElement("div");
    place.tabIndex = 0;
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", image.alt || say("그림", "Picture"));
    const large = Object.assign(document.createElement("img"), { src: image.currentSrc || image.src, alt: image.alt });
    const picture = image.closest("picture")?.querySelector("source");
    const natural = picture && image.currentSrc === new URL(picture.srcset, location.href).href ? picture : image;
    // Letters are to be larger than on the page, and whole on a large screen.
    large.width = Math.max(Number(natural.getAttribute("width")) || image.naturalWidth, image.clientWidth * 1.6);
    place.append(large);
    dialog.append(close, place);
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    place.focus();
  };
  for (const image of document.querySelectorAll("article img")) {
    if (image.closest("a, button") || (image.width && image.width < 120)) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "enlarge";
    button.setAttribute("aria-label", `${say("크게 보기", "Enlarge")}: ${image.alt}`);
    const shown = image.closest("picture") ?? image;
    shown.replaceWith(button);
    button.append(shown);
    button.addEventListener("click", () => viewer(image));
  }

  // A reader's own screen is compared where the proof is; what that takes comes when it is asked for.
  let reader;
  if (path !== "print.html") {
    for (const proof of document.querySelectorAll("details.proof[data-snippet]")) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "plain compare", textContent: say("내 화면과 비교", "Compare with my screen") });
      button.setAttribute("aria-expanded", "false");
      let actions = proof.querySelector(".actions");
      if (!actions) proof.append(actions = Object.assign(document.createElement("p"), { className: "actions" }));
      // Behind the links, which somebody may be about to click.
      actions.append(button);
      button.addEventListener("click", async () => {
        try {
          await (reader ??= dressed("reader"));
          await window.haechiCompare(button, proof);
        } catch {
          reader = undefined;
          announce(say("비교하는 프로그램을 불러오지 못했습니다.", "What compares screens could not be loaded."));
        }
      });
    }
  }

  // Where the mouse or the focus is already.
  const pointed = (selector) => [document.activeElement, ...[...document.querySelectorAll(":hover")].reverse()].map((element) => element?.closest(selector)).find(Boolean);

  // Explanations, what they explain, and its part of the drawing are lit together.
  const light = (note) => {
    for (const element of document.querySelectorAll(".lit")) element.classList.remove("lit");
    for (const element of document.querySelectorAll(`[data-note="${note}"]`)) element.classList.add("lit");
    for (const list of document.querySelectorAll("ol.callouts")) {
      const [block, number] = (note ?? "").split("-");
      const own = list.querySelector("li")?.dataset.note.split("-")[0] === block;
      for (const beside of [list.nextElementSibling, list.previousElementSibling]) {
        for (const image of beside?.matches("p, figure") ? beside.querySelectorAll("img[src*='.svg']") : []) {
          const [address] = image.src.split("#");
          const lit = own ? `${address}#note-${number}` : address;
          if (image.src !== lit) image.src = lit;
        }
      }
    }
  };
  let kept;
  const noteOf = (event) => event.target.closest?.("[data-note]")?.dataset.note;
  if (document.querySelector("[data-note]")) {
    for (const sign of ["pointerover", "focusin"]) document.addEventListener(sign, (event) => light(noteOf(event) ?? kept));
    document.addEventListener("click", (event) => { kept = noteOf(event); light(kept); });
    light(pointed("[data-note]")?.dataset.note);
  }

  // Terms of the glossary, explained where they stand.
  const box = document.createElement("div");
  box.className = "meaning";
  box.id = "meaning";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  let explained;
  let terms;
  const meanings = () => terms ??= new Promise((resolve, reject) => {
    window.haechiTerms = resolve;
    script("terms.js").addEventListener("error", reject);
  });
  const hide = () => {
    box.hidden = true;
    explained?.removeAttribute("aria-describedby");
    explained = undefined;
  };
  const explain = async (link) => {
    explained = link;
    const entry = (await meanings())[decodeURIComponent(link.hash.slice(1))];
    if (!entry || explained !== link) return;
    const [term, meaning] = entry;
    const name = Object.assign(document.createElement("b"), { textContent: term });
    const more = Object.assign(document.createElement("a"), { href: link.href, textContent: say("용어집에서 보기", "In the glossary") });
    box.replaceChildren(name, ` ${meaning} `, more);
    box.hidden = false;
    link.setAttribute("aria-describedby", "meaning");
    const [at, size] = [link.getBoundingClientRect(), box.getBoundingClientRect()];
    const below = at.bottom + 8 + size.height < innerHeight || at.top < size.height + 70;
    const left = Math.min(Math.max(8, at.left), html.clientWidth - size.width - 8);
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(below ? at.bottom + 6 : at.top - size.height - 6) + scrollY}px`;
  };
  if (document.querySelector("a.term")) {
    document.body.append(box);
    let waiting;
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType === "touch" || box.contains(event.target)) { clearTimeout(waiting); return; }
      const link = event.target.closest?.("a.term");
      clearTimeout(waiting);
      if (link !== explained) waiting = setTimeout(() => { hide(); if (link) explain(link); }, 250);
    });
    document.addEventListener("focusin", (event) => {
      const link = event.target.closest("a.term");
      if (link) explain(link);
      else if (!box.contains(event.target)) hide();
    });
    // The first tap explains; the glossary is a tap further.
    let touched = false;
    document.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a.term");
      if (link && touched) { event.preventDefault(); explain(link); }
      else if (!box.contains(event.target)) hide();
    });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
    if (pointed("a.term")) explain(pointed("a.term"));
  }

  // The page as it was written, to be pasted elsewhere.
  const source = document.querySelector(".edit .markdown");
  if (source && location.protocol !== "file:" && navigator.clipboard) {
    const copy = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: say("Markdown 복사", "Copy as Markdown") });
    copy.addEventListener("click", async () => {
      try {
        const answer = await fetch(source.href);
        if (!answer.ok) throw new Error(answer.statusText);
        await navigator.clipboard.writeText(await answer.text());
        announce(say("이 페이지의 Markdown을 복사했습니다.", "Copied this page as Markdown."));
        copy.textContent = say("복사했습니다", "Copied");
        setTimeout(() => { copy.textContent = say("Markdown 복사", "Copy as Markdown"); }, 2000);
      } catch { location.href = source.href; }
    });
    source.after(copy);
  }

  // What the search has found is marked on the page that it led to.
  const found = JSON.parse(sessionStorage.getItem("haechi-found") ?? "null");
  sessionStorage.removeItem("haechi-found");
  if (found?.page === path && window.CSS?.highlights) {
    const words = found.words.map((word) => word.toLowerCase()).filter(Boolean);
    const ranges = [];
    const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode.data.toLowerCase();
      for (const word of words) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
          const range = new Range();
          range.setStart(texts.currentNode, at);
          range.setEnd(texts.currentNode, at + word.length);
          ranges.push(range);
        }
      }
    }
    if (ranges.length) {
      CSS.highlights.set("found", new Highlight(...ranges));
      const clear = Object.assign(document.createElement("button"), { type: "button", className: "clear-found", textContent: say(`찾은 말 ${ranges.length}곳 표시 지우기`, `Clear ${ranges.length} marks`) });
      const off = () => { CSS.highlights.delete("found"); clear.remove(); removeEventListener("keydown", escape); };
      const escape = (event) => { if (event.key === "Escape") off(); };
      clear.addEventListener("click", off);
      addEventListener("keydown", escape);
      document.body.append(clear);
    }
  }
})();
