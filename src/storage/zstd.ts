import { createRequire } from 'node:module'

interface ZstdModule {
  init(): Promise<void>
  compress(bytes: Uint8Array, level?: number): Uint8Array
}

// The package is CommonJS with WebAssembly inside: the same bytes on every platform and Node version, which node:zlib's zstd (22.15+) is not.
const require = createRequire(import.meta.url)
let loaded: Promise<(bytes: Uint8Array) => Uint8Array> | undefined

/** A zstd compressor (level 3 unless told) whose output depends on the input alone. Loads WebAssembly on first use. */
export function loadZstd(): Promise<(bytes: Uint8Array) => Uint8Array> {
  loaded ??= (async () => {
    const zstd = require('@bokuweb/zstd-wasm') as ZstdModule
    await zstd.init()
    return (bytes) => zstd.compress(bytes, 3)
  })()
  return loaded
}
