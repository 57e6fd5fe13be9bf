-- http_headers.lua: headers by their name in lower case, each { name, value },
-- from a client and a request to what is sent.

local parts = ...
local bad = parts.words.bad
local lower, base64 = parts.encode.lower, parts.encode.base64
local user_and_password = parts.options.user_and_password

local next, sort, tostring, type = next, table.sort, tostring, type

local FRAMING = { ["content-length"] = true, ["transfer-encoding"] = true }

local HEADER_NAME = "^[A-Za-z0-9!#$&'*+.^_`|~-]+$"

local function set_header(headers, name, value)
  if type(name) ~= "string" or not name:find(HEADER_NAME) then
    bad('headers: "%s" is no name of a header', tostring(name))
  elseif type(value) ~= "string" and type(value) ~= "number" then
    bad("headers: %s must be a text, not a %s", name, type(value))
  end
  local text = tostring(value)
  if text:find("[\0-\31\127]") then
    bad("headers: %s has a control character in it", name)
  elseif FRAMING[lower(name)] then
    bad("headers: %s comes with the body by itself", name)
  end
  headers[lower(name)] = { name, text }
end

local function set_default(headers, name, value)
  local key = lower(name)
  headers[key] = headers[key] or { name, value }
end

local function set_credentials(headers, options)
  if options.basic == nil and options.bearer == nil then
    return
  elseif options.headers and headers.authorization then
    bad("headers: Authorization and %s exclude each other",
      options.basic and "basic" or "bearer")
  end
  local user, password = user_and_password(options.basic)
  headers.authorization = { "Authorization", options.bearer
    and "Bearer " .. options.bearer
    or "Basic " .. base64(user .. ":" .. password) }
end

-- What one level says (a client, or a request): an own credential takes the
-- place of the client's.
local function headers_of(options)
  local headers = {}
  for name, value in next, options.headers or {} do
    set_header(headers, name, value)
  end
  set_credentials(headers, options)
  return headers
end

local function merge(below, above)
  local all = {}
  for key, value in next, below or {} do
    all[key] = value
  end
  for key, value in next, above or {} do
    all[key] = value
  end
  return all
end

-- To another scheme, host or port go only these: any other header may be a
-- credential.
local ELSEWHERE = { accept = true, ["accept-language"] = true,
  ["user-agent"] = true }

-- libcurl takes "Name;" for an empty value, "Name:" for none at all.
local function header_lines(headers, token, at_home)
  local lines = {}
  for key, header in next, headers do
    local value = header[2]
    if at_home or ELSEWHERE[key] then
      lines[#lines + 1] = value == "" and header[1] .. ";"
        or header[1] .. ": " .. value
    end
  end
  sort(lines)
  if token and at_home then
    lines[#lines + 1] = "Authorization: Bearer " .. token
  end
  if not headers["content-type"] or not at_home then
    lines[#lines + 1] = "Content-Type:"
  end
  return lines
end

return {
  set_default = set_default,
  of = headers_of,
  merge = merge,
  lines = header_lines,
}
