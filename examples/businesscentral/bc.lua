-- Business Central: a client whose token is renewed before it ends, and an
-- iterator over the rows of a list, page after page.
local bc = http.client { base_url = settings.bc, bearer = function()
  local login = assert(http.post(settings.login,
    { reads = true, form = settings.client })):json()
  return login.access_token, login.expires_in
end }

return function(url)
  return coroutine.wrap(function()
    while url do
      local page = assert(bc.get(url)):json()
      for _, row in ipairs(page.value) do coroutine.yield(row) end
      url = page["@odata.nextLink"]
    end
  end)
end
