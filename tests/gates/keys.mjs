// What a reader without a mouse is promised.

/** Each stop of the Tab key is seen, in the order of the page, and is a control or scrolls. */
export const focus = async ({ open, gate, here, there }) => {
  const problems = [];
  let stops = 0;
  for (const [address, width] of [[`${here.address}web.html`, 1300], [`${there.address}explained.html`, 1300], [`${there.address}explained.html`, 390], [there.address, 390]]) {
    const { page } = await open(address, { width });
    await page.$$eval("details.proof", (all) => all.forEach((details) => { details.open = true; }));
    await page.keyboard.press("Tab");
    if (!await page.evaluate(() => document.activeElement.matches(".skip"))) problems.push(`${address}: the first stop is not the link to the text`);
    // What comes with the first key has come.
    await page.waitForFunction(() => window.haechi.prefetch);
    const seen = await page.evaluate(() => { window.stops = []; return 0; }) || [];
    for (let at = 0; at < 250; at += 1) {
      const stop = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === document.body || window.stops.includes(element)) return null;
        const before = window.stops.at(-1);
        window.stops.push(element);
        const style = getComputedStyle(element);
        const control = element.matches("a[href], button, summary, input, select, textarea");
        const scrolls = element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight;
        return {
          name: element.outerHTML.slice(0, 90),
          ordered: !before || Boolean(before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING),
          lit: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
          shown: element.checkVisibility({ checkOpacity: true }),
          use: control || scrolls,
        };
      });
      if (!stop) break;
      seen.push(stop);
      await page.keyboard.press("Tab");
    }
    stops += seen.length;
    for (const { name, ordered, lit, shown, use } of seen) {
      if (!ordered) problems.push(`${address}, ${width} px: out of order: ${name}`);
      if (!lit || !shown) problems.push(`${address}, ${width} px: not seen: ${name}`);
      if (!use) problems.push(`${address}, ${width} px: neither a control nor scrolls: ${name}`);
    }
    if (seen.length < 10) problems.push(`${address}: only ${seen.length} stops`);
    const missed = await page.evaluate(() => [...document.querySelectorAll("main pre, main .table")].filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1 && !window.stops.includes(box) && /auto|scroll/.test(getComputedStyle(box).overflowX)).map((box) => box.textContent.slice(0, 60)));
    problems.push(...missed.map((text) => `${address}, ${width} px: scrolls, but no key leads there: ${text}`));
    await page.close();
  }
  gate("focus", `${stops} stops in order, each seen, each a control or a place that scrolls`, problems);
};

/** The arrows turn pages only where they mean nothing else. */
export const arrows = async ({ open, gate, there }) => {
  const problems = [];
  const { page } = await open(`${there.address}states.html`);
  for (const control of ["button.theme", ".copy", "summary", "#contents a"]) {
    await page.focus(control);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    if (!page.url().endsWith("states.html")) { problems.push(`an arrow on ${control} leads to ${page.url()}`); await page.goto(`${there.address}states.html`); }
  }
  await page.$eval("button.find", (button) => button.click());
  await page.waitForSelector("dialog.search[open]");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Escape");
  if (await page.$("dialog.search[open]")) problems.push("Escape does not close the search");
  if (!page.url().endsWith("states.html")) problems.push("an arrow in the search leaves the page");
  await page.evaluate(() => document.activeElement.blur());
  await Promise.all([page.waitForNavigation(), page.keyboard.press("ArrowRight")]);
  if (!page.url().endsWith("deep/below.html")) problems.push(`the arrow leads to ${page.url()}`);
  await page.close();
  gate("arrows", "turn pages where they mean nothing else", problems);
};

/** Three brightnesses, each said. */
export const theme = async ({ open, gate, there }) => {
  const problems = [];
  const { page } = await open(there.address, { scheme: "dark" });
  const state = () => page.evaluate(() => [document.documentElement.dataset.choice, getComputedStyle(document.documentElement).colorScheme, document.querySelector("button.theme").getAttribute("aria-label"), document.querySelector("p[role=status]").textContent, document.querySelector("meta[name=theme-color]").content]);
  const said = [];
  for (const [choice, scheme] of [["light", "light"], ["dark", "dark"], ["system", "light dark"]]) {
    await page.click("button.theme");
    const [chosen, colours, label, status] = await state();
    said.push(status);
    if (chosen !== choice || colours !== scheme) problems.push(`${choice}: it is ${chosen}, ${colours}`);
    if (!status || status !== label) problems.push(`${choice}: said is ${JSON.stringify(status)}, the button is ${label}`);
  }
  if (new Set(said).size !== 3) problems.push(`said is ${said.join(", ")}`);
  await page.close();
  gate("three brightnesses", said.join(", "), problems);
};
