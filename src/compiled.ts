/**
 * The compiled module beside the one that asks: worker threads and child processes run compiled code, so from source (tests, scripts) they run
 * the build in dist/. `from` is the asker's `import.meta.url`, `module` the other's path from there, without its ending.
 */
export function compiled(from: string, module: string): URL {
  return new URL(`${module}.js`, from.replace(/\/src\/(.*)\.ts$/, '/dist/$1.js'))
}
