// A page does not move under its reader's eyes.

const LARGEST = 0.02;

/** Layout shift on a slow line, on phone and desktop, from the first answer to the last letter. */
export const shifts = async ({ browser, gate, here, there }) => {
  const problems = [];
  const found = [];
  for (const address of [here.address, `${here.address}web.html`, `${here.address}architecture.html`, there.address]) {
    for (const [width, height] of [[390, 844], [1300, 900]]) {
      const page = await browser.newPage();
      await page.setViewport({ width, height });
      await page.setCacheEnabled(false);
      await page.emulateNetworkConditions({ download: 180_000, upload: 90_000, latency: 300 });
      await page.evaluateOnNewDocument(() => {
        window.shift = 0;
        window.moved = [];
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            window.shift += entry.value;
            window.moved.push(...entry.sources.map(({ node }) => (node?.outerHTML ?? node?.textContent ?? "").slice(0, 60)));
          }
        }).observe({ type: "layout-shift", buffered: true });
      });
      await page.goto(address, { waitUntil: "networkidle0", timeout: 60_000 });
      await page.evaluate(() => document.fonts.ready);
      const [shift, moved, letters] = await page.evaluate(() => [window.shift, window.moved, [...document.fonts].filter(({ status }) => status === "loaded").length]);
      found.push(shift.toFixed(3));
      if (letters < 2) problems.push(`${address}: only ${letters} files of letters came`);
      if (shift >= LARGEST) problems.push(`${address}, ${width} px: ${shift.toFixed(3)}: ${moved.slice(0, 3).join(" | ")}`);
      await page.close();
    }
  }
  gate("layout shift on a slow line", found.join(", "), problems);
};
