-- ddlint in Neovim 0.7 and newer: require('ddlint').setup({ cmd = { '/path/to/ddlint', 'lsp' } })
local M = {}

local clients = {} -- root -> client id, where Neovim does not keep them itself

local function root_of(path)
  local folder = vim.fn.fnamemodify(path, ':p:h')
  local at = folder
  while true do
    for _, marker in ipairs({ '.ddlint.yml', '.git' }) do
      if (vim.uv or vim.loop).fs_stat(at .. '/' .. marker) then
        return at
      end
    end
    local above = vim.fn.fnamemodify(at, ':h')
    if above == at then
      return folder
    end
    at = above
  end
end

local function attach(buffer, options)
  local root = root_of(vim.api.nvim_buf_get_name(buffer))
  local config = vim.tbl_extend('keep', { name = 'ddlint', root_dir = root }, options)
  if vim.lsp.start then -- 0.8
    vim.lsp.start(config, { bufnr = buffer })
    return
  end
  local client = clients[root]
  if not client or vim.lsp.client_is_stopped(client) then
    client = vim.lsp.start_client(config)
    clients[root] = client
  end
  if client then
    vim.lsp.buf_attach_client(buffer, client)
  end
end

-- options: what vim.lsp.start takes. cmd: where ddlint is; init_options: { config, layout, postgres } as on the command line.
function M.setup(options)
  options = vim.tbl_extend('keep', options or {}, { cmd = { 'ddlint', 'lsp' } })
  if vim.lsp.enable then -- 0.11
    vim.lsp.config('ddlint', vim.tbl_extend('keep', options, { filetypes = { 'sql' }, root_markers = { '.ddlint.yml', '.git' } }))
    vim.lsp.enable('ddlint')
    return
  end
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('ddlint', { clear = true }),
    pattern = 'sql',
    callback = function(event)
      attach(event.buf, options)
    end,
  })
end

return M
