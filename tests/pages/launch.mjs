// Starts the browser that BROWSER and EXECUTABLE name, with playwright-core from the folder MODULES. Run by itself,
// this tells whether that works.
//
// Chromium is driven by its own protocol; Firefox, as it is installed, by WebDriver BiDi: that is what the channel
// moz-firefox of playwright-core means, which its documentation does not list.
import {createRequire} from "node:module";
import path from "node:path";
import {pathToFileURL} from "node:url";

const {chromium, firefox} = createRequire(path.resolve(process.env.MODULES) + path.sep)("playwright-core");
const LIGHT = {"layout.css.prefers-color-scheme.content-override": 1}; // whatever the desktop says

export const name = process.env.BROWSER;

export function launch() {
    const options = {executablePath: process.env.EXECUTABLE, timeout: 60000};
    return name === "firefox" ? firefox.launch({...options, channel: "moz-firefox", firefoxUserPrefs: LIGHT})
                              : chromium.launch(options);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
    await (await launch()).close();
