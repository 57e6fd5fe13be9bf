-- http_download.lua: ftp:// and sftp://: files that are fetched, nothing else.

local parts = ...
local native, bad = parts.native, parts.words.bad
local user_and_password = parts.options.user_and_password

local getenv, next = os.getenv, next

local FILES = {
  ftp = { basic = true, encoding = true },
  sftp = { basic = true, encoding = true, client_key = true, known_hosts = true },
}
local FOR_ALL = { any_status = true, save_to = true, timeout = true,
  tries = true, at_once = true, base_url = true }

local function check_known(scheme, options)
  for name in next, options do
    if not FOR_ALL[name] and not FILES[scheme][name] then
      bad("%s is not for %s://", name, scheme)
    end
  end
end

local function check_scheme(scheme, method)
  local speaks, version = native.speaks(scheme)
  if not speaks then
    bad("the URL begins with %s://, which the libcurl of this machine (%s) "
      .. "cannot do", scheme, version)
  elseif method ~= "GET" then
    bad("%s:// is for get and lines", scheme)
  end
end

-- Who is not in known_hosts is refused: a password must not go to whoever
-- answers.
local function known_hosts(given)
  local home = getenv("HOME")
  if not given and not home then
    bad("known_hosts must be set, since HOME is not")
  end
  return given or home .. "/.ssh/known_hosts"
end

local function set(req, scheme, client, options)
  check_scheme(scheme, req.method)
  check_known(scheme, options)
  check_known(scheme, client.said or {})
  if req.url:find("?", 1, true) then
    bad("the URL must have no query: %s:// knows none", scheme)
  end
  req.headers = {}
  req.user, req.password = user_and_password(options.basic or client.basic)
  if scheme == "sftp" then
    req.client_key = options.client_key or client.client_key
    req.known_hosts = known_hosts(options.known_hosts or client.known_hosts)
  end
end

return { is = function(scheme) return FILES[scheme] ~= nil end, set = set }
