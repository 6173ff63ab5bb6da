// What a person does and sees in the window, by the test ids of its parts.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Key } from "webdriverio";

/** How long anything in the window may take on a busy machine. */
const LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 40;

/** Asks until it no longer throws; the last complaint is the failure. */
export async function eventually(ask, limitMs = LIMIT_MS) {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      return await ask();
    } catch (complaint) {
      if (Date.now() > end) throw complaint;
      await pause(LOOK_EVERY_MS);
    }
  }
}

/** The person in front of one window. */
export function personAt({ browser }) {
  const selector = (id) => `[data-testid="${id}"]`;

  /** Reads something of an element that must be there. */
  const read = (id, what) =>
    browser.execute(
      (css, name) => {
        const element = document.querySelector(css);
        if (!element) return undefined;
        if (name === "text") return element.innerText;
        return element.getAttribute(name);
      },
      selector(id),
      what,
    );

  const person = {
    /** Waits until a part is on the screen. */
    async sees(id, limitMs) {
      await eventually(async () => {
        assert.equal(await browser.$(selector(id)).isDisplayed(), true, `“${id}” is not on the screen`);
      }, limitMs);
    },

    /** Waits until a part is gone. */
    async noLongerSees(id) {
      await eventually(async () => {
        assert.equal(await browser.$(selector(id)).isExisting(), false, `“${id}” is still there`);
      });
    },

    /** Clicks, as soon as nothing lies over the part. */
    async clicks(id) {
      await eventually(() => browser.$(selector(id)).click());
    },

    async isThere(id) {
      return browser.$(selector(id)).isExisting();
    },

    /** The text of a part, waiting for the part. */
    async text(id) {
      return eventually(async () => {
        const text = await read(id, "text");
        assert.notEqual(text, undefined, `“${id}” is not there`);
        return text;
      });
    },

    /** An attribute of a part, waiting for the part. */
    async attribute(id, name) {
      return eventually(async () => {
        const value = await read(id, name);
        assert.notEqual(value, undefined, `“${id}” is not there`);
        return value;
      });
    },

    /** Marks what stands in a field and writes over it. */
    async writes(id, text) {
      await person.clicks(id);
      await browser.keys([Key.Ctrl, "a"]);
      // Sent to the field and not as strokes of one hand: those lose letters that repeat.
      if (text === "") await browser.keys([Key.Backspace]);
      else await browser.$(selector(id)).addValue(text);
    },

    async presses(...keys) {
      await browser.keys(keys.map((key) => Key[key] ?? key));
    },

    /** Opens a list and takes the entry with these words. */
    async chooses(id, words) {
      await person.clicks(id);
      await eventually(() => browser.$(`//*[@role="option"][contains(., ${quoted(words)})]`).click());
      await eventually(async () => assert.equal(await browser.$('[role="option"]').isExisting(), false));
    },

    /** Test ids of all parts that begin so, in the order of the screen. */
    async ids(prefix) {
      return browser.execute(
        (css) => [...document.querySelectorAll(css)].map((element) => element.dataset.testid),
        `[data-testid^="${prefix}"]`,
      );
    },

    /**
     * Drops files on the window. The system's own event is the one thing left out: what follows it, the event that
     * Tauri sends to the page, is the same.
     */
    async drops(...paths) {
      await browser.execute(
        (dropped) =>
          window.__TAURI_INTERNALS__.invoke("plugin:event|emit", {
            event: "tauri://drag-drop",
            payload: { paths: dropped, position: { x: 400, y: 300 } },
          }),
        paths,
      );
    },

    /** Opens the list of periods and takes one by its id. */
    async choosesPeriod(id) {
      await person.clicks("period-picker");
      await person.clicks(`period-${id}`);
      await person.noLongerSees("period-popover");
      return person.period();
    },

    /** Marks two days in the calendar of the period picker. */
    async choosesDays(from, to) {
      await person.clicks("period-picker");
      for (const day of [from, to]) {
        await eventually(async () => {
          const button = browser.$(`[data-day="${day}"]`);
          if (await button.isExisting()) return button.click();
          const shown = await browser.execute(() => document.querySelector("[data-day]")?.dataset.day);
          await browser.$$(".calendar__head button")[day < shown ? 0 : 1].click();
          throw new Error(`${day} is not in the calendar`);
        });
      }
      await person.noLongerSees("period-popover");
      return person.period();
    },

    /** The dates on the screen. */
    async period() {
      return {
        from: await person.attribute("period-picker", "data-from"),
        to: await person.attribute("period-picker", "data-to"),
      };
    },

    /** Waits until every answer that was asked for is on the screen. */
    async waitsForFigures() {
      await eventually(async () => {
        const state = await browser.execute(() => ({
          shown: document.querySelector('[data-testid="kpi-cost"]') !== null,
          asking:
            document.querySelector(".page-head__busy--on, .dashboard--stale, [aria-busy=true]") !== null,
        }));
        assert.deepEqual(state, { shown: true, asking: false });
      });
    },

    /** The key figures as they came, by metric: exact decimals, `null` where there is none. */
    async figures(attribute = "data-value") {
      await person.waitsForFigures();
      return browser.execute((name) => {
        const cards = [...document.querySelectorAll('[data-testid="kpi-cards"] [data-testid^="kpi-"]')];
        return Object.fromEntries(
          cards.map((card) => [card.dataset.testid.slice("kpi-".length), card.getAttribute(name)]),
        );
      }, attribute);
    },

    /** A table's rows as they are sorted: test id, then the texts or exact figures of its cells by column. */
    async rows(tableId) {
      await person.sees(tableId);
      return browser.execute(
        (css) =>
          [...document.querySelectorAll(`${css} [data-index]`)]
            .sort((a, b) => a.dataset.index - b.dataset.index)
            .map((row) => ({
              id: row.dataset.testid,
              cells: Object.fromEntries(
                [...row.querySelectorAll("[data-column]")].map((cell) => [
                  cell.dataset.column,
                  cell.querySelector("[data-value]")?.dataset.value ?? cell.innerText.trim(),
                ]),
              ),
            })),
        selector(tableId),
      );
    },

    /** Sorts a table by a column's header. */
    async sortsBy(tableId, column) {
      await eventually(() =>
        browser.$(`${selector(tableId)} [role="columnheader"] button[title="${column}"]`).click(),
      );
    },
  };
  return person;
}

function quoted(text) {
  return `concat(${text
    .split('"')
    .map((part) => `"${part}"`)
    .join(`, '"', `)}, "")`;
}
