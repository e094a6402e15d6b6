import chromium from '@sparticuz/chromium'
import { type Browser, chromium as driver } from 'playwright-core'

/** A headless Chromium out of an npm package: nothing is downloaded, no browser of the machine is used. */
export async function openBrowser(): Promise<Browser> {
  chromium.setGraphicsMode = false
  return driver.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args.filter((one) => one !== '--single-process'),
    headless: true,
  })
}
