// What the tests of pages share: a test with the page that PAGE names, open in the browser of launch.mjs.
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {pathToFileURL} from "node:url";

import {launch, name} from "./launch.mjs";

export {name};
const url = pathToFileURL(process.env.PAGE).href;
let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

// A test with the page open at a place, in a window of this width. It fails, too, if the browser reports an error, or
// if the page asks for anything but itself.
export function pageTest(title, {place = "", width = 1440, height = 900}, body) {
    test(`${name}: ${title}`, {timeout: 300000}, async () => {
        const page = await browser.newPage({viewport: {width, height}});
        const wrong = [];
        page.on("console", (message) => wrong.push(`console: ${message.text()}`));
        page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
        page.on("request", (request) => {
            if (request.url().split("#")[0] !== url && !request.url().startsWith("data:"))
                wrong.push(`request: ${request.url()}`);
        });
        try {
            await page.goto(url + place);
            await body(page);
            assert.deepEqual(wrong, []);
        } finally {
            await page.close();
        }
    });
}

export const step = (page) => page.evaluate(() => location.hash);
export const text = (page, selector) => page.innerText(selector);
export const press = async (page, ...keys) => {
    for (const key of keys)
        await page.keyboard.press(key);
};
