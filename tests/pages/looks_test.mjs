// What the page looks like: widths, dark and light, on paper, and with the keyboard alone.
import assert from "node:assert/strict";

import {name, pageTest, press, step, text} from "./browser.mjs";

// In the page: what is wider than the window, and text that a box cuts off. What can be scrolled to, or lies above the
// page, is not cut off.
function cutOff() {
    const clips = (box) => getComputedStyle(box).overflowX === "hidden";
    const free = (box) => box !== document.body && (
        /auto|scroll/.test(getComputedStyle(box).overflowX) || getComputedStyle(box).position === "fixed" ||
        free(box.parentElement));
    const found = [];
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > wide)
        found.push(`the page is ${document.documentElement.scrollWidth} wide`);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (!node.textContent.trim() || !element.checkVisibility({visibilityProperty: true}) ||
            element.closest("noscript, script, style, caption, .unseen"))
            continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of free(element) ? [] : range.getClientRects()) {
            if (box.width && (box.right > wide + 1 || box.left < -1))
                found.push(`beyond the window: ${node.textContent.trim()}`);
            for (let outer = element; outer !== document.body; outer = outer.parentElement) {
                const bounds = outer.getBoundingClientRect();
                if (clips(outer) && (box.right > bounds.right + 1 || box.left < bounds.left - 1))
                    found.push(`cut off by ${outer.id || outer.tagName}: ${node.textContent.trim()}`);
            }
        }
    }
    return [...new Set(found)];
}

for (const width of [1440, 1024, 420])
    pageTest(`no text is cut off in ${width} columns of pixels`, {width, height: 800}, async (page) => {
        const stories = await page.locator("#stories a").count();
        for (let story = 1; story <= stories; story++) {
            await press(page, String(story));
            const chapters = await page.locator("#chapters li").count();
            for (let chapter = 0; chapter < chapters; chapter++, await press(page, "PageDown"))
                assert.deepEqual(await page.evaluate(cutOff), [], await step(page));
        }
    });

// In the page: the lowest contrast of a text in these elements to its ground.
function lowestContrast(selector) {
    const luminance = (colour) => {
        const [r, g, b] = colour.match(/[\d.]+/g).map(Number).map((part) => part / 255)
            .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element) => {
        const colour = element ? getComputedStyle(element).backgroundColor : "rgb(255, 255, 255)";
        return /, 0\)|transparent/.test(colour) ? ground(element.parentElement) : colour;
    };
    return Math.min(...[...document.querySelectorAll(selector)].map((element) => {
        const [low, high] = [getComputedStyle(element).color, ground(element)].map(luminance).sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    }));
}

pageTest("dark and light", {place: "#2.18"}, async (page) => {
    const grounds = [];
    for (const theme of ["light", "dark"]) {
        assert.equal(await page.getAttribute("html", "data-theme"), theme);
        assert.equal(await text(page, "#theme"), theme === "dark" ? "Light" : "Dark");
        grounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
        const words = "h2, p, #chapters a, #stack .text, #source .next, #entry .changed .value, #protocol a";
        const least = await page.evaluate(lowestContrast, words);
        assert.ok(least >= 4.5, `${theme}: a contrast of ${least}`);
        await page.click("#theme");
    }
    assert.notEqual(...grounds);
});

// Of the two drivers, that of Firefox has no way to change what the desktop prefers while it runs.
if (name === "chromium")
    pageTest("dark as the desktop is", {}, async (page) => {
        await page.emulateMedia({colorScheme: "dark"});
        await page.reload();
        assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    });

pageTest("on paper, each chapter is a picture", {place: "#1.7", width: 794}, async (page) => {
    await page.click("#theme");
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const chapters = await page.locator("#chapters li").allInnerTexts();
    const titles = await page.locator("#print h2").allTextContents();
    assert.deepEqual(titles, chapters.map((chapter, i) => `${i + 1}. ${chapter.split("\n").pop().trim()}`));
    assert.equal(await page.getAttribute("html", "data-theme"), "light");
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    assert.equal(await step(page), "#1.7");
    const paper = (await page.pdf({format: "A4"})).toString("latin1");
    assert.equal(paper.slice(0, 5), "%PDF-");
    if (name === "chromium") // Firefox packs this
        assert.ok((paper.match(/\/Type\s*\/Page\b/g) || []).length >= chapters.length, "fewer pages than chapters");
});

pageTest("with the keyboard alone", {place: "#2.18"}, async (page) => {
    const focused = () => page.evaluate(() => {
        const at = document.activeElement;
        return {name: (at.getAttribute("aria-label") || at.textContent.trim() || at.id).slice(0, 60),
                in: at.closest("[id]")?.id, outline: getComputedStyle(at).outlineStyle};
    });
    const reached = new Map();
    for (let i = 0; i < 250 && !reached.has("protocol"); i++) {
        await press(page, "Tab");
        const at = await focused();
        assert.notEqual(at.outline, "none", at.name);
        reached.set(at.in, at.name);
    }
    for (const place of ["stories", "theme", "help-button", "first", "slider", "chapters", "source", "console",
                         "protocol"])
        assert.ok(reached.has(place), place);
    await page.focus("tr.planted button");
    const {name: word} = await focused();
    assert.match(word, /^who wrote [0-9a-f]{8}$/);
    await press(page, "Enter");
    assert.ok(await page.isVisible("#history"));
    assert.equal((await focused()).name, word); // not lost with the old table
    await press(page, "ArrowRight");
    assert.equal(await step(page), "#2.19");
    assert.equal((await focused()).name, word);
    await press(page, "Escape");
    assert.equal(await page.isVisible("#history"), false);
    await page.focus("#chapters li:nth-child(2) a");
    const {name: chapter} = await focused();
    await press(page, "Enter"); // the browser follows a link later, by an event of its own
    await page.waitForFunction((link) => link.endsWith(document.getElementById("chapter").textContent), chapter);
    assert.equal((await focused()).name, chapter);
});
