-- http_options.lua: the options, a row each: a function that raises when the
-- value is none.

local parts = ...
local bad, native = parts.words.bad, parts.native
local is_known = parts.text.is_known

local ipairs, next, pairs, tostring, type = ipairs, next, pairs, tostring, type
local math_type = math.type
local concat, sort = table.concat, table.sort

local function typed(wanted, words)
  return function(name, value)
    if type(value) ~= wanted then
      bad("%s must be %s, not a %s", name, words, type(value))
    end
  end
end

local function path_text(name, value)
  if type(value) ~= "string" or value == "" or value:find("\0", 1, true) then
    bad("%s must be the path of a file", name)
  end
end

local function seconds(name, value)
  if type(value) ~= "number" or not (value >= 0.001 and value <= 3600) then
    bad("%s must be seconds, more than 0 and at most 3600", name)
  end
end

local function count_to(most)
  return function(name, value)
    if math_type(value) ~= "integer" or value < 1 or value > most then
      bad("%s must be a whole number from 1 to %d", name, most)
    end
  end
end

local function encoding_name(name, value)
  if type(value) ~= "string" or not is_known(value) then
    bad('%s must be an encoding that iconv knows ("windows-1254"; iconv -l '
      .. "lists them), not %s", name, type(value) == "string"
      and '"' .. value:sub(1, 40) .. '"' or "a " .. type(value))
  end
end

local function token_text(name, value)
  if type(value) ~= "string" or not value:find("^[\33-\126]+$") then
    bad("%s must be a token: a text without spaces (a function goes to "
      .. "http.client)", name)
  end
end

local function token_or_function(name, value)
  if type(value) ~= "function" then
    token_text(name, value)
  end
end

-- { "user", "password" }, { user = …, password = … } or "user:password".
local function user_and_password(value)
  if type(value) == "string" then
    return value:match("^([^:]*):(.*)$")
  elseif type(value) == "table" then
    return value[1] or value.user, value[2] or value.password
  end
end

local function basic_pair(name, value)
  local user, password = user_and_password(value)
  if type(user) ~= "string" or type(password) ~= "string" then
    bad('%s must be { "user", "password" }', name)
  elseif user:find(":", 1, true) or (user .. password):find("[\0-\31\127]") then
    bad("%s must have no colon in the user and no control character", name)
  end
end

local function a_function(name, value)
  if type(value) ~= "function" then
    bad("%s must be a function, not a %s", name, type(value))
  end
end

-- Those that say what a request itself did wrong are no end of a log-in.
local function refusals(name, value)
  for _, status in ipairs(type(value) == "table" and value or { 0 }) do
    if math_type(status) ~= "integer" or status < 400 or status > 499 then
      bad("%s must be a list of statuses from 400 to 499", name)
    end
  end
end

local function base_of_urls(name, value)
  typed("string", "a URL")(name, value)
  local origin, why = native.origin(value, true)
  if not origin then
    bad("%s %s", name, why)
  elseif value:find("?", 1, true) then
    bad("%s must have no query in it (use the option query)", name)
  end
end

local function anything() end

local FOR_REQUEST = {
  any_status = typed("boolean", "true or false"),
  basic = basic_pair,
  bearer = token_text,
  body = typed("string", "a text"),
  ca_file = path_text,
  client_cert = path_text,
  client_key = path_text,
  encoding = encoding_name,
  form = typed("table", "a table of names and values"),
  headers = typed("table", "a table of names and values"),
  json = anything,
  known_hosts = path_text,
  query = typed("table", "a table of names and values"),
  reads = typed("boolean", "true or false"),
  save_to = path_text,
  timeout = seconds,
  tries = count_to(10),
}

local FOR_CLIENT = {
  any_status = FOR_REQUEST.any_status,
  at_once = count_to(64),
  base_url = base_of_urls,
  basic = basic_pair,
  bearer = token_or_function,
  ca_file = path_text,
  client_cert = path_text,
  client_key = path_text,
  cookies = FOR_REQUEST.any_status,
  encoding = encoding_name,
  headers = FOR_REQUEST.headers,
  known_hosts = path_text,
  query = FOR_REQUEST.query,
  renew_on = refusals,
  session = a_function,
  timeout = seconds,
  tries = FOR_REQUEST.tries,
}

local FOR_LINES = {}
for _, name in ipairs { "basic", "bearer", "ca_file", "client_cert",
    "client_key", "encoding", "headers", "known_hosts", "query", "timeout", "tries" } do
  FOR_LINES[name] = FOR_REQUEST[name]
end

local function names_of(rows)
  local names = {}
  for name in pairs(rows) do
    names[#names + 1] = name
  end
  sort(names)
  return concat(names, ", ")
end

local function at_most_one(options, ...)
  local found
  for _, name in ipairs { ... } do
    if options[name] ~= nil and found then
      bad("%s and %s exclude each other", found, name)
    elseif options[name] ~= nil then
      found = name
    end
  end
  return found
end

local function check_options(options, rows)
  if type(options) ~= "table" then
    bad("options must be a table, not a %s", type(options))
  end
  for name, value in next, options do
    local check = rows[name]
    if not check then
      bad('unknown option "%s" (there are: %s)', tostring(name),
        names_of(rows))
    end
    check(name, value)
  end
  at_most_one(options, "basic", "bearer")
  at_most_one(options, "bearer", "session")
  if options.renew_on and type(options.bearer) ~= "function"
      and not options.session then
    bad("renew_on needs a function in bearer or session, which renews")
  end
end

return {
  at_most_one = at_most_one,
  user_and_password = user_and_password,
  check = check_options,
  for_request = FOR_REQUEST,
  for_client = FOR_CLIENT,
  for_lines = FOR_LINES,
}
