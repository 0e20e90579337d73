// What a reader with a phone is promised, or with a large magnification.

/** The menu: at 390x667, at 200 % of that, and on the smallest phone. */
export const menu = async ({ open, gate, here }) => {
  const problems = [];
  const counted = [];
  for (const [width, height] of [[390, 667], [195, 334], [320, 568]]) {
    const at = `${width}x${height}`;
    const { page } = await open(`${here.address}web.html`, { width, height });
    await page.focus("a.menu");
    await page.keyboard.press("Space");
    const seen = await page.evaluate(async () => {
      const links = [...document.querySelectorAll("#contents a")];
      const unreached = [];
      for (const link of links) {
        link.scrollIntoView({ block: "center", behavior: "instant" });
        const { left, top, width, height } = link.getBoundingClientRect();
        const found = document.elementFromPoint(left + width / 2, top + height / 2);
        if (!link.contains(found)) unreached.push(link.textContent.trim());
      }
      const controls = [...document.querySelectorAll("main, .tools, .brand, .skip")];
      return { count: links.length, unreached, inert: controls.every((element) => element.inert), cross: document.querySelector(".menu .cross").checkVisibility(), open: document.querySelector("a.menu").getAttribute("aria-expanded") };
    });
    counted.push(`${seen.count - seen.unreached.length} of ${seen.count} entries at ${at}`);
    if (seen.open !== "true") problems.push(`${at}: Space does not open it`);
    if (seen.count < 15 || seen.unreached.length) problems.push(`${at}: ${seen.count} entries, not reached: ${seen.unreached.join(", ")}`);
    if (!seen.inert) problems.push(`${at}: the page behind takes part`);
    if (!seen.cross) problems.push(`${at}: there is no cross to close it`);
    await page.mouse.move(width / 2, height / 2);
    await page.mouse.wheel({ deltaY: 600 });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    if (await page.evaluate(() => scrollY) > 0) problems.push(`${at}: the page behind scrolls`);
    await page.keyboard.press("Escape");
    const after = await page.evaluate(() => ({ focus: document.activeElement.matches("a.menu"), inert: document.querySelector("main").inert }));
    if (!after.focus || after.inert) problems.push(`${at}: Escape leaves ${JSON.stringify(after)}`);
    await page.close();
  }
  gate("menu", counted.join(", "), problems);
};

const WIDTHS = [320, 360, 390, 480, 640, 801, 820, 1024, 1152, 1280, 1440, 1920];

/** Nothing is cut off at any width: what is wider than its place scrolls there. */
export const widths = async ({ open, gate, here, there }) => {
  const problems = [];
  const addresses = [`${here.address}web.html`, `${here.address}reference.html`, `${here.address}architecture.html`, `${here.address}state.html`, there.address, `${there.address}explained.html`];
  for (const address of addresses) {
    const { page } = await open(address, { width: 1300 });
    await page.$$eval("details", (all) => all.forEach((details) => { details.open = true; }));
    for (const width of WIDTHS) {
      await page.setViewport({ width, height: 900 });
      const cut = await page.evaluate(() => {
        const scroller = (element) => {
          for (let above = element; above && above !== document.body; above = above.parentElement) {
            if (/auto|scroll|hidden|clip/.test(getComputedStyle(above).overflowX)) return true;
          }
          return false;
        };
        const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
        const outside = [...document.querySelectorAll("main *")].filter((element) => element.checkVisibility() && !scroller(element) && element.getBoundingClientRect().right > innerWidth + 1);
        return [...wide > 0 ? [`wider by ${wide} px`] : [], ...outside.slice(0, 2).map((element) => `${element.outerHTML.slice(0, 80)} is cut off`)];
      });
      problems.push(...cut.map((what) => `${address}, ${width} px: ${what}`));
    }
    await page.close();
  }
  gate("widths", `${addresses.length} pages at ${WIDTHS.length} widths from ${WIDTHS[0]} to ${WIDTHS.at(-1)} px`, problems);
};

/** Commands, tables and drawings at 390 px. */
export const reading = async ({ open, gate, there, tap }) => {
  const problems = [];
  const { page } = await open(`${there.address}explained.html`, { width: 390, height: 844, touch: true });
  const seen = await page.evaluate(() => {
    const command = document.querySelector(".line");
    const pre = command.closest("pre");
    const sign = getComputedStyle(command, "::before");
    const cells = [...document.querySelectorAll(".cards tbody td")];
    const output = document.querySelector(".language-text").parentElement;
    return {
      broken: pre.scrollWidth <= pre.clientWidth + 1 && command.getClientRects()[0].height > 40,
      sign: sign.content !== "none" && parseFloat(sign.height) > 10,
      copies: [...document.querySelectorAll(".copy")].map((copy) => copy.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height)),
      cards: cells.every((cell) => getComputedStyle(cell).display === "block") && getComputedStyle(cells[1], "::before").content.includes("what it does"),
      tables: [...document.querySelectorAll("table")].map((table) => document.getElementById(table.getAttribute("aria-labelledby"))?.textContent),
      output: output.scrollWidth > output.clientWidth && output.tabIndex === 0 && output.getAttribute("aria-label"),
      fold: document.querySelector(".here-fold").checkVisibility() && !document.querySelector(".here-fold").open,
      upright: document.querySelector("picture img").currentSrc.split("/").pop(),
    };
  });
  if (!seen.broken || !seen.sign) problems.push(`a long command: broken ${seen.broken}, with a sign ${seen.sign}`);
  if (!seen.copies.length || Math.min(...seen.copies) < 32) problems.push(`buttons to copy have ${seen.copies} px`);
  if (!seen.cards) problems.push("rows of a wide table are no cards");
  if (seen.tables.join() !== "Commands") problems.push(`the table's name is ${seen.tables}`);
  if (!seen.output) problems.push("what scrolls has no name or is not reached");
  if (!seen.fold) problems.push("the contents of the page are not folded below its title");
  if (!seen.upright.startsWith("ports.narrow.svg")) problems.push(`the drawing is ${seen.upright}`);
  // The first touch brings what enlarges.
  await page.touchscreen.tap(300, 500);
  await page.waitForSelector(".enlarge");
  await page.$eval(".enlarge", (button) => button.scrollIntoView({ block: "center", behavior: "instant" }));
  await tap(page, ".enlarge");
  await page.waitForSelector("dialog.viewer[open] img");
  const [small, large, name] = await page.evaluate(() => [document.querySelector(".enlarge img").clientWidth, document.querySelector(".viewer img").width, document.querySelector(".viewer").getAttribute("aria-label")]);
  if (large < small * 1.5 || !name) problems.push(`a drawing of ${small} px is enlarged to ${large} px, named ${name}`);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("dialog.viewer"), { timeout: 5_000 })
    .catch(() => problems.push("Escape does not close the drawing"));
  await page.close();
  gate("reading on a phone", `commands broken with a sign, buttons of ${Math.min(...seen.copies)} px, cards, a drawing from ${small} to ${large} px`, problems);
};
