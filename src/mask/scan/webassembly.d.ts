/** What the host of the WebAssembly scanner uses of the engine (W3C WebAssembly JavaScript Interface); Node has it without the DOM's types. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Memory {
    readonly buffer: ArrayBuffer
    constructor(size: { readonly initial: number })
    /** pages of 64 KiB */
    grow(pages: number): number
  }
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>)
  }
}
