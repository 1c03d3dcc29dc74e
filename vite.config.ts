/**
 * Builds the rule console (src/console/web) into dist/console. `npm run console:build`; `npm run console:dev` serves the
 * pages with the API of a running gateway behind them (VEILGATE_CONSOLE, default https://127.0.0.1:9443).
 */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const root = dirname(fileURLToPath(import.meta.url))
const web = join(root, 'src/console/web')

/**
 * Ant Design writes its styles into <style> elements, which `style-src 'self'` forbids. Every one of them goes through
 * one module of its utilities; ours takes its place and uses constructed style sheets, which are script and need no
 * hole in the policy (docs/decisions/0007-console-stack.md).
 */
const constructedStyles: Plugin = {
  name: 'constructed-styles',
  enforce: 'pre',
  resolveId(source, importer) {
    const utilities = source.startsWith('@rc-component/util/') || (importer ?? '').includes('@rc-component/util/')
    return utilities && /(?:^|\/)dynamicCSS(?:\.js)?$/.test(source) ? join(web, 'csp/constructed-styles.ts') : null
  },
}

const proxied = { target: process.env['VEILGATE_CONSOLE'] ?? 'https://127.0.0.1:9443', secure: false }

export default defineConfig({
  root: web,
  base: './',
  plugins: [constructedStyles, react()],
  optimizeDeps: { exclude: ['antd', '@rc-component/util', '@ant-design/cssinjs'] },
  build: {
    outDir: join(root, 'dist/console'),
    emptyOutDir: true,
    target: 'es2023',
    manifest: true,
    // an inlined asset would be a data: address, a preload helper an inline script
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // one part of its own: no page but the editor's pays for it
        codeSplitting: {
          groups: [{ name: 'editor', test: /node_modules[\\/](?:@codemirror|@lezer|style-mod|w3c-keyname|crelt)/ }],
        },
      },
    },
  },
  server: { proxy: { '/api': proxied } },
})
