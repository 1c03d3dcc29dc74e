/** nginx, plain and with Lua masking, behind the same mTLS front. Debian packages; absent contestants are said to be. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface NginxSettings {
  readonly folder: string
  readonly port: number
  readonly upstreamPort: number
  readonly ca: string
  readonly cert: string
  readonly key: string
  readonly masks: boolean
}

const MODULES = '/usr/lib/nginx/modules'
export const nginxIsThere = (): boolean => existsSync('/usr/sbin/nginx')
export const luaIsThere = (): boolean =>
  existsSync(`${MODULES}/ngx_http_lua_module.so`) && existsSync('/usr/lib/x86_64-linux-gnu/lua/5.1/cjson.so')

/** The same 17 places, decoded, walked and encoded by cjson, as people write it in OpenResty. */
const LUA = `
local cjson = require "cjson"
local function stars(s, first, last)
  local points = {}
  for p in s:gmatch("[%z\\1-\\127\\194-\\244][\\128-\\191]*") do points[#points + 1] = p end
  local n = #points
  local out = {}
  for i = 1, n do out[i] = (n > first + last and (i <= first or i > n - last)) and points[i] or "*" end
  return table.concat(out)
end
local ops = {
  name = function(s) return stars(s, 1, 0) end, id = function(s) return stars(s, 6, 4) end,
  phone = function(s) return stars(s, 3, 4) end, redact = function() return "***" end,
  year = function(s) return s:sub(1, 4) end, dict = function() return "***" end,
}
local rules = {
  Patient = { {"name","text","name"}, {"name","family","redact"}, {"name","given","redact"}, {"identifier","value","id"}, {"telecom","value","phone"},
    {"address","text","redact"}, {"address","line","redact"}, {"birthDate","year"}, {"contact","name","text","name"}, {"contact","telecom","value","phone"} },
  Encounter = { {"subject","display","name"}, {"diagnosis","condition","display","dict"}, {"reasonCode","text","dict"}, {"participant","individual","display","name"} },
  Observation = { {"subject","display","name"} },
  MedicationRequest = { {"subject","display","name"}, {"requester","display","name"} },
}
local function walk(value, path, at)
  if type(value) == "string" then return at == #path and ops[path[at]](value) or value end
  if type(value) ~= "table" then return value end
  if value[1] ~= nil then
    for i = 1, #value do value[i] = walk(value[i], path, at) end
    return value
  end
  local key = path[at]
  if at < #path and value[key] ~= nil then value[key] = walk(value[key], path, at + 1) end
  return value
end
local answer = ngx.location.capture("/up" .. ngx.var.uri)
local bundle = cjson.decode(answer.body)
for _, entry in ipairs(bundle.entry) do
  local list = rules[entry.resource.resourceType]
  if list then for _, path in ipairs(list) do walk(entry.resource, path, 1) end end
end
local body = cjson.encode(bundle)
ngx.header["Content-Type"] = "application/fhir+json"
ngx.header["Content-Length"] = #body
ngx.print(body)
`

/** Writes the configuration and returns nginx's arguments. */
export function nginxArguments(s: NginxSettings): string[] {
  for (const name of ['logs', 'tmp']) mkdirSync(join(s.folder, name), { recursive: true })
  const lua = join(s.folder, 'mask.lua')
  writeFileSync(lua, LUA)
  const modules = s.masks
    ? `load_module ${MODULES}/ndk_http_module.so;\nload_module ${MODULES}/ngx_http_lua_module.so;\n`
    : ''
  const front = s.masks
    ? `location / { content_by_lua_file ${lua}; }\n    location /up/ { internal; proxy_pass http://up/; proxy_http_version 1.1; proxy_set_header Connection ""; }`
    : 'location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; }'
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((n) => `  ${n}_temp_path ${join(s.folder, 'tmp', n)};`)
    .join('\n')
  writeFileSync(
    join(s.folder, 'nginx.conf'),
    `${modules}daemon off; worker_processes 1; master_process off; pid ${join(s.folder, 'nginx.pid')}; error_log ${join(s.folder, 'logs', 'error.log')};
events { worker_connections 1024; }
http {
  access_log off;
${temp}
  upstream up { server 127.0.0.1:${s.upstreamPort}; keepalive 64; }
  server {
    listen 127.0.0.1:${s.port} ssl;
    keepalive_requests 100000000; keepalive_timeout 600s;
    ssl_certificate ${s.cert}; ssl_certificate_key ${s.key}; ssl_client_certificate ${s.ca}; ssl_verify_client on; ssl_verify_depth 3; ssl_protocols TLSv1.2 TLSv1.3;
    ${front}
  }
}
`,
  )
  return ['-p', s.folder, '-c', join(s.folder, 'nginx.conf')]
}
