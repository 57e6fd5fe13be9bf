-- http_cookies.lua: the cookies of a client, for the origin that gave them and
-- no other: a session of the ERP's. They live as long as the client.

local parts = ...
local lower, shown = parts.encode.lower, parts.words.shown

local concat, ipairs, pairs, setmetatable, sort =
  table.concat, ipairs, pairs, setmetatable, table.sort

local Jar = {}
Jar.__index, Jar.__metatable = Jar, false

local function new_jar()
  return setmetatable({ origins = {} }, Jar)
end

function Jar:clear()
  self.origins = {}
end

local function path_of(url)
  local path = shown(url):match("^%a+://[^/]*(/.*)$")
  return path or "/"
end

-- RFC 6265, 5.1.4: up to the last slash.
local function default_path(url)
  local path = path_of(url):match("^(/.*)/[^/]*$")
  return path or "/"
end

-- A time in the past is how a server takes one back; any other is longer than
-- a run.
local function is_over(name, value)
  return name == "max-age" and value:find("^%-?0*$") ~= nil
    or name == "max-age" and value:sub(1, 1) == "-"
    or name == "expires" and value:find("19[0-9][0-9]") ~= nil
end

-- "B1SESSION=aa-bb; Path=/b1s; HttpOnly" -> name, value, path, over
local function read(text, url)
  local pair = text:match("^[^;]*")
  local name, value = pair:match("^%s*([^=%s]+)%s*=%s*(.-)%s*$")
  local path, over = default_path(url), false
  for attribute in text:sub(#pair + 1):gmatch("[^;]+") do
    local key, given = attribute:match("^%s*([^=%s]+)%s*=?%s*(.-)%s*$")
    key = lower(key or "")
    if key == "path" and given:sub(1, 1) == "/" then
      path = given
    end
    over = over or is_over(key, given or "")
  end
  return name, value, path, over
end

--- Keeps what a reply of `url` says; `list`: its Set-Cookie headers.
function Jar:take(origin, url, list)
  for _, text in ipairs(list) do
    local name, value, path, over = read(text, url)
    local kept = self.origins[origin] or {}
    self.origins[origin] = kept
    if name and not (name .. value):find("[\0-\31\127]") then
      kept[name .. "\0" .. path] = not over
        and { text = name .. "=" .. value, path = path } or nil
    end
  end
end

local function is_below(path, of)
  return path == of or path:sub(1, #of) == of
    and (of:sub(-1) == "/" or path:sub(#of + 1, #of + 1) == "/")
end

--- The header line for a request, or nil. The longest path comes first.
function Jar:line(origin, url)
  local path, fitting, texts = path_of(url), {}, {}
  for _, cookie in pairs(self.origins[origin] or {}) do
    if is_below(path, cookie.path) then
      fitting[#fitting + 1] = cookie
    end
  end
  sort(fitting, function(a, b)
    if #a.path ~= #b.path then
      return #a.path > #b.path
    end
    return a.text < b.text
  end)
  for i, cookie in ipairs(fitting) do
    texts[i] = cookie.text
  end
  return texts[1] and "Cookie: " .. concat(texts, "; ") or nil
end

return new_jar
