import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';

/** The browser that pages are tested in; tests that need it are skipped where it is absent. */
export const chromiumPath = '/usr/bin/chromium';

export async function launchChromium(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A tab with a page, and what it asked of the network and what went wrong in it. */
export async function openPage(
  browser: Browser,
  url: string,
  width = 1000,
): Promise<{ tab: Page; asked: string[]; wrong: string[] }> {
  const tab = await browser.newPage({ viewport: { width, height: 800 } });
  const asked: string[] = [];
  const wrong: string[] = [];
  tab.on('request', (request) => asked.push(request.url()));
  tab.on('pageerror', (error) => wrong.push(error.message));
  tab.on('dialog', (dialog) => {
    wrong.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await tab.goto(url);
  return { tab, asked, wrong };
}

/** Changes a field as a reader does, opening what it is folded in. */
export async function setField(tab: Page, selector: string, value: string): Promise<void> {
  await tab.evaluate(
    ([where, text]) => {
      const input = document.querySelector<HTMLInputElement>(where!)!;
      input.closest('details')?.setAttribute('open', '');
      input.value = text!;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    },
    [selector, value],
  );
}

/** Polls while the page computes; a busy machine takes its time. */
export function patiently<T>(read: () => Promise<T>) {
  return expect.poll(read, { timeout: 30_000 });
}

/** Whether two values agree, numbers to 1e-12 of their size. */
export function expectAlike(page: unknown, made: unknown, at = ''): void {
  if (typeof page === 'number' && typeof made === 'number') {
    expect(Math.abs(page - made), at).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(made)));
  } else if (typeof page === 'object' && page !== null && typeof made === 'object' && made !== null) {
    expect(Object.keys(page).sort(), at).toEqual(Object.keys(made).sort());
    for (const [name, member] of Object.entries(page))
      expectAlike(member, (made as Record<string, unknown>)[name], `${at}.${name}`);
  } else expect(page, at).toEqual(made);
}
