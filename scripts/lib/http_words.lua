-- http_words.lua: what http says: mistakes of its caller, and a URL or a body
-- as people see it.

local error, format, type = error, string.format, type

local SHOWN = 80 -- bytes of a reply in a message

-- The caller's mistake: perform() gives it the caller's file and line.
local function bad(message, ...)
  error({ mistake = format(message, ...) }, 0)
end

local function reraise(what, e, level)
  if type(e) == "table" and e.mistake then
    error("bad argument to " .. what .. ": " .. e.mistake, level + 1)
  end
  error(e, 0)
end

-- A URL as people see it: a query may hold a key.
local function shown(url)
  return (url:gsub("[?#].*$", ""))
end

-- The first bytes of a body, on one line and without half a character.
local function excerpt(body)
  local text = body:sub(1, SHOWN):gsub("[\0-\31\127]", " ")
  if #body > SHOWN then
    text = text:gsub("[\192-\255][\128-\191]*$", "") .. "…"
  end
  return text
end

return { bad = bad, reraise = reraise, shown = shown, excerpt = excerpt }
