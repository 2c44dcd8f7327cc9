// Steps, links, keys, and clicks on the page of the tour.
import assert from "node:assert/strict";

import {pageTest, press, step, text} from "./browser.mjs";

pageTest("a link leads to its step", {place: "#2.17"}, async (page) => {
    assert.equal(await text(page, "#chapter"), "The return address is rewritten");
    assert.match(await text(page, "#stack tr.planted"), /[0-9a-f]{8} [0-9a-f]{8}/);
    assert.match(await text(page, "#stack tr.planted .text"), /proctab\[4\]\.prdetour\.original keeps/);
    await page.evaluate(() => { location.hash = "#1.3"; });
    await page.waitForFunction(() => document.title.endsWith("1.3"));
    assert.equal(await text(page, "#count"), "3 / 61");
});

pageTest("a hundred steps on and back is the same", {place: "#2.0"}, async (page) => {
    const before = await text(page, "main");
    await press(page, ...Array(100).fill("ArrowRight"));
    assert.equal(await step(page), "#2.91"); // the last one
    assert.notEqual(await text(page, "main"), before);
    await press(page, ...Array(100).fill("ArrowLeft"));
    assert.equal(await text(page, "main"), before);
});

pageTest("each step can be shown", {}, async (page) => {
    const stories = await page.locator("#stories a").count();
    for (let story = 1; story <= stories; story++) {
        await press(page, String(story));
        assert.equal(await step(page), `#${story}.0`);
        const last = Number((await text(page, "#count")).split("/")[1]);
        await page.evaluate((steps) => {
            for (let i = 0; i < steps; i++)
                dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight"}));
        }, last);
        assert.equal(await text(page, "#count"), `${last} / ${last}`);
    }
});

pageTest("who wrote a word", {place: "#2.18"}, async (page) => {
    await page.click("tr.planted");
    const list = await text(page, "#history");
    assert.match(list, /step 17 changed [0-9a-f]{8} to [0-9a-f]{8}: .*movl?.*message_arrived.*process 5 \(sender\)/);
    assert.match(list, /step 1 put .*call sleepms/);
    await page.click("#history a >> text=step 17");
    assert.equal(await step(page), "#2.17");
    await press(page, "Escape");
    assert.equal(await page.isVisible("#history"), false);
});

pageTest("a word that is older than the story names gdb's commands", {place: "#1.0"}, async (page) => {
    await page.click("#stack tr.word:not(.fold):not(.empty)");
    assert.match(await text(page, "#history"), /make rewind RECORDING=\d+, then seek \d+, watch -location/);
});

pageTest("keys", {place: "#1.0"}, async (page) => {
    const firsts = (await page.locator("#chapters a").evaluateAll((links) => links.map((link) => link.hash)));
    for (const [key, place] of [["Shift+ArrowRight", firsts[1]], ["PageDown", firsts[2]],
                                ["Shift+ArrowLeft", firsts[1]], ["PageUp", firsts[0]], ["End", "#1.61"],
                                ["ArrowLeft", "#1.60"], ["Home", "#1.0"], ["3", "#3.0"], ["9", "#3.0"]]) {
        await press(page, key);
        assert.equal(await step(page), place, key);
    }
    await press(page, "?");
    assert.ok(await page.isVisible("#help"));
    await press(page, "ArrowRight");
    assert.equal(await step(page), "#3.0"); // the dialog has the keys
    await press(page, "Escape");
    assert.equal(await page.isVisible("#help"), false);
});

pageTest("buttons, slider and map", {place: "#1.5"}, async (page) => {
    await page.click("#on");
    assert.equal(await step(page), "#1.6");
    await page.click("#back");
    await page.focus("#slider");
    await press(page, "ArrowRight");
    assert.equal(await step(page), "#1.6"); // not two
    await page.locator("#slider").fill("40");
    assert.equal(await step(page), "#1.40");
    const map = await page.locator(".map-click").boundingBox();
    await page.mouse.click(map.x + map.width - 2, map.y + 5);
    assert.equal(await step(page), "#1.61");
    await page.mouse.click(map.x + 2, map.y + 5);
    assert.equal(await step(page), "#1.0");
    await page.click("#timeline a[href='#2.0']");
    assert.equal(await step(page), "#2.0");
});

pageTest("the boot has three columns, and each row leads to its step", {place: "#3.0"}, async (page) => {
    assert.deepEqual(await page.locator("#protocol th").allInnerTexts(), ["kernel", "hardware", "program"]);
    const row = page.locator("#protocol .hardware", {hasText: "lidt: remembers where the trap table is"});
    assert.match(await row.innerText(), /32 leads to clkdisp/);
    await row.locator("a").click();
    assert.match(await text(page, "#next"), /^Next: lidtl .*: remembers where the trap table is/);
    assert.match(await text(page, "#source .next"), /lidt/);
});
